"""Motions, the roll of their voters, ballots, paper entries and counts.

A roll is never changed: a correction is a new version. Ballots are only ever added; the one that
counts is worked out from all of a voter's (``domain/votes.py``). A count, once recorded, stays.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.vocabulary import AreaSource
from domain.votes import Choice
from models.base import Area, Base, Key, Line, Moment, Prose, Word, one_of
from models.menus import OptionVersion
from models.plans import Plan
from models.register import Dwelling, Entrance


class Motion(Base):
    """表决事项: one precise text over one electorate (the building, or one entrance of it)."""

    __tablename__ = "motions"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("matter BETWEEN 1 AND 9", name="matter"),
        CheckConstraint("closes_at > opens_at", name="period"),
        CheckConstraint("notice_days >= 0", name="notice_days"),
        CheckConstraint("box_hours BETWEEN 1 AND 24", name="box_hours"),
        CheckConstraint(
            "announced_at IS NULL OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name="announced_whole",
        ),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    number: Mapped[int]
    option_version_id: Mapped[int] = mapped_column(ForeignKey("option_versions.id"))
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrances.id"))
    title: Mapped[Line]
    text: Mapped[Prose]
    matter: Mapped[int]
    channel: Mapped[Word]
    # Motion this one redraws after it failed or was cancelled.
    redraws_id: Mapped[int | None] = mapped_column(ForeignKey("motions.id"), index=True)
    drafted_at: Mapped[Moment]
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    announced_at: Mapped[Moment | None]
    notice_days: Mapped[int | None]
    opens_at: Mapped[Moment | None]
    closes_at: Mapped[Moment | None]
    # Hours after the close in which the box of papers is closed; none on older ones: 24.
    box_hours: Mapped[int | None]
    cancelled_at: Mapped[Moment | None]
    cancel_reason: Mapped[Prose] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship()
    version: Mapped[OptionVersion] = relationship()
    entrance: Mapped[Entrance | None] = relationship()
    redraws: Mapped[Motion | None] = relationship(remote_side="Motion.id")
    rolls: Mapped[list[Roll]] = relationship(back_populates="motion", order_by="Roll.version")
    counted: Mapped[MotionCount | None] = relationship(back_populates="motion")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def roll(self) -> Roll | None:
        """The version of the roll that holds: the newest."""
        return self.rolls[-1] if self.rolls else None

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check: the whole building may read what is decided."""
        return self.plan.scope

    @property
    def electorate(self) -> Scope:
        """Whose it is to decide: the building or one entrance of it."""
        return replace(self.plan.scope, entrance=self.entrance_id)


class Roll(Base):
    """业主清册: the electorate as posted, in one version. Never changed."""

    __tablename__ = "rolls"
    __table_args__ = (UniqueConstraint("motion_id", "version"),)

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    version: Mapped[int]
    posted_at: Mapped[Moment]
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[Prose] = mapped_column(default="")

    motion: Mapped[Motion] = relationship(back_populates="rolls")
    voters: Mapped[list[RollVoter]] = relationship(
        back_populates="roll", order_by="RollVoter.number"
    )


class RollVoter(Base):
    """表决权人: one legal head, with the sum of its dwellings' areas."""

    __tablename__ = "roll_voters"
    __table_args__ = (
        UniqueConstraint("roll_id", "number"),
        CheckConstraint("area > 0", name="area_positive"),
    )

    id: Mapped[Key]
    roll_id: Mapped[int] = mapped_column(ForeignKey("rolls.id"))
    number: Mapped[int]
    area: Mapped[Area]
    kind: Mapped[Word]

    roll: Mapped[Roll] = relationship(back_populates="voters")
    representative: Mapped[Representative | None] = relationship(
        primaryjoin="RollVoter.id == foreign(Representative.voter_id)"
    )
    dwellings: Mapped[list[RollDwelling]] = relationship(back_populates="voter")
    owners: Mapped[list[RollOwner]] = relationship(back_populates="voter")

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.roll.motion.scope


class RollDwelling(Base):
    """A dwelling as it stood when the roll was posted, with its share of the cost in fen."""

    __tablename__ = "roll_dwellings"
    __table_args__ = (
        CheckConstraint("area > 0", name="area_positive"),
        CheckConstraint(one_of("area_source", AreaSource), name="area_source"),
    )

    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"), primary_key=True)
    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwellings.id"), primary_key=True)
    building: Mapped[Line]
    entrance: Mapped[Line]
    room: Mapped[Word]
    floor: Mapped[int]
    area: Mapped[Area]
    area_source: Mapped[Word]
    share: Mapped[int | None] = mapped_column(BigInteger)

    voter: Mapped[RollVoter] = relationship(back_populates="dwellings")
    dwelling: Mapped[Dwelling] = relationship()


class RollOwner(Base):
    """Who stood behind a voter when the roll was posted; each may act for it."""

    __tablename__ = "roll_owners"

    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"), primary_key=True)
    # The key begins with the voter; who asks for its own lines comes with the owner.
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"), primary_key=True, index=True)
    name: Mapped[Line]

    voter: Mapped[RollVoter] = relationship(back_populates="owners")


class Representative(Base):
    """The one co-owner named to act for a voter. Changes who may act, never the weight."""

    __tablename__ = "representatives"
    __table_args__ = (
        ForeignKeyConstraint(
            ["voter_id", "owner_id"], ["roll_owners.voter_id", "roll_owners.owner_id"]
        ),
    )

    voter_id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    named_at: Mapped[Moment]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    document: Mapped[Line] = mapped_column(default="")


class Ballot(Base):
    """表决票: one answer as cast. Later ones replace earlier ones in the count, none is removed.

    ``sequence`` counts a voter's ballots from 1; its unique key is what keeps two simultaneous
    casts from both being the last. The receipt's commitment hides the choice.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("motion_id", "voter_id", "sequence"),
        UniqueConstraint("motion_id", "form_key"),
        UniqueConstraint("receipt"),
        CheckConstraint(one_of("choice", Choice), name="choice"),
        CheckConstraint("channel IN ('in_app', 'paper')", name="channel"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"))
    sequence: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    choice: Mapped[Word]
    channel: Mapped[Word]
    cast_at: Mapped[Moment]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    form_key: Mapped[str]
    receipt: Mapped[Word]
    nonce: Mapped[str]
    commitment: Mapped[str]
    # The number and digest of the audit entry that recorded it: the anchor printed on the receipt.
    audit_seq: Mapped[int]
    audit_digest: Mapped[Prose]

    voter: Mapped[RollVoter] = relationship()
    motion: Mapped[Motion] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.motion.scope


class PaperSheet(Base):
    """A printed ballot, known by its number on the motion; void when spoilt, lost or replaced."""

    __tablename__ = "paper_sheets"
    __table_args__ = (
        UniqueConstraint("motion_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(voided_at IS NULL) = (voided_by IS NULL)", name="voided"),
        Index(
            "uq_paper_sheets_live",
            "motion_id",
            "voter_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"))
    number: Mapped[int]
    printed_at: Mapped[Moment]
    printed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    voided_at: Mapped[Moment | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    void_reason: Mapped[Prose] = mapped_column(default="")

    motion: Mapped[Motion] = relationship()
    voter: Mapped[RollVoter] = relationship()
    entries: Mapped[list[PaperEntry]] = relationship(order_by="PaperEntry.id")

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.motion.scope


class PaperEntry(Base):
    """A paper ballot typed in by one person, to be confirmed by another.

    ``choice`` may be ``invalid``: such a paper is kept and listed, and takes no part.
    """

    __tablename__ = "paper_entries"
    __table_args__ = (
        CheckConstraint("choice IN ('agree', 'against', 'abstain', 'invalid')", name="choice"),
        CheckConstraint("confirmed_by <> entered_by", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR rejected_at IS NULL", name="one_end"),
        Index(
            "uq_paper_entries_open",
            "motion_id",
            "voter_id",
            unique=True,
            sqlite_where=text("rejected_at IS NULL"),
            postgresql_where=text("rejected_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheets.id"), index=True)
    # Whoever of the owners signed it.
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    choice: Mapped[Word]
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[Moment]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]


class MotionCount(Base):
    """The count of a motion, recorded once after the close, as canonical JSON with its digest."""

    __tablename__ = "motion_counts"
    __table_args__ = (
        CheckConstraint("outcome IN ('adopted', 'rejected', 'not_quorate')", name="outcome"),
    )

    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), primary_key=True)
    counted_at: Mapped[Moment]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[Word]
    document: Mapped[Prose]
    digest: Mapped[str]

    motion: Mapped[Motion] = relationship(back_populates="counted")
