"""The box of paper ballots after the close: two readings of what is in hand, the list, late slips.

A reading that was ended, the list and a late slip are never changed (triggers).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Row,
    and_,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.papers import SlipFacts, read_serials
from models.base import Base, Key, Line, Moment, Prose, Word
from models.database import session
from models.mandates import PaperDetail
from models.votes import Motion, PaperEntry, PaperSheet


class BoxReading(Base):
    """The numbers in hand as one person typed them, in one way of writing (``write_serials``)."""

    __tablename__ = "box_readings"
    __table_args__ = (
        CheckConstraint("agreed_at IS NULL OR rejected_at IS NULL", name="one_end"),
        Index(
            "uq_box_readings_open",
            "motion_id",
            unique=True,
            sqlite_where=text("agreed_at IS NULL AND rejected_at IS NULL"),
            postgresql_where=text("agreed_at IS NULL AND rejected_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), index=True)
    serials: Mapped[Prose]
    read_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    read_at: Mapped[Moment]
    agreed_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]


class PaperBox(Base):
    """What became of the box: the list that two people made, or that none was made in time; with
    the reconciliation of that moment."""

    __tablename__ = "paper_boxes"
    __table_args__ = (
        CheckConstraint("state IN ('listed', 'missed')", name="state"),
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint(
            "(state = 'listed') = (first_by IS NOT NULL AND second_by IS NOT NULL)", name="readers"
        ),
        CheckConstraint("printed = collected + void + outstanding + late", name="reconciled"),
    )

    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), primary_key=True)
    state: Mapped[Word]
    hours: Mapped[int]
    serials: Mapped[Prose]
    made_at: Mapped[Moment]
    first_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    printed: Mapped[int]
    collected: Mapped[int]
    void: Mapped[int]
    outstanding: Mapped[int]
    late: Mapped[int]


class LatePaper(Base):
    """A slip that came too late: when and to whom it was handed in. It is never counted."""

    __tablename__ = "late_papers"
    __table_args__ = (
        CheckConstraint("(first_collector = '') = (second_collector = '')", name="collectors"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheets.id"), primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), index=True)
    handed_in: Mapped[date] = mapped_column(Date)
    first_collector: Mapped[Line]
    second_collector: Mapped[Line]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[Moment]
    # Recorded when the votes were counted already; the count does not speak of it.
    after_count: Mapped[bool]


def box_of(motion_id: int) -> PaperBox | None:
    """What became of the motion's box, as it is now."""
    return session().get(PaperBox, motion_id, populate_existing=True)


def open_reading(motion_id: int) -> BoxReading | None:
    """The first reading, while it waits for the second."""
    query = (
        select(BoxReading)
        .where(
            BoxReading.motion_id == motion_id,
            BoxReading.agreed_at.is_(None),
            BoxReading.rejected_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def rejected_readings(motion_id: int) -> int:
    """How many readings were rejected because two did not agree."""
    query = select(func.count(BoxReading.id)).where(
        BoxReading.motion_id == motion_id, BoxReading.rejected_at.is_not(None)
    )
    return session().scalar(query) or 0


@dataclass(frozen=True)
class SlipRow:
    """A printed ballot as the rules about the box need it, in plain columns.

    ``read``: a second person has confirmed it; ``waits``: it is entered and not yet confirmed.
    """

    facts: SlipFacts
    sheet_id: int
    voter_id: int
    read: bool
    waits: bool
    invalid: bool


def slips_of(
    motion_id: int, closes_at: datetime | None, *, with_later: bool = False
) -> list[SlipRow]:
    """The motion's printed ballots by number. The count does not speak of those that were recorded
    as late after it; ``with_later`` says that they are late as well."""
    rows = session().execute(
        select(
            PaperSheet.id,
            PaperSheet.number,
            PaperSheet.voter_id,
            PaperSheet.voided_at,
            LatePaper.after_count,
            PaperEntry.entered_at,
            PaperEntry.confirmed_at,
            PaperEntry.rejected_at,
            PaperEntry.choice,
        )
        .outerjoin(LatePaper, LatePaper.sheet_id == PaperSheet.id)
        .outerjoin(PaperEntry, PaperEntry.sheet_id == PaperSheet.id)
        .where(PaperSheet.motion_id == motion_id)
        .order_by(PaperSheet.number, PaperEntry.id)
    )
    entries: dict[int, list[Any]] = {}
    for row in rows:
        entries.setdefault(row.id, []).append(row)
    return [_slip(lines, closes_at, with_later) for lines in entries.values()]


def _slip(lines: Sequence[Any], closes_at: datetime | None, with_later: bool) -> SlipRow:
    first = lines[0]
    late = first.after_count is not None if with_later else first.after_count is False
    entered = [line.entered_at for line in lines if line.entered_at is not None]
    in_time = any(closes_at is None or at < closes_at for at in entered)
    stands = [line for line in lines if line.entered_at is not None and line.rejected_at is None]
    confirmed = [line for line in stands if line.confirmed_at is not None]
    return SlipRow(
        SlipFacts(
            first.number,
            void=first.voided_at is not None,
            in_time=in_time,
            came_after=late or (bool(entered) and not in_time),
        ),
        sheet_id=first.id,
        voter_id=first.voter_id,
        read=bool(confirmed),
        waits=len(stands) > len(confirmed),
        invalid=any(line.choice == "invalid" for line in confirmed),
    )


def late_papers(motion_id: int) -> Sequence[Row[LatePaper, int]]:
    """The late slips with their numbers, by number."""
    query = (
        select(LatePaper, PaperSheet.number)
        .join(PaperSheet, PaperSheet.id == LatePaper.sheet_id)
        .where(LatePaper.motion_id == motion_id)
        .order_by(PaperSheet.number)
    )
    return session().execute(query).all()


def handed_in_days(motion_id: int) -> dict[int, date]:
    """Voter → the day on which its confirmed paper was handed in, where that is on record."""
    query = (
        select(PaperEntry.voter_id, PaperDetail.handed_in)
        .join(PaperDetail, PaperDetail.entry_id == PaperEntry.id)
        .where(
            PaperEntry.motion_id == motion_id,
            PaperEntry.confirmed_at.is_not(None),
            PaperDetail.handed_in.is_not(None),
        )
    )
    return {row.voter_id: row.handed_in for row in session().execute(query)}


@dataclass(frozen=True)
class Waiting:
    """What of a motion's papers waits for somebody: who entered each slip that waits for its second
    reader, slips read differently, slips on the list of the box that nobody has entered, and what
    of the box is there."""

    printed: bool = False
    second_reader: tuple[int, ...] = ()
    differing: int = 0
    to_enter: int = 0
    boxed: bool = False
    first_read_by: int | None = None

    def entered_by(self, account_id: int | None) -> int:
        """How many slips this person entered that wait for another."""
        return self.second_reader.count(account_id) if account_id is not None else 0

    def to_read_by(self, account_id: int | None) -> int:
        """How many slips this person can read as the second one."""
        return len(self.second_reader) - self.entered_by(account_id)


def waiting_of(motion_ids: Collection[int]) -> dict[int, Waiting]:
    """Motion → what of its papers waits; motions without papers left out. Two statements."""
    rows = session().execute(
        select(
            PaperSheet.motion_id,
            PaperSheet.number,
            PaperSheet.voided_at,
            PaperEntry.entered_by,
            PaperEntry.entered_at,
            PaperEntry.confirmed_at,
            PaperEntry.rejected_at,
        )
        .outerjoin(PaperEntry, PaperEntry.sheet_id == PaperSheet.id)
        .where(PaperSheet.motion_id.in_(list(motion_ids)))
        .order_by(PaperSheet.motion_id, PaperSheet.number, PaperEntry.id)
    )
    slips: dict[int, dict[int, list[Any]]] = {}
    for row in rows:
        slips.setdefault(row.motion_id, {}).setdefault(row.number, []).append(row)
    boxes = _boxes_of(slips.keys()) if slips else {}
    return {motion: _waiting(found, boxes[motion]) for motion, found in slips.items()}


def _boxes_of(motion_ids: Collection[int]) -> dict[int, Any]:
    is_open = and_(
        BoxReading.motion_id == Motion.id,
        BoxReading.agreed_at.is_(None),
        BoxReading.rejected_at.is_(None),
    )
    rows = session().execute(
        select(Motion.id, Motion.closes_at, PaperBox.state, PaperBox.serials, BoxReading.read_by)
        .outerjoin(PaperBox, PaperBox.motion_id == Motion.id)
        .outerjoin(BoxReading, is_open)
        .where(Motion.id.in_(list(motion_ids)))
    )
    return {row.id: row for row in rows}


def _waiting(slips: Mapping[int, Sequence[Any]], box: Any) -> Waiting:
    live = {number: lines for number, lines in slips.items() if lines[0].voided_at is None}
    listed = read_serials(box.serials, printed=slips.keys()) if box.state == "listed" else ()
    # What was entered after the close and is not listed is late: nobody need read it.
    entered = {
        number: lines
        for number, lines in live.items()
        if lines[0].entered_by is not None
        and (
            number in listed
            or box.closes_at is None
            or any(line.entered_at < box.closes_at for line in lines)
        )
    }
    stands = {
        number: lines[-1] for number, lines in entered.items() if lines[-1].rejected_at is None
    }
    return Waiting(
        printed=True,
        second_reader=tuple(
            line.entered_by for line in stands.values() if line.confirmed_at is None
        ),
        differing=len(entered) - len(stands),
        to_enter=len(set(listed) - set(entered)),
        boxed=box.state is not None,
        first_read_by=box.read_by,
    )
