"""Objections: reasoned, linked to an item, an option or a motion, and to be answered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.objections import Ground, ObjectionOutcome, ObjectionState, state
from models.accounts import Account
from models.base import Base, Key, Moment, Prose, Word, one_of
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.register import Dwelling


class Objection(Base):
    """异议. Who objected is personal data; a resolution lists ground and outcome only."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(one_of("ground", Ground), name="ground"),
        CheckConstraint(one_of("outcome", ObjectionOutcome), name="outcome"),
        CheckConstraint("length(body) > 0", name="body"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'withdrawn' OR answered_at IS NOT NULL",
            name="answered_before_closed",
        ),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("menu_items.id"))
    option_id: Mapped[int | None] = mapped_column(ForeignKey("options.id"))
    dwelling_id: Mapped[int | None] = mapped_column(ForeignKey("dwellings.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    capacity: Mapped[Word]
    ground: Mapped[Word]
    body: Mapped[Prose]
    submitted_at: Mapped[Moment]
    form_key: Mapped[str] = mapped_column(unique=True)
    answer: Mapped[str | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str | None]
    outcome_note: Mapped[Prose] = mapped_column(default="")
    closed_at: Mapped[Moment | None]
    # The version that took the objection up.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("option_versions.id"))
    # The objector owns the dwelling no more: it stays open and is answered, as the former owner's.
    former_since: Mapped[Moment | None]
    # The objector has read the answer: until then their page leads with it.
    seen_at: Mapped[Moment | None]
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship()
    item: Mapped[MenuItem] = relationship()
    option: Mapped[Option | None] = relationship()
    version: Mapped[OptionVersion | None] = relationship()
    dwelling: Mapped[Dwelling | None] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def state(self) -> ObjectionState:
        """Where it stands."""
        outcome = ObjectionOutcome(self.outcome) if self.outcome else None
        return state(answered=self.answered_at is not None, outcome=outcome)

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.plan.scope
