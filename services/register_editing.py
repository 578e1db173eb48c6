"""Editing the register by hand: communities, buildings, entrances, dwellings.

A dwelling that anything else in the program speaks of is never deleted, it is retired: it leaves
every new roll and every page but its own, and may come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused, Stale
from domain.register_drafts import (
    BuildingDraft,
    CommunityDraft,
    DwellingDraft,
    checked_building,
    checked_community,
    checked_dwelling,
    checked_place,
)
from domain.register_settling import building_name, entrance_name, sort_key
from domain.register_words import building_key, entrance_key
from models import locking
from models.base import Base
from models.register import Building, Community, Dwelling, Entrance
from models.register_queries import building_as_it_is, community_named, with_history
from services.accounts_codes import end_residence
from services.audit import SYSTEM_CHAIN, community_chain, lock, record
from services.reference import reference
from services.register_lock import register_transaction
from services.register_owners import OwnerBook, drop_without_property, set_owners
from services.transaction import transaction

DWELLINGS = Base.metadata.tables[Dwelling.__tablename__]
BUILDINGS = Base.metadata.tables[Building.__tablename__]
ENTRANCES = Base.metadata.tables[Entrance.__tablename__]


def _record(
    session: Session, community_id: int, action: str, actor: Actor, now: datetime, **details: object
) -> None:
    record(session, community_chain(community_id), action, actor=actor, now=now, details=details)


# Communities


def add_community(actor: Actor, draft: CommunityDraft, *, now: datetime) -> Community:
    """There is a community of this name; refuses ``community_exists`` (name), ``city_unknown``."""
    draft = _checked(draft)
    with transaction() as session:
        lock(session, SYSTEM_CHAIN)
        if community_named(draft.name):
            raise Refused("community_exists", field="name", name=draft.name)
        community = Community(
            name=draft.name, city=draft.city, address=draft.address, created_at=now
        )
        session.add(community)
        session.flush()
        details = {"community": community.id}
        record(session, SYSTEM_CHAIN, "community_added", actor=actor, now=now, details=details)
        return community


def edit_community(
    actor: Actor, community: Community, draft: CommunityDraft, *, now: datetime
) -> Community:
    """The community is as in the draft; refuses ``community_exists``, ``city_unknown``."""
    draft = _checked(draft)
    with register_transaction(community.id) as session:
        lock(session, SYSTEM_CHAIN)
        community = session.get_one(Community, community.id)
        namesake = community_named(draft.name)
        if namesake is not None and namesake is not community:
            raise Refused("community_exists", field="name", name=draft.name)
        community.name, community.city, community.address = draft.name, draft.city, draft.address
        _record(session, community.id, "community_edited", actor, now)
        return community


def _checked(draft: CommunityDraft) -> CommunityDraft:
    if draft.city not in reference().cities:
        raise Refused("city_unknown", field="city", value=draft.city)
    return checked_community(draft)


# Buildings and entrances


def add_building(
    actor: Actor, community: Community, draft: BuildingDraft, *, now: datetime
) -> Building:
    """The community has this building; refuses ``building_exists`` (name)."""
    draft = checked_building(draft)
    with register_transaction(community.id) as session:
        building = make_building(session, community.id, draft.name, draft.built_year)
        _record(session, community.id, "building_added", actor, now, building=building.id)
        return building


def make_building(
    session: Session, community_id: int, name: str, built_year: int | None = None
) -> Building:
    """A new building inside the caller's transaction; refuses ``building_exists`` (name)."""
    key = _free_building_key(session, community_id, name)
    building = Building(
        community_id=community_id,
        name=building_name(name),
        key=key,
        sort_key=sort_key(key),
        built_year=built_year,
    )
    session.add(building)
    session.flush()
    return building


def _free_building_key(
    session: Session, community_id: int, name: str, *, but: int | None = None
) -> str:
    key = building_key(name)
    other = session.scalar(
        select(Building).where(Building.community_id == community_id, Building.key == key)
    )
    if other is not None and other.id != but:
        raise Refused("building_exists", field="name", name=other.name)
    return key


def edit_building(
    actor: Actor, building: Building, draft: BuildingDraft, *, revision: int, now: datetime
) -> Building:
    """The building is as in the draft; refuses ``building_exists``, ``changed_meanwhile``."""
    draft = checked_building(draft)
    with register_transaction(building.community_id) as session:
        building = locking.locked(session, Building, building.id)
        if building.revision != revision:
            raise Stale("changed_meanwhile")
        key = _free_building_key(session, building.community_id, draft.name, but=building.id)
        building.name, building.built_year = building_name(draft.name), draft.built_year
        building.key, building.sort_key = key, sort_key(key)
        building.revision += 1
        _record(session, building.community_id, "building_edited", actor, now, building=building.id)
        return building


def add_entrance(actor: Actor, building: Building, name: str, *, now: datetime) -> Entrance:
    """The building has this entrance; refuses ``entrance_exists`` (name)."""
    name = checked_place(name)
    with register_transaction(building.community_id) as session:
        entrance = make_entrance(session, building.id, name)
        _record(session, building.community_id, "entrance_added", actor, now, entrance=entrance.id)
        return entrance


def make_entrance(session: Session, building_id: int, name: str) -> Entrance:
    """A new entrance inside the caller's transaction; refuses ``entrance_exists`` (name)."""
    key = _free_entrance_key(session, building_id, name)
    entrance = Entrance(
        building_id=building_id, name=entrance_name(name), key=key, sort_key=sort_key(key)
    )
    session.add(entrance)
    session.flush()
    return entrance


def _free_entrance_key(
    session: Session, building_id: int, name: str, *, but: int | None = None
) -> str:
    key = entrance_key(name)
    other = session.scalar(
        select(Entrance).where(Entrance.building_id == building_id, Entrance.key == key)
    )
    if other is not None and other.id != but:
        raise Refused("entrance_exists", field="name", name=other.name)
    return key


def edit_entrance(actor: Actor, entrance: Entrance, name: str, *, now: datetime) -> Entrance:
    """The entrance has this name; refuses ``entrance_exists`` (name)."""
    name = checked_place(name)
    community_id = entrance.building.community_id
    with register_transaction(community_id) as session:
        entrance = session.get_one(Entrance, entrance.id, populate_existing=True)
        key = _free_entrance_key(session, entrance.building_id, name, but=entrance.id)
        entrance.name, entrance.key = entrance_name(name), key
        entrance.sort_key = sort_key(key)
        _record(session, community_id, "entrance_edited", actor, now, entrance=entrance.id)
        return entrance


def remove_building(actor: Actor, building: Building, *, now: datetime) -> None:
    """The building, entered by mistake, is gone with all in it; refuses ``has_history``."""
    with register_transaction(building.community_id) as session:
        building = building_as_it_is(building.id)
        entrances = list(building.entrances)
        dwellings = [dwelling for entrance in entrances for dwelling in entrance.dwellings]
        # Its entrances name the building; they go with it and are no history.
        others = with_history(session, BUILDINGS, [building.id], but=(ENTRANCES,))
        if others or with_history(session, ENTRANCES, [e.id for e in entrances], but=(DWELLINGS,)):
            raise NotNow("has_history")
        if with_history(session, DWELLINGS, [dwelling.id for dwelling in dwellings]):
            raise NotNow("has_history")
        remove_dwellings(session, dwellings)
        for entrance in entrances:
            session.delete(entrance)
        session.flush()
        session.delete(building)
        _record(
            session, building.community_id, "building_removed", actor, now, building=building.id
        )


# Dwellings


def add_dwelling(
    actor: Actor, entrance: Entrance, draft: DwellingDraft, *, now: datetime
) -> Dwelling:
    """The entrance has this dwelling; refuses ``room_exists`` (room) and what is unfit."""
    draft, names = checked_dwelling(draft)
    community_id = entrance.building.community_id
    with register_transaction(community_id) as session:
        _refuse_room_taken(session, entrance.id, draft.room)
        dwelling = Dwelling(entrance_id=entrance.id)
        _write(dwelling, draft)
        session.add(dwelling)
        session.flush()
        book = OwnerBook(session, community_id, names)
        set_owners(session, dwelling, names, book, now=now)
        _record(session, community_id, "dwelling_added", actor, now, dwelling=dwelling.id)
        return dwelling


def edit_dwelling(
    actor: Actor, dwelling: Dwelling, draft: DwellingDraft, *, revision: int, now: datetime
) -> Dwelling:
    """The dwelling is as in the draft; refuses ``room_exists``, ``changed_meanwhile``."""
    draft, names = checked_dwelling(draft)
    community_id = dwelling.entrance.building.community_id
    with register_transaction(community_id) as session:
        dwelling = locking.locked(session, Dwelling, dwelling.id)
        if dwelling.revision != revision:
            raise Stale("changed_meanwhile")
        _refuse_room_taken(session, dwelling.entrance_id, draft.room, but=dwelling.id)
        changed = _write(dwelling, draft)
        book = OwnerBook(session, community_id, names)
        if set_owners(session, dwelling, names, book, now=now):
            changed.append("owners")
            # Whoever edits the owners next must have seen these.
            dwelling.revision = revision + 1
        details = {"dwelling": dwelling.id, "fields": changed}
        _record(session, community_id, "dwelling_edited", actor, now, **details)
        return dwelling


def _write(dwelling: Dwelling, draft: DwellingDraft) -> list[str]:
    """Store the draft and name the fields that it changed."""
    changed = []
    for name in (
        "room",
        "floor",
        "area",
        "area_source",
        "tenure",
        "occupancy",
        "counts",
        "phone",
        "note",
    ):
        value = getattr(draft, name)
        if getattr(dwelling, name) != value:
            setattr(dwelling, name, value)
            changed.append(name)
    return changed


def _refuse_room_taken(
    session: Session, entrance_id: int, room: str, *, but: int | None = None
) -> None:
    rooms = session.execute(
        select(Dwelling.id, Dwelling.room).where(Dwelling.entrance_id == entrance_id)
    )
    for row in rooms:
        if row.id != but and row.room.casefold() == room.casefold():
            raise Refused("room_exists", field="room", room=row.room)


def retire_dwelling(actor: Actor, dwelling: Dwelling, *, now: datetime) -> None:
    """The dwelling is no longer part of the building; the ways in to it end."""
    community_id = dwelling.entrance.building.community_id
    with register_transaction(community_id) as session:
        dwelling = locking.locked(session, Dwelling, dwelling.id)
        if dwelling.retired_at is not None:
            return
        retire(session, dwelling, now=now)
        _record(session, community_id, "dwelling_retired", actor, now, dwelling=dwelling.id)


def restore_dwelling(actor: Actor, dwelling: Dwelling, *, now: datetime) -> None:
    """The dwelling is part of the building again; ways in need a new letter."""
    community_id = dwelling.entrance.building.community_id
    with register_transaction(community_id) as session:
        dwelling = locking.locked(session, Dwelling, dwelling.id)
        if dwelling.retired_at is None:
            return
        dwelling.retired_at = None
        _record(session, community_id, "dwelling_restored", actor, now, dwelling=dwelling.id)


def retire(session: Session, dwelling: Dwelling, *, now: datetime) -> None:
    """Retire inside the caller's transaction."""
    dwelling.retired_at = now
    end_residence(session, dwelling.id, None, now=now)


def remove_dwellings(session: Session, dwellings: Sequence[Dwelling]) -> None:
    """Delete dwellings without history, and owners who then own nothing, inside a transaction."""
    owner_ids = {held.owner_id for dwelling in dwellings for held in dwelling.ownerships}
    for dwelling in dwellings:
        session.delete(dwelling)
    session.flush()
    drop_without_property(session, owner_ids)
