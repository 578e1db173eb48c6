"""The demand explorer: options by floors, who would pay the share, and why others oppose.

For the committee alone, which sees its buildings floor by floor (trust.md §4). Money in fen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from domain.menus import Payer
from domain.preferences import Stance
from models.desk_queries import GroundRow
from services.costs import work_out
from services.desk import Desk, Household, Offer

UNANSWERED = "unanswered"
STATES = (*(stance.value for stance in Stance), UNANSWERED)


@dataclass(frozen=True)
class FloorDemand:
    """Households of a floor by stance, those without an answer included."""

    floor: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class OptionDemand:
    """An option's floors from the top down; ``tenants`` only where one has answered."""

    offer: Offer
    owners: tuple[FloorDemand, ...]
    tenants: tuple[FloorDemand, ...]


def _by_floor(households: Iterable[Household]) -> dict[int, list[Household]]:
    floors: dict[int, list[Household]] = {}
    for one in households:
        floors.setdefault(one.dwelling.floor, []).append(one)
    return dict(sorted(floors.items(), reverse=True))


def _counted(
    households: Iterable[Household], stance: Callable[[Household], Stance | None]
) -> tuple[FloorDemand, ...]:
    floors = []
    for floor, own in _by_floor(households).items():
        counts = dict.fromkeys(STATES, 0)
        for one in own:
            counts[stance(one) or UNANSWERED] += 1
        floors.append(FloorDemand(floor, counts))
    return tuple(floors)


def options_by_floor(desk: Desk) -> tuple[OptionDemand, ...]:
    """Every option's support and opposition by floor, owners and tenants apart."""
    tenants = [one for one in desk.households if one.tenant]
    found = []
    for offer in desk.offers:
        owners = _counted(desk.households, lambda one, offer=offer: one.stance(offer))  # type: ignore[misc]
        apart = _counted(tenants, lambda one, offer=offer: one.tenant_stance(offer))  # type: ignore[misc]
        found.append(OptionDemand(offer, owners, apart))
    return tuple(found)


@dataclass(frozen=True)
class FloorWillingness:
    """A floor: what its dwellings would pay, and how many named a limit that covers it."""

    floor: int
    households: int
    least: int
    most: int
    said: int
    willing: int

    @property
    def short(self) -> int:
        """Households whose limit is below their share."""
        return self.said - self.willing

    @property
    def silent(self) -> int:
        """Households that named no limit."""
        return self.households - self.said


def willingness(desk: Desk, offer: Offer) -> tuple[FloorWillingness, ...]:
    """Owners' limits against each household's own share, floors from the top down.

    Empty where households do not pay. Refuses what working out the cost refuses.
    """
    if offer.version.payer != Payer.HOUSEHOLDS:
        return ()
    shares = work_out(offer.version, offer.item.decided_by, desk.house).amounts()
    floors = []
    for floor, own in _by_floor(desk.households).items():
        amounts = [shares[one.dwelling.id] for one in own]
        limits = [
            (said.max_pay, shares[one.dwelling.id])
            for one in own
            if (said := one.owner.get(offer.item.id)) and said.max_pay is not None
        ]
        willing = sum(1 for limit, share in limits if limit is not None and limit >= share)
        floors.append(
            FloorWillingness(floor, len(own), min(amounts), max(amounts), len(limits), willing)
        )
    return tuple(floors)


@dataclass(frozen=True)
class FloorOpposition:
    """A floor (``None``: nobody's dwelling here): households that oppose, grounds and reasons.

    ``grounds`` counts formal objections by ground, ``reasons`` are the words of the answers.
    """

    floor: int | None
    opposed: int
    grounds: Mapping[str, int]
    reasons: tuple[str, ...]


def opposition(
    households: Iterable[Household],
    offer: Offer,
    objections: Iterable[GroundRow],
    entrance_id: int | None = None,
) -> tuple[FloorOpposition, ...]:
    """Who opposes an option, by floor from the top down, and on which grounds.

    ``entrance_id`` keeps to one entrance; objections from elsewhere are then left out.
    """
    opposed: dict[int | None, list[str]] = {}
    grounds: dict[int | None, dict[str, int]] = {}
    for one in households:
        if entrance_id in (None, one.dwelling.entrance_id) and one.stance(offer) is Stance.OPPOSE:
            reason = one.owner[offer.item.id].reason
            opposed.setdefault(one.dwelling.floor, []).append(reason)
    for row in objections:
        concerns = row.item_id == offer.item.id and row.option_id in (None, offer.option.id)
        if concerns and entrance_id in (None, row.entrance_id):
            counts = grounds.setdefault(row.floor, {})
            counts[row.ground] = counts.get(row.ground, 0) + 1
    floors = sorted(set(opposed) | set(grounds), key=lambda f: (f is None, -(f or 0)))
    return tuple(
        FloorOpposition(
            floor,
            len(opposed.get(floor, ())),
            grounds.get(floor, {}),
            tuple(dict.fromkeys(reason for reason in opposed.get(floor, ()) if reason)),
        )
        for floor in floors
    )
