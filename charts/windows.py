"""The windows of a facade: a look for each state, told by letter and hatching as much as by colour.

Colours keep apart for the common kinds of colour blindness (teal against vermilion, light against
dark), and states that stand beside each other differ in hatching too, so that a black-and-white
print still reads. Everything is written as presentation attributes: the page's style sheet may
override them (night colours), and a PDF, which has no style sheet, shows the same drawing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import StrEnum

FONTS = "PingFang SC, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"
WINDOW_WIDTH = 76
WINDOW_HEIGHT = 48
# The letter stands on the plain pane, the hatching fills the narrow one beside it.
PANE = 50

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class FacadeState(StrEnum):
    """What a window can say."""

    NEED = "need"
    ACCEPT = "accept"
    INDIFFERENT = "indifferent"
    OPPOSE = "oppose"
    UNANSWERED = "unanswered"
    OWNER = "owner"
    LET = "let"
    VACANT = "vacant"
    DEVELOPER = "developer"
    NOT_COUNTED = "not_counted"
    DONE = "done"
    WAITING = "waiting"
    TROUBLE = "trouble"
    PLAIN = "plain"


@dataclass(frozen=True)
class Look:
    """Fill of the pane, colour of letter and hatching, kind of hatching, dashed frame."""

    fill: str
    ink: str
    hatch: str = ""
    dashed: bool = False


LOOKS: dict[FacadeState, Look] = {
    FacadeState.NEED: Look("#0b5d5a", "#ffffff"),
    FacadeState.ACCEPT: Look("#c4e3da", "#0a3f3c", "rising"),
    FacadeState.INDIFFERENT: Look("#f4ecd8", "#4a4436", "dots"),
    FacadeState.OPPOSE: Look("#b0401f", "#ffffff", "cross"),
    FacadeState.UNANSWERED: Look("#ffffff", "#5a574f", "", dashed=True),
    FacadeState.OWNER: Look("#d5e6ea", "#16404d"),
    FacadeState.LET: Look("#f6dc9c", "#543a00", "rising"),
    FacadeState.VACANT: Look("#e4e2dd", "#4b4840", "dots"),
    FacadeState.DEVELOPER: Look("#cdd3ee", "#262f66", "cross"),
    FacadeState.NOT_COUNTED: Look("#ffffff", "#5a574f", "level", dashed=True),
    FacadeState.DONE: Look("#0b5d5a", "#ffffff"),
    FacadeState.WAITING: Look("#fbe6b4", "#5a3d00", "dots"),
    FacadeState.TROUBLE: Look("#b0401f", "#ffffff", "cross"),
    FacadeState.PLAIN: Look("#dfe7e6", "#26403e"),
}

_HATCHES = {
    "rising": '<path d="M-2 10 10-2M4 16 16 4" stroke="{ink}" stroke-width="2"/>',
    "cross": '<path d="M1 1 11 11M11 1 1 11" stroke="{ink}" stroke-width="1.800"/>',
    "dots": '<path d="M3 3h0M9 9h0" stroke="{ink}" stroke-width="3.400" stroke-linecap="round"/>',
    "level": '<path d="M0 3h12M0 9h12" stroke="{ink}" stroke-width="2"/>',
}


def escaped(text: object) -> str:
    """``text`` as it may stand in SVG, between tags or inside a quoted attribute."""
    return html.escape(_NOT_IN_XML.sub("", str(text)), quote=True)


def look_of(state: str) -> Look:
    """The look of a state; an unknown one is a programming fault (``ValueError``)."""
    return LOOKS[FacadeState(state)]


def hatching(uid: str, state: str) -> str:
    """The ``<pattern>`` of a state, named ``{uid}-{state}-hatch``; empty where it has none."""
    look = look_of(state)
    if not look.hatch:
        return ""
    drawing = _HATCHES[look.hatch].format(ink=look.ink)
    return (
        f'<pattern id="{uid}-{state}-hatch" width="12" height="12" patternUnits="userSpaceOnUse">'
        f'<rect width="12" height="12" fill="{look.fill}"/>{drawing}</pattern>'
    )


def hatched(uid: str, state: str) -> str:
    """What to write into ``fill`` for the hatched part of a state."""
    look = look_of(state)
    return f"url(#{uid}-{state}-hatch)" if look.hatch else look.fill


def definition(uid: str, state: str) -> str:
    """The window of a state as a ``<g>`` to be placed with ``<use>``."""
    look = look_of(state)
    dash = ' stroke-dasharray="5 3"' if look.dashed else ""
    narrow = WINDOW_WIDTH - PANE
    return (
        hatching(uid, state) + f'<g id="{uid}-{state}">'
        f'<rect width="{WINDOW_WIDTH}" height="{WINDOW_HEIGHT}" fill="{look.fill}"/>'
        f'<rect x="{PANE}" width="{narrow}" height="{WINDOW_HEIGHT}" fill="{hatched(uid, state)}"/>'
        f'<path d="M{PANE} 0v{WINDOW_HEIGHT}M{PANE} 16h{narrow}" class="f-frame" stroke="#6b6353" '
        f'stroke-width="2" fill="none"/>'
        f'<rect width="{WINDOW_WIDTH}" height="{WINDOW_HEIGHT}" class="f-frame" fill="none" '
        f'stroke="#4f483b" stroke-width="3"{dash}/></g>'
    )


def letter(text: str, state: str, x: int, y: int) -> str:
    """The state's letter on the plain pane whose corner is (x, y)."""
    if not text:
        return ""
    size = 27 if len(text) == 1 else 17
    return (
        f'<text x="{x + PANE // 2}" y="{y + WINDOW_HEIGHT // 2}" font-size="{size}" '
        f'font-weight="700" text-anchor="middle" dominant-baseline="central" '
        f'fill="{look_of(state).ink}">{escaped(text[:3])}</text>'
    )


def swatch(uid: str, state: str, text: str) -> str:
    """One window alone, for a legend on a page; decorative, the words stand beside it."""
    return (
        f'<svg viewBox="-2 -2 {WINDOW_WIDTH + 4} {WINDOW_HEIGHT + 4}" aria-hidden="true" '
        f'focusable="false" font-family="{FONTS}"><defs>{definition(uid, state)}</defs>'
        f'<use href="#{uid}-{state}"/>{letter(text, state, 0, 0)}</svg>'
    )
