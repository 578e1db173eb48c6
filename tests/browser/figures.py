"""What the main way must come to, worked out a second time.

工人新村 3幢, entrance 1: twelve flats and eleven heads (尹志强 owns 301 and 302), 726.56 m²; an
elevator of 700,000.00 yuan less a subsidy of 300,000.00, shared by Guangzhou's coefficients and
inside a floor by area.
"""

from __future__ import annotations

import re
from fractions import Fraction

# Room → hundredths of a square metre, as the roster has them.
AREAS = {f"{floor}0{side}": area for floor in range(1, 6) for side, area in ((1, 6235), (2, 5890))}
AREAS |= {"601": 6188, "602": 5843}
# In tenths.
COEFFICIENTS = {1: 0, 2: 5, 3: 10, 4: 11, 5: 12, 6: 13}
NET = 400_000_00
# Whose letter is opened, floor by floor, and what its owner votes: 8 of 11 heads take part.
VOTES = {
    "101": "against",
    "201": "agree",
    "202": "agree",
    "301": "agree",
    "401": "agree",
    "402": "agree",
    "502": "agree",
    "602": "agree",
}
NAMES = ("杜文斌", "周慧敏", "丁援朝", "尹志强", "邱国强", "独居老人")
PHONE_NUMBER = re.compile(r"\b1\d{10}\b")


def shares() -> dict[str, int]:
    """Room → fen, by largest remainder; ties to the lower floor, then the lower room."""
    exact: dict[str, Fraction] = {}
    for room, area in AREAS.items():
        floor = int(room[0])
        on_floor = sum(other for name, other in AREAS.items() if name[0] == room[0])
        part = Fraction(COEFFICIENTS[floor], sum(COEFFICIENTS.values()))
        exact[room] = NET * part * Fraction(area, on_floor)
    given = {room: int(amount) for room, amount in exact.items()}
    by_rest = sorted(exact, key=lambda room: (given[room] - exact[room], room))
    for room in by_rest[: NET - sum(given.values())]:
        given[room] += 1
    assert sum(given.values()) == NET
    return given


def yuan(fen: int) -> str:
    """An amount as pages write it."""
    return f"{fen // 100:,}.{fen % 100:02}"
