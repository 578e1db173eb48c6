"""Slips that came after the close and stand on no list: recorded, listed, never counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused, Stale
from domain.papers import HandedIn, Slip, check_late
from domain.plans import MotionStage
from models import instants
from models.paper_boxes import LatePaper
from models.votes import Motion, PaperSheet
from services import deliveries, motions
from services.audit import plan_chain, record
from services.boxes import BoxState, box_of
from services.transaction import transaction

# A slip may still come when the votes are counted; it is put on record all the same.
LATE_AT = frozenset({MotionStage.CLOSED, MotionStage.COUNTED, MotionStage.FAILED})
LONGEST = 200


def note_late(actor: Actor, sheet: PaperSheet, handed: HandedIn, *, now: datetime) -> LatePaper:
    """The slip is on record as late, with its day and to whom it was handed in; it never counts.

    Refuses ``paper_void`` (number), ``paper_in_time`` (number) for one that was entered before the
    close or stands on the list, ``paper_late_already`` (number), ``box_to_be_closed`` (until)
    while the list can be made: what is in the box then one person alone cannot take out of it,
    ``motion_not_at_this_stage``, and what ``domain.papers.check_late`` refuses.
    """
    del now
    with transaction() as session:
        motion = motions.locked(session, sheet.motion_id)
        at = instants.now(session)
        stage = motions.require(motion, at, LATE_AT)
        announced = motion.announced_at
        if announced is None:
            raise Stale("changed_meanwhile")
        tidy = check_late(handed, announced_at=announced, now=at)
        _check_is_late(session, motion, sheet, at)
        late = LatePaper(
            sheet_id=sheet.id,
            motion_id=motion.id,
            handed_in=tidy.day,
            first_collector=tidy.first[:LONGEST],
            second_collector=tidy.second[:LONGEST],
            recorded_by=actor.account_id,
            recorded_at=at,
            after_count=stage is not MotionStage.CLOSED,
        )
        session.add(late)
        if stage is MotionStage.CLOSED:
            deliveries.settle(session, actor, motion, [sheet.voter_id], now=at)
        record(
            session,
            plan_chain(motion.plan_id),
            "paper_late",
            actor=actor,
            now=at,
            details={"motion": motion.id, "paper": sheet.number},
        )
    return late


def _check_is_late(session: Session, motion: Motion, sheet: PaperSheet, now: datetime) -> None:
    box = box_of(motion, now)
    if box.state is BoxState.OPEN:
        raise NotNow("box_to_be_closed", until=box.ends_at)
    place = next(box.where(slip) for slip in box.slips if slip.sheet_id == sheet.id)
    if place is Slip.VOID:
        raise Refused("paper_void", number=sheet.number)
    if place is Slip.COLLECTED:
        raise NotNow("paper_in_time", number=sheet.number)
    if session.get(LatePaper, sheet.id) is not None:
        raise NotNow("paper_late_already", number=sheet.number)
