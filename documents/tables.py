"""The one writer of CSV and XLSX exports.

A cell beginning with = + - @, a tabulator or a line break (and their full-width forms) is a formula
to the program that opens it, so such texts are marked as text (trust.md §3.4; CWE-1236). The guard
is for texts alone: amounts (``Money``), areas (``Area``), shares (``Percent``), counts and days are
handed in as such, one to a cell, and stay numbers and days with a format of their own, also
negative ones.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in fen, written as yuan with two decimals."""

    fen: int


@dataclass(frozen=True, slots=True)
class Area:
    """Hundredths of a square metre, written as square metres with two decimals."""

    hundredths: int


@dataclass(frozen=True, slots=True)
class Percent:
    """Hundredths of a percent, written as a number of percent with two decimals."""

    hundredths: int


Value = str | int | Decimal | Money | Area | Percent | date | bool | None

# The minus sign has no ASCII form under NFKC.
_LEADS = frozenset("=+-@−\t\r\n")
# What XML cannot hold, and what hides in a text without being seen.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDEST = 60
# What every workbook is printed with at the foot of a page, where the caller has no words for it.
PAGES = "&P / &N"
# Excel takes no more of a header.
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table to be written: a name, its headers, and rows as wide as the headers.

    ``title`` stands above every printed page; without one the name does.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]
    title: str = ""


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula or a command."""
    if text[:1] in _LEADS:
        return True
    bare = unicodedata.normalize("NFKC", text).lstrip()
    bare = "".join(char for char in bare[:8] if unicodedata.category(char) != "Cf")
    return bare[:1] in _LEADS


def csv_bytes(sheet: Sheet) -> bytes:
    """The sheet as CSV in UTF-8 with a byte order mark, without which Excel shows Chinese as noise.

    Formula-like texts get an apostrophe in front, which spreadsheets take as "this is text".
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_csv_value(header) for header in sheet.headers])
    writer.writerows([_csv_value(value) for value in row] for row in sheet.rows)
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet], *, pages: str = PAGES) -> bytes:
    """The sheets as one workbook; every text is stored as text, never as a formula.

    It prints on A4 across, as wide as the paper, with the title above, the headers on every page
    and ``pages`` below, in which ``&P`` is the page and ``&N`` how many there are.
    """
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        _write_sheet(page, sheet)
        _set_up_print(page, sheet, pages)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _exact(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


def _csv_value(value: Value) -> str | int | Decimal:
    if isinstance(value, Money):
        return _exact(value.fen)
    if isinstance(value, Area | Percent):
        return _exact(value.hundredths)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = _UNWRITABLE.sub("", value)
        return f"'{text}" if is_formula_like(text) else text
    return value


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    widths = [0] * len(sheet.headers)
    for number, row in enumerate((sheet.headers, *sheet.rows), 1):
        for index, value in enumerate(row):
            cell = page.cell(number, index + 1)
            _write_cell(cell, value)
            if number == 1:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            widths[index] = max(widths[index], _width(_shown(value)))
    for index, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(index)].width = min(width, _WIDEST) + 2
    page.freeze_panes = "A2"


def _set_up_print(page: Worksheet, sheet: Sheet, pages: str) -> None:
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = page.ORIENTATION_LANDSCAPE
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth = 1
    # As many pages long as it takes.
    page.page_setup.fitToHeight = 0
    page.print_title_rows = "1:1"
    # An ampersand begins a command of the header's.
    title = _UNWRITABLE.sub("", sheet.title or sheet.name).replace("&", "＆")
    page.oddHeader.center.text = " ".join(title.split())[:_LONGEST_TITLE]
    page.oddFooter.center.text = pages


def _write_cell(cell: Cell, value: Value) -> None:
    if isinstance(value, Money):
        cell.value, cell.number_format = _exact(value.fen), "#,##0.00"
        return
    if isinstance(value, Area | Percent):
        cell.value, cell.number_format = _exact(value.hundredths), "0.00"
        return
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    text = _UNWRITABLE.sub("", value)
    cell.value = text
    # The library would make a formula of "=…" and an error of "#N/A".
    cell.data_type = "s"
    # Kept as text also when somebody edits the cell and presses Enter.
    cell.quotePrefix = is_formula_like(text)


def _shown(value: Value) -> str:
    """The text that a cell shows, as far as its width goes."""
    if isinstance(value, Money):
        return f"{_exact(value.fen):,}"
    return str(_csv_value(value))


def _width(text: str) -> int:
    """Columns of the widest line; a Chinese character takes two."""
    return max(
        (
            sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
            for line in text.split("\n")
        ),
        default=0,
    )


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "Sheet"
