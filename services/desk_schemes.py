"""Two ways to share one cost, side by side: who would pay less, who more, to the fen.

The other schemes are proposals with tables that fit the building: the city's floor table (or the
guidance table in ``reference/``) for the kinds with coefficients, shares rising evenly from floor
to floor for the kinds with percentages. They decide nothing; the motion's own scheme does. Money
in fen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.costs import Scheme, SchemeKind, bill, parse_scheme
from domain.errors import Refused
from domain.menus import Payer
from domain.voters import Dwelling as Part
from services.costs import FloorShare, House, billed
from services.desk import Offer
from services.reference import reference

CURRENT = "current"
CITY = "city"
# Where a city has no table of coefficients of its own, this city's guidance is the example.
GUIDANCE_CITY = "guangzhou"
WITH_COEFFICIENTS = (SchemeKind.FLOOR_COEFFICIENT, SchemeKind.COEFFICIENT_TIMES_AREA)


def extended(table: Mapping[int, Fraction], floors: Iterable[int]) -> dict[int, Fraction]:
    """The table for these floors: below it as its lowest floor, above it by its last step."""
    lowest, highest = min(table), max(table)
    step = table[highest] - table.get(highest - 1, table[highest])
    found = {}
    for floor in floors:
        known = min(max(floor, lowest), highest)
        while known not in table:
            known -= 1
        found[floor] = table[known] + max(0, floor - highest) * step
    return found


def _rising(floors: Sequence[int]) -> dict[int, int]:
    """Weights 0, 1, 2 … from the lowest floor up; 1 where there is one floor alone."""
    if len(floors) == 1:
        return {floors[0]: 1}
    return {floor: place for place, floor in enumerate(floors)}


def _percentages(parts: Sequence[Part], *, each: bool) -> dict[int, Fraction]:
    """Percentages by floor that rise evenly: of a floor, or (``each``) of each of its dwellings."""
    homes: dict[int, int] = {}
    for part in parts:
        homes[part.floor] = homes.get(part.floor, 0) + 1
    weights = _rising(sorted(homes))
    total = sum(weight * (homes[floor] if each else 1) for floor, weight in weights.items())
    return {floor: Fraction(100 * weight, total) for floor, weight in weights.items()}


def city_table(city: str) -> Scheme | None:
    """The city's own floor table; ``None`` where it has none and shares by area."""
    scheme = reference().city(city).floor_table.value
    return scheme if scheme.floors else None


def _coefficients(city: str, floors: Iterable[int]) -> dict[int, Fraction]:
    own = city_table(city)
    if own is None or own.kind not in WITH_COEFFICIENTS:
        own = reference().city(GUIDANCE_CITY).floor_table.value
    return extended(own.floors, floors)


def _city(scheme: Scheme, floors: Iterable[int]) -> Scheme:
    if scheme.kind in WITH_COEFFICIENTS:
        return Scheme(scheme.kind, scheme.within, extended(scheme.floors, floors))
    return scheme


def scheme_for(side: str, offer: Offer, parts: Sequence[Part], city: str) -> Scheme:
    """The scheme behind a side of the comparison, its table made for the floors of ``parts``.

    ``side`` is ``current``, ``city`` or a kind. Refuses ``scheme_kind_unknown`` and what the stored
    scheme's plain form refuses.
    """
    floors = sorted({part.floor for part in parts})
    own = city_table(city)
    makers: dict[str, Callable[[], Scheme]] = {
        CURRENT: lambda: parse_scheme(offer.version.scheme),
        SchemeKind.AREA: lambda: Scheme(SchemeKind.AREA),
        SchemeKind.EQUAL: lambda: Scheme(SchemeKind.EQUAL),
        SchemeKind.FLOOR_PERCENT: lambda: Scheme(
            SchemeKind.FLOOR_PERCENT, floors=_percentages(parts, each=False)
        ),
        SchemeKind.HOUSEHOLD_PERCENT: lambda: Scheme(
            SchemeKind.HOUSEHOLD_PERCENT, floors=_percentages(parts, each=True)
        ),
        **{
            kind: lambda kind=kind: Scheme(kind, floors=_coefficients(city, floors))  # type: ignore[misc]
            for kind in WITH_COEFFICIENTS
        },
    }
    if own is not None:
        makers[CITY] = lambda: _city(own, floors)
    if side not in makers:
        raise Refused("scheme_kind_unknown", field="second", key="kind", value=side)
    return makers[side]()


def sides(city: str) -> tuple[str, ...]:
    """The sides that can be compared in this city: the current one, its table, every kind."""
    own = (CITY,) if city_table(city) is not None else ()
    return (CURRENT, *own, *(kind.value for kind in SchemeKind))


@dataclass(frozen=True)
class Line:
    """What one dwelling pays one way and the other."""

    part: Part
    first: int
    second: int

    @property
    def difference(self) -> int:
        """What it would pay more; below zero, less."""
        return self.second - self.first


@dataclass(frozen=True)
class FloorLine:
    """A floor together: its dwellings, what they pay one way and the other."""

    floor: int
    dwellings: int
    first: int
    second: int

    @property
    def difference(self) -> int:
        """What the floor would pay more; below zero, less."""
        return self.second - self.first


@dataclass(frozen=True)
class Compared:
    """One sharing unit under both schemes, dwellings from the top floor down."""

    name: str
    net: int
    lines: tuple[Line, ...]

    @property
    def floors(self) -> tuple[FloorLine, ...]:
        """The floors, from the top down."""
        own: dict[int, list[Line]] = {}
        for line in self.lines:
            own.setdefault(line.part.floor, []).append(line)
        return tuple(
            FloorLine(floor, len(g), sum(x.first for x in g), sum(x.second for x in g))
            for floor, g in sorted(own.items(), reverse=True)
        )

    @property
    def less(self) -> int:
        """How many dwellings would pay less."""
        return sum(1 for line in self.lines if line.difference < 0)

    @property
    def more(self) -> int:
        """How many dwellings would pay more."""
        return sum(1 for line in self.lines if line.difference > 0)


def pays(offer: Offer) -> bool:
    """Whether the owners pay for the option at all, so that there is something to share."""
    return offer.version.payer == Payer.HOUSEHOLDS


def amounts(
    side: str, offer: Offer, parts: Sequence[Part], house: House, city: str
) -> dict[int, int]:
    """Dwelling id → fen under one side, in one sharing unit.

    Refuses what ``scheme_for``, ``billed`` and the sharing refuse.
    """
    one = billed(offer.version, house.floors)
    shared = bill(one.total, one.subsidy, parts, scheme_for(side, offer, parts, city))
    return {int(share.dwelling.key): share.amount for share in shared.shares}


def compare(offer: Offer, house: House, city: str, first: str, second: str) -> tuple[Compared, ...]:
    """Both schemes in every sharing unit of the option; both add up to the same net cost.

    Refuses what ``amounts`` refuses.
    """
    net = billed(offer.version, house.floors).net
    compared = []
    for entrance_id, parts in house.units(offer.item.decided_by).items():
        one = amounts(first, offer, parts, house, city)
        other = amounts(second, offer, parts, house, city)
        lines = tuple(
            Line(part, one[int(part.key)], other[int(part.key)])
            for part in sorted(parts, key=lambda part: (-part.floor, part.entrance, part.room))
        )
        name = house.entrances[entrance_id] if entrance_id is not None else ""
        compared.append(Compared(name, net, lines))
    return tuple(compared)


@dataclass(frozen=True)
class OwnScheme:
    """One way to share as a household sees it: its own amount, and what the floors pay."""

    side: str
    own: int
    floors: tuple[FloorShare, ...]


@dataclass(frozen=True)
class OwnCost:
    """A dwelling under every way of sharing that the building's floors allow."""

    part: Part
    schemes: tuple[OwnScheme, ...]

    def of(self, side: str) -> OwnScheme | None:
        """The scheme of a side, if it could be worked out."""
        return next((one for one in self.schemes if one.side == side), None)


def _floor_shares(parts: Sequence[Part], found: Mapping[int, int]) -> tuple[FloorShare, ...]:
    floors: dict[int, list[int]] = {}
    for part in parts:
        floors.setdefault(part.floor, []).append(found[int(part.key)])
    return tuple(
        FloorShare(floor, len(own), min(own), max(own), sum(own))
        for floor, own in sorted(floors.items(), reverse=True)
    )


def own_costs(offer: Offer, house: House, city: str, dwelling_ids: Iterable[int]) -> list[OwnCost]:
    """For each of these dwellings every way to share the option's cost.

    A way that the building's floors make impossible is left out; the current one refuses.
    """
    wanted = set(dwelling_ids)
    found = []
    for parts in house.units(offer.item.decided_by).values():
        own = [part for part in parts if part.key in wanted]
        if not own:
            continue
        worked: dict[str, dict[int, int]] = {}
        for side in sides(city):
            try:
                worked[side] = amounts(side, offer, parts, house, city)
            except Refused:
                if side == CURRENT:
                    raise
        for part in own:
            schemes = tuple(
                OwnScheme(side, shares[int(part.key)], _floor_shares(parts, shares))
                for side, shares in worked.items()
            )
            found.append(OwnCost(part, schemes))
    return found
