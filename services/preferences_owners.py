"""Whose answers they are once a dwelling has other owners.

Part of every change of owners, inside its transaction: answers given by owners of whom none owns
the dwelling any more are put apart as theirs, so that the door counts as unanswered and nothing
they said stands under the new name. An objection stays open and says that its objector has left.
A tenant's answers and objections stay the tenant's, and go when the tenant does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.accounts import ANONYMOUS, Capacity
from domain.preferences import still_theirs
from models.accounts import RoleGrant
from models.locking import locked
from models.objections import Objection
from models.plans import Plan
from models.preferences import AnswerSheet, FormerSheet, said_of
from models.preferences_queries import sheet_of
from models.register import Dwelling
from services import audit


def owners_changed(
    session: Session, dwelling: Dwelling, before: Collection[int], *, now: datetime
) -> None:
    """Answers and objections of owners who have left the dwelling are marked as the former owner's.

    ``before`` are all its owners until now; the roles of those who left have ended already.
    """
    # The ends of roles may still wait in the session of an import, which flushes by hand.
    session.flush()
    after = [held.owner_id for held in dwelling.ownerships]
    for sheet in _sheets(session, dwelling):
        left = still_theirs(sheet.owner_ids or (), before, after)
        if left:
            sheet.owner_ids = sorted(left)
        else:
            _put_apart(session, sheet, now)
    _mark_objections(session, dwelling.id, now)


def told_apart(
    session: Session, dwelling: Dwelling, was: int, now_is: int, *, now: datetime
) -> None:
    """The dwelling turned out to be a namesake's: answers go along with the account, if it does.

    An account that stays with the first owner has answered for somebody else's dwelling.
    """
    session.flush()
    for sheet in _sheets(session, dwelling):
        held = select(RoleGrant.id).where(
            RoleGrant.account_id == sheet.account_id, *_still_owner(dwelling.id)
        )
        if sheet.account_id is None or session.scalar(held.limit(1)) is not None:
            gave = set(sheet.owner_ids or ()) - {was}
            sheet.owner_ids = sorted(gave | {now_is})
        else:
            _put_apart(session, sheet, now)
    _mark_objections(session, dwelling.id, now)


def tenant_left(session: Session, grant: RoleGrant, *, now: datetime) -> None:
    """A tenant's role has ended: what the tenant said is not the next tenant's."""
    session.flush()
    dwelling = session.get_one(Dwelling, grant.dwelling_id)
    for sheet in _sheets(session, dwelling, Capacity.TENANT):
        if sheet.account_id == grant.account_id:
            _put_apart(session, sheet, now)


def _sheets(
    session: Session, dwelling: Dwelling, capacity: Capacity = Capacity.OWNER
) -> list[AnswerSheet]:
    """The sheets of a dwelling, with their plans locked: none is saved meanwhile."""
    plans = (
        select(Plan.id)
        .where(
            Plan.building_id == dwelling.entrance.building_id, Plan.menu_published_at.is_not(None)
        )
        .order_by(Plan.id)
    )
    found = []
    for plan_id in session.scalars(plans).all():
        locked(session, Plan, plan_id)
        sheet = sheet_of(plan_id, dwelling.id, capacity)
        if sheet is not None:
            found.append(sheet)
    return found


def _put_apart(session: Session, sheet: AnswerSheet, now: datetime) -> None:
    former = FormerSheet(
        plan_id=sheet.plan_id,
        dwelling_id=sheet.dwelling_id,
        capacity=sheet.capacity,
        account_id=sheet.account_id,
        started_at=sheet.started_at,
        updated_at=sheet.updated_at,
        sent_at=sheet.sent_at,
        receipt=sheet.receipt,
        ended_at=now,
        said=[said_of(answer) for answer in sheet.answers],
    )
    details = {"sheet": sheet.id, "dwelling": sheet.dwelling_id, "items": len(sheet.answers)}
    session.delete(sheet)
    session.add(former)
    session.flush()
    # Who changed the owners stands in the community's chain.
    chain = audit.plan_chain(former.plan_id)
    audit.record(session, chain, "answers_put_apart", actor=ANONYMOUS, now=now, details=details)


def _still_owner(dwelling_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        RoleGrant.dwelling_id == dwelling_id,
        RoleGrant.capacity == Capacity.OWNER,
        RoleGrant.ended_at.is_(None),
    )


def _mark_objections(session: Session, dwelling_id: int, now: datetime) -> None:
    holders = select(RoleGrant.account_id).where(*_still_owner(dwelling_id))
    session.execute(
        update(Objection)
        .where(
            Objection.dwelling_id == dwelling_id,
            Objection.capacity == Capacity.OWNER,
            Objection.former_since.is_(None),
            Objection.account_id.not_in(holders),
        )
        .values(former_since=now)
        .execution_options(synchronize_session="fetch")
    )
