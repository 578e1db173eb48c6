"""The same building where single windows may not be shown: one answer bar for each band of floors.

Floors are merged into bands until each holds enough answers (disclosure policy). This file draws
what it is handed and decides nothing about what may be shown; a band that is held back is drawn
shuttered, with the reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from charts import windows
from charts.facade import EDGE, FacadeKey, KeyPiece, Piece, Pieces
from charts.windows import FONTS, escaped

WIDTH, LEFT, RIGHT = 420, 70, 24
# Drawn larger than its units where there is room; a phone shrinks it to its own width.
SHOWN = 1.4
ROOF, GROUND, STOREY, LEAST = 60, 46, 46, 96
BAR = 40
# Plain windows: from one to the next, and how many fit into a row.
PITCH, FIT = 80, 4


@dataclass(frozen=True)
class BandPart:
    """So many answers of one state; ``text`` is what may be printed ("5", "about 40 %")."""

    state: str
    letter: str
    weight: int
    text: str


@dataclass(frozen=True)
class FacadeBand:
    """Floors ``low`` to ``high``; ``label`` is the sentence below.

    With parts it has a bar, with ``homes`` so many plain windows; without either it is held back
    and ``label`` says why.
    """

    low: int
    high: int
    label: str
    parts: tuple[BandPart, ...] = ()
    homes: int = 0


@dataclass(frozen=True)
class BandBuilding:
    """A building in bands; ``title`` is the drawing's accessible name."""

    name: str
    bands: tuple[FacadeBand, ...]
    key: tuple[FacadeKey, ...] = ()
    title: str = ""


def band_facade(building: BandBuilding, lang: str = "zh_Hans", *, uid: str = "bands") -> Markup:
    """The building with its bands from the top down, as one SVG without legend."""
    bands = sorted(building.bands, key=lambda band: -band.high)
    y = ROOF
    parts: list[str] = []
    for band in bands:
        height = _height(band)
        parts.append(_band(band, uid, y, height))
        y += height
    states = {windows.FacadeState(part.state) for band in bands for part in band.parts}
    defs = "".join(windows.hatching(uid, state) for state in sorted(states))
    if any(band.homes for band in bands):
        defs += windows.definition(uid, windows.FacadeState.PLAIN)
    defs += (
        f'<pattern id="{uid}-shut" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="#e9e2d2"/><path d="M0 4h8" stroke="#a8967a"/></pattern>'
    )
    tag = "zh-Hans" if lang.startswith("zh") else "en"
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{uid}" viewBox="0 0 {WIDTH} {y + GROUND}" '
        f'width="{round(WIDTH * SHOWN)}" height="{round((y + GROUND) * SHOWN)}" role="group" '
        f'aria-label="{escaped(building.title or building.name)}" lang="{tag}" '
        f'font-family="{FONTS}"><defs>{defs}</defs>{_shell(y)}{"".join(parts)}</svg>'
    )


def band_pieces(building: BandBuilding, lang: str = "zh_Hans", *, uid: str = "bands") -> Pieces:
    """The building for the page macro ``facade_figure``; ``uid`` is unique on the page."""
    key = tuple(
        KeyPiece(line.label, Markup(windows.swatch(f"{uid}-key", line.state, line.letter)))
        for line in building.key
    )
    return Pieces((Piece(building.name, uid, band_facade(building, lang, uid=uid)),), key, False)


def _height(band: FacadeBand) -> int:
    return max(LEAST, STOREY * (band.high - band.low + 1))


def _shell(bottom: int) -> str:
    """Roof, wall and pavement behind the bands."""
    right = WIDTH - RIGHT
    return (
        f'<g aria-hidden="true"><rect class="f-wall" x="{EDGE}" y="{ROOF - 6}" '
        f'width="{right - EDGE + 10}" height="{bottom - ROOF + 6}" fill="#f3e8d2"/>'
        f'<path class="f-roof" d="M0 {ROOF - 6}L24 12H{WIDTH - 24}L{WIDTH} {ROOF - 6}z" '
        f'fill="#9c4328"/><path class="f-tile" d="M16 27H{WIDTH - 16}M9 40H{WIDTH - 9}" '
        f'stroke="#7d3019" stroke-width="2"/>'
        f'<rect class="f-eave" y="{ROOF - 7}" width="{WIDTH}" height="7" fill="#d8c6a3"/>'
        f'<rect class="f-plinth" x="{EDGE}" y="{bottom}" width="{right - EDGE + 10}" height="12" '
        f'fill="#8b7f6c"/><rect class="f-ground" y="{bottom + 12}" width="{WIDTH}" '
        f'height="{GROUND - 12}" fill="#cfd3c8"/><path class="f-kerb" d="M0 {bottom + 12}H{WIDTH}" '
        f'stroke="#5f5a4e" stroke-width="3"/></g>'
    )


def _band(band: FacadeBand, uid: str, y: int, height: int) -> str:
    """One band: its floors at the left, its bar, its sentence."""
    floors = f"{band.high}F" if band.high == band.low else f"{band.high}F–{band.low}F"
    middle = y + height // 2
    width = WIDTH - LEFT - RIGHT
    spoken = "，".join([band.label, *(f"{part.letter} {part.text}" for part in band.parts)])
    size = 20 if len(floors) < 4 else 15
    if band.parts:
        bar = _bar(band.parts, uid, middle - 30, width)
    elif band.homes:
        bar = _homes(band.homes, uid, middle - 30)
    else:
        bar = (
            f'<rect x="{LEFT}" y="{middle - 30}" width="{width}" height="{BAR}" '
            f'fill="url(#{uid}-shut)" stroke="#4f483b" stroke-width="2" stroke-dasharray="5 3"/>'
        )
    return (
        f'<g role="img" aria-label="{escaped(floors)} {escaped(spoken)}">'
        f'<path class="f-line" d="M{EDGE} {y + height}H{WIDTH - EDGE}" stroke="#d2bf99" '
        f'stroke-width="3"/><text class="f-floor" x="{(LEFT + EDGE) // 2 + 2}" y="{middle - 4}" '
        f'font-size="{size}" font-weight="700" text-anchor="middle" fill="#5d3a1e">{floors}</text>'
        f'{bar}<text class="f-name" x="{LEFT}" y="{middle + 32}" '
        f'font-size="{_size(band.label, width)}" fill="#2c2a25">'
        f"{escaped(band.label)}</text></g>"
    )


def _size(text: str, room: int) -> int:
    """The size of letters in which a sentence fits into its line, 17 at most."""
    units = sum(20 if ord(sign) > 0x2E7F else 10 for sign in text)
    return min(17, max(11, 20 * room // max(units, 1)))


def _homes(number: int, uid: str, y: int) -> str:
    """A floor's windows in a row; where they do not fit, a few and how many there are."""
    shown = number if number <= FIT else FIT - 1
    scale = f"{BAR / windows.WINDOW_HEIGHT:.3f}"
    drawn = "".join(
        f'<use href="#{uid}-plain" transform="translate({LEFT + PITCH * place} {y}) '
        f'scale({scale})"/>'
        for place in range(shown)
    )
    if shown < number:
        drawn += (
            f'<text class="f-name" x="{LEFT + PITCH * shown + 4}" y="{y + 27}" font-size="20" '
            f'font-weight="700" fill="#2c2a25">… {number}</text>'
        )
    return drawn


def _bar(parts: tuple[BandPart, ...], uid: str, y: int, width: int) -> str:
    """One bar of all answers of a band; lengths by weight, rounded so that they fill it exactly."""
    total = sum(part.weight for part in parts)
    if total <= 0:
        return ""
    drawn, done = [], 0
    for part in parts:
        left = LEFT + width * done // total
        done += part.weight
        right = LEFT + width * done // total
        if right > left:
            drawn.append(_segment(part, uid, left, y, right - left))
    return "".join(drawn) + (
        f'<rect class="f-frame" x="{LEFT}" y="{y}" width="{width}" height="{BAR}" fill="none" '
        f'stroke="#4f483b" stroke-width="3"/>'
    )


def _segment(part: BandPart, uid: str, x: int, y: int, width: int) -> str:
    """One state's stretch of the bar; its letter and figure where there is room for them."""
    look = windows.look_of(part.state)
    words = f"{part.letter} {part.text}".strip()
    # A CJK letter is about 18 units wide at this size, a digit about 10.
    wanted = sum(18 if ord(sign) > 0x2E7F else 10 for sign in words) + 10
    shape = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{BAR}" '
        f'fill="{windows.hatched(uid, part.state)}" stroke="#4f483b"/>'
    )
    if wanted > width:
        return shape
    return (
        f'{shape}<rect x="{x + 4}" y="{y + 7}" width="{wanted}" height="{BAR - 14}" rx="3" '
        f'fill="{look.fill}"/><text x="{x + 4 + wanted // 2}" y="{y + BAR // 2}" font-size="17" '
        f'font-weight="700" text-anchor="middle" dominant-baseline="central" fill="{look.ink}">'
        f"{escaped(words)}</text>"
    )
