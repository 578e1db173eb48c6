"""The result of an authority's own voting platform, entered by one person, confirmed by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from models.base import Base, Key, Line, Moment, Word
from models.database import session
from models.votes import Motion


class PlatformResult(Base):
    """A platform's document as typed in: totals, or the vote of each voter by number on the roll.

    ``totals``: choice → [persons, area in 0.01 m²]; ``votes``: list of [voter number, vote]. Once
    confirmed or rejected it never changes (triggers).
    """

    __tablename__ = "platform_results"
    __table_args__ = (
        CheckConstraint("form IN ('totals', 'ballots')", name="form"),
        CheckConstraint("papers IN ('included', 'apart')", name="papers"),
        CheckConstraint("confirmed_by <> entered_by", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR rejected_at IS NULL", name="one_end"),
        Index(
            "uq_platform_results_open",
            "motion_id",
            unique=True,
            sqlite_where=text("rejected_at IS NULL"),
            postgresql_where=text("rejected_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    authority: Mapped[Line]
    document_number: Mapped[Line]
    document_date: Mapped[date] = mapped_column(Date)
    form: Mapped[Word]
    papers: Mapped[Word]
    totals: Mapped[dict[str, Any]] = mapped_column(JSON)
    votes: Mapped[list[Any]] = mapped_column(JSON)
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[Moment]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]

    motion: Mapped[Motion] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.motion.scope


def standing_result(motion_id: int) -> PlatformResult | None:
    """The motion's result that was not rejected: confirmed, or waiting for the second person."""
    query = (
        select(PlatformResult)
        .where(PlatformResult.motion_id == motion_id, PlatformResult.rejected_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one_or_none()
