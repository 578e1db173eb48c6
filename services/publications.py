"""Two people publish: one member of the committee prepares, another one releases.

What is prepared is checked as it would be published; its digest is kept. At the release everything
is checked and read once more, inside the one transaction that publishes, with the plan's row held:
what the second person reads is what goes out, or the publication is stale and nothing does.

Whoever is about to change one locks, always in this order: the plan's row, the motion's row, the
publication's row, the plan's audit chain.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts import ANONYMOUS, Actor, Permission
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.papers import USUAL_HOURS
from domain.privacy import Hold, waits_in_vain
from domain.publications import (
    Kind,
    Outcome,
    check_preparer,
    check_read,
    check_second,
    digest_of,
    read_reason,
)
from domain.statements import StatementDraft
from models import locking
from models import publications_queries as queries
from models.database import session as current_session
from models.plans import Plan
from models.publications import Publication
from models.register import Building
from models.resolutions import Resolution
from models.votes import Motion
from services import announcing, motions
from services.audit import plan_chain, record
from services.menus_publishing import Terms
from services.publications_kinds import FINDERS, Case, Found
from services.resolutions import Address
from services.transaction import transaction

MAY = {
    Kind.MENU: Permission.COMPOSE_MENU,
    Kind.VOTE: Permission.RUN_VOTE,
    Kind.RESOLUTION: Permission.ISSUE_RESOLUTION,
    Kind.STATEMENT: Permission.ISSUE_RESOLUTION,
}


# --- preparing ------------------------------------------------------------------------------


def prepare_menu(
    actor: Actor, plan: Plan, buildings: Sequence[Building], *, terms: Terms, now: datetime
) -> Publication:
    """The menu waits for a second person to publish it in these buildings.

    Refuses what ``menus_publishing.ready`` refuses, ``publication_waiting``, ``not_yours``.
    """
    arguments = {
        "buildings": [building.id for building in buildings],
        "policy": terms.policy.value,
        "threshold": terms.threshold,
        "days": terms.days,
        "decision": terms.decision,
        "place": terms.place,
    }
    return _prepare(actor, plan, Kind.MENU, arguments, None, now)


def prepare_vote(
    actor: Actor,
    motion: Motion,
    *,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    notice_days: int | None = None,
    place: str = "",
    box_hours: int = USUAL_HOURS,
) -> Publication:
    """The motion waits for a second person to announce the vote on it.

    Refuses what ``announcing.check`` refuses, ``publication_waiting``, ``not_yours``.
    """
    days = announcing.least_notice_days(motion) if notice_days is None else notice_days
    arguments = {
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "notice_days": days,
        "place": place,
        "box_hours": box_hours,
    }
    return _prepare(actor, motion.plan, Kind.VOTE, arguments, motion.id, now)


def prepare_resolution(actor: Actor, plan: Plan, *, now: datetime) -> Publication:
    """The resolution waits for a second person to issue it.

    Refuses ``motions_undecided`` (count), ``nothing_adopted``, ``publication_waiting``,
    ``not_yours``.
    """
    return _prepare(actor, plan, Kind.RESOLUTION, {}, None, now)


def prepare_statement(
    actor: Actor, resolution: Resolution, draft: StatementDraft, *, now: datetime
) -> Publication:
    """What is to be stated about the resolution waits for a second person to publish it.

    Refuses what ``domain.statements.check`` refuses, ``publication_waiting`` while another one
    about the same plan waits, ``not_yours``.
    """
    arguments = {
        "resolution": resolution.id,
        "act": draft.act,
        "authority": draft.authority,
        "document_number": draft.document_number,
        "document_date": draft.document_date.isoformat(),
        "reason": draft.reason,
    }
    return _prepare(actor, resolution.plan, Kind.STATEMENT, arguments, None, now)


def _prepare(
    actor: Actor,
    plan: Plan,
    kind: Kind,
    arguments: dict[str, Any],
    motion_id: int | None,
    now: datetime,
) -> Publication:
    if actor.account_id is None or not actor.may(MAY[kind], plan.scope):
        raise NotYours("not_yours")
    with transaction() as session:
        plan = _held(session, plan.id, motion_id)
        if queries.waiting(plan.id, kind, motion_id) is not None:
            raise NotNow("publication_waiting")
        found = FINDERS[kind](Case(session, actor, plan, motion_id, arguments, now))
        made = Publication(
            kind=kind,
            plan_id=plan.id,
            motion_id=motion_id,
            arguments=arguments,
            digest=digest_of(found.shown),
            prepared_at=now,
            prepared_by=actor.account_id,
        )
        session.add(made)
        session.flush()
        _record(session, made, "publication_prepared", actor, now)
    return made


def _held(session: Session, plan_id: int, motion_id: int | None) -> Plan:
    """The plan, and the motion if there is one, as they are now and nobody else's to change."""
    plan = locking.locked(session, Plan, plan_id)
    if motion_id is not None:
        motions.locked(session, motion_id)
    return plan


# --- the second person ----------------------------------------------------------------------


def release(
    actor: Actor,
    publication: Publication,
    *,
    now: datetime,
    read: Collection[str] = (),
    address: Address | None = None,
) -> Publication:
    """What was prepared is published; its ``result`` says where it led.

    ``read`` are the sections of it that were ticked, and go on record with the act; ``address``
    says where a page is to be found from outside.

    Refuses ``second_person_needed`` to whoever prepared it, ``publication_done``, ``not_yours``,
    ``publication_stale`` when what was prepared has changed meanwhile (it is then over),
    ``sections_unread`` (missing) while a section is not ticked, and what preparing refuses.
    """
    with transaction() as session:
        plan, publication = _locked(session, publication)
        check_second(publication.prepared_by, actor.account_id, publication.outcome)
        if not actor.may(MAY[Kind(publication.kind)], plan.scope):
            raise NotYours("not_yours")
        found = _find(session, actor, publication, plan, now, address)
        unchanged = digest_of(found.shown) == publication.digest
        if unchanged:
            check_read(found.sections, read)
            # The act's own entry names both, and stays the last one: notices carry its digest.
            people = {
                "publication": publication.id,
                "prepared_by": publication.prepared_by,
                "released_by": actor.account_id,
                **({"sections_read": len(found.sections)} if found.sections else {}),
            }
            publication.result = found.act(people)
            _end(publication, Outcome.RELEASED, actor, now)
        else:
            _end(publication, Outcome.STALE, actor, now)
            _record(session, publication, "publication_stale", actor, now)
    if not unchanged:
        raise Stale("publication_stale")
    return publication


def send_back(actor: Actor, publication: Publication, *, reason: str, now: datetime) -> None:
    """The second person does not release it and says why; it can be prepared anew.

    Refuses ``second_person_needed``, ``publication_done``, ``not_yours``, and what ``read_reason``
    refuses.
    """
    reason = read_reason(reason)
    with transaction() as session:
        plan, publication = _locked(session, publication)
        check_second(publication.prepared_by, actor.account_id, publication.outcome)
        if not actor.may(MAY[Kind(publication.kind)], plan.scope):
            raise NotYours("not_yours")
        publication.reason = reason
        _end(publication, Outcome.SENT_BACK, actor, now)
        _record(session, publication, "publication_sent_back", actor, now)


def withdraw(actor: Actor, publication: Publication, *, now: datetime) -> None:
    """Whoever prepared it takes it back; refuses ``publication_of_other``, ``publication_done``."""
    with transaction() as session:
        _plan, publication = _locked(session, publication)
        check_preparer(publication.prepared_by, actor.account_id, publication.outcome)
        _end(publication, Outcome.WITHDRAWN, actor, now)
        _record(session, publication, "publication_withdrawn", actor, now)


def end_waiting(session: Session, plan_id: int, hold: Hold, *, now: datetime) -> int:
    """Inside the caller's transaction: what waits in vain on this plan is over as stale.

    Returns how many were ended, each on record in the plan's chain; nobody ended them. What
    ``domain.privacy.waits_in_vain`` leaves waits on.
    """
    late = [one for one in queries.all_waiting([plan_id]) if waits_in_vain(one.prepared_at, hold)]
    # All rows before the first entry: the chain is the last to be locked.
    held = [_locked(session, one)[1] for one in late]
    # One that was released while this waited for the lock has ended already.
    waiting = [one for one in held if one.outcome is None]
    for publication in waiting:
        _end(publication, Outcome.STALE, ANONYMOUS, now)
        _record(session, publication, "publication_lapsed", ANONYMOUS, now)
    session.flush()
    return len(waiting)


@dataclass(frozen=True)
class Waiting:
    """What would keep it from being released now, if anything, and what has to be ticked first."""

    hindrance: Refused | None
    sections: tuple[str, ...] = ()


def waiting(actor: Actor, publication: Publication, *, now: datetime) -> Waiting:
    """How it stands with the release, for the page; changes nothing."""
    session = current_session()
    try:
        found = _find(session, actor, publication, publication.plan, now)
    except Refused as refusal:
        return Waiting(refusal)
    if digest_of(found.shown) != publication.digest:
        return Waiting(Stale("publication_stale"))
    return Waiting(None, found.sections)


def _locked(session: Session, publication: Publication) -> tuple[Plan, Publication]:
    plan = _held(session, publication.plan_id, publication.motion_id)
    return plan, locking.locked(session, Publication, publication.id)


def _end(publication: Publication, outcome: Outcome, actor: Actor, now: datetime) -> None:
    publication.outcome = outcome
    publication.ended_at, publication.ended_by = now, actor.account_id


def _record(
    session: Session, publication: Publication, action: str, actor: Actor, now: datetime
) -> None:
    record(
        session,
        plan_chain(publication.plan_id),
        action,
        actor=actor,
        now=now,
        details={
            "publication": publication.id,
            "kind": str(publication.kind),
            "motion": publication.motion_id,
            "digest": publication.digest,
            "prepared_by": publication.prepared_by,
        },
    )


def _find(
    session: Session,
    actor: Actor,
    publication: Publication,
    plan: Plan,
    now: datetime,
    address: Address | None = None,
) -> Found:
    arguments = publication.arguments
    case = Case(session, actor, plan, publication.motion_id, arguments, now, address)
    return FINDERS[Kind(publication.kind)](case)
