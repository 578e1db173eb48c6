"""The few figures that a person's first page is made of, each for all plans in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from domain.accounts import Actor, Permission
from models.database import session
from models.objections import Objection
from models.plans import Plan
from models.preferences import AnswerSheet, ItemAnswer
from models.register import Dwelling, Entrance


class Sheet(NamedTuple):
    """How far a household has come with its answers."""

    plan_id: int
    dwelling_id: int
    capacity: str
    answers: int
    sent_at: datetime | None


def own_dwellings(dwelling_ids: Collection[int]) -> list[Dwelling]:
    """Those of the dwellings that answer, with their entrances."""
    query = (
        select(Dwelling)
        .where(Dwelling.id.in_(list(dwelling_ids)), Dwelling.counts, Dwelling.retired_at.is_(None))
        .options(joinedload(Dwelling.entrance))
        .order_by(Dwelling.entrance_id, Dwelling.floor, Dwelling.room)
    )
    return list(session().scalars(query))


def own_sheets(plan_ids: Collection[int], dwelling_ids: Collection[int]) -> list[Sheet]:
    """The sheets of these dwellings with the number of their answers."""
    query = (
        select(
            AnswerSheet.plan_id,
            AnswerSheet.dwelling_id,
            AnswerSheet.capacity,
            func.count(ItemAnswer.id),
            AnswerSheet.sent_at,
        )
        .outerjoin(AnswerSheet.answers)
        .where(
            AnswerSheet.plan_id.in_(list(plan_ids)),
            AnswerSheet.dwelling_id.in_(list(dwelling_ids)),
        )
        .group_by(AnswerSheet.id)
    )
    return [Sheet(*row) for row in session().execute(query)]


def own_objections(account_id: int | None) -> list[Objection]:
    """What this account has objected to, the newest first, with what it was about."""
    query = (
        select(Objection)
        .where(Objection.account_id == account_id)
        .options(joinedload(Objection.item))
        .order_by(Objection.submitted_at.desc(), Objection.id.desc())
    )
    return list(session().scalars(query))


def open_objections(plan_ids: Collection[int]) -> list[Objection]:
    """Objections without an outcome, the longest waiting first."""
    query = (
        select(Objection)
        .where(Objection.plan_id.in_(list(plan_ids)), Objection.closed_at.is_(None))
        .options(joinedload(Objection.item))
        .order_by(Objection.submitted_at, Objection.id)
    )
    return list(session().scalars(query))


def homes_by_building(building_ids: Collection[int]) -> dict[int, int]:
    """Building id → how many homes can answer."""
    query = (
        select(Entrance.building_id, func.count(Dwelling.id))
        .join(Dwelling.entrance)
        .where(
            Entrance.building_id.in_(list(building_ids)),
            Dwelling.counts,
            Dwelling.retired_at.is_(None),
        )
        .group_by(Entrance.building_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def answered_by_plan(plan_ids: Collection[int]) -> dict[int, int]:
    """Plan id → how many homes have answered anything."""
    query = (
        select(AnswerSheet.plan_id, func.count(func.distinct(AnswerSheet.dwelling_id)))
        .join(AnswerSheet.answers)
        .join(Dwelling, Dwelling.id == AnswerSheet.dwelling_id)
        .where(
            AnswerSheet.plan_id.in_(list(plan_ids)), Dwelling.counts, Dwelling.retired_at.is_(None)
        )
        .group_by(AnswerSheet.plan_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def doors_to_knock(actor: Actor, plans: Iterable[Plan]) -> list[tuple[int, Dwelling]]:
    """(Plan id, dwelling) of every home in the actor's part from which nothing has come."""
    grants = [grant for grant in actor.grants if grant.allows(Permission.TRACK_REACH)]
    parts = [
        Entrance.id == grant.scope.entrance
        if grant.scope.entrance is not None
        else Entrance.building_id == grant.scope.building
        for grant in grants
        if grant.scope.entrance is not None or grant.scope.building is not None
    ]
    if not parts:
        return []
    answered = (
        exists()
        .where(AnswerSheet.plan_id == Plan.id, AnswerSheet.dwelling_id == Dwelling.id)
        .where(ItemAnswer.sheet_id == AnswerSheet.id)
    )
    query = (
        select(Plan.id, Dwelling)
        .select_from(Dwelling)
        .join(Dwelling.entrance)
        .join(Plan, Plan.building_id == Entrance.building_id)
        .options(contains_eager(Dwelling.entrance))
        .where(
            Plan.id.in_([plan.id for plan in plans]),
            Dwelling.counts,
            Dwelling.retired_at.is_(None),
            or_(*parts),
            ~answered,
        )
        .order_by(Plan.id, Entrance.sort_key, Dwelling.floor.desc(), Dwelling.room)
    )
    return [(plan, dwelling) for plan, dwelling in session().execute(query)]
