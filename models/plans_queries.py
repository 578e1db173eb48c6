"""Which plans an actor may see, and the recorded facts that a plan's stage follows from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import joinedload, load_only

from domain.accounts import Actor, Permission
from domain.statements import IssuedFacts
from models.database import session
from models.plans import Notice, Plan
from models.register import Building, Community, Dwelling, Entrance
from models.resolutions import RequirementIssue, Resolution
from models.statements import Statement
from models.visibility import buildings_visible_to
from models.votes import Motion, MotionCount, Roll


def buildings_where(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The condition on ``Building`` that a grant of the actor's carries the permission there."""
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        if not grant.allows(permission) or grant.scope.company is not None:
            continue
        if grant.scope.building is not None:
            conditions.append(Building.id == grant.scope.building)
        elif grant.scope.community is not None:
            conditions.append(Building.community_id == grant.scope.community)
        else:
            conditions.append(true())
    return or_(false(), *conditions)


def visible_to(actor: Actor, plan_id: int) -> Plan | None:
    """The plan, if its building is one the actor sees; with building and community."""
    return session().scalar(
        select(Plan)
        .join(Plan.building)
        .where(Plan.id == plan_id, buildings_visible_to(actor))
        .options(joinedload(Plan.building).joinedload(Building.community))
    )


def all_visible_to(actor: Actor) -> list[Plan]:
    """The plans of the buildings the actor sees, by community and building, the newest first."""
    return list(
        session().scalars(
            select(Plan)
            .join(Plan.building)
            .join(Building.community)
            .where(buildings_visible_to(actor))
            .options(joinedload(Plan.building).joinedload(Building.community))
            .order_by(Community.name, Building.sort_key, Plan.id.desc())
        )
    )


def buildings_to_plan_for(actor: Actor) -> list[Building]:
    """The buildings in which the actor may compose a menu."""
    return list(
        session().scalars(
            select(Building)
            .join(Building.community)
            .where(buildings_where(actor, Permission.COMPOSE_MENU))
            .options(joinedload(Building.community))
            .order_by(Community.name, Building.sort_key)
        )
    )


def buildings_beside(plan: Plan) -> list[Building]:
    """All buildings of the plan's community, its own included."""
    return list(
        session().scalars(
            select(Building)
            .where(Building.community_id == plan.building.community_id)
            .options(joinedload(Building.community))
            .order_by(Building.sort_key)
        )
    )


def floors_of_community(community_id: int) -> list[int]:
    """Every floor on which some building of the community has a counted dwelling."""
    return list(
        session().scalars(
            select(Dwelling.floor)
            .join(Dwelling.entrance)
            .join(Entrance.building)
            .where(
                Building.community_id == community_id,
                Dwelling.counts,
                Dwelling.retired_at.is_(None),
            )
            .distinct()
            .order_by(Dwelling.floor)
        )
    )


def plans_of(building_ids: Iterable[int]) -> list[Plan]:
    """All plans of these buildings, the newest last."""
    return list(
        session().scalars(
            select(Plan).where(Plan.building_id.in_(list(building_ids))).order_by(Plan.id)
        )
    )


def motions_of(plan_ids: list[int]) -> list[tuple[Motion, MotionCount | None, datetime | None]]:
    """Every motion of these plans with its count and the instant its first roll was posted."""
    posted = (
        select(Roll.motion_id, func.min(Roll.posted_at).label("posted_at"))
        .group_by(Roll.motion_id)
        .subquery()
    )
    rows = session().execute(
        select(Motion, MotionCount, posted.c.posted_at)
        .outerjoin(MotionCount, MotionCount.motion_id == Motion.id)
        .outerjoin(posted, posted.c.motion_id == Motion.id)
        .where(Motion.plan_id.in_(plan_ids))
        .options(joinedload(Motion.entrance))
        .order_by(Motion.plan_id, Motion.number)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def resolutions_of(plan_ids: list[int]) -> dict[int, list[IssuedFacts]]:
    """Plan id → what is recorded of its resolutions, by number; one statement for all plans."""
    handed = (
        select(RequirementIssue.resolution_id, func.min(RequirementIssue.issued_at).label("at"))
        .group_by(RequirementIssue.resolution_id)
        .subquery()
    )
    rows = session().execute(
        select(Resolution, handed.c.at, Statement.act, Statement.issued_at)
        .outerjoin(handed, handed.c.resolution_id == Resolution.id)
        .outerjoin(Statement, Statement.resolution_id == Resolution.id)
        .where(Resolution.plan_id.in_(plan_ids))
        .options(load_only(Resolution.plan_id, Resolution.issued_at, Resolution.in_force_at))
        .order_by(Resolution.plan_id, Resolution.sequence, Statement.sequence)
    )
    found: dict[int, list[IssuedFacts]] = {}
    for resolution, group in groupby(rows, key=lambda row: row[0]):
        listed = list(group)
        acts = tuple((row[2], row[3]) for row in listed if row[2])
        found.setdefault(resolution.plan_id, []).append(
            IssuedFacts(resolution.issued_at, resolution.in_force_at, listed[0][1], acts)
        )
    return found


def notices_of(plan_id: int) -> list[Notice]:
    """The plan's notices, the newest first."""
    return list(
        session().scalars(
            select(Notice)
            .where(Notice.plan_id == plan_id)
            .order_by(Notice.posted_at.desc(), Notice.id.desc())
        )
    )
