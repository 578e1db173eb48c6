"""Objections: raised by anybody of the building, answered by the committee, closed with an outcome.

The plan's row is locked while one is raised, and by whoever opens a vote, so that no motion opens
past an objection that is just coming in. Once the plan's resolution is issued, which lists them
all, none can be raised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor, Capacity, Role
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.objections import (
    Ground,
    ObjectionOutcome,
    ObjectionState,
    check_close,
    check_text,
)
from domain.periods import local_day
from domain.preferences import Consultation
from models.locking import locked
from models.menus import MenuItem, Option, OptionVersion
from models.objections import Objection
from models.objections_queries import by_form_key, has_resolution
from models.plans import Plan
from services import audit, menus
from services.preferences import capacities, consultation_of, still_holds
from services.transaction import transaction


def submit(
    actor: Actor,
    item: MenuItem,
    option: Option | None,
    *,
    ground: Ground,
    body: str,
    form_key: str,
    now: datetime,
) -> Objection:
    """The objection is raised; the same form sent again returns the one it made.

    Anybody who lives in or owns part of the building may object, outside the electorate too.
    Refuses 409 ``consultation_not_yet``, ``plan_stopped``, ``objections_over``; 403
    ``not_of_this_building``; ``option_not_offered``, ``objection_text_missing``,
    ``objection_text_too_long`` (limit).
    """
    with transaction() as session:
        earlier = by_form_key(form_key)
        if earlier is not None:
            if earlier.account_id != actor.account_id:
                raise Stale("changed_meanwhile")
            return earlier
        plan = locked(session, Plan, item.plan_id)
        _require_open(plan, now)
        dwelling_id, capacity = _objector(session, actor, plan)
        if option is not None and (option.item_id != item.id or option.published is None):
            raise Refused("option_not_offered", field="option")
        objection = Objection(
            plan_id=plan.id,
            item_id=item.id,
            option_id=option.id if option else None,
            dwelling_id=dwelling_id,
            account_id=actor.account_id,
            capacity=capacity,
            ground=ground,
            body=check_text(body, field="body"),
            submitted_at=now,
            form_key=form_key,
        )
        session.add(objection)
        _record(session, actor, objection, "objection_raised", now)
        return objection


def _require_open(plan: Plan, now: datetime) -> None:
    state = consultation_of(plan, now)
    if state is Consultation.NOT_YET:
        raise NotNow("consultation_not_yet")
    if state is Consultation.STOPPED:
        raise NotNow("plan_stopped")
    if has_resolution(plan.id):
        raise NotNow("objections_over")


def _objector(session: Session, actor: Actor, plan: Plan) -> tuple[int, Capacity]:
    """For which door the actor objects: an owned one before a rented one."""
    doors = {
        door: capacity
        for door, capacity in capacities(actor, plan).items()
        if still_holds(session, actor, door, capacity)
    }
    if not doors:
        raise NotYours("not_of_this_building")
    owned = [door for door, capacity in doors.items() if capacity is Capacity.OWNER]
    door = min(owned or doors)
    return door, doors[door]


def _record(
    session: Session, actor: Actor, objection: Objection, action: str, now: datetime
) -> None:
    session.flush()
    audit.record(
        session,
        audit.plan_chain(objection.plan_id),
        action,
        actor=actor,
        now=now,
        details={
            "objection": objection.id,
            "item": objection.item_id,
            "option": objection.option_id,
        },
    )


def answer(actor: Actor, objection: Objection, text: str, *, now: datetime) -> Objection:
    """The objection is answered, and its objector's page leads with the answer until it is seen.

    The same answer sent twice is one. Refuses 409 ``objection_already_answered``,
    ``objection_closed``; ``objection_text_missing``, ``objection_text_too_long`` (limit).
    """
    cleaned = check_text(text, field="answer")
    with transaction() as session:
        objection = locked(session, Objection, objection.id)
        if objection.answer == cleaned:
            return objection
        if objection.state is ObjectionState.CLOSED:
            raise NotNow("objection_closed")
        if objection.state is ObjectionState.ANSWERED:
            raise NotNow("objection_already_answered")
        objection.answer = cleaned
        objection.answered_at = now
        objection.answered_by = actor.account_id
        objection.seen_at = None
        _record(session, actor, objection, "objection_answered", now)
        return objection


def close(
    actor: Actor,
    objection: Objection,
    outcome: ObjectionOutcome,
    *,
    note: str,
    version: OptionVersion | None,
    now: datetime,
) -> Objection:
    """The objection ends with this outcome; ``version`` is the one that took an accepted one up.

    The same outcome sent twice is one. Refuses 409 ``objection_closed``,
    ``objection_not_answered``; ``withdrawal_not_yours``, ``objection_version_missing``,
    ``objection_version_unfit`` (of another item, not published, or older than the objection),
    ``objection_note_missing``, ``objection_text_too_long`` (limit).
    """
    with transaction() as session:
        objection = locked(session, Objection, objection.id)
        cleaned = note.strip() and check_text(note, field="note")
        taken_up = version.id if version and outcome is ObjectionOutcome.ACCEPTED else None
        if (objection.outcome, objection.outcome_note, objection.version_id) == (
            outcome,
            cleaned,
            taken_up,
        ):
            return objection
        check_close(objection.state, outcome, note=cleaned, has_version=version is not None)
        if taken_up and version is not None:
            _check_version(session, objection, version)
        objection.outcome = outcome
        objection.outcome_note = cleaned
        objection.version_id = taken_up
        objection.closed_at = now
        objection.seen_at = None
        _record(session, actor, objection, f"objection_{outcome}", now)
        return objection


def took_up(version: OptionVersion, objection: Objection) -> bool:
    """Whether the version may have taken the objection up: of its item, published, and later."""
    return (
        version.option.item_id == objection.item_id
        and version.published_at is not None
        and version.published_at >= objection.submitted_at
        and version.number > 1
    )


def _check_version(session: Session, objection: Objection, version: OptionVersion) -> None:
    current = session.get_one(OptionVersion, version.id, populate_existing=True)
    if not took_up(current, objection):
        raise Refused("objection_version_unfit", field="version")


def accept_with_condition(
    actor: Actor,
    objection: Objection,
    option: Option,
    condition: str,
    *,
    note: str,
    now: datetime,
) -> Objection:
    """The option has a new version that binds the contractor to ``condition``, and the objection
    is closed as accepted by it.

    Two steps: should the second be refused, the new version stands and can be named by ``close``.
    Refuses ``condition_missing``, what ``menus.revise`` refuses, and what ``close`` refuses.
    """
    cleaned = condition.strip()
    if not cleaned:
        raise Refused("condition_missing", field="condition")
    current = option.published
    if current is None or option.item_id != objection.item_id:
        raise Refused("option_not_offered", field="version")
    check_close(objection.state, ObjectionOutcome.ACCEPTED, note=note, has_version=True)
    draft = menus.option_draft(current)
    bound = "\n".join(text for text in (draft.constraints.strip(), cleaned) if text)
    version = menus.revise(
        actor,
        option,
        replace(draft, constraints=bound),
        change_note=note.strip() or cleaned,
        now=now,
        base=current.number,
    )
    return close(actor, objection, ObjectionOutcome.ACCEPTED, note=note, version=version, now=now)


def withdraw(actor: Actor, objection: Objection, *, now: datetime) -> Objection:
    """The objector takes the objection back; asked twice, once.

    Refuses 403 ``objection_not_yours``, 409 ``objection_closed``.
    """
    with transaction() as session:
        objection = locked(session, Objection, objection.id)
        if objection.account_id != actor.account_id:
            raise NotYours("objection_not_yours")
        if objection.outcome == ObjectionOutcome.WITHDRAWN:
            return objection
        if objection.state is ObjectionState.CLOSED:
            raise NotNow("objection_closed")
        objection.outcome = ObjectionOutcome.WITHDRAWN
        objection.closed_at = now
        objection.seen_at = now
        _record(session, actor, objection, "objection_withdrawn", now)
        return objection


def mark_seen(actor: Actor, objection: Objection, *, now: datetime) -> None:
    """The objector has read what was answered; their page no longer leads with it.

    Refuses 403 ``objection_not_yours``.
    """
    with transaction() as session:
        objection = locked(session, Objection, objection.id)
        if objection.account_id != actor.account_id:
            raise NotYours("objection_not_yours")
        if objection.seen_at is None:
            objection.seen_at = now


def is_news(objection: Objection) -> bool:
    """Whether the objector's page leads with it: answered or closed, and not seen yet."""
    return objection.state is not ObjectionState.SUBMITTED and objection.seen_at is None


def may_read_whole(actor: Actor, objection: Objection) -> bool:
    """Whether the actor reads what was objected and by whom: the objector and the committee.

    Everybody else in the building reads ground, answer and outcome, since the text is written by
    a person and may tell who it is.
    """
    if objection.account_id == actor.account_id:
        return True
    community = objection.scope.community
    return any(grant.scope.community == community for grant in actor.grants_of(Role.COMMITTEE))


def waiting_days(objection: Objection, now: datetime) -> int:
    """For how many days an objection has waited; the day it was raised is not counted."""
    return (local_day(now) - local_day(objection.submitted_at)).days
