"""What an option costs, and what each dwelling pays: the stored version handed to the rules.

The deciding unit is the sharing unit: an option decided by the entrance is priced for one entrance
and shared inside it, one decided by the building is shared among all its counted dwellings. Where
somebody else pays what the subsidy leaves, a household's share is 0. Money in fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import and_, select

from domain.costs import Bill as SharedBill
from domain.costs import Step, bill, explain, parse_scheme
from domain.errors import Refused
from domain.menus import DecidedBy, Payer, total_price
from domain.subsidies import SubsidyKind, net_cost, parse_subsidy, subsidy_amount
from domain.voters import Dwelling as Part
from models.database import session as current_session
from models.menus import OptionVersion
from models.register import Building, Dwelling, Entrance


class Terms(Protocol):
    """What the cost of an option follows from: a stored version, or a draft being typed."""

    @property
    def quantity(self) -> int: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def payer(self) -> str: ...
    @property
    def subsidy(self) -> Mapping[str, Any]: ...
    @property
    def scheme(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class House:
    """The counted dwellings of a building by entrance, read once for all options of a page."""

    building_id: int
    entrances: Mapping[int, str]
    parts: Mapping[int, tuple[Part, ...]]

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Every counted dwelling of the building."""
        return tuple(part for parts in self.parts.values() for part in parts)

    @property
    def floors(self) -> int:
        """The number of floors a city's subsidy goes by: the highest one with a dwelling; or 0."""
        return max((part.floor for part in self.all_parts), default=0)

    def units(self, decided_by: str) -> dict[int | None, tuple[Part, ...]]:
        """The deciding units: entrance id → dwellings, or ``None`` → the whole building."""
        if decided_by == DecidedBy.ENTRANCE:
            return {key: parts for key, parts in self.parts.items() if parts}
        return {None: self.all_parts}


@dataclass(frozen=True)
class Bill:
    """What one deciding unit is billed, in fen; ``net`` is what the subsidy leaves."""

    total: int
    subsidy: int

    @property
    def net(self) -> int:
        """What the households, or whoever else pays, pay together."""
        return self.total - self.subsidy


@dataclass(frozen=True)
class FloorShare:
    """What the dwellings of one floor pay, in fen: the least, the most, and all together."""

    floor: int
    dwellings: int
    least: int
    most: int
    total: int


@dataclass(frozen=True)
class WorkedOut:
    """The costs of one option in one building. ``bills`` is empty where households do not pay."""

    bill: Bill
    payer: Payer
    house: House
    bills: Mapping[int | None, SharedBill] = field(default_factory=dict)

    def amounts(self) -> dict[int, int]:
        """Dwelling id → fen, for every counted dwelling of the building."""
        amounts = {int(part.key): 0 for part in self.house.all_parts}
        for shared in self.bills.values():
            amounts.update({int(share.dwelling.key): share.amount for share in shared.shares})
        return amounts

    def explained(self, dwelling_id: int) -> tuple[Step, ...]:
        """Each step to what the dwelling pays; refuses ``dwelling_unknown``."""
        for shared in self.bills.values():
            if any(share.dwelling.key == dwelling_id for share in shared.shares):
                return explain(shared, dwelling_id)
        if all(part.key != dwelling_id for part in self.house.all_parts):
            raise Refused("dwelling_unknown", dwelling=dwelling_id)
        return (
            Step("price", {"amount": self.bill.total}),
            Step("subsidy", {"amount": self.bill.subsidy}),
            Step("paid_by", {"payer": self.payer.value, "amount": self.bill.net}),
            Step("pays_nothing", {"amount": 0}),
        )

    def by_floor(self, entrance_id: int | None = None) -> tuple[FloorShare, ...]:
        """The floors of a deciding unit, the highest first; empty where households do not pay.

        ``entrance_id`` picks the unit of an option decided by the entrance.
        """
        shared = self.bills.get(entrance_id) or self.bills.get(None)
        amounts: dict[int, list[int]] = {}
        for share in shared.shares if shared else ():
            amounts.setdefault(share.dwelling.floor, []).append(share.amount)
        return tuple(
            FloorShare(floor, len(listed), min(listed), max(listed), sum(listed))
            for floor, listed in sorted(amounts.items(), reverse=True)
        )


def house(building_id: int) -> House:
    """The counted, unretired dwellings of a building, in one statement whatever its size."""
    counted = and_(
        Dwelling.entrance_id == Entrance.id, Dwelling.counts, Dwelling.retired_at.is_(None)
    )
    rows = current_session().execute(
        select(
            Entrance.id.label("entrance_id"),
            Entrance.key,
            Entrance.name,
            Building.key.label("building"),
            Dwelling.id,
            Dwelling.room,
            Dwelling.floor,
            Dwelling.area,
        )
        .join(Building, Building.id == Entrance.building_id)
        .outerjoin(Dwelling, counted)
        .where(Entrance.building_id == building_id)
        .order_by(Entrance.sort_key, Entrance.id, Dwelling.floor, Dwelling.room)
    )
    names: dict[int, str] = {}
    parts: dict[int, list[Part]] = {}
    for row in rows:
        names[row.entrance_id] = row.name
        listed = parts.setdefault(row.entrance_id, [])
        if row.id is not None:
            listed.append(Part(row.id, row.building, row.key, row.room, row.floor, row.area))
    return House(building_id, names, {key: tuple(listed) for key, listed in parts.items()})


def billed(terms: Terms, floors: int) -> Bill:
    """What one deciding unit is billed on a building of ``floors`` floors.

    Refuses what ``total_price``, ``parse_subsidy``, ``subsidy_amount`` and ``net_cost`` refuse.
    """
    total = total_price(terms.quantity, terms.unit_price)
    subsidy = subsidy_amount(parse_subsidy(terms.subsidy), total, floors)
    net_cost(total, subsidy)
    return Bill(total, subsidy)


def work_out(terms: Terms, decided_by: str, in_house: House) -> WorkedOut:
    """The costs of ``terms`` in a building: its bill, and every share where households pay.

    Refuses what ``billed`` and the sharing refuse: ``no_dwellings``, ``scheme_floor_missing``,
    ``percent_not_hundred``, ``shares_sum_not_positive`` and the faults of a scheme's plain form.
    """
    one = billed(terms, in_house.floors)
    payer = Payer(terms.payer)
    if payer is not Payer.HOUSEHOLDS:
        return WorkedOut(one, payer, in_house)
    scheme = parse_scheme(terms.scheme)
    units = in_house.units(decided_by)
    if not units:
        raise Refused("no_dwellings")
    bills = {key: bill(one.total, one.subsidy, parts, scheme) for key, parts in units.items()}
    return WorkedOut(one, payer, in_house, bills)


def of_version(version: OptionVersion, in_house: House | None = None) -> WorkedOut:
    """The costs of a stored version in its plan's building; ``in_house`` saves reading it again."""
    item = version.option.item
    return work_out(version, item.decided_by, in_house or house(item.plan.building_id))


def price(version: OptionVersion, in_house: House | None = None) -> Bill:
    """What one deciding unit is billed for a version; reads the building only if it must."""
    floors = 0
    if version.subsidy.get("kind") == SubsidyKind.BY_FLOORS:
        floors = (in_house or house(version.option.item.plan.building_id)).floors
    return billed(version, floors)


def shares(
    version: OptionVersion,
    dwellings: Sequence[Dwelling] | Iterable[Dwelling],
    in_house: House | None = None,
) -> dict[int, int]:
    """Dwelling id → fen for each of ``dwellings``: its part of its deciding unit's net cost.

    The division is always over the whole unit, whichever dwellings are asked for. What does not
    count (a garage) pays nothing. Refuses what ``work_out`` refuses.
    """
    amounts = of_version(version, in_house).amounts()
    return {dwelling.id: amounts.get(dwelling.id, 0) for dwelling in dwellings}
