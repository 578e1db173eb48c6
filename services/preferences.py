"""Answering the menu: saving a household's answers bit by bit, and sending them.

One sheet per plan, dwelling and capacity; a tenant's stands beside the owner's. Answers can be
changed until the consultation closes. Whoever answers tells which revision of the sheet they saw,
so that two phones of one household do not overwrite each other unnoticed; sending the same thing
twice has one effect.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, attributes

from domain.accounts import Actor, Capacity, Role
from domain.errors import NotYours, Refused, Stale
from domain.preferences import (
    Consultation,
    ItemAnswerDraft,
    Stance,
    check_answer,
    consultation,
    require_open,
)
from domain.receipts import receipt_code
from models.accounts import RoleGrant
from models.locking import locked
from models.menus import MenuItem
from models.plans import Plan
from models.preferences import AnswerSheet, ItemAnswer, OptionRanking
from models.preferences_queries import menu_of, offered, sheet_of
from models.register import Dwelling, Ownership
from services import audit, demand
from services.transaction import transaction

RECEIPT_BYTES = 16


def consultation_of(plan: Plan, now: datetime) -> Consultation:
    """Whether the households of a plan may answer at ``now``."""
    return consultation(
        plan.menu_published_at,
        plan.consultation_closes_at,
        stopped_at=(plan.withdrawn_at, plan.suspended_at, plan.annulled_at),
        now=now,
    )


def capacities(actor: Actor, plan: Plan) -> dict[int, Capacity]:
    """The dwellings in the plan's building for which the actor answers, and as what.

    Who is owner and tenant of one dwelling answers as its owner.
    """
    held: dict[int, Capacity] = {}
    for grant in actor.grants_of(Role.RESIDENT):
        dwelling = grant.scope.dwelling
        if grant.scope.building != plan.building_id or dwelling is None or grant.capacity is None:
            continue
        if held.get(dwelling) is not Capacity.OWNER:
            held[dwelling] = grant.capacity
    return held


def draft_of(answer: ItemAnswer) -> ItemAnswerDraft:
    """A stored answer as the rules see it."""
    return ItemAnswerDraft(
        stance=Stance(answer.stance) if answer.stance else None,
        reason=answer.reason,
        ranking=tuple(ranked.option_id for ranked in answer.rankings),
        none_of_these=answer.none_of_these,
        max_pay=answer.max_pay,
    )


def save(
    actor: Actor,
    plan: Plan,
    dwelling_id: int,
    answers: Mapping[int, ItemAnswerDraft],
    *,
    revision: int | None,
    now: datetime,
) -> AnswerSheet:
    """These answers (item id → answer) are stored, the household's others stay; returns its sheet.

    An empty answer leaves its item open. ``revision`` is that of the sheet as the household saw it,
    0 for none yet. Refuses 409 ``consultation_not_yet``, ``consultation_closed``, ``plan_stopped``,
    ``answers_changed_meanwhile``; 403 ``dwelling_not_yours``, ``dwelling_does_not_answer``;
    ``item_not_on_menu`` and what ``check_answer`` refuses.
    """
    with transaction() as session:
        return _store(session, actor, plan, dwelling_id, answers, revision, now, sending=False)


def send(
    actor: Actor,
    plan: Plan,
    dwelling_id: int,
    answers: Mapping[int, ItemAnswerDraft],
    *,
    revision: int | None,
    now: datetime,
) -> AnswerSheet:
    """The household has said all it wanted to say; returns its sheet with the receipt.

    Refuses what ``save`` refuses, and ``nothing_answered``.
    """
    with transaction() as session:
        return _store(session, actor, plan, dwelling_id, answers, revision, now, sending=True)


def _store(
    session: Session,
    actor: Actor,
    plan: Plan,
    dwelling_id: int,
    answers: Mapping[int, ItemAnswerDraft],
    revision: int | None,
    now: datetime,
    *,
    sending: bool,
) -> AnswerSheet:
    # The plan's row is the lock: closing time, sheets and released figures are all read under it.
    plan = locked(session, Plan, plan.id)
    require_open(consultation_of(plan, now))
    capacity = _capacity(session, actor, plan, dwelling_id)
    menu = menu_of([plan.id])
    drafts = _checked(menu, answers)
    sheet = sheet_of(plan.id, dwelling_id, capacity)
    stored = {one.item_id: draft_of(one) for one in sheet.answers} if sheet else {}
    changed = {
        item: draft
        for item, draft in drafts.items()
        if stored.get(item, ItemAnswerDraft()) != draft
    }
    sent = sheet is not None and sheet.sent_at is not None and sheet.sent_at >= sheet.updated_at
    if sheet is not None and not changed and (sent or not sending):
        return sheet
    if revision is not None and revision != (sheet.revision if sheet else 0):
        raise Stale("answers_changed_meanwhile")
    if sheet is None:
        sheet = _begin(session, actor, plan, dwelling_id, capacity, now)
    sheet.owner_ids = _given_for(session, dwelling_id, capacity)
    _apply(session, sheet, changed)
    if sending and not sheet.answers:
        raise Refused("nothing_answered")
    if changed:
        sheet.updated_at = now
        # The revision must rise even where two saves share an instant.
        attributes.flag_modified(sheet, "updated_at")
    if sending:
        sheet.sent_at = now
    session.flush()
    audit.record(
        session,
        audit.plan_chain(plan.id),
        "answers_sent" if sending else "answers_saved",
        actor=actor,
        now=now,
        details={"sheet": sheet.id, "revision": sheet.revision, "items": len(sheet.answers)},
    )
    demand.release(session, plan, menu, now=now)
    return sheet


def _capacity(session: Session, actor: Actor, plan: Plan, dwelling_id: int) -> Capacity:
    capacity = capacities(actor, plan).get(dwelling_id)
    if capacity is None:
        raise NotYours("dwelling_not_yours")
    if not still_holds(session, actor, dwelling_id, capacity):
        raise NotYours("dwelling_not_yours")
    dwelling = session.get(Dwelling, dwelling_id, populate_existing=True)
    if dwelling is None or dwelling.retired_at is not None or not dwelling.counts:
        raise NotYours("dwelling_does_not_answer")
    return capacity


def still_holds(session: Session, actor: Actor, dwelling_id: int, capacity: Capacity) -> bool:
    """Whether the actor's place in the dwelling stands under the lock on the plan.

    The dwelling may have been sold since the request began.
    """
    query = select(RoleGrant.id).where(
        RoleGrant.account_id == actor.account_id,
        RoleGrant.dwelling_id == dwelling_id,
        RoleGrant.capacity == capacity,
        RoleGrant.ended_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def _given_for(session: Session, dwelling_id: int, capacity: Capacity) -> list[int] | None:
    """The present owners of the dwelling, for whom an owner of it answers; a tenant for none."""
    if capacity is not Capacity.OWNER:
        return None
    query = select(Ownership.owner_id).where(Ownership.dwelling_id == dwelling_id)
    return sorted(session.scalars(query))


def _checked(
    menu: list[MenuItem], answers: Mapping[int, ItemAnswerDraft]
) -> dict[int, ItemAnswerDraft]:
    items = {item.id: item for item in menu}
    checked = {}
    for item_id, draft in answers.items():
        if item_id not in items:
            raise Refused("item_not_on_menu")
        checked[item_id] = check_answer(draft, [option.id for option in offered(items[item_id])])
    return checked


def _begin(
    session: Session,
    actor: Actor,
    plan: Plan,
    dwelling_id: int,
    capacity: Capacity,
    now: datetime,
) -> AnswerSheet:
    sheet = AnswerSheet(
        plan_id=plan.id,
        dwelling_id=dwelling_id,
        capacity=capacity,
        account_id=actor.account_id,
        started_at=now,
        updated_at=now,
        receipt=receipt_code(secrets.token_bytes(RECEIPT_BYTES)),
    )
    session.add(sheet)
    return sheet


def _apply(session: Session, sheet: AnswerSheet, changed: Mapping[int, ItemAnswerDraft]) -> None:
    rows = {answer.item_id: answer for answer in sheet.answers}
    for item_id, draft in changed.items():
        row = rows.get(item_id)
        if draft.is_empty:
            if row is not None:
                sheet.answers.remove(row)
            continue
        if row is None:
            row = ItemAnswer(item_id=item_id, stance=None)
            sheet.answers.append(row)
        elif row.rankings:
            # Old places go before new ones come: a place is taken once.
            row.rankings.clear()
            session.flush()
        row.stance = draft.stance
        row.reason = draft.reason
        row.none_of_these = draft.none_of_these
        row.max_pay = draft.max_pay
        row.rankings = [
            OptionRanking(option_id=option, rank=rank)
            for rank, option in enumerate(draft.ranking, start=1)
        ]
