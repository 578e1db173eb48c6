"""Resolutions, which never change, and what was issued to contractors from them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from models.accounts import Company
from models.base import Base, Key, Line, Moment, Prose
from models.plans import Plan


class Resolution(Base):
    """决议: what a building decided, as canonical JSON, its SHA-256, and the PDF made from it once.

    ``in_force_at`` is the first instant after its notice period. A correction is a new resolution
    that names the digest of the one it corrects.
    """

    __tablename__ = "resolutions"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("digest"),
        UniqueConstraint("plan_id", "sequence"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    sequence: Mapped[int]
    number: Mapped[Line]
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    in_force_at: Mapped[Moment]
    document: Mapped[Prose]
    digest: Mapped[str]
    # Ed25519 over the document, in base64, and the key it was made with (PEM): docs/bundle.md.
    signature: Mapped[Prose]
    public_key: Mapped[Prose]
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    corrects_digest: Mapped[str | None]

    plan: Mapped[Plan] = relationship()
    motions: Mapped[list[ResolutionMotion]] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.plan.scope


class ResolutionMotion(Base):
    """A motion that a resolution takes up; each at most once."""

    __tablename__ = "resolution_motions"

    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolutions.id"), primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions.id"), primary_key=True, index=True)


class RequirementIssue(Base):
    """需求清单: that a resolution in force was issued to a contractor."""

    __tablename__ = "requirement_issues"
    __table_args__ = (UniqueConstraint("resolution_id", "company_id"),)

    id: Mapped[Key]
    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolutions.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    resolution: Mapped[Resolution] = relationship()
    company: Mapped[Company] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(company=self.company_id)
