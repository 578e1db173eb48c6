"""Failed motions that the committee has put away, and taken up again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.accounts import Account
from models.base import Base, Key, Moment
from models.database import session

OPEN = text("taken_up_at IS NULL")


class PutAway(Base):
    """One time that a motion was put away; it lies there until it is taken up again."""

    __tablename__ = "motions_put_away"
    __table_args__ = (
        CheckConstraint("(taken_up_at IS NULL) = (taken_up_by IS NULL)", name="taken_up"),
        Index(
            "uq_motions_put_away_open",
            "motion_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[Key]
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"))
    put_away_at: Mapped[Moment]
    put_away_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    taken_up_at: Mapped[Moment | None]
    taken_up_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    by: Mapped[Account] = relationship(foreign_keys=[put_away_by])


def lying(motion_id: int) -> PutAway | None:
    """How the motion lies put away now, with who did it; ``None`` if it does not."""
    query = (
        select(PutAway)
        .where(PutAway.motion_id == motion_id, PutAway.taken_up_at.is_(None))
        .options(joinedload(PutAway.by))
    )
    return session().scalar(query)


def lying_of(motion_ids: Collection[int]) -> set[int]:
    """Those of the motions that lie put away; one statement."""
    query = select(PutAway.motion_id).where(
        PutAway.motion_id.in_(list(motion_ids)), PutAway.taken_up_at.is_(None)
    )
    return set(session().scalars(query))
