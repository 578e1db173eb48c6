"""A package of works under a budget, proposed from the owners' answers. It only proposes.

The budget is the households' own money: an option costs what the subsidy leaves over where
households pay, and nothing where somebody else does. What each entrance decides for itself is a
candidate for each entrance, wished for there alone. Items that are consulted on only are not part
of it, since nobody decides them here. Money in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Refused
from domain.menus import DecidedBy, Payer
from domain.packages import (
    Candidate,
    Proposal,
    Wish,
    check_size,
    equal_shares,
    most_wanted_first,
)
from domain.quantities import MAX_MONEY
from services.costs import billed
from services.desk import Desk, Offer


@dataclass(frozen=True)
class Lot:
    """One candidate: an option in its deciding unit, and what the households there would pay."""

    key: str
    offer: Offer
    entrance_id: int | None
    place: str
    cost: int


@dataclass(frozen=True)
class Package:
    """Both proposals for one budget; of ``homes``, ``answered`` said what they want."""

    budget: int
    homes: int
    answered: int
    lots: Mapping[str, Lot]
    shared: Proposal
    plain: Proposal
    served_shared: int
    served_plain: int


def _lots(desk: Desk) -> list[Lot]:
    lots = []
    for offer in desk.votable:
        cost = 0
        if offer.version.payer == Payer.HOUSEHOLDS:
            cost = billed(offer.version, desk.house.floors).net
        for entrance_id in desk.house.units(offer.item.decided_by):
            place = desk.house.entrances[entrance_id] if entrance_id is not None else ""
            key = f"{offer.option.id}:{entrance_id or ''}"
            lots.append(Lot(key, offer, entrance_id, place, cost))
    return lots


def _candidates(lots: list[Lot]) -> list[Candidate]:
    """Options of one item in one place exclude each other."""
    return [
        Candidate(
            lot.key,
            lot.cost,
            excludes=frozenset(
                other.key
                for other in lots
                if other is not lot
                and other.offer.item.id == lot.offer.item.id
                and other.entrance_id == lot.entrance_id
            ),
        )
        for lot in lots
    ]


def _wishes(desk: Desk, lots: list[Lot]) -> list[Wish]:
    wishes = []
    for one in desk.households:
        if not one.owner:
            continue
        stances = {
            lot.key: stance
            for lot in lots
            if lot.offer.item.decided_by != DecidedBy.ENTRANCE
            or lot.entrance_id == one.dwelling.entrance_id
            if (stance := one.stance(lot.offer)) is not None
        }
        wishes.append(Wish(str(one.dwelling.id), stances))
    return wishes


def whole_budget(desk: Desk, amount: int, *, each: bool) -> int:
    """The budget in fen: ``amount``, or (``each``) that much for every household of the building.

    Refuses ``budget_negative`` and ``money_absurd``.
    """
    if amount < 0:
        raise Refused("budget_negative", field="budget", budget=amount)
    budget = amount * len(desk.households) if each else amount
    if budget > MAX_MONEY:
        raise Refused("money_absurd", field="budget")
    return budget


def propose(desk: Desk, budget: int) -> Package:
    """What equal shares of the budget buy, and beside it what most wanted first buys.

    Refuses ``package_too_large``, and what the rules and the prices refuse.
    """
    check_size(desk.answered, len(desk.votable))
    lots = _lots(desk)
    candidates, wishes = _candidates(lots), _wishes(desk, lots)
    shared = equal_shares(candidates, wishes, budget)
    plain = most_wanted_first(candidates, wishes, budget)
    return Package(
        budget,
        len(desk.households),
        len(wishes),
        {lot.key: lot for lot in lots},
        shared,
        plain,
        shared.served(wishes),
        plain.served(wishes),
    )
