"""The second factor of an account: its secret, encrypted, and the recovery codes, hashed.

The key that opens the secret is derived from the program's own (``services/second_factor.py``), so
that a stolen database opens nothing.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, Prose


class SecondFactor(Base):
    """The secret of a phone's codes; ``pending`` is one that was shown and not confirmed yet."""

    __tablename__ = "second_factors"
    __table_args__ = (
        UniqueConstraint("account_id"),
        CheckConstraint("(secret IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("(pending IS NULL) = (pending_at IS NULL)", name="pending"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    secret: Mapped[Prose | None]
    confirmed_at: Mapped[Moment | None]
    # The last 30 seconds whose code was used: a code works once.
    last_step: Mapped[int | None]
    pending: Mapped[Prose | None]
    pending_at: Mapped[Moment | None]


class RecoveryCode(Base):
    """A code on paper for a lost phone, kept only as a keyed hash; it works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("code_hash"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str]
    created_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
