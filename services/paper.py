"""Paper ballots: printed with a number, entered by one person, confirmed by another, reconciled.

Every sheet printed is on record until it comes back, is void, is still out or came late
(``services.boxes``). A paper counts only when a second person, who does not see what the first one
typed, has typed the same. A confirmed paper is its signer's answer, whatever the same person said
online before or says afterwards, and nobody else's; an invalid one is kept and listed, and takes no
part.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.mandates import names_open_to
from domain.papers import HandedIn, check_handed_in
from domain.plans import MotionStage
from domain.receipts import Sealed, receipt_code
from domain.votes import Choice, Mark
from models import instants, votes_queries
from models.mandates import Mandate, PaperDetail, live_mandates
from models.votes import Ballot, Motion, PaperEntry, PaperSheet, RollVoter
from services import boxes, deliveries, mandates, motions
from services.audit import plan_chain, record
from services.ballots import PAPER, Receipt, add_ballot, paper_key
from services.rolls import acting_for
from services.transaction import transaction

PRINTABLE = frozenset({MotionStage.NOTICE, MotionStage.VOTING})
# Papers collected by the close are typed in afterwards as well (``boxes.check_enterable``); the
# result is still sealed then.
ENTERABLE = frozenset({MotionStage.VOTING, MotionStage.CLOSED})
# Why a paper is invalid, where it is not that it cannot be read.
NO_MANDATE = "no_mandate"
ANSWERS = (*(choice.value for choice in Choice), Mark.INVALID.value, NO_MANDATE)
LONGEST = 200


def print_sheets(actor: Actor, motion: Motion, *, now: datetime) -> int:
    """Every voter with an owner has a live printed ballot; how many were added is returned.

    Refuses ``motion_not_at_this_stage``.
    """
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        motions.require(motion, now, PRINTABLE)
        roll = votes_queries.newest_roll(motion.id)
        voters = roll.voters if roll else []
        live = set(
            session.scalars(
                select(PaperSheet.voter_id).where(
                    PaperSheet.motion_id == motion.id, PaperSheet.voided_at.is_(None)
                )
            )
        )
        number = _last_number(session, motion.id)
        added = [voter for voter in voters if voter.id not in live and voter.owners]
        for place, voter in enumerate(added, start=1):
            session.add(_sheet(actor, motion, voter, number + place, now))
        if added:
            record(
                session,
                plan_chain(motion.plan_id),
                "papers_printed",
                actor=actor,
                now=now,
                details={"motion": motion.id, "first": number + 1, "number": len(added)},
            )
    return len(added)


def _last_number(session: Session, motion_id: int) -> int:
    query = select(func.max(PaperSheet.number)).where(PaperSheet.motion_id == motion_id)
    return session.scalar(query) or 0


def _sheet(
    actor: Actor, motion: Motion, voter: RollVoter, number: int, now: datetime
) -> PaperSheet:
    return PaperSheet(
        motion_id=motion.id,
        voter_id=voter.id,
        number=number,
        printed_at=now,
        printed_by=actor.account_id,
    )


def _locked_sheet(session: Session, sheet: PaperSheet) -> PaperSheet:
    found = session.get(PaperSheet, sheet.id, populate_existing=True)
    if found is None:
        raise Stale("changed_meanwhile")
    if found.voided_at is not None:
        raise Refused("paper_void", number=found.number)
    return found


def void_sheet(
    actor: Actor, sheet: PaperSheet, *, reason: str, now: datetime, replace: bool = False
) -> PaperSheet | None:
    """The printed ballot is void; with ``replace`` its voter gets a new one, which is returned.

    Refuses ``void_reason_missing``, ``paper_void`` (number), ``paper_already_entered`` once it was
    entered, however it was read, and ``motion_not_at_this_stage`` after the close: what was in the
    box then is not taken out of it.
    """
    if not reason.strip():
        raise Refused("void_reason_missing", field="reason")
    with transaction() as session:
        motion = motions.locked(session, sheet.motion_id)
        now = instants.now(session)
        motions.require(motion, now, PRINTABLE)
        sheet = _locked_sheet(session, sheet)
        entered = select(PaperEntry.id).where(PaperEntry.sheet_id == sheet.id)
        if session.scalars(entered.limit(1)).first() is not None:
            raise NotNow("paper_already_entered")
        sheet.voided_at, sheet.voided_by = now, actor.account_id
        sheet.void_reason = reason.strip()
        session.flush()
        again = None
        if replace:
            number = _last_number(session, motion.id) + 1
            again = _sheet(actor, motion, sheet.voter, number, now)
            session.add(again)
        record(
            session,
            plan_chain(motion.plan_id),
            "paper_voided",
            actor=actor,
            now=now,
            details={"motion": motion.id, "paper": sheet.number, "replaced": replace},
        )
    return again


def _entry(session: Session, motion_id: int, voter_id: int) -> PaperEntry | None:
    """The entry that stands for a voter: waiting or confirmed."""
    return session.scalars(
        select(PaperEntry).where(
            PaperEntry.motion_id == motion_id,
            PaperEntry.voter_id == voter_id,
            PaperEntry.rejected_at.is_(None),
        )
    ).one_or_none()


def read_answer(answer: str) -> tuple[str, str]:
    """(choice, why it is invalid): signed without a mandate is one way to be invalid.

    Refuses ``choice_missing``.
    """
    if answer not in ANSWERS:
        raise Refused("choice_missing", field="choice")
    return (Mark.INVALID.value, NO_MANDATE) if answer == NO_MANDATE else (answer, "")


def enter_paper(
    actor: Actor,
    sheet: PaperSheet,
    choice: str,
    *,
    now: datetime,
    owner_id: int | None = None,
    mandate_id: int | None = None,
    handed: HandedIn,
) -> PaperEntry:
    """What the paper says is typed in for the first time and waits for another person.

    ``owner_id`` is whoever signed, needed where the voter has several owners; ``mandate_id`` the
    mandate by which somebody else signed; ``handed`` when and to whom it was handed in. Refuses
    ``choice_missing``, ``signer_missing``, ``owner_not_of_voter``, ``representative_named``,
    ``represented_by_another``, ``mandate_not_standing``, ``paper_void`` (number),
    ``paper_already_entered``, ``motion_not_at_this_stage``, and what
    ``domain.papers.check_handed_in`` and ``boxes.check_enterable`` refuse.
    """
    choice, reason = read_answer(choice)
    with transaction() as session:
        motion = motions.locked(session, sheet.motion_id)
        now = instants.now(session)
        motions.require(motion, now, ENTERABLE)
        sheet = _locked_sheet(session, sheet)
        boxes.check_enterable(motion, sheet, now)
        if _entry(session, motion.id, sheet.voter_id) is not None:
            raise NotNow("paper_already_entered")
        handed = _handed_in(motion, handed, now)
        standing = mandates.of_voter(live_mandates(motion.id), sheet.voter_id)
        if mandate_id is not None:
            owner_id = _principal(standing, mandate_id)
        owner = _signer(sheet.voter, owner_id, standing, mandate_id, valid=choice != Mark.INVALID)
        entry = PaperEntry(
            motion_id=motion.id,
            voter_id=sheet.voter_id,
            sheet_id=sheet.id,
            owner_id=owner,
            choice=choice,
            entered_by=actor.account_id,
            entered_at=now,
        )
        session.add(entry)
        session.flush()
        session.add(_detail(entry, mandate_id, reason, handed))
        deliveries.settle(session, actor, motion, [sheet.voter_id], now=now)
        record(
            session,
            plan_chain(motion.plan_id),
            "paper_entered",
            actor=actor,
            now=now,
            details={"motion": motion.id, "paper": sheet.number},
        )
    return entry


def _handed_in(motion: Motion, handed: HandedIn, now: datetime) -> HandedIn:
    if motion.announced_at is None or motion.closes_at is None:
        raise Stale("changed_meanwhile")
    return check_handed_in(
        handed, announced_at=motion.announced_at, closes_at=motion.closes_at, now=now
    )


def _detail(
    entry: PaperEntry, mandate_id: int | None, reason: str, handed: HandedIn
) -> PaperDetail:
    return PaperDetail(
        entry_id=entry.id,
        mandate_id=mandate_id,
        reason=reason,
        first_collector=handed.first[:LONGEST],
        second_collector=handed.second[:LONGEST],
        handed_in=handed.day,
    )


def _principal(standing: Sequence[Mandate], mandate_id: int) -> int:
    """The owner in whose name the holder of this mandate signs."""
    found = next((one for one in standing if one.id == mandate_id), None)
    if found is None:
        raise Refused("mandate_not_standing", field="owner")
    return found.owner_id


def _signer(
    voter: RollVoter,
    owner_id: int | None,
    standing: Sequence[Mandate],
    mandate_id: int | None,
    *,
    valid: bool,
) -> int:
    owners = {owner.owner_id for owner in voter.owners}
    if owner_id is None:
        if valid and len(owners) + len(standing) > 1:
            raise Refused("signer_missing", field="owner")
        return min(owners)
    if owner_id not in owners:
        raise Refused("owner_not_of_voter", field="owner")
    named = voter.representative.owner_id if voter.representative else None
    if valid and acting_for(owners, named, [owner_id]) is None:
        raise Refused("representative_named", field="owner")
    rules = map(mandates.as_rule, standing)
    if valid and mandate_id is None and owner_id not in names_open_to(owners, [owner_id], rules):
        raise Refused("represented_by_another", field="owner")
    return owner_id


@dataclass(frozen=True)
class Confirmation:
    """What came of the second reading: ``matched``, and the receipt of a valid paper."""

    matched: bool
    receipt: Receipt | None = None


def confirm_paper(actor: Actor, sheet: PaperSheet, choice: str, *, now: datetime) -> Confirmation:
    """The second person's reading: equal to the first it makes the paper count, else the entry is
    rejected and the first person enters it anew.

    Refuses ``choice_missing``, ``paper_not_entered``, ``paper_confirmed_already``,
    ``second_person_needed`` to whoever entered it, ``motion_not_at_this_stage``, and what
    ``boxes.check_enterable`` refuses.
    """
    choice, reason = read_answer(choice)
    with transaction() as session:
        motion = motions.locked(session, sheet.motion_id)
        now = instants.now(session)
        motions.require(motion, now, ENTERABLE)
        sheet = _locked_sheet(session, sheet)
        entry = _entry(session, motion.id, sheet.voter_id)
        if entry is None:
            raise NotNow("paper_not_entered")
        boxes.check_enterable(motion, sheet, now)
        if entry.confirmed_at is not None:
            raise NotNow("paper_confirmed_already")
        if entry.entered_by == actor.account_id:
            raise NotYours("second_person_needed")
        detail = session.get(PaperDetail, entry.id)
        matched = entry.choice == choice and (detail.reason if detail else "") == reason
        if matched:
            entry.confirmed_at, entry.confirmed_by = now, actor.account_id
        else:
            entry.rejected_at = now
        record(
            session,
            plan_chain(motion.plan_id),
            "paper_confirmed" if matched else "paper_rejected",
            actor=actor,
            now=now,
            details={"motion": motion.id, "paper": sheet.number},
        )
        if not matched or choice == Mark.INVALID:
            return Confirmation(matched)
        session.flush()
        by = detail.mandate_id if detail else None
        return Confirmation(True, _ballot(session, actor, motion, sheet, entry, now, by))


def _ballot(
    session: Session,
    actor: Actor,
    motion: Motion,
    sheet: PaperSheet,
    entry: PaperEntry,
    now: datetime,
    by: int | None,
) -> Receipt:
    last = session.scalar(
        select(func.max(Ballot.sequence)).where(
            Ballot.motion_id == motion.id, Ballot.voter_id == sheet.voter_id
        )
    )
    sealed = Sealed(
        receipt=receipt_code(secrets.token_bytes(16)),
        motion=motion.id,
        voter=sheet.voter.number,
        person=entry.owner_id,
        choice=entry.choice,
        sequence=(last or 0) + 1,
        channel=PAPER,
        cast_at=now,
    )
    key = paper_key(sheet.number, entry.id)
    add_ballot(session, actor, motion, sealed, voter_id=sheet.voter_id, form_key=key, mandate_id=by)
    return Receipt(sealed.receipt, sealed.cast_at, sealed.sequence)
