"""The register: communities, buildings, entrances, dwellings, and who owns them.

A dwelling with history is never deleted, it is retired. Owners are identified inside a community by
name and distinguisher: two people of one name are told apart by the second.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Scope
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from models.base import Area, Base, Key, Line, Moment, Prose, Word, one_of


class Community(Base):
    """小区: a compound with one residents' committee."""

    __tablename__ = "communities"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[Line]
    city: Mapped[Word] = mapped_column(default="default")
    address: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[Moment]

    buildings: Mapped[list[Building]] = relationship(
        back_populates="community", order_by="Building.sort_key"
    )

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(community=self.id)


class Building(Base):
    """幢: one building. ``key`` is the normalised name (3幢, 3栋, 3号楼 and 3# are all ``3``)."""

    __tablename__ = "buildings"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[Line]
    key: Mapped[Word]
    sort_key: Mapped[Word]
    built_year: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community] = relationship(back_populates="buildings")
    entrances: Mapped[list[Entrance]] = relationship(
        back_populates="building", order_by="Entrance.sort_key"
    )

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(community=self.community_id, building=self.id)


class Entrance(Base):
    """单元: a stairwell, the usual electorate of an elevator decision."""

    __tablename__ = "entrances"
    __table_args__ = (UniqueConstraint("building_id", "key"),)

    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    name: Mapped[Line]
    key: Mapped[Word]
    sort_key: Mapped[Word]

    building: Mapped[Building] = relationship(back_populates="entrances")
    dwellings: Mapped[list[Dwelling]] = relationship(
        back_populates="entrance", order_by="Dwelling.floor, Dwelling.room"
    )

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return replace(self.building.scope, entrance=self.id)


class Dwelling(Base):
    """专有部分: an exclusive part. ``area`` is in hundredths of a square metre."""

    __tablename__ = "dwellings"
    __table_args__ = (
        UniqueConstraint("entrance_id", "room"),
        CheckConstraint("area > 0", name="area_positive"),
        CheckConstraint(one_of("area_source", AreaSource), name="area_source"),
        CheckConstraint(one_of("tenure", Tenure), name="tenure"),
        CheckConstraint(one_of("occupancy", Occupancy), name="occupancy"),
    )

    id: Mapped[Key]
    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"))
    room: Mapped[Word]
    floor: Mapped[int]
    area: Mapped[Area]
    area_source: Mapped[Word]
    tenure: Mapped[Word]
    occupancy: Mapped[Word]
    counts: Mapped[bool] = mapped_column(default=True)
    # Personal data: shown to the committee alone.
    phone: Mapped[Line] = mapped_column(default="")
    note: Mapped[Prose] = mapped_column(default="")
    retired_at: Mapped[Moment | None]
    revision: Mapped[int] = mapped_column(default=1)

    entrance: Mapped[Entrance] = relationship(back_populates="dwellings")
    ownerships: Mapped[list[Ownership]] = relationship(
        back_populates="dwelling", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return replace(self.entrance.scope, dwelling=self.id)


class Owner(Base):
    """业主: a person, a company, or the developer."""

    __tablename__ = "owners"
    __table_args__ = (
        UniqueConstraint("community_id", "name", "distinguisher"),
        CheckConstraint(one_of("kind", OwnerKind), name="kind"),
    )

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[Line]
    distinguisher: Mapped[Line] = mapped_column(default="")
    kind: Mapped[Word]

    community: Mapped[Community] = relationship()
    ownerships: Mapped[list[Ownership]] = relationship(back_populates="owner")

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(community=self.community_id)


class Ownership(Base):
    """That an owner owns (a share of) a dwelling."""

    __tablename__ = "ownerships"

    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwellings.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"), primary_key=True)

    dwelling: Mapped[Dwelling] = relationship(back_populates="ownerships")
    owner: Mapped[Owner] = relationship(back_populates="ownerships")


class HeaderMapping(Base):
    """A roster header that the committee once mapped by hand, remembered for its community."""

    __tablename__ = "header_mappings"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    header: Mapped[Line] = mapped_column(primary_key=True)
    field: Mapped[Word]


class RosterImport(Base):
    """An uploaded roster between preview and confirmation: what was read, before it is applied.

    Once it is applied the cells are dropped: names and telephones stand in the register only.
    """

    __tablename__ = "roster_imports"

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    file_name: Mapped[Line]
    sha256: Mapped[str]
    # Nobody, when it came from the command line.
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[Moment]
    applied_at: Mapped[Moment | None]
    # The cells as read, so that a header mapped by hand can be applied without a second upload.
    tables: Mapped[list[Any]] = mapped_column(JSON)
    # How the file is to be read: {"mapping": {header: field}, "sheet": name, "building": name}.
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)

    community: Mapped[Community] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return Scope(community=self.community_id)
