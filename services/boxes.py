"""The box of paper ballots is closed once, after the close, by two people; then all else is late.

Each types the numbers of the slips in hand, the second without seeing what the first one typed. If
both agree the list is frozen, if not both readings are rejected and it is done anew, all within the
hours that the notice named. Whether it is in time the database's clock says, read under the
motion's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, NotYours, Refused
from domain.papers import (
    PaperFigures,
    Slip,
    SlipFacts,
    box_ends_at,
    hours_of,
    read_serials,
    reconcile,
    where,
    write_serials,
)
from domain.plans import MotionStage
from models import instants, paper_boxes
from models.paper_boxes import BoxReading, PaperBox, SlipRow
from models.votes import Motion, PaperSheet
from services import deliveries, motions
from services.audit import plan_chain, record
from services.transaction import transaction


class BoxState(StrEnum):
    """Where the box of a motion stands."""

    NONE = "none"  # nothing was printed, or the vote has not closed
    OPEN = "open"  # closed for voters; two people have to write down what is in hand
    LISTED = "listed"
    MISSED = "missed"  # the hours are over and there is no list


@dataclass(frozen=True)
class Box:
    """The box of a motion now: ``ends_at`` until when the list can be made, ``listed`` the numbers
    on it, and every printed ballot."""

    state: BoxState
    ends_at: datetime | None
    listed: frozenset[int]
    slips: tuple[SlipRow, ...]

    def where(self, slip: SlipRow) -> Slip:
        """Where a printed ballot is."""
        return where(slip.facts, self.listed)

    @property
    def figures(self) -> PaperFigures:
        """printed = collected + void + outstanding + late."""
        return reconcile([slip.facts for slip in self.slips], self.listed)

    @property
    def unread(self) -> tuple[int, ...]:
        """The numbers of collected ballots that nobody has entered yet, or that two people read
        differently."""
        return tuple(
            slip.facts.serial
            for slip in self.slips
            if self.where(slip) is Slip.COLLECTED and not slip.read and not slip.waits
        )

    @property
    def waiting(self) -> int:
        """How many collected ballots wait for their second reader."""
        return sum(slip.waits and self.where(slip) is Slip.COLLECTED for slip in self.slips)

    @property
    def confirmed(self) -> int:
        """How many collected ballots two people have read alike, valid or not."""
        return sum(slip.read and self.where(slip) is Slip.COLLECTED for slip in self.slips)

    @property
    def invalid(self) -> int:
        """How many of the confirmed ones are invalid."""
        return sum(slip.invalid and self.where(slip) is Slip.COLLECTED for slip in self.slips)


def box_of(motion: Motion, now: datetime) -> Box:
    """The motion's box as it stands."""
    slips = tuple(paper_boxes.slips_of(motion.id, motion.closes_at, with_later=True))
    made = paper_boxes.box_of(motion.id)
    if motion.closes_at is None or now < motion.closes_at or not (slips or made):
        return Box(BoxState.NONE, None, frozenset(), slips)
    ends_at = box_ends_at(motion.closes_at, motion.box_hours)
    if made is not None:
        return Box(BoxState(made.state), ends_at, listed_in(made, slips), slips)
    state = BoxState.OPEN if now < ends_at else BoxState.MISSED
    return Box(state, ends_at, frozenset(), slips)


def listed_in(made: PaperBox, slips: Sequence[SlipRow]) -> frozenset[int]:
    """The numbers on the frozen list; none where none was made."""
    return read_serials(made.serials, printed=[slip.facts.serial for slip in slips])


def check_enterable(motion: Motion, sheet: PaperSheet, now: datetime) -> None:
    """Refuse ``box_to_be_closed`` (until) and ``paper_late`` (number) for a slip that may not be
    entered, nor confirmed, after the close: it came neither before nor does it stand on the list.
    """
    if motion.closes_at is None or now < motion.closes_at:
        return
    box = box_of(motion, now)
    slip = next(one for one in box.slips if one.sheet_id == sheet.id)
    if box.where(slip) is Slip.COLLECTED:
        return
    if box.state is BoxState.OPEN:
        raise NotNow("box_to_be_closed", until=box.ends_at)
    raise NotNow("paper_late", number=sheet.number)


@dataclass(frozen=True)
class Read:
    """What came of a reading: how many numbers were typed, and in one way of writing; ``agreed`` is
    None for the first one."""

    number: int
    serials: str
    agreed: bool | None


def read_box(
    actor: Actor, motion: Motion, serials: str, *, now: datetime, empty: bool = False
) -> Read:
    """One person's reading of the numbers in hand is recorded; the second that agrees makes the
    list, one that differs rejects both.

    ``empty`` says that no slip is in hand. Refuses ``box_before_close``, ``box_listed_already``,
    ``box_hours_over``, ``no_papers_printed``, ``serials_missing``, ``box_not_empty``,
    ``second_person_needed`` to whoever read first, and what ``read_serials`` refuses.
    """
    del now
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        at = instants.now(session)
        box = _to_be_closed(motion, at)
        first = paper_boxes.open_reading(motion.id)
        if first is not None and first.read_by == actor.account_id:
            raise NotYours("second_person_needed")
        typed = _typed(box, serials, empty)
        if first is None:
            _first(session, actor, motion, typed, at)
            return Read(len(typed), write_serials(typed), None)
        agreed = first.serials == write_serials(typed)
        _second(session, actor, motion, typed, first, agreed, at)
        if agreed:
            _freeze(session, motion, replace(box, listed=typed), at, (first.read_by, actor))
            voters = [one.voter_id for one in box.slips if one.facts.serial in typed]
            deliveries.settle(session, actor, motion, voters, now=at)
    return Read(len(typed), write_serials(typed), agreed)


def _to_be_closed(motion: Motion, now: datetime) -> Box:
    if motions.stage(motion, now) in (MotionStage.NOTICE, MotionStage.VOTING):
        raise NotNow("box_before_close")
    motions.require(motion, now, {MotionStage.CLOSED})
    box = box_of(motion, now)
    if box.state is BoxState.LISTED:
        raise NotNow("box_listed_already")
    if box.state is BoxState.MISSED:
        raise NotNow("box_hours_over", until=box.ends_at)
    if box.state is BoxState.NONE:
        raise NotNow("no_papers_printed")
    return box


def _typed(box: Box, serials: str, empty: bool) -> frozenset[int]:
    facts: list[SlipFacts] = [slip.facts for slip in box.slips]
    typed = read_serials(
        serials,
        printed=[one.serial for one in facts],
        void=[one.serial for one in facts if one.void],
    )
    if not typed and not empty:
        raise Refused("serials_missing", field="serials")
    if typed and empty:
        raise Refused("box_not_empty", field="empty")
    return typed


def _reading(
    session: Session, actor: Actor, motion: Motion, typed: frozenset[int], now: datetime
) -> BoxReading:
    made = BoxReading(
        motion_id=motion.id,
        serials=write_serials(typed),
        read_by=actor.account_id,
        read_at=now,
    )
    session.add(made)
    return made


def _first(
    session: Session, actor: Actor, motion: Motion, typed: frozenset[int], now: datetime
) -> None:
    _reading(session, actor, motion, typed, now)
    # What was typed is not said: the second person must not read it anywhere.
    record(
        session,
        plan_chain(motion.plan_id),
        "box_read",
        actor=actor,
        now=now,
        details={"motion": motion.id},
    )


def _second(
    session: Session,
    actor: Actor,
    motion: Motion,
    typed: frozenset[int],
    first: BoxReading,
    agreed: bool,
    now: datetime,
) -> None:
    if agreed:
        first.agreed_at = now
    else:
        first.rejected_at = now
    session.flush()
    second = _reading(session, actor, motion, typed, now)
    second.agreed_at, second.rejected_at = first.agreed_at, first.rejected_at
    details = {"motion": motion.id, "first_by": first.read_by}
    record(
        session,
        plan_chain(motion.plan_id),
        "box_listed" if agreed else "box_readings_differ",
        actor=actor,
        now=now,
        details=details | ({"serials": write_serials(typed)} if agreed else {}),
    )


def _freeze(
    session: Session,
    motion: Motion,
    box: Box,
    now: datetime,
    readers: tuple[int, Actor] | None,
) -> None:
    figures = box.figures
    session.add(
        PaperBox(
            motion_id=motion.id,
            state=BoxState.LISTED if readers else BoxState.MISSED,
            hours=hours_of(motion.box_hours),
            serials=write_serials(box.listed),
            made_at=now,
            first_by=readers[0] if readers else None,
            second_by=readers[1].account_id if readers else None,
            printed=figures.printed,
            collected=figures.collected,
            void=figures.void,
            outstanding=figures.outstanding,
            late=figures.late,
        )
    )
    session.flush()


def settle_for_count(session: Session, actor: Actor, motion: Motion, now: datetime) -> None:
    """Inside the caller's transaction, with the motion locked: the papers are ready to be counted,
    and where no list was made in time that is on record.

    Refuses ``box_to_be_closed`` (until), ``papers_unconfirmed`` (number) and
    ``papers_not_entered`` (number, serials).
    """
    box = box_of(motion, now)
    if box.state is BoxState.OPEN:
        raise NotNow("box_to_be_closed", until=box.ends_at)
    if box.waiting:
        raise NotNow("papers_unconfirmed", number=box.waiting)
    if box.unread:
        listed = write_serials(box.unread)
        raise NotNow("papers_not_entered", number=len(box.unread), serials=listed)
    if box.state is BoxState.MISSED and paper_boxes.box_of(motion.id) is None:
        _freeze(session, motion, box, now, None)
        record(
            session,
            plan_chain(motion.plan_id),
            "box_missed",
            actor=actor,
            now=now,
            details={"motion": motion.id},
        )


def document(motion: Motion) -> dict[str, object] | None:
    """What the count's document says of the papers; None where nothing was printed, or it was
    counted before there were lists."""
    made = paper_boxes.box_of(motion.id)
    if made is None:
        return None
    slips = paper_boxes.slips_of(motion.id, motion.closes_at)
    figures = reconcile([slip.facts for slip in slips], listed_in(made, slips))
    return {
        "box": str(made.state),
        "hours": made.hours,
        "serials": made.serials if made.state == BoxState.LISTED else None,
        "printed": figures.printed,
        "collected": figures.collected,
        "void": figures.void,
        "outstanding": figures.outstanding,
        "late": figures.late,
    }


@dataclass(frozen=True)
class CountedPapers:
    """Of a motion's papers: the numbers of those that may not count, and the voters (by id) of whom
    one that counts is invalid."""

    excluded: frozenset[int]
    invalid: frozenset[int]


def counted_papers(motion: Motion) -> CountedPapers:
    """What of the papers counts: what was collected, by the list that was made or missed. Of a
    motion that was counted before there were lists, all that was confirmed."""
    made = paper_boxes.box_of(motion.id)
    slips = paper_boxes.slips_of(motion.id, motion.closes_at)
    listed = listed_in(made, slips) if made else frozenset()
    out = [one for one in slips if made and where(one.facts, listed) is not Slip.COLLECTED]
    return CountedPapers(
        frozenset(one.facts.serial for one in out),
        frozenset(one.voter_id for one in slips if one.invalid and one not in out),
    )
