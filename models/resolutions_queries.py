"""Queries about resolutions and requirement issues, each through the actor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from domain.accounts import Actor, Role
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.objections import Objection
from models.plans import Plan
from models.register import Building
from models.resolutions import RequirementIssue, Resolution, ResolutionMotion
from models.visibility import buildings_visible_to
from models.votes import Motion, Roll, RollVoter


def resolution_visible_to(actor: Actor, resolution_id: int) -> Resolution | None:
    """The resolution, if its building lies in the actor's scope."""
    query = (
        select(Resolution)
        .join(Resolution.plan)
        .join(Plan.building)
        .join(Building.community)
        .options(
            contains_eager(Resolution.plan)
            .contains_eager(Plan.building)
            .contains_eager(Building.community)
        )
        .where(Resolution.id == resolution_id, buildings_visible_to(actor))
    )
    return session().scalars(query).one_or_none()


def of_plan(plan_id: int) -> Sequence[Resolution]:
    """The plan's resolutions, first to last."""
    query = select(Resolution).where(Resolution.plan_id == plan_id).order_by(Resolution.sequence)
    return session().scalars(query).all()


def published(key: str, *, with_pdf: bool = False) -> Resolution | None:
    """The resolution known by this number or by this digest, for anyone."""
    query = select(Resolution).where(or_(Resolution.number == key, Resolution.digest == key))
    if with_pdf:
        query = query.options(undefer(Resolution.pdf))
    return session().scalars(query).one_or_none()


def all_published(limit: int, offset: int) -> Sequence[Resolution]:
    """All resolutions, newest first, for the public list."""
    query = (
        select(Resolution)
        .order_by(Resolution.issued_at.desc(), Resolution.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return session().scalars(query).all()


def count_published() -> int:
    """How many resolutions there are."""
    return session().scalar(select(func.count()).select_from(Resolution)) or 0


def motions_for_document(plan_id: int) -> Sequence[Motion]:
    """The plan's motions with everything a resolution says of them, by number."""
    query = (
        select(Motion)
        .where(Motion.plan_id == plan_id)
        .options(
            joinedload(Motion.version)
            .joinedload(OptionVersion.option)
            .joinedload(Option.item)
            .joinedload(MenuItem.plan),
            joinedload(Motion.entrance),
            joinedload(Motion.counted),
            selectinload(Motion.rolls).selectinload(Roll.voters).selectinload(RollVoter.dwellings),
        )
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def objections_for_document(plan_id: int) -> Sequence[Objection]:
    """The plan's objections, in the order in which they were raised."""
    query = (
        select(Objection)
        .where(Objection.plan_id == plan_id)
        .order_by(Objection.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def items_for_document(plan_id: int) -> Sequence[MenuItem]:
    """The plan's menu items with options and versions, in order."""
    query = (
        select(MenuItem)
        .where(MenuItem.plan_id == plan_id)
        .options(selectinload(MenuItem.options).selectinload(Option.versions))
        .order_by(MenuItem.position, MenuItem.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def motions_taken_up(plan_id: int) -> frozenset[int]:
    """The motions that an earlier resolution of the plan has taken up."""
    query = (
        select(ResolutionMotion.motion_id)
        .join(Resolution, Resolution.id == ResolutionMotion.resolution_id)
        .where(Resolution.plan_id == plan_id)
    )
    return frozenset(session().scalars(query))


def taking_up(motion_id: int) -> str | None:
    """The number of the resolution that the motion went into."""
    return taken_up([motion_id]).get(motion_id)


def taken_up(motion_ids: Collection[int]) -> dict[int, str]:
    """Motion id → the number of the resolution that it went into."""
    query = (
        select(ResolutionMotion.motion_id, Resolution.number)
        .join(Resolution, Resolution.id == ResolutionMotion.resolution_id)
        .where(ResolutionMotion.motion_id.in_(list(motion_ids)))
    )
    return {row.motion_id: row.number for row in session().execute(query)}


def next_sequence(building_id: int) -> int:
    """The next number in the building's line of resolutions."""
    query = (
        select(func.count())
        .select_from(Resolution)
        .join(Plan, Plan.id == Resolution.plan_id)
        .where(Plan.building_id == building_id)
    )
    return (session().scalar(query) or 0) + 1


def _companies_of(actor: Actor) -> list[int]:
    return [
        grant.scope.company
        for grant in actor.grants_of(Role.CONTRACTOR)
        if grant.scope.company is not None
    ]


def issued_to(actor: Actor, now: datetime) -> Sequence[RequirementIssue]:
    """What was issued to the actor's companies and is in force, newest first."""
    query = (
        select(RequirementIssue)
        .join(RequirementIssue.resolution)
        .options(contains_eager(RequirementIssue.resolution))
        .where(RequirementIssue.company_id.in_(_companies_of(actor)), Resolution.in_force_at <= now)
        .order_by(RequirementIssue.issued_at.desc(), RequirementIssue.id.desc())
    )
    return session().scalars(query).all()


def issue_visible_to(actor: Actor, issue_id: int) -> RequirementIssue | None:
    """One issue to a company of the actor's."""
    query = (
        select(RequirementIssue)
        .options(joinedload(RequirementIssue.resolution), joinedload(RequirementIssue.company))
        .where(
            RequirementIssue.id == issue_id,
            RequirementIssue.company_id.in_(_companies_of(actor)),
        )
    )
    return session().scalars(query).one_or_none()


def issues_of(resolution_id: int) -> Sequence[RequirementIssue]:
    """To whom the resolution was issued."""
    query = (
        select(RequirementIssue)
        .where(RequirementIssue.resolution_id == resolution_id)
        .options(joinedload(RequirementIssue.company))
        .order_by(RequirementIssue.id)
    )
    return session().scalars(query).all()
