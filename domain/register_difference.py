"""What a new roster changes in the register: added, changed, gone, unchanged.

A roster speaks only of the buildings it names and of the columns it has: dwellings of other
buildings are left alone, a roster without telephones forgets none, and a dwelling whose row was
refused is neither gone nor changed. While there is a refused row that may be any dwelling's,
none is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.register import Roster
from domain.register_rows import Address, DwellingRow

# Compared only where the file has a column for them; room, building and entrance are the address.
COMPARED = (
    "floor",
    "area",
    "area_source",
    "owners",
    "tenure",
    "occupancy",
    "counts",
    "phone",
    "note",
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Change:
    """A dwelling that is in both and differs; ``new`` is what it becomes."""

    old: DwellingRow
    new: DwellingRow
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    added: tuple[DwellingRow, ...]
    changed: tuple[Change, ...]
    gone: tuple[DwellingRow, ...]
    unchanged: tuple[DwellingRow, ...]
    unread: tuple[DwellingRow, ...]  # in the file, but in a refused row

    @property
    def empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.added or self.changed or self.gone)


def difference(existing: Iterable[DwellingRow], roster: Roster) -> Difference:
    """What becomes of the existing dwellings of a community when the roster is applied."""
    before = {row.key: row for row in existing}
    after = {row.key: row for row in roster.dwellings}
    buildings = {key[0] for key in (*after, *roster.refused_keys)}
    changes = [
        _change(before[key], row, roster.fields) for key, row in after.items() if key in before
    ]
    absent = [key for key in before if key not in after and key[0] in buildings]
    return Difference(
        added=tuple(row for key, row in after.items() if key not in before),
        changed=tuple(change for change in changes if change.fields),
        gone=tuple(before[key] for key in absent if not _unread(key, roster)),
        unchanged=tuple(change.old for change in changes if not change.fields),
        unread=tuple(before[key] for key in absent if _unread(key, roster)),
    )


def _unread(key: Address, roster: Roster) -> bool:
    return key in roster.refused_keys or bool(roster.unplaced_rows)


def _change(old: DwellingRow, row: DwellingRow, fields: frozenset[str]) -> Change:
    told = {name: getattr(row, name) for name in COMPARED if name in fields}
    if "owners" in told and set(told["owners"]) == set(old.owners):
        # The order in which co-owners are written means nothing.
        told["owners"] = old.owners
    new = replace(old, **told, row=row.row)
    changes = tuple(
        FieldChange(name, getattr(old, name), value)
        for name, value in told.items()
        if getattr(old, name) != value
    )
    return Change(old, new, changes)
