"""Named questions to the register; each look-up already contains the actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from domain.accounts import Actor
from models.base import Base
from models.database import session
from models.register import (
    Building,
    Community,
    Dwelling,
    Entrance,
    HeaderMapping,
    Owner,
    Ownership,
    RosterImport,
)
from models.visibility import buildings_visible_to, communities_visible_to

OWNERS_PER_PAGE = 50


@dataclass(frozen=True)
class Figures:
    """Dwellings that are not retired: how many, how many count, their areas in 0.01 m²."""

    dwellings: int = 0
    counted: int = 0
    area: int = 0
    counted_area: int = 0


@dataclass(frozen=True)
class CommunityFigures:
    community: Community
    buildings: int
    figures: Figures


@dataclass(frozen=True)
class BuildingFigures:
    building: Building
    entrances: int
    floors: int
    figures: Figures


@dataclass(frozen=True)
class OwnerPage:
    """One page of a community's owners, each with the dwellings it owns."""

    owners: list[Owner]
    total: int
    page: int
    pages: int


def _living() -> ColumnElement[bool]:
    # An outer join gives a building without dwellings one row of nothing, not retired either.
    return and_(Dwelling.id.is_not(None), Dwelling.retired_at.is_(None))


def _figures() -> tuple[ColumnElement[int], ...]:
    living = case((_living(), 1), else_=0)
    counted = case((and_(_living(), Dwelling.counts), 1), else_=0)
    return (
        func.coalesce(func.sum(living), 0),
        func.coalesce(func.sum(counted), 0),
        func.coalesce(func.sum(living * Dwelling.area), 0),
        func.coalesce(func.sum(counted * Dwelling.area), 0),
    )


# Communities


def communities_for(actor: Actor) -> list[CommunityFigures]:
    """Every community that the actor has a role in, with its figures, by name."""
    rows = session().execute(
        select(Community, func.count(func.distinct(Building.id)), *_figures())
        .outerjoin(Building, Building.community_id == Community.id)
        .outerjoin(Entrance, Entrance.building_id == Building.id)
        .outerjoin(Dwelling, Dwelling.entrance_id == Entrance.id)
        .where(communities_visible_to(actor))
        .group_by(Community.id)
        .order_by(Community.name)
    )
    return [CommunityFigures(row[0], row[1], Figures(*map(int, row[2:]))) for row in rows]


def community_visible_to(actor: Actor, community_id: int) -> Community | None:
    """The community, if the actor has a role somewhere in it."""
    return session().scalar(
        select(Community).where(Community.id == community_id, communities_visible_to(actor))
    )


def community_named(name: str) -> Community | None:
    """The community of this name."""
    return session().scalar(select(Community).where(Community.name == name))


def buildings_of(community: Community) -> list[BuildingFigures]:
    """The community's buildings with their figures, in the order of their numbers."""
    floors = func.coalesce(func.max(case((_living(), Dwelling.floor))), 0)
    rows = session().execute(
        select(Building, func.count(func.distinct(Entrance.id)), floors, *_figures())
        .outerjoin(Entrance, Entrance.building_id == Building.id)
        .outerjoin(Dwelling, Dwelling.entrance_id == Entrance.id)
        .where(Building.community_id == community.id)
        .group_by(Building.id)
        .order_by(Building.sort_key, Building.id)
    )
    return [
        BuildingFigures(row[0], row[1], int(row[2]), Figures(*map(int, row[3:]))) for row in rows
    ]


# Buildings, entrances, dwellings


def _whole(query: Select[Building]) -> Select[Building]:
    return query.options(
        joinedload(Building.community),
        selectinload(Building.entrances)
        .selectinload(Entrance.dwellings)
        .selectinload(Dwelling.ownerships)
        .joinedload(Ownership.owner),
    )


def building_visible_to(actor: Actor, building_id: int) -> Building | None:
    """The building with community, entrances, dwellings and their owners, in four statements."""
    query = _whole(select(Building))
    return session().scalar(query.where(Building.id == building_id, buildings_visible_to(actor)))


def building_as_it_is(building_id: int) -> Building:
    """The building with all in it, as it stands now; for a use case inside its transaction."""
    return (
        session()
        .scalars(
            _whole(select(Building))
            .where(Building.id == building_id)
            .execution_options(populate_existing=True)
        )
        .one()
    )


def entrance_visible_to(actor: Actor, entrance_id: int) -> Entrance | None:
    """The entrance, if the actor sees its building."""
    return session().scalar(
        select(Entrance)
        .join(Entrance.building)
        .where(Entrance.id == entrance_id, buildings_visible_to(actor))
        .options(contains_eager(Entrance.building).joinedload(Building.community))
    )


def dwelling_visible_to(actor: Actor, dwelling_id: int) -> Dwelling | None:
    """The dwelling with its place and owners, if the actor sees its building."""
    return session().scalar(
        _with_place(select(Dwelling))
        .where(Dwelling.id == dwelling_id, buildings_visible_to(actor))
        .options(selectinload(Dwelling.ownerships).joinedload(Ownership.owner))
    )


def _with_place(query: Select[Dwelling]) -> Select[Dwelling]:
    place = contains_eager(Dwelling.entrance).contains_eager(Entrance.building)
    return (
        query.join(Dwelling.entrance)
        .join(Entrance.building)
        .options(place.joinedload(Building.community))
    )


def dwellings_of(community_id: int) -> list[Dwelling]:
    """All dwellings of a community, retired ones too, with place and owners; three statements.

    They are as they stand now, also those that the session has met before.
    """
    return list(
        session()
        .scalars(
            _with_place(select(Dwelling))
            .where(Building.community_id == community_id)
            .options(selectinload(Dwelling.ownerships).joinedload(Ownership.owner))
            .order_by(Building.sort_key, Entrance.sort_key, Dwelling.floor, Dwelling.room)
            .execution_options(populate_existing=True)
        )
        .unique()
    )


# Owners


def owner_visible_to(actor: Actor, owner_id: int) -> Owner | None:
    """The owner with the dwellings owned, if the actor has a role in the community."""
    return session().scalar(
        select(Owner)
        .join(Owner.community)
        .where(Owner.id == owner_id, communities_visible_to(actor))
        .options(contains_eager(Owner.community), _owned())
    )


def _owned() -> ORMOption:
    return (
        selectinload(Owner.ownerships)
        .joinedload(Ownership.dwelling)
        .joinedload(Dwelling.entrance)
        .joinedload(Entrance.building)
    )


def namesakes_of(owner: Owner) -> list[Owner]:
    """The other owners of that name in the community."""
    return list(
        session().scalars(
            select(Owner)
            .where(
                Owner.community_id == owner.community_id,
                Owner.name == owner.name,
                Owner.id != owner.id,
            )
            .order_by(Owner.distinguisher)
        )
    )


def owners_of(
    community: Community, *, search: str = "", several: bool = False, page: int = 1
) -> OwnerPage:
    """A page of the community's owners by name; ``several``: only those of several dwellings."""
    query = select(Owner).where(Owner.community_id == community.id)
    if search:
        escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(
            or_(
                Owner.name.ilike(f"%{escaped}%", escape="\\"),
                Owner.distinguisher.ilike(f"%{escaped}%", escape="\\"),
            )
        )
    if several:
        owned = (
            select(func.count())
            .select_from(Ownership)
            .join(Ownership.dwelling)
            .where(Ownership.owner_id == Owner.id, _living())
            .scalar_subquery()
        )
        query = query.where(owned > 1)
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // OWNERS_PER_PAGE))
    page = min(max(page, 1), pages)
    found = session().scalars(
        query.options(_owned())
        .order_by(Owner.name, Owner.distinguisher)
        .limit(OWNERS_PER_PAGE)
        .offset((page - 1) * OWNERS_PER_PAGE)
    )
    return OwnerPage(list(found), total, page, pages)


def owners_named(community_id: int, names: Iterable[str]) -> dict[str, list[Owner]]:
    """The owners of these names in the community; of namesakes the undistinguished one first."""
    found: dict[str, list[Owner]] = {}
    wanted = list(dict.fromkeys(names))
    for start in range(0, len(wanted), 500):
        for owner in session().scalars(
            select(Owner)
            .where(Owner.community_id == community_id, Owner.name.in_(wanted[start : start + 500]))
            .order_by(Owner.distinguisher, Owner.id)
            .execution_options(populate_existing=True)
        ):
            found.setdefault(owner.name, []).append(owner)
    return found


# Imports


def import_visible_to(actor: Actor, import_id: int) -> RosterImport | None:
    """The uploaded roster, if the actor has a role in its community."""
    return session().scalar(
        select(RosterImport)
        .join(RosterImport.community)
        .where(RosterImport.id == import_id, communities_visible_to(actor))
        .options(contains_eager(RosterImport.community))
    )


def mappings_of(community_id: int) -> dict[str, str]:
    """The headers that the committee once mapped by hand."""
    rows = session().execute(
        select(HeaderMapping.header, HeaderMapping.field).where(
            HeaderMapping.community_id == community_id
        )
    )
    return {row.header: row.field for row in rows}


# History


def with_history(
    session: Session, table: FromClause, ids: Iterable[int], *, but: Iterable[FromClause] = ()
) -> set[int]:
    """Those rows of ``table`` that anything else than ownership names (and the tables ``but``).

    Found through the schema, so that a table added later counts by itself.
    """
    wanted = list(ids)
    if not wanted:
        return set()
    left_out = [Base.metadata.tables[Ownership.__tablename__], *but]
    named: set[int] = set()
    for other in Base.metadata.tables.values():
        if other in left_out:
            continue
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                named.update(session.scalars(select(column).where(column.in_(wanted)).distinct()))
    return named
