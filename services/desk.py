"""The committee's desk: what its tools are made from, and how far the households are reached.

The answers with their doors are read through ``services/demand.py``, which records each look in the
plan's audit chain before anything is shown. Owners' and tenants' answers are kept apart; only
owners' answers go into what a vote would take or a package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from domain.accounts import Actor
from domain.forecast import stance_on
from domain.menus import Payer
from domain.preferences import ItemAnswerDraft, Stance
from domain.voters import Dwelling as Part
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.preferences import AnswerSheet
from models.preferences_queries import offered
from models.register import Dwelling
from services import demand
from services.costs import House
from services.preferences import draft_of
from services.rolls import part_of


@dataclass(frozen=True)
class Offer:
    """One option on the menu as it is offered now: its newest published version."""

    item: MenuItem
    option: Option
    version: OptionVersion


@dataclass(frozen=True)
class Household:
    """A counted dwelling and what its owner and its tenant said, item id → answer."""

    dwelling: Dwelling
    part: Part
    owner: Mapping[int, ItemAnswerDraft]
    tenant: Mapping[int, ItemAnswerDraft]

    def stance(self, offer: Offer) -> Stance | None:
        """What the owner says of an option."""
        said = self.owner.get(offer.item.id)
        return stance_on(said, offer.option.id) if said else None

    def tenant_stance(self, offer: Offer) -> Stance | None:
        """What the tenant says of an option."""
        said = self.tenant.get(offer.item.id)
        return stance_on(said, offer.option.id) if said else None


@dataclass(frozen=True)
class Desk:
    """The plan, what is offered, and every household's answers, as the committee may see them."""

    plan: Plan
    offers: tuple[Offer, ...]
    households: tuple[Household, ...]

    @cached_property
    def house(self) -> House:
        """The counted dwellings by entrance, for working out costs."""
        entrances = {one.dwelling.entrance_id: one.dwelling.entrance for one in self.households}
        parts: dict[int, list[Part]] = {}
        for one in self.households:
            parts.setdefault(one.dwelling.entrance_id, []).append(one.part)
        return House(
            self.plan.building_id,
            {key: entrance.name for key, entrance in entrances.items()},
            {key: tuple(listed) for key, listed in parts.items()},
        )

    @property
    def answered(self) -> int:
        """Dwellings whose owner has answered anything."""
        return sum(1 for one in self.households if one.owner)

    @property
    def votable(self) -> tuple[Offer, ...]:
        """The options on which owners vote."""
        return tuple(offer for offer in self.offers if not offer.item.consult_only)

    def chosen(self, option_id: int | None) -> Offer:
        """The offer of this option, else the first one that owners pay for; there must be one."""
        paid = (one for one in self.offers if one.version.payer == Payer.HOUSEHOLDS)
        first = next(paid, self.offers[0])
        return next((one for one in self.offers if one.option.id == option_id), first)


def offers_of(menu: tuple[MenuItem, ...] | list[MenuItem]) -> tuple[Offer, ...]:
    """What may be chosen from a menu, in its order."""
    return tuple(
        Offer(item, option, option.published)
        for item in menu
        for option in offered(item)
        if option.published is not None
    )


def _said(sheet: AnswerSheet | None) -> dict[int, ItemAnswerDraft]:
    return {answer.item_id: draft_of(answer) for answer in sheet.answers} if sheet else {}


def look(actor: Actor, plan: Plan, *, now: datetime) -> Desk:
    """Everything the tools are made from; that the committee looked is recorded first."""
    named = demand.named_answers(actor, plan, now=now)
    return Desk(
        plan,
        offers_of(named.menu),
        tuple(
            Household(dwelling, part_of(dwelling), _said(owner), _said(tenant))
            for dwelling, owner, tenant in named.households
        ),
    )


@dataclass(frozen=True)
class FloorProgress:
    """A floor of an entrance: homes that have answered, all homes, and the doors still missing."""

    floor: int
    answered: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class EntranceProgress:
    """The same for an entrance, floors from the top down; ``doors`` with whether each answered."""

    name: str
    floors: tuple[FloorProgress, ...]
    doors: tuple[tuple[Dwelling, bool], ...]

    @property
    def answered(self) -> int:
        """Homes from which something has come."""
        return sum(one.answered for one in self.floors)

    @property
    def total(self) -> int:
        """Homes in the entrance."""
        return sum(one.total for one in self.floors)


def progress(actor: Actor, plan: Plan) -> tuple[EntranceProgress, ...]:
    """How far the households are reached, by entrance and floor; never what was said."""
    found = demand.reach(actor, plan)
    entrances = []
    for _entrance, group in groupby(found.dwellings, key=lambda door: door.entrance_id):
        doors = [(door, door.id in found.answered) for door in group]
        by_floor: dict[int, list[tuple[Dwelling, bool]]] = {}
        for door, reached in doors:
            by_floor.setdefault(door.floor, []).append((door, reached))
        floors = tuple(
            FloorProgress(
                floor,
                sum(1 for _door, reached in own if reached),
                len(own),
                tuple(door.room for door, reached in own if not reached),
            )
            for floor, own in sorted(by_floor.items(), reverse=True)
        )
        entrances.append(EntranceProgress(doors[0][0].entrance.name, floors, tuple(doors)))
    return tuple(entrances)
