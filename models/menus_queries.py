"""Menus as a reader may see them: the committee with its drafts, everybody else what is published.

Whatever is looked up by an id in an address passes through the actor here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from domain.accounts import Actor, Capacity, Permission, Role
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.plans_queries import buildings_where
from models.preferences import AnswerSheet
from models.register import Building
from models.visibility import buildings_visible_to


def _published_item() -> ColumnElement[bool]:
    return MenuItem.options.any(Option.versions.any(OptionVersion.published_at.is_not(None)))


def item_visible_to(actor: Actor, item_id: int) -> MenuItem | None:
    """The item with its options and versions; drafts only for whoever composes menus there."""
    return session().scalar(
        select(MenuItem)
        .join(MenuItem.plan)
        .join(Plan.building)
        .where(
            MenuItem.id == item_id,
            buildings_visible_to(actor),
            or_(buildings_where(actor, Permission.COMPOSE_MENU), _published_item()),
        )
        .options(
            joinedload(MenuItem.plan).joinedload(Plan.building).joinedload(Building.community),
            selectinload(MenuItem.options).selectinload(Option.versions),
        )
    )


def option_visible_to(actor: Actor, option_id: int) -> Option | None:
    """The option with all its versions; a draft only for whoever composes menus there."""
    return session().scalar(
        select(Option)
        .join(Option.item)
        .join(MenuItem.plan)
        .join(Plan.building)
        .where(
            Option.id == option_id,
            buildings_visible_to(actor),
            or_(
                buildings_where(actor, Permission.COMPOSE_MENU),
                Option.versions.any(OptionVersion.published_at.is_not(None)),
            ),
        )
        .options(
            joinedload(Option.item)
            .joinedload(MenuItem.plan)
            .joinedload(Plan.building)
            .joinedload(Building.community),
            selectinload(Option.versions),
        )
    )


def version_visible_to(actor: Actor, version_id: int) -> OptionVersion | None:
    """One version; a draft only for whoever composes menus there."""
    return session().scalar(
        select(OptionVersion)
        .join(OptionVersion.option)
        .join(Option.item)
        .join(MenuItem.plan)
        .join(Plan.building)
        .where(
            OptionVersion.id == version_id,
            buildings_visible_to(actor),
            or_(
                buildings_where(actor, Permission.COMPOSE_MENU),
                OptionVersion.published_at.is_not(None),
            ),
        )
        .options(
            joinedload(OptionVersion.option)
            .joinedload(Option.item)
            .joinedload(MenuItem.plan)
            .joinedload(Plan.building)
            .joinedload(Building.community)
        )
    )


def version_with_picture(actor: Actor, version_id: int) -> OptionVersion | None:
    """As ``version_visible_to``, with the picture's bytes."""
    version = version_visible_to(actor, version_id)
    if version is None:
        return None
    return session().scalar(
        select(OptionVersion)
        .where(OptionVersion.id == version.id)
        .options(joinedload(OptionVersion.picture))
        .execution_options(populate_existing=True)
    )


def items_of(plan_id: int, *, afresh: bool = False) -> list[MenuItem]:
    """The items of a plan in order, with options and versions, in three statements."""
    order = (MenuItem.position, MenuItem.id)
    return list(
        session().scalars(
            select(MenuItem)
            .where(MenuItem.plan_id == plan_id)
            .options(selectinload(MenuItem.options).selectinload(Option.versions))
            .order_by(*order)
            .execution_options(populate_existing=afresh)
        )
    )


def own_dwellings(actor: Actor, plan: Plan) -> list[int]:
    """The ids of the dwellings of the plan's building for which the actor answers."""
    return sorted(
        {
            grant.scope.dwelling
            for grant in actor.grants_of(Role.RESIDENT)
            if grant.scope.building == plan.building_id and grant.scope.dwelling is not None
        }
    )


def rented_dwellings(actor: Actor) -> frozenset[int]:
    """The ids of the dwellings that the actor rents and does not own."""
    by_capacity: dict[bool, set[int]] = {True: set(), False: set()}
    for grant in actor.grants_of(Role.RESIDENT):
        if grant.scope.dwelling is not None:
            by_capacity[grant.capacity is Capacity.TENANT].add(grant.scope.dwelling)
    return frozenset(by_capacity[True] - by_capacity[False])


def last_answered(plan_id: int, dwelling_ids: Iterable[int]) -> datetime | None:
    """When somebody of these dwellings last saved an answer to the plan's menu."""
    return session().scalar(
        select(func.max(AnswerSheet.updated_at)).where(
            AnswerSheet.plan_id == plan_id, AnswerSheet.dwelling_id.in_(list(dwelling_ids))
        )
    )


def changed_since(plan: Plan, instant: datetime | None) -> list[OptionVersion]:
    """The versions published after ``instant``, or after the menu itself for who never answered."""
    start = max(filter(None, (instant, plan.menu_published_at)), default=None)
    if start is None:
        return []
    return list(
        session().scalars(
            select(OptionVersion)
            .join(OptionVersion.option)
            .join(Option.item)
            .where(MenuItem.plan_id == plan.id, OptionVersion.published_at > start)
            .options(joinedload(OptionVersion.option).joinedload(Option.item))
            .order_by(OptionVersion.published_at.desc(), OptionVersion.id.desc())
        )
    )
