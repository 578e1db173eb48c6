"""What is looked up about a plan's menu and the households' answers to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor, Capacity, Role
from models.database import session
from models.menus import MenuItem, Option
from models.plans import Plan
from models.preferences import AnswerSheet, FormerSheet, ItemAnswer
from models.register import Building, Dwelling, Entrance, Ownership
from models.visibility import buildings_visible_to


def plan_visible_to(actor: Actor, plan_id: int, **_rest: object) -> Plan | None:
    """The plan with its building and community, once its menu is published.

    Whoever composes menus sees it before.
    """
    query = (
        select(Plan)
        .join(Plan.building)
        .options(contains_eager(Plan.building).joinedload(Building.community))
        .where(Plan.id == plan_id, buildings_visible_to(actor))
    )
    plan = session().scalar(query)
    if plan is None or plan.menu_published_at is not None:
        return plan
    return plan if actor.grants_of(Role.COMMITTEE) else None


def item_visible_to(actor: Actor, item_id: int, **_rest: object) -> MenuItem | None:
    """An item of a published menu, with its plan, options and their versions."""
    query = (
        select(MenuItem)
        .join(MenuItem.plan)
        .join(Plan.building)
        .options(
            contains_eager(MenuItem.plan)
            .contains_eager(Plan.building)
            .joinedload(Building.community),
            selectinload(MenuItem.options).selectinload(Option.versions),
        )
        .where(
            MenuItem.id == item_id,
            Plan.menu_published_at.is_not(None),
            buildings_visible_to(actor),
        )
    )
    return session().scalar(query)


def menu_of(plan_ids: Iterable[int]) -> list[MenuItem]:
    """The published items of these plans in order, read afresh with options and versions.

    Three statements, however many items there are.
    """
    query = (
        select(MenuItem)
        .where(MenuItem.plan_id.in_(list(plan_ids)))
        .options(selectinload(MenuItem.options).selectinload(Option.versions))
        .order_by(MenuItem.plan_id, MenuItem.position, MenuItem.id)
        .execution_options(populate_existing=True)
    )
    items = session().scalars(query)
    return [item for item in items if any(option.published for option in item.options)]


def offered(item: MenuItem) -> list[Option]:
    """The options a household may choose from: published and not withdrawn."""
    return [option for option in item.options if option.withdrawn_at is None and option.published]


def dwellings_of(building_id: int) -> list[Dwelling]:
    """The building's present dwellings with entrance and owners, from the ground up."""
    query = (
        select(Dwelling)
        .join(Dwelling.entrance)
        .options(
            contains_eager(Dwelling.entrance),
            selectinload(Dwelling.ownerships).joinedload(Ownership.owner),
        )
        .where(Entrance.building_id == building_id, Dwelling.retired_at.is_(None))
        .order_by(Entrance.sort_key, Dwelling.floor, Dwelling.room)
    )
    return list(session().scalars(query))


def households(dwellings: Iterable[Dwelling]) -> list[Dwelling]:
    """Those of the dwellings where somebody can answer: garages and the like do not."""
    return [dwelling for dwelling in dwellings if dwelling.counts]


_WHOLE = selectinload(AnswerSheet.answers).selectinload(ItemAnswer.rankings)


def sheet_of(plan_id: int, dwelling_id: int, capacity: Capacity) -> AnswerSheet | None:
    """One household's sheet with its answers, read afresh."""
    query = (
        select(AnswerSheet)
        .where(
            AnswerSheet.plan_id == plan_id,
            AnswerSheet.dwelling_id == dwelling_id,
            AnswerSheet.capacity == capacity,
        )
        .options(_WHOLE)
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def sheets_of(plan_id: int) -> list[AnswerSheet]:
    """All sheets of a plan with answers and rankings, in the order in which they were begun."""
    query = (
        select(AnswerSheet)
        .where(AnswerSheet.plan_id == plan_id)
        .options(_WHOLE)
        .order_by(AnswerSheet.id)
        .execution_options(populate_existing=True)
    )
    return list(session().scalars(query))


def former_sheets_of(plan_id: int) -> list[FormerSheet]:
    """What former owners had answered, the earliest to leave first."""
    query = (
        select(FormerSheet)
        .where(FormerSheet.plan_id == plan_id)
        .order_by(FormerSheet.ended_at, FormerSheet.id)
    )
    return list(session().scalars(query))


def former_owner_left(plan_id: int, dwelling_id: int) -> datetime | None:
    """When the last owners who had answered this menu left the dwelling."""
    query = select(func.max(FormerSheet.ended_at)).where(
        FormerSheet.plan_id == plan_id,
        FormerSheet.dwelling_id == dwelling_id,
        FormerSheet.capacity == Capacity.OWNER,
    )
    return session().scalar(query)


def _own(actor: Actor) -> list[tuple[int, Capacity]]:
    return [
        (grant.scope.dwelling, grant.capacity)
        for grant in actor.grants_of(Role.RESIDENT)
        if grant.scope.dwelling is not None and grant.capacity is not None
    ]


def own_sheets(actor: Actor, plan_ids: Iterable[int]) -> list[AnswerSheet]:
    """The sheets of the actor's own households, with their doors and answers."""
    own = _own(actor)
    if not own:
        return []
    query = (
        select(AnswerSheet)
        .where(
            AnswerSheet.plan_id.in_(list(plan_ids)),
            or_(
                *(
                    and_(AnswerSheet.dwelling_id == dwelling, AnswerSheet.capacity == capacity)
                    for dwelling, capacity in own
                )
            ),
        )
        .options(_WHOLE, joinedload(AnswerSheet.dwelling).joinedload(Dwelling.entrance))
        .order_by(AnswerSheet.id)
    )
    return list(session().scalars(query))


def receipt_visible_to(actor: Actor, receipt: str) -> AnswerSheet | None:
    """The sheet behind a receipt, for the household that it belongs to and nobody else."""
    query = (
        select(AnswerSheet)
        .where(AnswerSheet.receipt == receipt)
        .options(
            _WHOLE,
            joinedload(AnswerSheet.plan).joinedload(Plan.building).joinedload(Building.community),
            joinedload(AnswerSheet.dwelling).joinedload(Dwelling.entrance),
        )
    )
    sheet = session().scalar(query)
    if sheet is None or (sheet.dwelling_id, Capacity(sheet.capacity)) not in _own(actor):
        return None
    return sheet
