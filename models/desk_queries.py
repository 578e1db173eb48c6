"""What the committee's desk looks up: turnouts of open votes, grounds of opposition, an option."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor
from domain.objections import ObjectionOutcome
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.menus_queries import own_dwellings
from models.objections import Objection
from models.plans import Plan
from models.register import Building, Dwelling
from models.visibility import buildings_visible_to
from models.votes import Ballot, Roll, RollVoter


class TurnoutRow(NamedTuple):
    """Heads with a ballot and all heads of a motion, and the same two as areas (0.01 m²)."""

    persons: int
    total: int
    area: int
    total_area: int


def turnouts(motion_ids: Iterable[int]) -> dict[int, TurnoutRow]:
    """Motion id → its turnout by the newest roll; one statement, none without motions."""
    listed = list(motion_ids)
    if not listed:
        return {}
    newest = (
        select(Roll.motion_id, func.max(Roll.version).label("version"))
        .where(Roll.motion_id.in_(listed))
        .group_by(Roll.motion_id)
        .subquery()
    )
    voted = exists().where(Ballot.motion_id == Roll.motion_id, Ballot.voter_id == RollVoter.id)
    rows = session().execute(
        select(
            Roll.motion_id,
            func.count(RollVoter.id).filter(voted),
            func.count(RollVoter.id),
            func.coalesce(func.sum(RollVoter.area).filter(voted), 0),
            func.sum(RollVoter.area),
        )
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .join(
            newest,
            (newest.c.motion_id == Roll.motion_id) & (newest.c.version == Roll.version),
        )
        .group_by(Roll.motion_id)
    )
    return {row[0]: TurnoutRow(*(int(value) for value in row[1:])) for row in rows}


class GroundRow(NamedTuple):
    """One standing objection: to what, on which ground, from where (``None``: no dwelling)."""

    item_id: int
    option_id: int | None
    ground: str
    floor: int | None
    entrance_id: int | None


def grounds_of(plan_id: int) -> list[GroundRow]:
    """The plan's objections that were not withdrawn, without a word of who raised them."""
    rows = session().execute(
        select(
            Objection.item_id,
            Objection.option_id,
            Objection.ground,
            Dwelling.floor,
            Dwelling.entrance_id,
        )
        .outerjoin(Dwelling, Dwelling.id == Objection.dwelling_id)
        .where(
            Objection.plan_id == plan_id,
            Objection.outcome.is_distinct_from(ObjectionOutcome.WITHDRAWN),
        )
        .order_by(Objection.id)
    )
    return [GroundRow(*row) for row in rows]


def option_for_household(actor: Actor, plan_id: int, option_id: int) -> Option | None:
    """An offered option of the plan's menu, for somebody who has a dwelling in its building."""
    option = session().scalar(
        select(Option)
        .join(Option.item)
        .join(MenuItem.plan)
        .join(Plan.building)
        .options(
            contains_eager(Option.item)
            .contains_eager(MenuItem.plan)
            .contains_eager(Plan.building)
            .options(joinedload(Building.community)),
            selectinload(Option.versions),
        )
        .where(
            Option.id == option_id,
            MenuItem.plan_id == plan_id,
            Option.withdrawn_at.is_(None),
            Option.versions.any(OptionVersion.published_at.is_not(None)),
            buildings_visible_to(actor),
        )
    )
    if option is None or not own_dwellings(actor, option.item.plan):
        return None
    return option
