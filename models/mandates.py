"""Who votes for whom: mandates on a motion's roll, and which ballots and papers rest on one.

A mandate is recorded once and can only be withdrawn (triggers). No ID number is kept: only the
holder's name, the paper that was seen, and the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, select, text
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from domain.accounts import Actor, Scope
from models.base import Base, Key, Line, Moment, Prose, Word
from models.database import session
from models.plans import Plan
from models.register import Building, Owner
from models.visibility import buildings_visible_to
from models.votes import Motion, Roll, RollVoter


class Mandate(Base):
    """代理、监护、继承、单位代表: somebody answers in the name of one owner of one voter.

    The holder is an owner on the roll (``holder_owner_id``), who may answer online, or anybody
    else by name, who answers on paper.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["voter_id", "owner_id"], ["roll_owners.voter_id", "roll_owners.owner_id"]
        ),
        CheckConstraint("kind IN ('proxy', 'guardian', 'heir', 'company')", name="kind"),
        CheckConstraint("kind <> 'proxy' OR not_property_staff", name="not_property_staff"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(
            "uq_mandates_live",
            "voter_id",
            "owner_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), index=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    kind: Mapped[Word]
    holder: Mapped[Line]
    holder_owner_id: Mapped[int | None] = mapped_column(ForeignKey("owners.id"), index=True)
    document: Mapped[Line]
    seen_on: Mapped[date] = mapped_column(Date)
    not_property_staff: Mapped[bool]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdraw_reason: Mapped[Prose] = mapped_column(default="")

    motion: Mapped[Motion] = relationship()
    voter: Mapped[RollVoter] = relationship(foreign_keys=[voter_id])
    owner: Mapped[Owner] = relationship(foreign_keys=[owner_id])

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.motion.scope


class BallotMandate(Base):
    """That a ballot was cast, online or on paper, by whoever held this mandate."""

    __tablename__ = "ballot_mandates"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), index=True)

    mandate: Mapped[Mandate] = relationship()


class PaperDetail(Base):
    """More of a paper: by what mandate it was signed, why it is invalid, when and to whom it was
    handed in."""

    __tablename__ = "paper_details"
    __table_args__ = (
        CheckConstraint("(first_collector = '') = (second_collector = '')", name="collectors"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("paper_entries.id"), primary_key=True)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))
    reason: Mapped[Word] = mapped_column(default="")
    first_collector: Mapped[Line] = mapped_column(default="")
    second_collector: Mapped[Line] = mapped_column(default="")
    # The day on which it was handed in to those two; not on record of papers entered before 0006.
    handed_in: Mapped[date | None] = mapped_column(Date)


def live_mandates(motion_id: int) -> Sequence[Mandate]:
    """The motion's mandates that are not withdrawn, in the order in which they were recorded."""
    query = (
        select(Mandate)
        .where(Mandate.motion_id == motion_id, Mandate.withdrawn_at.is_(None))
        .order_by(Mandate.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def mandates_of_motion(motion_id: int) -> Sequence[Mandate]:
    """All mandates ever recorded on the motion, with voter and owner, withdrawn ones included."""
    query = (
        select(Mandate)
        .where(Mandate.motion_id == motion_id)
        .options(
            joinedload(Mandate.owner),
            joinedload(Mandate.voter).selectinload(RollVoter.dwellings),
        )
        .order_by(Mandate.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def mandate_visible_to(actor: Actor, mandate_id: int, **_rest: object) -> Mandate | None:
    """One mandate with its voter and motion, if its building lies in the actor's scope."""
    query = (
        select(Mandate)
        .join(Mandate.motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            contains_eager(Mandate.motion)
            .contains_eager(Motion.plan)
            .contains_eager(Plan.building)
            .joinedload(Building.community),
            joinedload(Mandate.voter).selectinload(RollVoter.dwellings),
            joinedload(Mandate.owner),
        )
        .where(Mandate.id == mandate_id, buildings_visible_to(actor))
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def mandate_of_entry(entry_id: int) -> Mandate | None:
    """The mandate by which an entered paper was signed; None when an owner signed it."""
    query = (
        select(Mandate)
        .join(PaperDetail, PaperDetail.mandate_id == Mandate.id)
        .where(PaperDetail.entry_id == entry_id)
    )
    return session().scalar(query)


def kinds_of_ballots(ballot_ids: Iterable[int]) -> dict[int, Mandate]:
    """Ballot → the mandate by which it was cast."""
    query = (
        select(BallotMandate)
        .where(BallotMandate.ballot_id.in_(list(ballot_ids)))
        .options(joinedload(BallotMandate.mandate))
    )
    return {one.ballot_id: one.mandate for one in session().scalars(query)}


def mandates_of_roll(roll_id: int) -> Sequence[Mandate]:
    """The live mandates of one version of a roll."""
    query = (
        select(Mandate)
        .join(RollVoter, RollVoter.id == Mandate.voter_id)
        .join(Roll, Roll.id == RollVoter.roll_id)
        .where(Roll.id == roll_id, Mandate.withdrawn_at.is_(None))
        .order_by(Mandate.id)
    )
    return session().scalars(query).all()
