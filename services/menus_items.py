"""Items of a menu: put on it from the catalogue or from scratch, edited, taken off.

Ours: what an item is (title, matter, who decides) stands once an option of it is published, since
households have answered to it; a further item may be added while the consultation is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.catalogue import CatalogueItem
from domain.errors import NotNow, Refused, Stale
from domain.menus import DecidedBy, ItemClass, ItemDraft, checked_item
from domain.plans import Stage, require_stage
from models.menus import MenuItem
from models.menus_queries import items_of
from models.plans import Plan
from services.audit import plan_chain, record
from services.plans import locked, stage
from services.reference import reference
from services.transaction import transaction

# New items and options come while a menu is written and while households can still answer.
ADDING = (Stage.COLLECTING_NEEDS, Stage.MENU_PUBLISHED, Stage.CONSULTING)


def item_draft(item: MenuItem) -> ItemDraft:
    """What an item says, as a draft."""
    return ItemDraft(
        title=item.title,
        item_class=ItemClass(item.item_class),
        matter=item.matter,
        unit=item.unit,
        decided_by=DecidedBy(item.decided_by),
        description=item.description,
        consult_only=item.consult_only,
        catalogue_key=item.catalogue_key,
    )


def catalogue_draft(entry: CatalogueItem, language: str) -> ItemDraft:
    """A catalogue entry as the start of an item, in one language."""
    return ItemDraft(
        title=entry.name.text(language),
        item_class=entry.item_class,
        matter=entry.matter,
        unit=entry.unit.text(language),
        decided_by=entry.decided_by,
        consult_only=entry.state_funded,
        catalogue_key=entry.key,
    )


def is_published(item: MenuItem) -> bool:
    """Whether households have seen the item: an option of it was published."""
    return any(option.published for option in item.options)


def _write(item: MenuItem, draft: ItemDraft) -> None:
    item.title = draft.title
    item.item_class = draft.item_class.value
    item.matter = draft.matter
    item.unit = draft.unit
    item.decided_by = draft.decided_by.value
    item.description = draft.description
    item.consult_only = draft.consult_only


def _check_title(session: Session, plan_id: int, title: str, besides: int | None = None) -> None:
    taken = session.scalar(
        select(MenuItem.id).where(
            MenuItem.plan_id == plan_id, MenuItem.title == title, MenuItem.id != (besides or 0)
        )
    )
    if taken is not None:
        raise Refused("item_title_taken", field="title", title=title)


def insert_item(session: Session, plan: Plan, draft: ItemDraft) -> MenuItem:
    """A new item at the end of the menu, inside the caller's transaction."""
    last = session.scalar(select(func.max(MenuItem.position)).where(MenuItem.plan_id == plan.id))
    item = MenuItem(plan=plan, position=(last or 0) + 1, catalogue_key=draft.catalogue_key)
    _write(item, draft)
    session.add(item)
    session.flush()
    return item


def add_item(actor: Actor, plan: Plan, draft: ItemDraft, *, now: datetime) -> MenuItem:
    """The item is on the menu; the same draft sent twice is one item.

    Refuses what ``checked_item`` refuses, ``item_title_taken`` (title), ``not_at_this_stage``.
    """
    draft = checked_item(draft)
    with transaction() as session:
        plan = locked(session, plan)
        require_stage(stage(plan, now), *ADDING)
        same = session.scalar(
            select(MenuItem).where(MenuItem.plan_id == plan.id, MenuItem.title == draft.title)
        )
        if same is not None and item_draft(same) == draft:
            return same
        _check_title(session, plan.id, draft.title)
        item = insert_item(session, plan, draft)
        _recorded(session, item, "item_added", actor, now)
        return item


def add_from_catalogue(
    actor: Actor, plan: Plan, keys: Sequence[str], *, language: str, now: datetime
) -> list[MenuItem]:
    """The catalogue entries are on the menu; those already on it stay as they are.

    Refuses ``nothing_chosen``, ``catalogue_key_unknown``, ``not_at_this_stage``.
    """
    entries = reference().catalogue
    if not keys:
        raise Refused("nothing_chosen", field="keys")
    if any(key not in entries for key in keys):
        raise Refused("catalogue_key_unknown", field="keys")
    with transaction() as session:
        plan = locked(session, plan)
        require_stage(stage(plan, now), *ADDING)
        there = session.execute(
            select(MenuItem.catalogue_key, MenuItem.title).where(MenuItem.plan_id == plan.id)
        ).all()
        known = {row.catalogue_key for row in there}
        titles = {row.title for row in there}
        added = []
        for key in dict.fromkeys(keys):
            draft = catalogue_draft(entries[key], language)
            if key in known or draft.title in titles:
                continue
            item = insert_item(session, plan, draft)
            _recorded(session, item, "item_added", actor, now)
            added.append(item)
        return added


def edit_item(
    actor: Actor, item: MenuItem, draft: ItemDraft, *, revision: int, now: datetime
) -> None:
    """The item says what the draft says.

    Refuses ``changed_meanwhile`` when ``revision`` is not the present one, ``item_published``,
    ``item_title_taken`` (title), and what ``checked_item`` refuses.
    """
    draft = checked_item(draft)
    with transaction() as session:
        item = _locked_item(session, item)
        if item.revision != revision:
            raise Stale("changed_meanwhile")
        if is_published(item):
            raise NotNow("item_published")
        _check_title(session, item.plan_id, draft.title, besides=item.id)
        _write(item, draft)
        _recorded(session, item, "item_changed", actor, now)


def remove_item(actor: Actor, item: MenuItem, *, now: datetime) -> None:
    """The item and its drafts are gone; refuses ``item_published``."""
    with transaction() as session:
        item = _locked_item(session, item)
        if is_published(item):
            raise NotNow("item_published")
        _recorded(session, item, "item_removed", actor, now)
        for option in item.options:
            for version in option.versions:
                session.delete(version)
        session.flush()
        for option in item.options:
            session.delete(option)
        session.flush()
        session.delete(item)


def locked_menu(session: Session, plan: Plan) -> Plan:
    """The plan and its whole menu as they are now, held until the transaction ends.

    The plan's row is what serialises the writing of a menu; items, options and versions are read
    again behind it, since what the request has loaded before may be stale.
    """
    held = locked(session, plan)
    items_of(held.id, afresh=True)
    return held


def _locked_item(session: Session, item: MenuItem) -> MenuItem:
    locked_menu(session, session.get_one(MenuItem, item.id).plan)
    return session.get_one(MenuItem, item.id)


def _recorded(session: Session, item: MenuItem, act: str, actor: Actor, now: datetime) -> None:
    record(
        session,
        plan_chain(item.plan_id),
        act,
        actor=actor,
        now=now,
        details={"item": item.id, "matter": item.matter, "consult_only": item.consult_only},
    )
