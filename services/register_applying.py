"""Applying what a roster changes, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.register_difference import Change, Difference
from domain.register_rows import Address, DwellingRow
from models.register import Building, Dwelling, Entrance
from models.register_queries import dwellings_of, with_history
from services.register_editing import (
    DWELLINGS,
    make_building,
    make_entrance,
    remove_dwellings,
    retire,
)
from services.register_owners import OwnerBook, set_owners

# The fields of a row that are columns of a dwelling.
STORED = ("floor", "area", "area_source", "tenure", "occupancy", "counts", "phone", "note")


@dataclass(frozen=True)
class Applied:
    """How many dwellings an import added (or brought back), changed, retired, deleted."""

    added: int = 0
    restored: int = 0
    changed: int = 0
    retired: int = 0
    deleted: int = 0


def apply_difference(
    session: Session, community_id: int, told: Difference, *, retire_gone: bool, now: datetime
) -> Applied:
    """The community's dwellings are as the difference says.

    A dwelling of the file that was retired comes back. What is gone is retired when it has
    history, else deleted; without ``retire_gone`` it stays.
    """
    return _Applier(session, community_id, told, now).run(retire_gone=retire_gone)


class _Applier:
    def __init__(
        self, session: Session, community_id: int, told: Difference, now: datetime
    ) -> None:
        self._session = session
        self._community_id = community_id
        self._told = told
        self._now = now
        self._dwellings = {_key(dwelling): dwelling for dwelling in dwellings_of(community_id)}
        rows = (*told.added, *(change.new for change in told.changed))
        self._book = OwnerBook(session, community_id, (n for row in rows for n in row.owners))
        self._buildings = {
            building.key: building
            for building in session.scalars(
                select(Building)
                .where(Building.community_id == community_id)
                .options(selectinload(Building.entrances))
            )
        }
        self._entrances = {
            (building.id, entrance.key): entrance
            for building in self._buildings.values()
            for entrance in building.entrances
        }

    def run(self, *, retire_gone: bool) -> Applied:
        restored = 0
        with self._session.no_autoflush:
            for row in self._told.added:
                restored += self._add(row)
            for change in self._told.changed:
                self._change(change)
        self._session.flush()
        retired, deleted = self._let_go() if retire_gone else (0, 0)
        return Applied(
            added=len(self._told.added) - restored,
            restored=restored,
            changed=len(self._told.changed),
            retired=retired,
            deleted=deleted,
        )

    def _add(self, row: DwellingRow) -> bool:
        """Add the row's dwelling; whether it was a retired one that comes back."""
        known = self._dwellings.get(row.key)
        dwelling = known or Dwelling(entrance=self._entrance(row), room=row.room, ownerships=[])
        dwelling.retired_at = None
        for name in STORED:
            setattr(dwelling, name, getattr(row, name))
        self._session.add(dwelling)
        set_owners(self._session, dwelling, row.owners, self._book, now=self._now)
        return known is not None

    def _change(self, change: Change) -> None:
        dwelling = self._dwellings[change.old.key]
        fields = {field.field for field in change.fields}
        for name in STORED:
            if name in fields:
                setattr(dwelling, name, getattr(change.new, name))
        if fields & {"owners", "tenure"}:
            set_owners(self._session, dwelling, change.new.owners, self._book, now=self._now)

    def _entrance(self, row: DwellingRow) -> Entrance:
        building = self._buildings.get(row.building_key)
        if building is None:
            building = make_building(self._session, self._community_id, row.building)
            self._buildings[building.key] = building
        entrance = self._entrances.get((building.id, row.entrance_key))
        if entrance is None:
            entrance = make_entrance(self._session, building.id, row.entrance)
            self._entrances[building.id, entrance.key] = entrance
        return entrance

    def _let_go(self) -> tuple[int, int]:
        gone = [self._dwellings[row.key] for row in self._told.gone]
        kept = with_history(self._session, DWELLINGS, [dwelling.id for dwelling in gone])
        for dwelling in gone:
            if dwelling.id in kept:
                retire(self._session, dwelling, now=self._now)
        deleted = [dwelling for dwelling in gone if dwelling.id not in kept]
        remove_dwellings(self._session, deleted)
        return len(gone) - len(deleted), len(deleted)


def _key(dwelling: Dwelling) -> Address:
    entrance = dwelling.entrance
    return (entrance.building.key, entrance.key, dwelling.room.casefold())
