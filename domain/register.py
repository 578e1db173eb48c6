"""A roster: from tables of cells to dwellings, refusals and remarks.

Source: formats.md ("Roster") and trust.md §3.2. Every good row is read, every faulty one refused
with its row, column and reason; whatever was inferred is said in a remark; nothing is guessed.
Sums that the file itself states are compared, never trusted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import Refused
from domain.quantities import parse_area
from domain.register_headers import FIELDS, TOTALS
from domain.register_places import Places
from domain.register_rows import Address, DwellingRow, RowReader
from domain.register_tables import (
    Column,
    Fault,
    Line,
    Remark,
    Table,
    TableRead,
    clean,
    find_header,
    folded,
    known_headers,
    normal_header,
    read_table,
)
from domain.register_words import room_text

__all__ = ["DwellingRow", "Fault", "Remark", "Roster", "Totals", "read_roster", "totals_of"]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many dwellings and how much area (0.01 m²), all and those that count."""

    dwellings: int = 0
    counted: int = 0
    area: int = 0
    counted_area: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says about the dwellings of a compound."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    missing: tuple[str, ...]  # required fields without a column: nothing was read
    ambiguous: tuple[str, ...]  # fields that two columns claim: nothing was read
    dwellings: tuple[DwellingRow, ...] = ()
    refused: tuple[Fault, ...] = ()
    refused_keys: frozenset[Address] = frozenset()
    unplaced_rows: tuple[int, ...] = ()  # refused rows of which not even the address is known
    remarks: tuple[Remark, ...] = ()
    sheets_not_read: tuple[str, ...] = ()

    @property
    def unknown_columns(self) -> tuple[Column, ...]:
        """The columns that were kept out because no field claims them."""
        return tuple(c for c in self.columns if c.field is None and not c.left_out)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file has a column for."""
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def refused_rows(self) -> tuple[int, ...]:
        """The rows that were refused, each once, in order."""
        return tuple(sorted({fault.row for fault in self.refused}))

    @property
    def totals(self) -> Totals:
        """The totals of the dwellings read."""
        return totals_of(self.dwellings)

    @property
    def owners_of_several(self) -> Mapping[str, tuple[DwellingRow, ...]]:
        """Every name that stands at more than one dwelling: one owner, unless somebody objects."""
        owned: dict[str, list[DwellingRow]] = defaultdict(list)
        for dwelling in self.dwellings:
            for name in dwelling.owners:
                owned[name].append(dwelling)
        return {name: tuple(rows) for name, rows in owned.items() if len(rows) > 1}


def totals_of(dwellings: Iterable[DwellingRow]) -> Totals:
    """How many dwellings and how much area (0.01 m²) these are."""
    rows = tuple(dwellings)
    counted = [row for row in rows if row.counts]
    return Totals(
        dwellings=len(rows),
        counted=len(counted),
        area=sum(row.area for row in rows),
        counted_area=sum(row.area for row in counted),
    )


def read_roster(
    tables: Sequence[Table],
    mapping: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
    need_owners: bool = True,
) -> Roster:
    """The roster in the first table with a header row, or in the sheet of that name.

    ``mapping`` (header or ``#E`` → field, "" to leave the column out) comes before the known
    headers. Where a required column is missing or claimed twice the roster says so and holds no
    dwelling. Refuses ``file_empty``, ``sheet_missing`` (sheet), ``header_row_missing`` (sheet) and
    ``mapping_unknown_field`` (header, value).
    """
    table = _choose(tables, mapping, sheet)
    fields = [
        field if field.name != "owners" else replace(field, required=need_owners)
        for field in FIELDS
    ]
    read = read_table(table, fields, mapping)
    others = [other for other in tables if other is not table]
    roster = Roster(
        sheet=table.name,
        header_row=read.header_row,
        columns=read.columns,
        missing=read.missing,
        ambiguous=read.ambiguous,
        sheets_not_read=tuple(other.name for other in others),
    )
    if read.missing or read.ambiguous:
        return roster
    # A second sheet with a header of its own is perhaps the rest of the roster.
    also = tuple(
        Remark(0, "sheet_also_has_header", other.name)
        for other in others
        if known_headers(other, FIELDS, mapping) >= 2
    )
    return _read_lines(roster, read, also, need_owners=need_owners)


def _choose(tables: Sequence[Table], mapping: Mapping[str, str] | None, sheet: str | None) -> Table:
    filled = [table for table in tables if any(not c.blank for row in table.rows for c in row)]
    if not filled:
        raise Refused("file_empty")
    if sheet is not None:
        named = [table for table in tables if table.name == sheet]
        if not named:
            raise Refused("sheet_missing", sheet=sheet)
        return named[0]
    for table in filled:
        if known_headers(table, FIELDS, mapping) >= 2:
            return table
    for table in filled:
        if find_header(table, FIELDS, mapping) is not None:
            return table
    raise Refused("header_row_missing", sheet=filled[0].name)


def _read_lines(
    roster: Roster, read: TableRead, remarks: tuple[Remark, ...], *, need_owners: bool
) -> Roster:
    sorted_out = _sort_out(read)
    reader = RowReader(need_owners=need_owners)
    places = Places(sorted_out.dwellings, reader, fills=not read.table.knows_merges)
    dwellings: list[DwellingRow] = []
    refused_keys: set[Address] = set()
    unplaced: list[int] = []
    first: dict[Address, tuple[int, DwellingRow | None]] = {}
    for line in sorted_out.dwellings:
        before = len(reader.faults)
        place = places.of(line)
        placed = len(reader.faults) == before
        row = reader.read(line, place)
        room = room_text(line.seen("room")).casefold()
        if not placed or not room:
            unplaced.append(line.row)
            continue
        key = (place.building_key, place.entrance_key, room)
        if key in first:
            _refuse_repeated(reader, line, row, *first[key])
        elif row:
            dwellings.append(row)
        if not row:
            refused_keys.add(key)
        first.setdefault(key, (line.row, row))
    told = tuple(reader.faults)
    return replace(
        roster,
        dwellings=tuple(dwellings),
        refused=told,
        refused_keys=frozenset(refused_keys - {row.key for row in dwellings}),
        unplaced_rows=tuple(unplaced),
        remarks=(
            *remarks,
            *sorted_out.remarks,
            *_compared_totals(sorted_out.totals, dwellings, told),
            *sorted(reader.remarks, key=lambda remark: remark.row),
        ),
    )


def _refuse_repeated(
    reader: RowReader,
    line: Line,
    row: DwellingRow | None,
    first_row: int,
    first: DwellingRow | None,
) -> None:
    """The first line of a room stands, the later ones are refused, saying in what they differ."""
    differs: tuple[str, ...] = ()
    if row and first:
        differs = tuple(
            name
            for name in ("area", "owners", "floor", "counts")
            if getattr(row, name) != getattr(first, name)
        )
    params = {"first_row": first_row, "differs": differs}
    reader.faults.append(line.fault("room", "room_repeated", params=params))
    if differs:
        reader.remarks.append(
            Remark(first_row, "room_repeated_below", line.seen("room"), {"row": line.row})
        )


@dataclass(frozen=True, slots=True)
class _Sorted:
    dwellings: tuple[Line, ...]
    totals: tuple[Line, ...]
    remarks: tuple[Remark, ...]


def _sort_out(read: TableRead) -> _Sorted:
    """Lines that are dwellings, lines of totals, and remarks about lines that are neither."""
    header = [normal_header(cell.text) for cell in read.table.rows[read.header_row - 1]]
    dwellings: list[Line] = []
    totals: list[Line] = []
    remarks: list[Remark] = []
    for line in read.lines:
        if _is_total(line):
            totals.append(line)
        elif [normal_header(cell.text) for cell in line.cells] == header:
            remarks.append(Remark(line.row, "header_repeated"))
        elif all(line.cell(name).blank for name in ("room", "area", "owners")):
            said = next(clean(cell.text) for cell in line.cells if not cell.blank)
            remarks.append(Remark(line.row, "line_not_read", said[:80]))
        else:
            dwellings.append(line)
    return _Sorted(tuple(dwellings), tuple(totals), tuple(remarks))


def _is_total(line: Line) -> bool:
    def word(text: str) -> str:
        return folded(text).replace(" ", "").rstrip(":").casefold()

    room = word(line.cell("room").text)
    named = any(word(cell.text) in TOTALS for cell in line.cells if not cell.blank)
    return named and (room in ("", *TOTALS) or re.fullmatch(r"\d+户", room) is not None)


def _compared_totals(
    lines: Iterable[Line], dwellings: Sequence[DwellingRow], faults: Sequence[Fault]
) -> list[Remark]:
    """For each row of totals whether it agrees with the rows read, as far as it states a figure.

    A total may speak of all rows above it or of those since the total before it.
    """
    remarks: list[Remark] = []
    since = 0
    for line in lines:
        above = [row for row in dwellings if row.row < line.row]
        part = [row for row in above if row.row > since]
        refused = len({fault.row for fault in faults if since < fault.row < line.row})
        since = line.row
        sums = (totals_of(above), totals_of(part))
        for figure, stated in (("area", _stated_area(line)), ("dwellings", _stated_count(line))):
            if stated is None:
                continue
            agrees = stated in [getattr(total, figure) for total in sums]
            params = {
                "figure": figure,
                "stated": stated,
                "read": getattr(sums[0], figure),
                "refused": refused,
            }
            code = "total_agrees" if agrees else "total_differs"
            remarks.append(Remark(line.row, code, "", params))
        if _stated_area(line) is None:
            remarks.append(Remark(line.row, "total_not_stated", line.seen("area")))
    return remarks


def _stated_area(line: Line) -> int | None:
    try:
        return parse_area(line.text("area"))
    except Refused:
        return None


def _stated_count(line: Line) -> int | None:
    for cell in line.cells:
        if match := re.fullmatch(r"共?(\d{1,6})户", folded(cell.text).replace(" ", "")):
            return int(match[1])
    return None
