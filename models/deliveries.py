"""Tries to deliver a ballot at a voter's door. Rows are only ever added (triggers)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.deliveries import Delivery as Outcome
from models.base import Base, Key, Line, Moment, Word, one_of
from models.database import session


class Delivery(Base):
    """送达: what came of one try. ``place`` is where the notice to an absent voter was posted."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint("outcome <> 'undeliverable' OR place <> ''", name="posted"),
        UniqueConstraint("voter_id", "sequence"),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), index=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("roll_voters.id"))
    sequence: Mapped[int]
    outcome: Mapped[Word]
    place: Mapped[Line] = mapped_column(default="")
    with_whom: Mapped[Line] = mapped_column(default="")
    at: Mapped[Moment]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


def deliveries_of(motion_id: int) -> Sequence[Delivery]:
    """The tries on a motion, in order."""
    query = select(Delivery).where(Delivery.motion_id == motion_id).order_by(Delivery.id)
    return session().scalars(query).all()
