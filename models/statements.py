"""What was stated about a resolution after it was issued: documents that name its digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.statements import Act
from models.base import Base, Key, Line, Moment, Prose, Word, one_of
from models.database import session
from models.resolutions import Resolution, ResolutionMotion


class Statement(Base):
    """A suspension, its end, an annulment or a withdrawal, as signed canonical JSON; frozen.

    ``signature`` is Ed25519 over the document: docs/bundle.md, 12.
    """

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint(one_of("act", Act), name="act"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
        UniqueConstraint("resolution_id", "sequence"),
        UniqueConstraint("digest"),
    )

    id: Mapped[Key]
    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolutions.id"))
    sequence: Mapped[int]
    act: Mapped[Word]
    authority: Mapped[Line]
    document_number: Mapped[Line]
    document_date: Mapped[date] = mapped_column(Date)
    reason: Mapped[Prose]
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    document: Mapped[Prose]
    digest: Mapped[str]
    signature: Mapped[Prose]
    public_key: Mapped[Prose]

    resolution: Mapped[Resolution] = relationship()


def statements_of(resolution_ids: Iterable[int]) -> dict[int, list[Statement]]:
    """Resolution → its statements in order; one statement for however many resolutions."""
    listed = list(resolution_ids)
    found: dict[int, list[Statement]] = {one: [] for one in listed}
    query = (
        select(Statement)
        .where(Statement.resolution_id.in_(listed))
        .order_by(Statement.resolution_id, Statement.sequence)
    )
    for one in session().scalars(query):
        found[one.resolution_id].append(one)
    return found


def acts_of_motion(motion_id: int) -> Sequence[str]:
    """The acts stated about the resolution that took the motion up, in order."""
    return acts_of_motions([motion_id]).get(motion_id, [])


def acts_of_motions(motion_ids: Collection[int]) -> dict[int, list[str]]:
    """The same of several motions, of those about whose resolution anything was stated."""
    query = (
        select(ResolutionMotion.motion_id, Statement.act)
        .join(ResolutionMotion, ResolutionMotion.resolution_id == Statement.resolution_id)
        .where(ResolutionMotion.motion_id.in_(list(motion_ids)))
        .order_by(Statement.sequence)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for motion_id, act in session().execute(query):
        found[motion_id].append(act)
    return found
