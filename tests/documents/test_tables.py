"""Exports: texts stay texts, numbers stay numbers, whatever a resident has written."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.tables import Area, Money, Sheet, csv_bytes, is_formula_like, xlsx_bytes

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "−1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '=HYPERLINK("http://example.org","602")',
    "=cmd|' /C calc'!A0",
]


def in_csv(value: object) -> str:
    text = csv_bytes(Sheet("a", ["h"], [[value]])).decode("utf-8-sig")  # type: ignore[list-item]
    return list(csv.reader(io.StringIO(text, newline="")))[1][0]


def in_xlsx(*rows: list[object]) -> openpyxl.worksheet.worksheet.Worksheet:
    data = xlsx_bytes([Sheet("清单", ["甲"] * len(rows[0]), rows)])  # type: ignore[arg-type]
    return openpyxl.load_workbook(io.BytesIO(data))["清单"]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.trust("3.4")
def test_formulas_are_written_to_csv_as_text(text):
    assert in_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.trust("3.4")
def test_formulas_are_written_to_workbooks_as_text(text):
    cell = in_xlsx([text])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["602", "3幢-1单元", "a=b", "周慧敏", "'quoted", "", "1-2"])
def test_ordinary_texts_are_left_alone(text):
    assert not is_formula_like(text)
    assert in_csv(text) == text
    assert not in_xlsx([text])["A2"].quotePrefix


def test_headers_are_guarded_too():
    assert csv_bytes(Sheet("a", ["=1"], [])).decode("utf-8-sig") == "'=1\r\n"
    data = xlsx_bytes([Sheet("a", ["=1"], [])])
    assert openpyxl.load_workbook(io.BytesIO(data))["a"]["A1"].data_type == "s"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (Decimal("-62.35"), "-62.35"),
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 9, 1), "2026-09-01"),
    ],
)
def test_numbers_and_dates_stay_what_they_are_in_csv(value, text):
    assert in_csv(value) == text


def test_numbers_stay_exact_numbers_in_workbooks():
    row = in_xlsx([-5, Decimal("62.35"), None, "x"])[2]
    assert [cell.value for cell in row] == [-5, 62.35, None, "x"]
    assert [cell.data_type for cell in row] == ["n", "n", "n", "s"]


FEN = [1, -1, 99_999_999_99, -99_999_999_99, 12_345_678_90, 100, 0, 1_000_000_000_000_99]


@pytest.mark.parametrize("fen", FEN)
def test_b9_amounts_are_numbers_to_the_fen_also_negative_ones(fen):
    cell = in_xlsx([Money(fen)])["A2"]
    assert (cell.data_type, cell.number_format) == ("n", "#,##0.00")
    assert Decimal(str(cell.value)) * 100 == fen
    assert not cell.quotePrefix
    sign, whole = "-" if fen < 0 else "", abs(fen)
    assert in_csv(Money(fen)) == f"{sign}{whole // 100}.{whole % 100:02d}"


@settings(max_examples=60, deadline=None)
@given(st.integers(-99_999_999_99, 99_999_999_99))
def test_b9_no_amount_loses_a_fen_on_its_way_through_a_workbook(fen):
    cell = in_xlsx([Money(fen)])["A2"]
    assert Decimal(str(cell.value)) * 100 == fen


def test_b9_areas_and_days_have_formats_of_their_own():
    area, day = in_xlsx([Area(6230), date(2026, 9, 1)])[2]
    assert (area.value, area.number_format) == (62.3, "0.00")
    assert day.is_date and day.number_format == "yyyy-mm-dd"
    assert in_csv(Area(6230)) == "62.30"


def test_b9_a_workbook_prints_on_a4_across_with_its_headers_on_every_page():
    page = in_xlsx(["x"])
    assert (int(page.page_setup.paperSize), page.page_setup.orientation) == (9, "landscape")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$1:$1"
    assert page.oddHeader.center.text == "清单"
    assert page.oddFooter.center.text == "&P / &N"


def test_b9_a_title_commands_nothing_in_the_header():
    data = xlsx_bytes([Sheet("a", ["h"], [["x"]], title="甲&R乙\n" + "长" * 300)])
    header = openpyxl.load_workbook(io.BytesIO(data))["a"].oddHeader
    assert header.center.text.startswith("甲＆R乙 长")
    assert header.right.text is None
    assert len(header.center.text) <= 200


def test_an_error_written_as_text_is_text():
    assert in_xlsx(["#N/A"])["A2"].data_type == "s"


def test_csv_begins_with_a_byte_order_mark_for_excel():
    assert csv_bytes(Sheet("a", ["室号"], [])).startswith(b"\xef\xbb\xbf")


def test_several_sheets_keep_their_names_within_what_excel_allows():
    data = xlsx_bytes([Sheet("3幢/1单元", ["a"], []), Sheet("x" * 40, ["a"], [])])
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["3幢 1单元", "x" * 31]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_no_text_becomes_a_formula(text):
    cell = in_xlsx([text])["A2"]
    assert cell.data_type not in ("f", "e")
    assert cell.value is None or isinstance(cell.value, str)
    written = in_csv(text)
    assert not written or written[0] not in "=+-@\t\r\n"


@pytest.mark.trust("3.4", control=True)
def test_a_writer_that_guards_nothing_is_seen(monkeypatch):
    from documents import tables

    monkeypatch.setattr(tables, "is_formula_like", lambda text: False)
    assert in_csv("=1+1") == "=1+1"


@pytest.mark.trust("3.4")
def test_there_is_no_other_writer():
    root = Path(__file__).parents[2]
    rooms = ("domain", "models", "services", "charts", "documents", "blueprints", "demo")
    writes = re.compile(r"csv\.(Dict)?[wW]riter|openpyxl\.Workbook|\bWorkbook\(")
    found = {
        str(path.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if writes.search(path.read_text("utf-8"))
    }
    assert found == {"documents/tables.py"}
