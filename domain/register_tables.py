"""Tables with a header row, as people type them: cells, columns by name, lines, faults.

A table comes from a spreadsheet or a text file (``documents/sheets.py`` makes it), has title rows
above its header, columns in any order, and cells that hold more than text. Nothing here knows what
a roster is: a reader names its fields and their headers and gets lines back. A column that no
field claims is kept out and reported; a cell that is a date, an error or a formula without a
result is never read as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum

from domain.errors import Refused

HEADER_SEARCH_ROWS = 30
LEFT_OUT = ""
_UNITS_IN_HEADER = ("平方米", "平米", "m2", "㎡")


class CellKind(StrEnum):
    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ERROR = "error"
    FORMULA = "formula"  # a formula whose result the file does not hold


class Merge(StrEnum):
    """Whether a cell belongs to cells merged downwards, as the top one or as one below it."""

    NONE = "none"
    TOP = "top"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says. Numbers are the decimal text that the person sees, never a float."""

    text: str = ""
    kind: CellKind = CellKind.EMPTY
    merge: Merge = Merge.NONE

    @property
    def blank(self) -> bool:
        return self.kind is CellKind.EMPTY or not clean(self.text)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; ``rows[0]`` is row 1. ``knows_merges`` is false for text files."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    knows_merges: bool = False

    @classmethod
    def of_texts(cls, name: str, rows: Iterable[Iterable[str]]) -> Table:
        """A table of plain texts, as a CSV file gives it."""
        return cls(name, tuple(tuple(_text_cell(text) for text in row) for row in rows))


@dataclass(frozen=True, slots=True)
class Field:
    """Something a reader looks for: its name and the headers it goes by, in both languages."""

    name: str
    headers: tuple[str, ...]
    required: bool = False
    many: bool = False  # several columns may feed it


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; ``field`` is None where no field claims it."""

    index: int
    letter: str
    header: str
    field: str | None = None
    left_out: bool = False  # by hand, so it needs no report

    @property
    def key(self) -> str:
        """What a mapping calls this column: its header, or ``#E`` where it has none."""
        return self.header or f"#{self.letter}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused: where, the reason's code, and the value that stands there."""

    row: int
    column: str
    header: str
    field: str
    code: str
    value: str = ""
    params: Mapping[str, object] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader inferred or left out and says aloud; ``row`` 0 is the table."""

    row: int
    code: str
    value: str = ""
    params: Mapping[str, object] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is not empty, its cells found by field."""

    row: int
    cells: tuple[Cell, ...]
    places: Mapping[str, tuple[Column, ...]]

    def pairs(self, name: str) -> tuple[tuple[Column, Cell], ...]:
        """Every column that feeds the field with its cell, left to right, blank ones left out."""
        found = ((column, self._at(column.index)) for column in self.places.get(name, ()))
        return tuple((column, cell) for column, cell in found if not cell.blank)

    def cell(self, name: str) -> Cell:
        """The first cell of the field that says something, or the empty cell."""
        pairs = self.pairs(name)
        return pairs[0][1] if pairs else EMPTY

    def seen(self, name: str) -> str:
        """What the reader sees in the field, whatever kind of cell it is."""
        return clean(self.cell(name).text)

    def text(self, name: str) -> str:
        """The field's text, "" when blank; refuses cells that are dates, errors or the like."""
        return cell_text(self.cell(name))

    def fault(
        self,
        name: str,
        code: str,
        *,
        value: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> Fault:
        """A fault of this line at the field's column."""
        pairs = self.pairs(name)
        column = pairs[0][0] if pairs else next(iter(self.places.get(name, ())), None)
        return Fault(
            row=self.row,
            column=column.letter if column else "",
            header=column.header if column else "",
            field=name,
            code=code,
            value=self.seen(name) if value is None else value,
            params=params or {},
        )

    def refusal(self, name: str, refused: Refused) -> Fault:
        """The refusal of a value of this line as a fault."""
        params = {key: value for key, value in refused.params.items() if key != "value"}
        value = refused.params.get("value")
        return self.fault(
            name, refused.code, value=None if value is None else str(value), params=params
        )

    def _at(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else EMPTY


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table with its header understood: columns, what is missing, and the lines below."""

    table: Table
    header_row: int
    columns: tuple[Column, ...]
    missing: tuple[str, ...]  # required fields without a column
    ambiguous: tuple[str, ...]  # fields that two columns claim and only one may
    lines: tuple[Line, ...]

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that were kept out because no field claims them."""
        return tuple(c for c in self.columns if c.field is None and not c.left_out)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(column.field for column in self.columns if column.field)

    def require(self) -> None:
        """Refuses a table whose required columns are missing or claimed twice, naming them."""
        if self.missing:
            raise Refused("columns_missing", columns=self.missing, row=self.header_row)
        if self.ambiguous:
            raise Refused("columns_ambiguous", columns=self.ambiguous, row=self.header_row)


def clean(text: str) -> str:
    """The text without control and invisible characters, any white space as one space, trimmed."""
    visible = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(visible).split())


def folded(text: str) -> str:
    """The cleaned text with full-width forms made ASCII: for values that are compared."""
    return clean(unicodedata.normalize("NFKC", text))


_NOT_TEXT = {
    CellKind.BOOLEAN: "cell_boolean",
    CellKind.DATE: "cell_date",
    CellKind.ERROR: "cell_error",
    CellKind.FORMULA: "cell_formula",
}


def cell_text(cell: Cell) -> str:
    """The cell's text folded to ASCII forms; refuses dates, truth values, errors, bare formulas."""
    if code := _NOT_TEXT.get(cell.kind):
        raise Refused(code, value=clean(cell.text))
    return folded(cell.text)


def column_letter(index: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA": the name a spreadsheet gives the column."""
    letters = ""
    rest = index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def normal_header(header: str) -> str:
    """The header without case, spacing, marks and units: "建筑面积 (㎡)*" → "建筑面积"."""
    text = re.sub(r"[(\[【].*?[)\]】]", "", folded(header).casefold())
    text = "".join(char for char in text if char.isalnum())
    for unit in _UNITS_IN_HEADER:
        if text.endswith(unit) and text != unit:
            text = text.removesuffix(unit)
    return text


def read_table(
    table: Table, fields: Sequence[Field], mapping: Mapping[str, str] | None = None
) -> TableRead:
    """The table's lines below its header row, found by field.

    ``mapping`` (header, or ``#E`` for column E → field name, or "" to leave the column out) comes
    before the known headers. Refuses ``header_row_missing`` when no row looks like a header, and
    ``mapping_unknown_field``. Missing and doubly claimed columns are reported in the result, so
    that a person can map them; ``require()`` refuses them.
    """
    claims = _Claims(fields, mapping or {})
    header = find_header(table, fields, mapping)
    if header is None:
        raise Refused("header_row_missing", sheet=table.name)
    columns, ambiguous = _columns(table, header, fields, claims)
    places: dict[str, tuple[Column, ...]] = {}
    for column in columns:
        if column.field:
            places[column.field] = (*places.get(column.field, ()), column)
    return TableRead(
        table=table,
        header_row=header,
        columns=columns,
        missing=tuple(f.name for f in fields if f.required and f.name not in places),
        ambiguous=ambiguous,
        lines=tuple(
            Line(number, row, places)
            for number, row in enumerate(table.rows[header:], start=header + 1)
            if any(not cell.blank and cell.merge is not Merge.BELOW for cell in row)
        ),
    )


def known_headers(table: Table, fields: Sequence[Field], mapping: Mapping[str, str] | None) -> int:
    """How many different fields the best header row of the table names."""
    claims = _Claims(fields, mapping or {})
    return max((claims.fields_named(row) for row in table.rows[:HEADER_SEARCH_ROWS]), default=0)


def find_header(
    table: Table, fields: Sequence[Field], mapping: Mapping[str, str] | None = None
) -> int | None:
    """The row number of the header: the row that names most fields, at least two.

    Where none does, the first row that has the look of a header, so that its columns can be mapped
    by hand; None where there is no such row either.
    """
    claims = _Claims(fields, mapping or {})
    rows = table.rows[:HEADER_SEARCH_ROWS]
    named = [claims.fields_named(row) for row in rows]
    best = max(named, default=0)
    if best >= 2:
        return named.index(best) + 1
    return next((number for number, row in enumerate(rows, 1) if _looks_like_header(row)), None)


class _Claims:
    """Which field a column belongs to: by hand first, then by the headers the fields go by."""

    def __init__(self, fields: Sequence[Field], mapping: Mapping[str, str]) -> None:
        names = {f.name for f in fields}
        for header, name in mapping.items():
            if name != LEFT_OUT and name not in names:
                raise Refused("mapping_unknown_field", header=header, value=name)
        self._letters = {k[1:].upper(): v for k, v in mapping.items() if k.startswith("#")}
        self._by_hand = {normal_header(k): v for k, v in mapping.items() if not k.startswith("#")}
        self._known = {normal_header(header): f.name for f in fields for header in f.headers}

    def of(self, letter: str, header: str) -> str | None:
        """The field's name, "" when left out by hand, None when nobody claims the column."""
        if letter in self._letters:
            return self._letters[letter]
        key = normal_header(header)
        if not key:
            return None
        return self._by_hand.get(key, self._known.get(key))

    def fields_named(self, row: Sequence[Cell]) -> int:
        """How many different fields the row's texts name (column letters name none)."""
        keys = {normal_header(cell.text) for cell in row if cell.kind is CellKind.TEXT}
        named = {self._by_hand.get(key, self._known.get(key)) for key in keys if key}
        return len(named - {None, LEFT_OUT})


def _columns(
    table: Table, header: int, fields: Sequence[Field], claims: _Claims
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    below = table.rows[header:]
    width = max((len(row) for row in table.rows[header - 1 :]), default=0)
    titles = table.rows[header - 1]
    many = {f.name for f in fields if f.many}
    columns: list[Column] = []
    ambiguous: list[str] = []
    for index in range(width):
        title = clean(titles[index].text) if index < len(titles) else ""
        if not title and all(index >= len(row) or row[index].blank for row in below):
            continue
        letter = column_letter(index)
        name = claims.of(letter, title)
        if name and name not in many and any(column.field == name for column in columns):
            ambiguous.append(name)
        columns.append(Column(index, letter, title, name or None, name == LEFT_OUT))
    return tuple(columns), tuple(dict.fromkeys(ambiguous))


def _looks_like_header(row: Sequence[Cell]) -> bool:
    said = [cell for cell in row if not cell.blank]
    texts = {clean(cell.text) for cell in said}
    return (
        len(said) >= 3
        and all(
            cell.kind is CellKind.TEXT and len(text) <= 20 and not any(c.isdigit() for c in text)
            for cell, text in zip(said, (clean(cell.text) for cell in said), strict=True)
        )
        and len(texts) == len(said)
    )


def _text_cell(text: str) -> Cell:
    return Cell(text, CellKind.TEXT) if text.strip() else EMPTY
