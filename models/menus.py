"""The menu of a plan: items, options, and the versions of an option.

A published version is never changed (a trigger sees to it); a change is a new version with a note.
Quantities are in hundredths of the item's unit, money in fen.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.menus import DecidedBy, ItemClass, Payer
from models.base import Base, Key, Line, Moment, Money, Prose, Word, one_of
from models.plans import Plan


class MenuItem(Base):
    """What a building may choose from; ``matter`` is the number in art. 278 that decides it."""

    __tablename__ = "menu_items"
    __table_args__ = (
        CheckConstraint(one_of("item_class", ItemClass), name="item_class"),
        CheckConstraint(one_of("decided_by", DecidedBy), name="decided_by"),
        CheckConstraint("matter BETWEEN 1 AND 9", name="matter"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int]
    catalogue_key: Mapped[str | None]
    item_class: Mapped[Word]
    matter: Mapped[int]
    title: Mapped[Line]
    description: Mapped[Prose] = mapped_column(default="")
    unit: Mapped[Word]
    decided_by: Mapped[Word]
    # Funded by the state alone: households are consulted, nothing is voted.
    consult_only: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship()
    options: Mapped[list[Option]] = relationship(
        back_populates="item", order_by="Option.position, Option.id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.plan.scope


class Option(Base):
    """One way to do an item. What it says is in its versions; the newest published one holds."""

    __tablename__ = "options"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("menu_items.id"), index=True)
    position: Mapped[int]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_reason: Mapped[Prose] = mapped_column(default="")

    item: Mapped[MenuItem] = relationship(back_populates="options")
    versions: Mapped[list[OptionVersion]] = relationship(
        back_populates="option", order_by="OptionVersion.number"
    )

    @property
    def published(self) -> OptionVersion | None:
        """The newest published version."""
        return next((v for v in reversed(self.versions) if v.published_at), None)

    @property
    def draft(self) -> OptionVersion | None:
        """The version being written, if there is one."""
        return next((v for v in self.versions if v.published_at is None), None)

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.item.scope


class OptionVersion(Base):
    """What an option says, in one version. The price is for one deciding unit."""

    __tablename__ = "option_versions"
    __table_args__ = (
        UniqueConstraint("option_id", "number"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint(one_of("payer", Payer), name="payer"),
    )

    id: Mapped[Key]
    option_id: Mapped[int] = mapped_column(ForeignKey("options.id"))
    number: Mapped[int]
    title: Mapped[Line]
    specification: Mapped[Prose] = mapped_column(default="")
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price: Mapped[Money]
    payer: Mapped[Word]
    # Plain forms of domain.costs.Subsidy and domain.costs.Scheme.
    subsidy: Mapped[dict[str, Any]] = mapped_column(JSON)
    scheme: Mapped[dict[str, Any]] = mapped_column(JSON)
    location: Mapped[Line] = mapped_column(default="")
    excludes: Mapped[Prose] = mapped_column(default="")
    requires: Mapped[Prose] = mapped_column(default="")
    # What an accepted objection obliges the contractor to (quiet hours, distances, widths).
    constraints: Mapped[Prose] = mapped_column(default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    change_note: Mapped[Prose] = mapped_column(default="")
    created_at: Mapped[Moment]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[Moment | None]
    revision: Mapped[int] = mapped_column(default=1)

    option: Mapped[Option] = relationship(back_populates="versions")
    picture: Mapped[Picture | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return self.option.scope


class Picture(Base):
    """A picture of an option, known by its digest."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[Key]
    sha256: Mapped[str]
    media_type: Mapped[Word]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[Moment]
