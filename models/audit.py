"""The audit log: append-only chains of what was done, one chain for each plan and community.

Each entry's hash covers its number, the hash before it and the canonical event, so that an entry
cannot be changed or dropped without every later hash changing. Update and delete are refused by
database triggers (migrations/), since bulk statements pass an ORM listener by.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Line, Moment, Prose, Word


class AuditEntry(Base):
    """One event. ``event`` is canonical JSON without names, phones, codes or choices."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        CheckConstraint("seq > 0", name="seq_positive"),
    )

    id: Mapped[Key]
    chain: Mapped[Line]
    seq: Mapped[int]
    at: Mapped[Moment]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    action: Mapped[Word]
    event: Mapped[Prose]
    previous: Mapped[Prose]
    digest: Mapped[Prose]
