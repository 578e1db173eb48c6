"""The plan of one building (一栋一策), its public notices, and the figures it has released.

A plan stores facts and instants; its stage is computed from them (``domain/plans.py``).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.disclosure import Policy
from models.base import Base, Key, Line, Moment, Prose, Word, one_of
from models.register import Building


class Plan(Base):
    """一栋一策: menu, preferences, objections, motions, resolution of one building."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint(one_of("policy", Policy), name="policy"),
        CheckConstraint("threshold >= 5", name="threshold"),
        CheckConstraint(
            "consultation_closes_at IS NULL OR consultation_closes_at > menu_published_at",
            name="consultation_period",
        ),
    )

    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"), index=True)
    title: Mapped[Line]
    created_at: Mapped[Moment]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # The disclosure policy is named on the notice before anyone answers and never widened.
    policy: Mapped[Word] = mapped_column(default="banded")
    threshold: Mapped[int] = mapped_column(default=10)
    # Which recorded decision allows a threshold below ten.
    threshold_decision: Mapped[Line] = mapped_column(default="")
    # Fixed when the menu is published: a list of [lowest floor, highest floor].
    bands: Mapped[list[Any] | None] = mapped_column(JSON)
    menu_published_at: Mapped[Moment | None]
    consultation_closes_at: Mapped[Moment | None]
    works_started_at: Mapped[Moment | None]
    accepted_at: Mapped[Moment | None]
    evaluated_at: Mapped[Moment | None]
    maintained_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]
    suspended_at: Mapped[Moment | None]
    annulled_at: Mapped[Moment | None]
    revision: Mapped[int] = mapped_column(default=1)

    building: Mapped[Building] = relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.building.scope


class Notice(Base):
    """公示: a public posting with its period; ``ends_at`` is the first instant after it."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("kind IN ('menu', 'roll', 'vote', 'result', 'resolution')", name="kind"),
        CheckConstraint("ends_at > posted_at", name="period"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("motions.id"), index=True)
    kind: Mapped[Word]
    posted_at: Mapped[Moment]
    days: Mapped[int]
    ends_at: Mapped[Moment]
    place: Mapped[Line] = mapped_column(default="")
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # The number and digest of the plan's audit chain when the notice was posted (its anchor).
    audit_seq: Mapped[int]
    audit_digest: Mapped[Prose]


class DemandRelease(Base):
    """A batch of demand figures as published; what residents and the public see is only this."""

    __tablename__ = "demand_releases"
    __table_args__ = (UniqueConstraint("plan_id", "seq"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    seq: Mapped[int]
    released_at: Mapped[Moment]
    answers: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
