"""Fitting a roster into a register: what a file leaves out because it is plain to whoever wrote it.

A file of one building need not name it, a building with one door needs no entrance column. Here the
register, or the person who imports, supplies the name; where a building has several entrances and
the file names none, its rows are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.register import Roster
from domain.register_rows import Address, DwellingRow
from domain.register_tables import Fault, Remark
from domain.register_words import building_key, entrance_key

ONLY_ENTRANCE = "1单元"


@dataclass(frozen=True, slots=True)
class KnownBuilding:
    """A building of the register: its name, and the name of each entrance by its key."""

    name: str
    entrances: Mapping[str, str] = field(default_factory=dict)


def building_name(text: str) -> str:
    """The name a building is registered under: a bare number becomes "3幢"."""
    return f"{text}幢" if text.isdecimal() else text


def entrance_name(text: str) -> str:
    """The name an entrance is registered under: a bare number becomes "1单元"."""
    return f"{text}单元" if text.isdecimal() else text


def sort_key(key: str) -> str:
    """A key by which 2 comes before 10 in any database: "10" → "000010"."""
    return re.sub(r"\d+", lambda number: number[0].zfill(6), key)[:40]


def settled(roster: Roster, known: Mapping[str, KnownBuilding], building: str = "") -> Roster:
    """The roster with a building and an entrance for every row, in the register's own names.

    ``known`` is the register by building key; ``building`` names the building of a file that names
    none. Without it such rows keep the empty key, which nothing can be imported under.
    """
    given = building_key(building) if building.strip() else ""
    settler = _Settler(known, building.strip(), given)
    kept: list[DwellingRow] = []
    faults: list[Fault] = []
    remarks: list[Remark] = []
    for row in roster.dwellings:
        place = settler.entrance_of(row)
        if place is None:
            faults.append(Fault(row.row, "", "", "entrance", "entrance_missing", row.address))
            continue
        if row.entrance_key != place[0]:
            remarks.append(Remark(row.row, "entrance_assumed", place[1]))
        kept.append(settler.named(row, *place))
    refused_keys = frozenset(settler.key(key) for key in roster.refused_keys)
    # A refused row that may be of any entrance may be any dwelling's.
    unplaced = [fault.row for fault in faults]
    unplaced += roster.refused_rows if any(not key[1] for key in refused_keys) else ()
    return replace(
        roster,
        dwellings=tuple(kept),
        refused=(*roster.refused, *faults),
        refused_keys=refused_keys,
        unplaced_rows=(*roster.unplaced_rows, *unplaced),
        remarks=(*roster.remarks, *remarks),
    )


class _Settler:
    def __init__(
        self, known: Mapping[str, KnownBuilding], building: str, building_key_: str
    ) -> None:
        self._known = known
        self._building = building
        self._building_key = building_key_

    def _building_of(self, key: str) -> str:
        return key or self._building_key

    def entrance_of(self, row: DwellingRow) -> tuple[str, str] | None:
        """Key and name of the row's entrance; None when it could be one of several."""
        known = self._known.get(self._building_of(row.building_key))
        entrances = dict(known.entrances) if known else {}
        if row.entrance_key:
            name = entrances.get(row.entrance_key, entrance_name(row.entrance))
            return row.entrance_key, name
        if not entrances:
            return entrance_key(ONLY_ENTRANCE), ONLY_ENTRANCE
        return next(iter(entrances.items())) if len(entrances) == 1 else None

    def key(self, address: Address) -> Address:
        """A refused row's address, completed as far as it can be."""
        building, entrance, room = address
        known = self._known.get(self._building_of(building))
        if not entrance:
            names = list(known.entrances) if known else []
            entrance = names[0] if len(names) == 1 else "" if names else entrance_key(ONLY_ENTRANCE)
        return (self._building_of(building), entrance, room)

    def named(self, row: DwellingRow, entrance_key_: str, entrance: str) -> DwellingRow:
        """The row under the register's names."""
        key = self._building_of(row.building_key)
        known = self._known.get(key)
        name = known.name if known else building_name(row.building or self._building)
        return replace(
            row,
            building=name,
            building_key=key,
            entrance=entrance,
            entrance_key=entrance_key_,
        )
