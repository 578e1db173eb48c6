"""Cost-sharing schemes: the ways a net cost is divided among floors and dwellings.

Source: 民法典 283: costs are shared as agreed, and without an agreement by area. Every other kind
here is a form such agreements take (city guidance, published cases).

A scheme is reduced to one thing: what a unit on each floor weighs, the unit being a hundredth of a
square metre or a dwelling. All arithmetic is exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from domain import sources
from domain.errors import Refused
from domain.exact import number_text, read_floor, read_number


class SchemeKind(StrEnum):
    """The kinds of agreement that can be computed."""

    AREA = "area"
    EQUAL = "equal"
    FLOOR_PERCENT = "floor_percent"
    FLOOR_COEFFICIENT = "floor_coefficient"
    COEFFICIENT_TIMES_AREA = "coefficient_times_area"
    HOUSEHOLD_PERCENT = "household_percent"


class Within(StrEnum):
    """How the part of a floor is split among its dwellings."""

    AREA = "area"
    EQUAL = "equal"


PER_FLOOR = frozenset({SchemeKind.FLOOR_PERCENT, SchemeKind.FLOOR_COEFFICIENT})
WITHOUT_TABLE = frozenset({SchemeKind.AREA, SchemeKind.EQUAL})
KEYS = frozenset({"kind", "within", "floors"})


@dataclass(frozen=True)
class Scheme:
    """One agreement. ``floors``: floor → coefficient or percentage, as the kind says.

    ``within`` has a meaning for the kinds that give a floor its part; of ``household_percent`` the
    table says what each single dwelling of the floor pays.
    """

    kind: SchemeKind
    within: Within = Within.AREA
    floors: Mapping[int, Fraction] = field(default_factory=dict)

    @cached_property
    def whole(self) -> tuple[dict[int, int], int]:
        """The table in whole numbers, and the scale by which they are larger than the table's."""
        scale = math.lcm(*(value.denominator for value in self.floors.values()))
        return {
            floor: value.numerator * (scale // value.denominator)
            for floor, value in self.floors.items()
        }, scale

    @cached_property
    def by_area(self) -> bool:
        """Whether dwellings of one floor pay by their areas (else alike)."""
        if self.kind in PER_FLOOR:
            return self.within is Within.AREA
        return self.kind in (SchemeKind.AREA, SchemeKind.COEFFICIENT_TIMES_AREA)

    def to_dict(self) -> dict[str, object]:
        """The plain form that ``parse_scheme`` reads, every number as text."""
        plain: dict[str, object] = {"kind": self.kind.value, "within": self.within.value}
        if self.floors:
            plain["floors"] = {
                str(floor): number_text(value) for floor, value in sorted(self.floors.items())
            }
        return plain


def _choice(plain: Mapping[str, object], key: str, choices: type[StrEnum]) -> str:
    value = plain.get(key)
    if value not in list(choices):
        raise Refused(
            f"scheme_{key}_unknown", field=key, key=key, value=value, known=", ".join(choices)
        )
    return str(value)


def _read_floors(table: object) -> dict[int, Fraction]:
    if not isinstance(table, Mapping):
        raise Refused("scheme_floors_not_table", field="floors", key="floors")
    floors: dict[int, Fraction] = {}
    for written, value in table.items():
        floor = read_floor(written)
        if floor in floors:
            raise Refused("floor_twice", field="floors", key="floors", floor=floor)
        floors[floor] = read_number(value, f"floors.{written}")
    return floors


def parse_scheme(plain: Mapping[str, object]) -> Scheme:
    """The scheme of a plain mapping (TOML, JSON); ``within`` is by area unless it says otherwise.

    Numbers are text, whole numbers or Decimals. Refuses, each with ``key``:
    ``scheme_kind_unknown`` and ``scheme_within_unknown`` (value, known), ``scheme_key_unknown``,
    ``scheme_floors_missing``, ``scheme_floors_not_table``, ``floor_unreadable`` and
    ``number_unreadable`` (value), ``floor_twice`` (floor).
    """
    kind = SchemeKind(_choice(plain, "kind", SchemeKind))
    for key in sorted(set(plain) - KEYS):
        raise Refused("scheme_key_unknown", field=key, key=key)
    within = Within(_choice(plain, "within", Within)) if "within" in plain else Within.AREA
    floors = _read_floors(plain.get("floors", {}))
    if not floors and kind not in WITHOUT_TABLE:
        raise Refused("scheme_floors_missing", field="floors", key="floors")
    return Scheme(kind, within, floors)


class Floor(NamedTuple):
    """What a scheme has to know of a floor: its dwellings and their area together (0.01 m²)."""

    dwellings: int
    area: int


def _hundred(total: int, scale: int) -> None:
    if total != 100 * scale:
        text = number_text(Fraction(total, scale))
        raise Refused("percent_not_hundred", field="floors", key="floors", total=text)


@sources.rule(
    "costs.floor_percent",
    source="常州 (published case) / Changzhou",
    says="Per-floor percentages total 100; a floor's part is split by area or equally.",
    basis="practice",
)
@sources.rule(
    "costs.floor_coefficient",
    source="广州 guidance, reading (a) / Guangzhou",
    says="A floor pays its coefficient over the sum of coefficients, split by area or equally.",
    basis="practice",
)
@sources.rule(
    "costs.coefficient_times_area",
    source="city guidance, reading (b) / floor tables applied to each dwelling",
    says="A dwelling pays its floor's coefficient times its area over the sum of all of these.",
    basis="practice",
)
@sources.rule(
    "costs.household_percent",
    source="宁波 (published case) / Ningbo",
    says="Each dwelling pays the percentage of its floor; all dwellings together make 100.",
    basis="practice",
)
def unit_weights(scheme: Scheme, floors: Mapping[int, Floor]) -> dict[int, int]:
    """Floor → the relative weight of each 0.01 m² (``scheme.by_area``) or else each dwelling.

    For the kinds that have a table. Refuses ``scheme_floor_missing`` (floor) and
    ``percent_not_hundred`` (total).
    """
    table, scale = scheme.whole
    for floor in floors:
        if floor not in table:
            raise Refused("scheme_floor_missing", field="floors", key="floors", floor=floor)
    if scheme.kind is SchemeKind.HOUSEHOLD_PERCENT:
        _hundred(sum([table[floor] * floors[floor].dwellings for floor in floors]), scale)
    if scheme.kind not in PER_FLOOR:
        return {floor: table[floor] for floor in floors}
    if scheme.kind is SchemeKind.FLOOR_PERCENT:
        _hundred(sum([table[floor] for floor in floors]), scale)
    # A unit of a floor weighs its coefficient over the floor's units; all of it times the least
    # common multiple of the units, to stay in whole numbers.
    units = {floor: of.area if scheme.by_area else of.dwellings for floor, of in floors.items()}
    common = math.lcm(*units.values())
    return {floor: table[floor] * (common // count) for floor, count in units.items()}
