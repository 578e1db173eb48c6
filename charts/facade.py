"""The facade: entrances × floors × dwellings, drawn as the building stands, on the server, as SVG.

Like the directory in a stairwell: everyone finds their door at a glance. Each window tells its
state by colour, letter and hatching; each dwelling with an address is a link with a full accessible
name. No script and no style sheet are needed, so page, print and PDF show the same drawing. A page
takes ``page_pieces`` (one drawing for each entrance, so that a phone shows one at a time), a
document takes ``facade``.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from charts import windows
from charts.windows import FONTS, WINDOW_HEIGHT, WINDOW_WIDTH, escaped

BAY, STAIR, FLOOR = 96, 62, 86
ROOF, GROUND, EDGE = 62, 62, 16
KEY_LINE, KEY_COLUMN = 40, 200
# Beyond this width (user units) the windows would become too small to hit, so the street scrolls.
LONG = 1000


@dataclass(frozen=True)
class FacadeDwelling:
    """One dwelling. ``label`` is its whole accessible name; ``letter`` stands in the window."""

    room: str
    floor: int
    state: str
    letter: str
    label: str
    area_text: str = ""
    href: str | None = None
    here: bool = False
    mark: str = ""


@dataclass(frozen=True)
class FacadeEntrance:
    """One stairwell with its dwellings, in any order."""

    name: str
    dwellings: tuple[FacadeDwelling, ...]


@dataclass(frozen=True)
class FacadeKey:
    """One line of the legend."""

    state: str
    letter: str
    label: str


@dataclass(frozen=True)
class FacadeBuilding:
    """A building as it is to be drawn; ``title`` is the drawing's accessible name."""

    name: str
    entrances: tuple[FacadeEntrance, ...]
    key: tuple[FacadeKey, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Piece:
    """The drawing of one entrance for a page."""

    name: str
    anchor: str
    svg: Markup


@dataclass(frozen=True)
class KeyPiece:
    """One line of the legend for a page."""

    label: str
    svg: Markup


@dataclass(frozen=True)
class Pieces:
    """What the page's facade macro puts together; ``long``: too wide to be shrunk into a column."""

    entrances: tuple[Piece, ...]
    key: tuple[KeyPiece, ...]
    long: bool


def facade(building: FacadeBuilding, lang: str = "zh_Hans", *, uid: str = "facade") -> Markup:
    """The whole building with its legend as one SVG, for documents and prints."""
    floors = _floors(building)
    parts: list[str] = []
    x = 0
    for index, entrance in enumerate(building.entrances):
        first, last = index == 0, index == len(building.entrances) - 1
        drawn, width = _entrance(entrance, floors, uid, first=first, last=last)
        parts.append(f'<g transform="translate({x} 0)">{drawn}</g>')
        x += width
    width = max(x, KEY_COLUMN)
    height = ROOF + FLOOR * len(floors) + GROUND
    key = _key(building.key, uid, width, height + 14)
    total = height + (14 + KEY_LINE * _key_lines(building.key, width) if building.key else 0)
    return _svg(building, uid, "".join(parts) + key, width, total, lang)


def facade_entrance(
    building: FacadeBuilding, index: int, lang: str = "zh_Hans", *, uid: str = "facade"
) -> Markup:
    """One entrance of the building, without legend."""
    floors = _floors(building)
    first, last = index == 0, index == len(building.entrances) - 1
    entrance = building.entrances[index]
    own = f"{uid}-{index + 1}"
    drawn, width = _entrance(entrance, floors, own, first=first, last=last)
    height = ROOF + FLOOR * len(floors) + GROUND
    return _svg(building, own, drawn, width, height, lang, entrance=entrance)


def page_pieces(building: FacadeBuilding, lang: str = "zh_Hans", *, uid: str = "facade") -> Pieces:
    """The building for the page macro ``facade_figure``; ``uid`` is unique on the page."""
    pieces = tuple(
        Piece(entrance.name, f"{uid}-{index + 1}", facade_entrance(building, index, lang, uid=uid))
        for index, entrance in enumerate(building.entrances)
    )
    key = tuple(
        KeyPiece(line.label, Markup(windows.swatch(f"{uid}-key", line.state, line.letter)))
        for line in building.key
    )
    width = sum(STAIR + BAY * len(_columns(entrance)) for entrance in building.entrances)
    return Pieces(pieces, key, long=width > LONG)


def _floors(building: FacadeBuilding) -> list[int]:
    """Every storey from the top down, without gaps (a floor without dwellings is still there)."""
    seen = {d.floor for entrance in building.entrances for d in entrance.dwellings} or {1}
    return [floor for floor in range(max(seen), min(seen) - 1, -1) if floor != 0 or 0 in seen]


def _columns(entrance: FacadeEntrance) -> list[str]:
    """The bays from left to right: by the last two signs of the room (02 stands above 02).

    Where two rooms of one floor end alike, bays are counted by place on the floor instead.
    """
    ends: dict[int, list[str]] = {}
    for dwelling in entrance.dwellings:
        ends.setdefault(dwelling.floor, []).append(dwelling.room[-2:])
    most = max((len(rooms) for rooms in ends.values()), default=0)
    columns = sorted({end for rooms in ends.values() for end in rooms})
    clash = any(len(set(rooms)) < len(rooms) for rooms in ends.values())
    return [str(place) for place in range(most)] if clash or len(columns) > most + 2 else columns


def _placed(entrance: FacadeEntrance) -> list[tuple[int, FacadeDwelling]]:
    """Each dwelling with its bay, reading order: from the top floor down, left to right."""
    columns = _columns(entrance)
    by_floor: dict[int, list[FacadeDwelling]] = {}
    for dwelling in sorted(entrance.dwellings, key=lambda d: (-d.floor, d.room)):
        by_floor.setdefault(dwelling.floor, []).append(dwelling)
    placed = []
    for dwellings in by_floor.values():
        for place, dwelling in enumerate(dwellings):
            end = dwelling.room[-2:]
            placed.append((columns.index(end) if end in columns else place, dwelling))
    return placed


def _entrance(
    entrance: FacadeEntrance, floors: list[int], uid: str, *, first: bool, last: bool
) -> tuple[str, int]:
    """The drawing of one entrance and its width."""
    bays = len(_columns(entrance))
    before = bays // 2
    left = EDGE if first else 0
    body = BAY * bays + STAIR
    width = left + body + (EDGE if last else 0)
    stair = left + BAY * before
    parts = [
        _shell(left, body, len(floors), first=first, last=last),
        _stairwell(entrance.name, stair, floors),
    ]
    for bay, dwelling in _placed(entrance):
        x = left + BAY * bay + (STAIR if bay >= before else 0) + (BAY - WINDOW_WIDTH) // 2
        y = ROOF + FLOOR * floors.index(dwelling.floor) + 10
        parts.append(_dwelling(dwelling, uid, x, y))
    return "".join(parts), width


def _shell(left: int, body: int, floors: int, *, first: bool, last: bool) -> str:
    """Roof, wall, string-courses, plinth, pavement and the pipe between two entrances."""
    bottom = ROOF + FLOOR * floors
    # One unit under the neighbour, so that no seam shows between two entrances.
    right = left + body + (0 if last else 1)
    outer = (0 if first else left, right + EDGE if last else right)
    ridge = (left + 22 if first else left, right - 22 if last else right)
    tiles = "".join(
        f"M{ridge[0] - step * 9 if first else ridge[0]} {14 + step * 11}"
        f"H{ridge[1] + step * 9 if last else ridge[1]}"
        for step in (1, 2, 3)
    )
    courses = "".join(f"M{left} {ROOF + FLOOR * n}h{body}" for n in range(1, floors))
    pipe = "" if first else f'<path class="f-line" d="M{left} {ROOF}v{bottom - ROOF}" {_PIPE}/>'
    return (
        f'<g aria-hidden="true"><rect class="f-wall" x="{left}" y="{ROOF - 6}" '
        f'width="{right - left}" height="{bottom - ROOF + 6}" fill="#f3e8d2"/>'
        f'<path class="f-roof" d="M{outer[0]} {ROOF - 6}L{ridge[0]} 12H{ridge[1]}L{outer[1]} '
        f'{ROOF - 6}z" fill="#9c4328"/><path class="f-tile" d="{tiles}" stroke="#7d3019" '
        f'stroke-width="2" fill="none"/><path class="f-tile" d="M{ridge[0]} 12H{ridge[1]}" '
        f'stroke="#7d3019" stroke-width="5"/>'
        f'<rect class="f-eave" x="{outer[0]}" y="{ROOF - 7}" width="{outer[1] - outer[0]}" '
        f'height="7" fill="#d8c6a3"/>'
        f'<path class="f-line" d="{courses}" stroke="#d2bf99" stroke-width="3" fill="none"/>{pipe}'
        f'<rect class="f-plinth" x="{left}" y="{bottom - 4}" width="{body}" height="16" '
        f'fill="#8b7f6c"/><rect class="f-ground" x="0" y="{bottom + 12}" '
        f'width="{right + (EDGE if last else 0)}" height="{GROUND - 12}" fill="#cfd3c8"/>'
        f'<path class="f-kerb" d="M0 {bottom + 12}H{right + (EDGE if last else 0)}" '
        f'stroke="#5f5a4e" stroke-width="3"/></g>'
    )


_PIPE = 'stroke="#b3a079" stroke-width="5"'


def _stairwell(name: str, x: int, floors: list[int]) -> str:
    """The stairs' column: a plate with the floor, a small window between floors, the door."""
    bottom = ROOF + FLOOR * len(floors)
    middle = x + STAIR // 2
    parts = [
        f'<g aria-hidden="true"><rect class="f-stair" x="{x}" y="{ROOF}" width="{STAIR}" '
        f'height="{bottom - ROOF}" fill="#e6d6b6"/>'
    ]
    for index, floor in enumerate(floors):
        y = ROOF + FLOOR * index
        parts.append(
            f'<text class="f-floor" x="{middle}" y="{y + 29}" font-size="19" font-weight="700" '
            f'text-anchor="middle" fill="#5d3a1e">{floor}F</text>'
        )
        if index < len(floors) - 1:
            parts.append(
                f'<path class="f-pane" d="M{middle - 11} {y + 46}h22v26h-22zm11 0v26m-11-13h22" '
                f'fill="#c9d8da" stroke="#6b6353" stroke-width="2"/>'
            )
    plate = f'textLength="{STAIR + BAY}" lengthAdjust="spacingAndGlyphs" ' if len(name) > 14 else ""
    parts.append(
        f'<rect x="{middle - 18}" y="{bottom - 42}" width="36" height="54" fill="#2f4a43"/>'
        f'<path d="M{middle} {bottom - 42}v54" stroke="#e6d6b6" stroke-width="2"/>'
        f'<path d="M{middle - 13} {bottom - 35}h8v18h-8zm18 0h8v18h-8z" fill="#b9cfd0"/>'
        f'<path class="f-eave" d="M{middle - 30} {bottom - 44}h60l-5-8h-50z" fill="#a8967a"/>'
        f'<text class="f-name" x="{middle}" y="{bottom + 44}" font-size="21" font-weight="700" '
        f'text-anchor="middle" {plate}fill="#2c2a25">{escaped(name)}</text></g>'
    )
    return "".join(parts)


def _dwelling(dwelling: FacadeDwelling, uid: str, x: int, y: int) -> str:
    """One window with its balcony plate; a link where there is an address of this program."""
    name = escaped(dwelling.label)
    room = escaped(dwelling.room)
    squeeze = 'textLength="68" lengthAdjust="spacingAndGlyphs" ' if len(dwelling.room) > 7 else ""
    inside = (
        f"<title>{name}</title>"
        f'<use href="#{uid}-{windows.FacadeState(dwelling.state)}" x="{x}" y="{y}"/>'
        f"{windows.letter(dwelling.letter, dwelling.state, x, y)}{_mark(dwelling.mark, x, y)}"
        f'<rect class="f-plate" x="{x - 4}" y="{y + WINDOW_HEIGHT + 1}" width="{WINDOW_WIDTH + 8}" '
        f'height="21" rx="2" fill="#fffaf0" stroke="#a8967a" stroke-width="1.500"/>'
        f'<text class="f-room" x="{x + WINDOW_WIDTH // 2}" y="{y + WINDOW_HEIGHT + 17}" '
        f'font-size="16" font-weight="600" text-anchor="middle" {squeeze}fill="#2c2a25">'
        f"{room}</text>"
    )
    if dwelling.here:
        inside += f'<use href="#{uid}-here" x="{x}" y="{y}"/>'
    if not _own_address(dwelling.href):
        return f'<g role="img" aria-label="{name}">{inside}</g>'
    ring = f'<use class="ring" visibility="hidden" href="#{uid}-ring" x="{x}" y="{y}"/>'
    return f'<a href="{escaped(dwelling.href)}" aria-label="{name}">{inside}{ring}</a>'


def _mark(text: str, x: int, y: int) -> str:
    """A second sign in the corner of the window: a tenant's answer, an open objection."""
    if not text:
        return ""
    return (
        f'<circle cx="{x + WINDOW_WIDTH - 8}" cy="{y + 8}" r="13" fill="#fffaf0" stroke="#2c2a25" '
        f'stroke-width="2"/><text x="{x + WINDOW_WIDTH - 8}" y="{y + 8}" font-size="15" '
        f'font-weight="700" text-anchor="middle" dominant-baseline="central" fill="#2c2a25">'
        f"{escaped(text[:2])}</text>"
    )


def _own_address(href: str | None) -> bool:
    """Whether a link stays in this program (never a script, another host, or nothing)."""
    return bool(href) and href[0] in "/#?" and not href.startswith(("//", "/\\"))  # type: ignore[index,union-attr]


def _key_lines(key: tuple[FacadeKey, ...], width: int) -> int:
    columns = max(1, width // KEY_COLUMN)
    return -(-len(key) // columns)


def _key(key: tuple[FacadeKey, ...], uid: str, width: int, y: int) -> str:
    """The legend below the drawing, as many columns as there is room for."""
    columns = max(1, width // KEY_COLUMN)
    parts = []
    for index, line in enumerate(key):
        row, column = divmod(index, columns)
        left, top = 4 + column * KEY_COLUMN, y + row * KEY_LINE
        parts.append(
            f'<g transform="translate({left} {top}) scale(.600)">'
            f'<use href="#{uid}-{windows.FacadeState(line.state)}"/>'
            f"{windows.letter(line.letter, line.state, 0, 0)}</g>"
            f'<text class="f-name" x="{left + 54}" y="{top + 20}" font-size="16" fill="#2c2a25">'
            f"{escaped(line.label)}</text>"
        )
    return f'<g aria-hidden="true">{"".join(parts)}</g>' if parts else ""


def _svg(
    building: FacadeBuilding,
    uid: str,
    inside: str,
    width: int,
    height: int,
    lang: str,
    entrance: FacadeEntrance | None = None,
) -> Markup:
    """The ``<svg>`` around a drawing, with the definitions of the windows it uses."""
    shown = (entrance,) if entrance else building.entrances
    states = {windows.FacadeState(d.state) for part in shown for d in part.dwellings}
    if entrance is None:
        states |= {windows.FacadeState(line.state) for line in building.key}
    defs = "".join(windows.definition(uid, state) for state in sorted(states))
    outline = f'width="{WINDOW_WIDTH + 12}" height="{WINDOW_HEIGHT + 30}" rx="4" fill="none"'
    defs += (
        f'<g id="{uid}-ring"><rect x="-6" y="-5" {outline} stroke="#ffbf2e" stroke-width="8"/>'
        f'<rect x="-6" y="-5" {outline} stroke="#14110a" stroke-width="4"/></g>'
        f'<g id="{uid}-here"><rect x="-5" y="-4" width="{WINDOW_WIDTH + 10}" '
        f'height="{WINDOW_HEIGHT + 28}" rx="3" fill="none" class="f-here" stroke="#14110a" '
        f'stroke-width="5"/></g>'
    )
    title = building.title or building.name
    name = f"{title} · {entrance.name}" if entrance else title
    tag = "zh-Hans" if lang.startswith("zh") else "en"
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{uid}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="group" aria-label="{escaped(name)}" lang="{tag}" '
        f'font-family="{FONTS}"><defs>{defs}</defs>{inside}</svg>'
    )
