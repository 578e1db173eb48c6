"""When figures about the households' answers may be renewed, and over whom they are taken.

Source: ours, after 个人信息保护法 / PIPL arts. 6 and 51. Figures are never taken from the answers
of the moment: they are the sum of *releases*, kept in a ledger. A release adds a batch of
households to one table (a floor band of a building, or one floor over the whole compound), or
replaces the answers of a batch that changed its mind. Every release by itself is big enough, of
enough owners and not near unanimity; whoever is in no release adds nothing to any figure, so that
totals and differences give nothing away. On top, a release is only made when ``domain/cover.py``
still finds an alibi for every household in every table of the ledger.

Why a figure is missing is not told (too few? too alike?), because the reason is a figure too; for
the same reason answers received are shown to residents and public only in steps
(``domain.disclosure.shown_progress``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.cover import Member, all_covered
from domain.errors import Refused
from domain.sources import rule

# A question left open is a choice like any other: it needs an alibi too.
UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its possible choices in the order in which they are shown."""

    key: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Questions that are released together, because an answer to one bounds the answer to another.

    Questions on different sheets must be logically independent of each other.
    """

    key: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One household's answers (question key → choice; missing means unanswered).

    ``unit`` is the building; ``owner_key`` is equal for dwellings of one buyer. A tenant's answer
    is counted apart and never mixed with owners'.
    """

    dwelling: str
    unit: str
    floor: int
    owner_key: str
    choices: Mapping[str, str] = field(default_factory=dict)
    tenant: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """Floors ``lowest`` to ``highest``, both included."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much a figure needs. Fewer households than ten only by a recorded decision, never < 5."""

    households: int = 10
    owners: int = 3
    batch: int = 5
    pause: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if self.households < 5 or self.owners < 3 or self.batch < 5:
            raise Refused("threshold_too_low", field="households", households=self.households)
        if self.pause < timedelta(days=1):
            raise Refused("threshold_too_low", field="pause", households=self.households)


class TableKind(StrEnum):
    """A floor band of one building, or one floor of all buildings of the compound."""

    BAND = "band"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True, order=True)
class Table:
    """One published table. ``unit`` is empty for a floor of the whole compound."""

    kind: TableKind
    unit: str
    band: Band
    tenants: bool = False


Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A household as it was counted: one value per question of the sheet."""

    dwelling: str
    owner: str
    values: Values


@dataclass(frozen=True, slots=True)
class Release:
    """One change of one table: ``entered`` is added; ``left`` are former values taken out."""

    at: datetime
    table: Table
    entered: tuple[Entry, ...]
    left: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything ever released for one sheet, oldest first. It is kept, never recomputed."""

    sheet: str
    releases: tuple[Release, ...] = ()

    def shown(self, table: Table) -> dict[str, Entry]:
        """The households now counted in a table, by dwelling, as they are counted."""
        entries: dict[str, Entry] = {}
        for release in self.releases:
            if release.table == table:
                entries |= {entry.dwelling: entry for entry in release.entered}
        return entries

    def tables(self) -> tuple[Table, ...]:
        """Every table with a figure, in order."""
        return tuple(sorted({release.table for release in self.releases}))

    def last(self, table: Table) -> datetime | None:
        """When a table was last renewed."""
        return max((one.at for one in self.releases if one.table == table), default=None)


def values_of(answer: Answer, sheet: Sheet) -> Values:
    """An answer as one value per question; refuses a choice the question does not offer."""
    values = []
    for question in sheet.questions:
        choice = answer.choices.get(question.key, UNANSWERED)
        if choice != UNANSWERED and choice not in question.choices:
            raise Refused("choice_unknown", field=question.key, value=choice)
        values.append(choice)
    return tuple(values)


def band_of(floor: int, bands: Sequence[Band]) -> Band:
    """The fixed band a floor belongs to; a floor outside all of them joins the nearest below."""
    return next((band for band in reversed(bands) if band.lowest <= floor), bands[0])


@rule(
    "disclosure.bands",
    source="ours, after 个人信息保护法 / PIPL art. 51",
    says="A building has one fixed banding; a band has dwellings enough if two thirds answer.",
    basis="ours",
)
def bands_for(dwellings: Mapping[int, int], thresholds: Thresholds) -> tuple[Band, ...]:
    """One building's bands from its number of dwellings per floor, lowest floor first.

    Floors are joined upwards until a band reaches its threshold when two thirds of its households
    answer; what remains on top joins the band below. Computed once, when the consultation opens,
    and stored: a banding that moved could be compared with itself.
    """
    needed = -(-thresholds.households * 3 // 2)
    bands: list[Band] = []
    lowest: int | None = None
    gathered = 0
    for floor in sorted(floor for floor, number in dwellings.items() if number > 0):
        lowest = floor if lowest is None else lowest
        gathered += dwellings[floor]
        if gathered >= needed:
            bands.append(Band(lowest, floor))
            lowest, gathered = None, 0
    if lowest is not None:
        top = max(floor for floor, number in dwellings.items() if number > 0)
        below = bands.pop().lowest if bands else lowest
        bands.append(Band(below, top))
    return tuple(bands)


def _varied(entries: Sequence[Entry]) -> bool:
    """For every question no value is held by more than all but two households."""
    return all(
        max(Counter(values).values()) <= len(entries) - 2
        for values in zip(*(entry.values for entry in entries), strict=True)
    )


@rule(
    "disclosure.batch",
    source="ours, after 个人信息保护法 / PIPL arts. 6, 51",
    says="What a figure adds needs 10, later 5 households, 3 owners, and no choice above n − 2.",
    basis="ours",
)
def may_enter(batch: Sequence[Entry], *, first: bool, thresholds: Thresholds) -> bool:
    """Whether households may be added to a table together (``first``: the table is empty)."""
    enough = thresholds.households if first else thresholds.batch
    owners = len({entry.owner for entry in batch})
    return len(batch) >= enough and owners >= thresholds.owners and _varied(batch)


def _members(releases: Iterable[Release]) -> Iterator[Member]:
    """Every household of the ledger with its tables and histories, as cover.py wants it."""
    signature: dict[tuple[str, bool, TableKind], list[int]] = defaultdict(list)
    history: dict[tuple[str, bool, TableKind], list[Values]] = defaultdict(list)
    owners: dict[tuple[str, bool], str] = {}
    for number, release in enumerate(releases):
        table = release.table
        for entry in release.entered:
            key = (entry.dwelling, table.tenants, table.kind)
            signature[key].append(number)
            history[key].append(entry.values)
            owners[entry.dwelling, table.tenants] = entry.owner
    for (dwelling, tenants), owner in owners.items():
        row, column = ((dwelling, tenants, kind) for kind in TableKind)
        yield Member(
            owner,
            tuple(signature[row]) if row in signature else None,
            tuple(signature[column]) if column in signature else None,
            tuple(history[row]) if row in history else None,
            tuple(history[column]) if column in history else None,
        )


@rule(
    "disclosure.cover",
    source="ours, after 个人信息保护法 / PIPL arts. 6, 51",
    says="A figure appears only if every household could have answered otherwise with all figures "
    "unchanged, even against one owner who knows all their own answers.",
    basis="ours",
)
def is_covered(releases: Sequence[Release], newest: Collection[Table]) -> bool:
    """Whether the releases leave everyone an alibi, given that only ``newest`` were touched."""
    if any(release.table.kind is TableKind.FLOOR for release in releases):
        return all_covered(_members(releases))
    # Bands share no household with each other: only those just touched can fail.
    return all(
        all_covered(_members(one for one in releases if one.table == table)) for table in newest
    )


def _candidates(
    ledger: Ledger,
    table: Table,
    current: Sequence[Entry],
    gone: Sequence[Entry],
    now: datetime,
    thresholds: Thresholds,
) -> Iterator[Release]:
    shown = ledger.shown(table)
    pool = tuple(entry for entry in current if entry.dwelling not in shown)
    if may_enter(pool, first=not shown, thresholds=thresholds):
        yield Release(now, table, pool)
    changed = tuple(
        entry
        for entry in (*current, *gone)
        if entry.dwelling in shown and shown[entry.dwelling].values != entry.values
    )
    former = tuple(shown[entry.dwelling] for entry in changed)
    if all(may_enter(batch, first=False, thresholds=thresholds) for batch in (changed, former)):
        yield Release(now, table, changed, former)


def _by_table(
    answers: Iterable[Answer],
    sheet: Sheet,
    bands: Mapping[str, Sequence[Band]],
    compound: bool,
) -> dict[Table, list[Entry]]:
    tables: dict[Table, list[Entry]] = defaultdict(list)
    for answer in sorted(answers, key=lambda one: (one.unit, one.floor, one.dwelling)):
        entry = Entry(answer.dwelling, answer.owner_key, values_of(answer, sheet))
        band = band_of(answer.floor, bands[answer.unit])
        tables[Table(TableKind.BAND, answer.unit, band, answer.tenant)].append(entry)
        if compound:
            floor = Band(answer.floor, answer.floor)
            tables[Table(TableKind.FLOOR, "", floor, answer.tenant)].append(entry)
    return tables


@rule(
    "disclosure.renew",
    source="ours, after 个人信息保护法 / PIPL arts. 6, 51",
    says="Figures are renewed at most daily and only by batches of at least five households.",
    basis="ours",
)
def renew(
    ledger: Ledger,
    answers: Iterable[Answer],
    sheet: Sheet,
    bands: Mapping[str, Sequence[Band]],
    now: datetime,
    *,
    thresholds: Thresholds | None = None,
    compound: bool = False,
    gone: Iterable[Answer] = (),
) -> Ledger:
    """The ledger with every release that may be made at ``now``; the same one if there is none.

    ``answers`` are all current answers to the sheet, ``bands`` each unit's stored banding. With
    ``compound`` the tables by floor over all units are renewed too, after the bands. A household
    that withdraws its answer stays counted as it was. ``gone`` are dwellings, without an answer,
    whose answer was a former owner's: where it is counted it is exchanged for an open one, in a
    batch like any change of mind. Refuses ``choice_unknown``.
    """
    limits = thresholds or Thresholds()
    left = _by_table(gone, sheet, bands, compound)
    given = _by_table(answers, sheet, bands, compound)
    tables = [(table, given.get(table, [])) for table in sorted({*given, *left})]
    releases = list(ledger.releases)
    for kind in TableKind:
        candidates = [
            release
            for table, current in tables
            if table.kind is kind and _due(ledger, table, now, limits)
            for release in _candidates(ledger, table, current, left.get(table, ()), now, limits)
        ]
        releases = _extended(releases, candidates)
    if len(releases) == len(ledger.releases):
        return ledger
    return Ledger(ledger.sheet, tuple(releases))


def _due(ledger: Ledger, table: Table, now: datetime, limits: Thresholds) -> bool:
    last = ledger.last(table)
    return last is None or now - last >= limits.pause


def _extended(releases: list[Release], candidates: list[Release]) -> list[Release]:
    """The releases with all candidates, or where that uncovers somebody, with those that fit."""
    if not candidates:
        return releases
    if is_covered([*releases, *candidates], {one.table for one in candidates}):
        return [*releases, *candidates]
    if len(candidates) == 1:
        return releases
    # Few candidates uncover anybody, so halving finds them in far fewer tries than one by one.
    half = len(candidates) // 2
    return _extended(_extended(releases, candidates[:half]), candidates[half:])


def to_plain(ledger: Ledger) -> dict[str, object]:
    """The ledger as plain lists, strings and numbers, for keeping; ``from_plain`` reads it back."""

    def entries(group: tuple[Entry, ...]) -> list[list[object]]:
        return [[one.dwelling, one.owner, list(one.values)] for one in group]

    return {
        "sheet": ledger.sheet,
        "releases": [
            {
                "at": one.at.isoformat(),
                "kind": str(one.table.kind),
                "unit": one.table.unit,
                "floors": [one.table.band.lowest, one.table.band.highest],
                "tenants": one.table.tenants,
                "entered": entries(one.entered),
                "left": entries(one.left),
            }
            for one in ledger.releases
        ],
    }


def from_plain(plain: Mapping[str, Any]) -> Ledger:
    """The ledger that ``to_plain`` wrote."""

    def entries(group: Iterable[Sequence[Any]]) -> tuple[Entry, ...]:
        return tuple(Entry(dwelling, owner, tuple(values)) for dwelling, owner, values in group)

    releases = (
        Release(
            datetime.fromisoformat(one["at"]),
            Table(TableKind(one["kind"]), one["unit"], Band(*one["floors"]), one["tenants"]),
            entries(one["entered"]),
            entries(one["left"]),
        )
        for one in plain["releases"]
    )
    return Ledger(plain["sheet"], tuple(releases))
