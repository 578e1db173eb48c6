"""Stairwells to share costs in, and the schemes to share them by."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from domain.costs import Scheme, SchemeKind, Within
from domain.voters import Dwelling

GUANGZHOU = {
    floor: Fraction(text)
    for floor, text in enumerate(("0", "0.5", "1", "1.1", "1.2", "1.3", "1.4"), start=1)
}


def flat(room: str, area: int = 6000, **more: str) -> Dwelling:
    building, entrance = more.get("building", "3幢"), more.get("entrance", "1单元")
    return Dwelling(f"{building}/{entrance}/{room}", building, entrance, room, int(room[:-2]), area)


def stairwell(*areas: Sequence[int]) -> list[Dwelling]:
    """The dwellings of a stairwell, floor by floor from the ground."""
    return [
        flat(f"{floor}{door:02d}", area)
        for floor, row in enumerate(areas, start=1)
        for door, area in enumerate(row, start=1)
    ]


BY_AREA = Scheme(SchemeKind.AREA)
EQUAL = Scheme(SchemeKind.EQUAL)

AREAS = st.lists(st.lists(st.integers(1, 20000), min_size=1, max_size=4), min_size=1, max_size=7)
NETS = st.integers(0, 100_000_000_00)


def schemes(floors: int) -> st.SearchStrategy[Scheme]:
    numbers = st.lists(
        st.sampled_from([Fraction(n, 10) for n in (-10, 0, 5, 10, 11, 15)]),
        min_size=floors,
        max_size=floors,
    )
    return st.builds(
        lambda kind, within, table: Scheme(kind, within, dict(enumerate(table, start=1))),
        st.sampled_from(
            [
                SchemeKind.AREA,
                SchemeKind.EQUAL,
                SchemeKind.FLOOR_COEFFICIENT,
                SchemeKind.COEFFICIENT_TIMES_AREA,
            ]
        ),
        st.sampled_from(Within),
        numbers,
    )


@st.composite
def bills(draw: st.DrawFn) -> tuple[int, list[Dwelling], Scheme]:
    dwellings = stairwell(*draw(AREAS))
    return draw(NETS), dwellings, draw(schemes(dwellings[-1].floor))
