"""An uploaded file → tables of cells: what kind of file it is, whether it is safe, what it says.

The kind is told by the content; a name that says something else is refused. Limits (trust.md §3.1)
are checked before a parser builds anything: a workbook of 5 MB can cost the parser half a minute,
one merged range a whole memory. Numbers keep the decimals the person sees and are never floats
outside this file.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from documents.sheets_guard import (
    MAX_BYTES,
    MAX_CELL_TEXT,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED,
    SheetFacts,
    checked_workbook,
)
from domain.errors import Refused
from domain.register_tables import EMPTY, Cell, CellKind, Merge, Table, column_letter

DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_TEXT_NAMES = (".csv", ".txt", ".tsv")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Excel keeps fifteen digits of a number and shows no more: 59.00000000000001 was typed as 59.
_EXCEL_DIGITS = 15


def read_sheets(data: bytes, file_name: str) -> tuple[Table, ...]:
    """The tables of an .xlsx workbook (all sheets) or of a text file (one).

    Refuses with field ``file``: ``file_empty``, ``file_too_big`` (limit), ``file_type_unknown``
    (name), ``file_not_what_it_says`` (name), ``file_old_excel``, ``file_unreadable``,
    ``file_too_big_unpacked``, ``file_too_many_parts``, ``file_too_complicated``, ``file_hostile``,
    ``file_encoding``, ``file_quotes`` (row), ``too_many_rows`` and ``too_many_columns`` (sheet,
    limit), ``cell_too_long`` (sheet, row, column, limit).
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused("file_empty", field="file")
    if len(data) > MAX_BYTES:
        raise Refused("file_too_big", field="file", limit=MAX_BYTES)
    suffix = PurePath(file_name).suffix.lower()
    is_zip = data.startswith(b"PK\x03\x04")
    if suffix not in (".xlsx", *_TEXT_NAMES) and not data.startswith(_OLD_EXCEL):
        raise Refused("file_type_unknown", field="file", name=file_name)
    if data.startswith(_OLD_EXCEL):
        # The old format and a workbook with a password both look like this.
        raise Refused("file_old_excel", field="file")
    if is_zip != (suffix == ".xlsx"):
        raise Refused("file_not_what_it_says", field="file", name=file_name)
    return _workbook(data) if is_zip else (_text_table(data, PurePath(file_name).stem),)


class _Texts:
    """How much text the cells hold in all, and that none holds more than a cell can.

    A text that is stored once and shown in every cell must not become gigabytes of work.
    """

    def __init__(self) -> None:
        self._total = 0

    def add(self, text: str, sheet: str, row: int, index: int) -> None:
        """Count the text of a cell; refuses ``cell_too_long`` and ``file_too_big_unpacked``."""
        self._total += len(text)
        if len(text) > MAX_CELL_TEXT:
            raise Refused(
                "cell_too_long",
                field="file",
                sheet=sheet,
                row=row,
                column=column_letter(index),
                limit=MAX_CELL_TEXT,
            )
        if self._total > MAX_UNPACKED:
            raise Refused("file_too_big_unpacked", field="file", limit=MAX_UNPACKED)


# Text files


def _text_table(data: bytes, name: str) -> Table:
    text = _decoded(data)
    if text.lstrip().startswith("<"):
        # Some offices' systems export web pages under a spreadsheet's name.
        raise Refused("file_not_what_it_says", field="file", name=name)
    rows = max((_records(text, d, _SAMPLE_LINES) for d in DELIMITERS), key=_filled)
    delimiter = next(d for d in DELIMITERS if _records(text, d, _SAMPLE_LINES) == rows)
    records = _records(text, delimiter, None, sheet=name)
    texts = _Texts()
    for number, record in enumerate(records, 1):
        for index, value in enumerate(record):
            texts.add(value, name, number, index)
    return Table.of_texts(name, records)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Bytes that are no text decode to control characters or to nothing at all.
        if not any(char < " " and char not in "\t\r\n" for char in text):
            return text
    raise Refused("file_encoding", field="file")


def _filled(rows: Iterable[Sequence[str]]) -> int:
    return sum(1 for row in rows for value in row if value.strip())


def _records(text: str, delimiter: str, most: int | None, *, sheet: str = "") -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            while row and not row[-1].strip():
                row.pop()
            rows.append(row)
            if len(rows) == most:
                break
            if len(row) > MAX_COLUMNS:
                raise Refused("too_many_columns", field="file", sheet=sheet, limit=MAX_COLUMNS)
            if len(rows) > MAX_ROWS:
                raise Refused("too_many_rows", field="file", sheet=sheet, limit=MAX_ROWS)
    except csv.Error:
        # An open quotation mark would swallow the lines after it.
        raise Refused("file_quotes", field="file", row=len(rows) + 1) from None
    return rows


# Workbooks


def _workbook(data: bytes) -> tuple[Table, ...]:
    facts = checked_workbook(data)
    # openpyxl warns of styles and extensions that do not concern the cells, and raises whatever
    # the broken part happens to trip over.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            try:
                texts = _Texts()
                # The part's path is private to the library; the scan knows sheets by nothing else.
                return tuple(
                    _sheet(sheet, facts.get(sheet._worksheet_path, SheetFacts()), texts)
                    for sheet in book.worksheets
                )
            finally:
                book.close()
        except Refused:
            raise
        except Exception:
            raise Refused("file_unreadable", field="file") from None


def _sheet(sheet: Any, facts: SheetFacts, texts: _Texts) -> Table:
    grid: list[list[Cell]] = []
    # Without content there is nothing to read, and the library would walk every empty row.
    rows = sheet.iter_rows(max_row=facts.rows, max_col=facts.columns) if facts.rows else ()
    for number, row in enumerate(rows, 1):
        for index, cell in enumerate(row):
            if isinstance(cell.value, str):
                texts.add(cell.value, sheet.title, number, index)
        grid.append([_cell(cell) for cell in row])
    for (row_number, column), formula in facts.formulas.items():
        if grid[row_number - 1][column - 1] is EMPTY:
            grid[row_number - 1][column - 1] = Cell(formula, CellKind.FORMULA)
    for merged in facts.merged:
        _fill_down(grid, merged.top - 1, min(merged.bottom, len(grid)), merged.left - 1)
    return Table(sheet.title, tuple(tuple(row) for row in grid), knows_merges=True)


def _fill_down(grid: list[list[Cell]], top: int, bottom: int, column: int) -> None:
    """The top cell of a range merged over rows ``top`` to ``bottom - 1`` speaks for those below.

    Only in its own column: a footnote merged across the table is not every column's value.
    """
    if bottom - top < 2 or column >= len(grid[top]):
        return
    above = grid[top][column]
    if above is EMPTY or above.merge is not Merge.NONE:
        return
    grid[top][column] = Cell(above.text, above.kind, Merge.TOP)
    for row in range(top + 1, bottom):
        if grid[row][column] is EMPTY:
            grid[row][column] = Cell(above.text, above.kind, Merge.BELOW)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", CellKind.BOOLEAN)
    if isinstance(value, int):
        return Cell(str(value), CellKind.NUMBER)
    if isinstance(value, float):
        return Cell(_decimal(value), CellKind.NUMBER)
    if isinstance(value, (datetime, date, time)):
        return Cell(value.isoformat(), CellKind.DATE)
    if isinstance(value, timedelta):
        return Cell(str(value), CellKind.DATE)
    if cell.data_type == "e":
        return Cell(str(value), CellKind.ERROR)
    text = unescape(str(value))
    return Cell(text, CellKind.TEXT) if text.strip() else EMPTY


def _decimal(value: float) -> str:
    return format(Decimal(f"{value:.{_EXCEL_DIGITS}g}"), "f")
