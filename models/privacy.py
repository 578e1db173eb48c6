"""What people ask about their data, and which plans' personal data has been erased."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.privacy import RequestKind
from models.accounts import Account
from models.base import Base, Key, Moment, Prose, Word, one_of
from models.register import Community


class PrivacyRequest(Base):
    """That somebody asks for a correction of their data, or has had it erased."""

    __tablename__ = "privacy_requests"
    __table_args__ = (
        UniqueConstraint("account_id", "form_key"),
        CheckConstraint(one_of("kind", RequestKind), name="kind"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered"),
    )

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[Word]
    text: Mapped[Prose]
    form_key: Mapped[str]
    submitted_at: Mapped[Moment]
    answer: Mapped[str | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    community: Mapped[Community] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(community=self.community_id)


class Erasure(Base):
    """That the personal data of a plan was erased, and when the year to challenge it had ended.

    The row is what lets names be taken from rolls posted before ``until`` (``models/frozen.py``);
    it is never changed.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        UniqueConstraint("plan_id", "until"),
        CheckConstraint("erased_at >= until", name="after_the_year"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    until: Mapped[Moment]
    erased_at: Mapped[Moment]
