"""What one member of the committee has prepared and another one releases (``domain/publications``).

That nobody releases what they prepared, and that one thing waits only once, is also said here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.publications import Kind, Outcome
from models.accounts import Account
from models.base import Base, Key, Line, Moment, Prose, Word, one_of
from models.plans import Plan
from models.votes import Motion

WAITING_PLAN = text("outcome IS NULL AND motion_id IS NULL")
WAITING_MOTION = text("outcome IS NULL AND motion_id IS NOT NULL")


class Publication(Base):
    """A menu, announcement, resolution or statement that waits for its second person, or had it."""

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint("(kind = 'vote') = (motion_id IS NOT NULL)", name="subject"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "outcome IS NULL OR outcome NOT IN ('released', 'sent_back') "
            "OR (ended_by IS NOT NULL AND ended_by <> prepared_by)",
            name="second_person",
        ),
        Index(
            "uq_publications_waiting_plan",
            "plan_id",
            "kind",
            unique=True,
            sqlite_where=WAITING_PLAN,
            postgresql_where=WAITING_PLAN,
        ),
        Index(
            "uq_publications_waiting_motion",
            "motion_id",
            unique=True,
            sqlite_where=WAITING_MOTION,
            postgresql_where=WAITING_MOTION,
        ),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("motions.id"))
    # What the act is called with: buildings and terms, dates and place, or words.
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    prepared_at: Mapped[Moment]
    prepared_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[Word | None]
    ended_at: Mapped[Moment | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[Prose] = mapped_column(default="")
    # Where it led: the plan whose page shows it, or the number of the resolution.
    result: Mapped[Line] = mapped_column(default="")

    plan: Mapped[Plan] = relationship()
    motion: Mapped[Motion | None] = relationship()
    preparer: Mapped[Account] = relationship(foreign_keys=[prepared_by])

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.plan.scope
