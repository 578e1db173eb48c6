"""Erasing personal data whose time is over: what ``flask purge`` does, and a household's own wish.

The rules are ``domain/privacy.py``'s. What decisions rest on (rolls by room and area, ballots,
counts, resolutions, audit chains) holds no names and stays as it is, so every old resolution still
verifies; the names on a roll go through the one gap that the triggers leave (decision 0018). A dry
run does the very same and takes it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Text,
    Update,
    case,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from domain.accounts import ANONYMOUS
from domain.privacy import (
    ERASED,
    KEEPS_CODES,
    KEEPS_REQUESTS,
    KEEPS_ROLES,
    KEEPS_SIGN_INS,
    KEEPS_TRIES,
    KEEPS_UPLOADS,
    Hold,
    Reason,
    hold_on_plan,
    is_over,
    name_may_go,
)
from models import privacy_queries as queries
from models.accounts import AccessCode, Account, CodeAttempt, RoleGrant, SignIn
from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.objections import Objection
from models.paper_boxes import LatePaper
from models.platforms import PlatformResult
from models.preferences import AnswerSheet, FormerSheet, ItemAnswer, OptionRanking
from models.privacy import Erasure, PrivacyRequest
from models.publications import Publication
from models.register import Dwelling, Owner, RosterImport
from models.second_factor import RecoveryCode, SecondFactor
from models.votes import Motion, PaperEntry, PaperSheet, Representative, Roll, RollOwner, RollVoter
from services import audit, publications
from services.reference import reference
from services.transaction import transaction


@dataclass
class Purged:
    """How many of each were erased; of publications that still waited, how many were ended."""

    plans: int = 0
    answers: int = 0
    objections: int = 0
    roll_names: int = 0
    notes_on_rolls: int = 0
    notes_on_votes: int = 0
    publications_ended: int = 0
    accounts: int = 0
    owners: int = 0
    dwellings: int = 0
    letters: int = 0
    sign_ins: int = 0
    tries: int = 0
    uploads: int = 0
    requests: int = 0

    def figures(self) -> dict[str, int]:
        """Name → number, of what was anything."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: number for name, number in found.items() if number}


class _TakenBack(Exception):
    """Ends a dry run: nothing of it is stored."""


def purge(*, apply: bool, now: datetime) -> Purged:
    """What may go at ``now`` is gone, and the figures are on record; twice is once.

    Without ``apply`` nothing is changed and the figures say what would be.
    """
    done = Purged()
    try:
        with transaction() as session:
            _run(session, done, now)
            if not apply:
                raise _TakenBack
            if figures := done.figures():
                audit.record(
                    session,
                    audit.SYSTEM_CHAIN,
                    "personal_data_purged",
                    actor=ANONYMOUS,
                    now=now,
                    details=figures,
                )
    except _TakenBack:
        pass
    return done


def holds(*, now: datetime, plan_ids: Collection[int] | None = None) -> dict[int, Hold]:
    """Plan id → why its personal data is still kept."""
    calendar = reference().calendar
    records = queries.records_of(plan_ids)
    return {plan: hold_on_plan(record, calendar, now=now) for plan, record in records.items()}


def _run(session: Session, done: Purged, now: datetime) -> None:
    held = holds(now=now)
    for plan_id in sorted(plan for plan, hold in held.items() if hold.reason is Reason.OVER):
        _plan(session, done, plan_id, held[plan_id], now)
    _short_lived(session, done, now)
    _accounts(session, done, now)
    _owners(session, done, held)
    _dwellings(session, done, held)


# --- a plan whose year is over ------------------------------------------------------------------


def _plan(session: Session, done: Purged, plan_id: int, hold: Hold, now: datetime) -> None:
    # First, since its rows are locked before any other of the plan's; and only what has ended is
    # erased. Ending is not erasing: it stands in the chain by itself.
    done.publications_ended += publications.end_waiting(session, plan_id, hold, now=now)
    before = sum(done.figures().values())
    done.answers += erase_answers(session, AnswerSheet.plan_id == plan_id)
    done.answers += erase_former(session, FormerSheet.plan_id == plan_id)
    done.objections += erase_objections(session, Objection.plan_id == plan_id, now)
    _roll(session, done, plan_id, hold, now)
    _duties(session, done, plan_id, hold, now)
    number = sum(done.figures().values()) - before
    if number:
        done.plans += 1
        audit.record(
            session,
            audit.plan_chain(plan_id),
            "plan_data_erased",
            actor=ANONYMOUS,
            now=now,
            details={"plan": plan_id, "number": number},
        )


def erase_answers(session: Session, where: ColumnElement[bool]) -> int:
    """Inside the caller's transaction: these answer sheets are gone with all they said."""
    sheets = select(AnswerSheet.id).where(where)
    answers = select(ItemAnswer.id).where(ItemAnswer.sheet_id.in_(sheets))
    _do(session, delete(OptionRanking).where(OptionRanking.answer_id.in_(answers)))
    _do(session, delete(ItemAnswer).where(ItemAnswer.sheet_id.in_(sheets)))
    return _do(session, delete(AnswerSheet).where(where))


def erase_former(session: Session, where: ColumnElement[bool]) -> int:
    """Inside the caller's transaction: these answers of former owners are gone."""
    return _do(session, delete(FormerSheet).where(where))


def erase_objections(session: Session, where: ColumnElement[bool], now: datetime) -> int:
    """Inside the caller's transaction: of these objections ground and outcome are left.

    The text, the door and who it was are gone; the row is the record that there was one.
    """
    left = (where, Objection.body != ERASED)
    if session.scalar(select(func.count()).select_from(Objection).where(*left)) == 0:
        return 0
    answered = Objection.answer.is_not(None)
    _do(session, update(Objection).where(*left, answered).values(answer=ERASED))
    nobody = _nobody(session, now)
    gone = {"body": ERASED, "outcome_note": "", "dwelling_id": None, "account_id": nobody}
    return _do(session, update(Objection).where(*left).values(**gone))


def _nobody(session: Session, now: datetime) -> int:
    """The account that stands for whoever is no longer known; it can never be signed in to."""
    query = select(Account).where(
        Account.display_name == ERASED, Account.disabled_at.is_not(None), ~Account.grants.any()
    )
    nobody = session.scalars(query.order_by(Account.id).limit(1)).first()
    if nobody is None:
        nobody = Account(display_name=ERASED, created_at=now, disabled_at=now)
        session.add(nobody)
        session.flush()
    return nobody.id


def _roll(session: Session, done: Purged, plan_id: int, hold: Hold, now: datetime) -> None:
    rolls = (
        select(Roll.id)
        .join(Motion, Motion.id == Roll.motion_id)
        .where(Motion.plan_id == plan_id, Roll.posted_at < hold.until)
    )
    voters = select(RollVoter.id).where(RollVoter.roll_id.in_(rolls))
    names = (RollOwner.voter_id.in_(voters), RollOwner.name != ERASED)
    reasons = (Roll.id.in_(rolls), Roll.reason != "")
    waiting = select(RollOwner.owner_id).where(*names).union(select(Roll.id).where(*reasons))
    if session.execute(waiting.limit(1)).first() is None:
        return
    _permit(session, plan_id, hold, now)
    done.roll_names += _do(session, update(RollOwner).where(*names).values(name=ERASED))
    done.notes_on_rolls += _do(session, update(Roll).where(*reasons).values(reason=""))
    done.notes_on_rolls += _do(
        session,
        update(Representative)
        .where(Representative.voter_id.in_(voters), Representative.document != "")
        .values(document=""),
    )
    done.notes_on_rolls += _do(
        session,
        update(PaperSheet)
        .where(PaperSheet.voter_id.in_(voters), PaperSheet.void_reason != "")
        .values(void_reason=""),
    )


def _permit(session: Session, plan_id: int, hold: Hold, now: datetime) -> None:
    """The row that the triggers ask for."""
    known = select(Erasure.id).where(Erasure.plan_id == plan_id, Erasure.until == hold.until)
    if session.scalars(known).first() is None:
        session.add(Erasure(plan_id=plan_id, until=hold.until, erased_at=now))
        session.flush()


def _duties(session: Session, done: Purged, plan_id: int, hold: Hold, now: datetime) -> None:
    """Who voted for whom, who fetched and who was met at the door, what was prepared and why not.

    The votes of a confirmed platform's list stay, as ballots do; those of a rejected one go.
    """
    for words in _words_of_votes(plan_id, hold.until), _words_of_lists(plan_id, hold.until):
        for model, where, gone in words:
            if session.scalar(select(func.count()).select_from(model).where(*where)):
                _permit(session, plan_id, hold, now)
                done.notes_on_votes += _do(session, update(model).where(*where).values(**gone))


# A table, which of its rows, and what stands there afterwards.
_Words = tuple[Any, tuple[ColumnElement[bool], ...], dict[str, Any]]


def _words_of_votes(plan_id: int, until: datetime | None) -> Iterator[_Words]:
    of_plan = select(Motion.id).where(Motion.plan_id == plan_id)
    recorded = (Mandate.motion_id.in_(of_plan), Mandate.recorded_at < until)
    yield (
        Mandate,
        (*recorded, Mandate.holder != ERASED),
        {"holder": ERASED, "document": "", "withdraw_reason": ""},
    )
    entries = select(PaperEntry.id).where(
        PaperEntry.motion_id.in_(of_plan), PaperEntry.entered_at < until
    )
    yield (
        PaperDetail,
        (PaperDetail.entry_id.in_(entries), PaperDetail.first_collector != ""),
        {"first_collector": "", "second_collector": ""},
    )
    yield (
        LatePaper,
        (
            LatePaper.motion_id.in_(of_plan),
            LatePaper.recorded_at < until,
            LatePaper.first_collector != "",
        ),
        {"first_collector": "", "second_collector": ""},
    )
    said = or_(Delivery.place.not_in(("", ERASED)), Delivery.with_whom != "")
    yield (
        Delivery,
        (Delivery.motion_id.in_(of_plan), Delivery.at < until, said),
        {"place": case((Delivery.place == "", ""), else_=ERASED), "with_whom": ""},
    )


def _words_of_lists(plan_id: int, until: datetime | None) -> Iterator[_Words]:
    of_plan = select(Motion.id).where(Motion.plan_id == plan_id)
    entered = (PlatformResult.motion_id.in_(of_plan), PlatformResult.entered_at < until)
    rejected = PlatformResult.rejected_at.is_not(None)
    listed = cast(PlatformResult.votes, Text) != "[]"
    yield PlatformResult, (*entered, rejected, listed), {"votes": []}
    ended = (Publication.plan_id == plan_id, Publication.prepared_at < until)
    said = or_(Publication.reason != "", cast(Publication.arguments, Text) != "{}")
    yield (
        Publication,
        (*ended, Publication.outcome.is_not(None), said),
        {"reason": "", "arguments": {}},
    )


# --- what has a time of its own -----------------------------------------------------------------


def _short_lived(session: Session, done: Purged, now: datetime) -> None:
    code = now - KEEPS_CODES
    done.letters += _do(
        session,
        delete(AccessCode).where(
            or_(
                AccessCode.used_at <= code,
                AccessCode.revoked_at <= code,
                AccessCode.expires_at <= code,
            )
        ),
    )
    visit = now - KEEPS_SIGN_INS
    ended = or_(SignIn.ended_at <= visit, SignIn.expires_at <= visit)
    done.sign_ins += _do(session, delete(SignIn).where(ended))
    done.tries += _do(session, delete(CodeAttempt).where(CodeAttempt.at <= now - KEEPS_TRIES))
    unused = (RosterImport.applied_at.is_(None), RosterImport.uploaded_at <= now - KEEPS_UPLOADS)
    done.uploads += _do(session, delete(RosterImport).where(*unused))
    asked = (PrivacyRequest.answered_at <= now - KEEPS_REQUESTS, PrivacyRequest.text != ERASED)
    done.requests += _do(
        session, update(PrivacyRequest).where(*asked).values(text=ERASED, answer=ERASED)
    )


# --- people -------------------------------------------------------------------------------------


def _accounts(session: Session, done: Purged, now: datetime) -> None:
    """Accounts that have held no role for a year lose name, login and password."""
    lasting = select(RoleGrant.account_id).where(RoleGrant.ended_at.is_(None))
    query = (
        select(Account.id, func.max(RoleGrant.ended_at))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.id.not_in(lasting), Account.display_name != ERASED)
        .group_by(Account.id)
    )
    for account_id, ended in session.execute(query).all():
        if is_over(ended, KEEPS_ROLES, now=now):
            close_account(session, account_id, now=now)
            done.accounts += 1


def close_account(session: Session, account_id: int, *, now: datetime) -> None:
    """Inside the caller's transaction: the account opens nothing and says nothing any more."""
    gone = {"display_name": ERASED, "login": None, "password_hash": None, "initial_until": None}
    closing = func.coalesce(Account.disabled_at, now)
    _do(session, delete(SecondFactor).where(SecondFactor.account_id == account_id))
    _do(session, delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    _do(
        session,
        update(Account).where(Account.id == account_id).values(**gone, disabled_at=closing),
    )


def _owners(session: Session, done: Purged, held: dict[int, Hold]) -> None:
    """Former owners whose every decision is past its year lose their name."""
    known = select(Owner.id).where(Owner.name != ERASED, ~Owner.ownerships.any())
    candidates = list(session.scalars(known))
    rolls = queries.plans_of_owners() if candidates else {}
    for owner_id in candidates:
        plans = [held[plan] for plan in rolls.get(owner_id, ()) if plan in held]
        if name_may_go(still_owns=False, holds=plans):
            gone = {"name": ERASED, "distinguisher": str(owner_id)}
            done.owners += _do(session, update(Owner).where(Owner.id == owner_id).values(**gone))


def _dwellings(session: Session, done: Purged, held: dict[int, Hold]) -> None:
    """Telephone and note of dwellings taken out of the register, once nothing rests on them."""
    noted = (Dwelling.retired_at.is_not(None), or_(Dwelling.phone != "", Dwelling.note != ""))
    ids = list(session.scalars(select(Dwelling.id).where(*noted)))
    rolls = queries.plans_of_dwellings(ids)
    for dwelling_id in ids:
        plans = [held[plan] for plan in rolls.get(dwelling_id, ()) if plan in held]
        if all(hold.reason is Reason.OVER for hold in plans):
            gone = update(Dwelling).where(Dwelling.id == dwelling_id)
            done.dwellings += _do(session, gone.values(phone="", note=""))


def _do(session: Session, statement: Update | Delete) -> int:
    """Run it and say how many rows it changed; what the session holds of them is forgotten."""
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()
    return int(result.rowcount)
