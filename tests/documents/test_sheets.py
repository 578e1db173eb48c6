"""Uploaded files: the three real rosters, files that are not what they say, files that attack."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from documents import sheets_guard
from documents.sheets import read_sheets
from domain.errors import Refused
from domain.register import Roster, read_roster
from domain.register_tables import CellKind, Merge, Table
from domain.vocabulary import Occupancy, Tenure
from tests.documents.bombs import BOMBS, ROW, workbook, zipped

DATA = Path(__file__).parents[1] / "data"


def real(name: str) -> Roster:
    return read_roster(read_sheets((DATA / name).read_bytes(), name))


def made(*rows: list[object], merge: str = "") -> Table:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return read_sheets(buffer.getvalue(), "a.xlsx")[0]


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        read_sheets(data, name)
    assert caught.value.field == "file"
    return caught.value.code


# The real rosters


def test_the_clean_roster_is_read_whole():
    read = real("roster-gongren.xlsx")
    assert read.refused == ()
    assert (read.totals.dwellings, read.totals.counted) == (82, 81)
    assert (read.totals.area, read.totals.counted_area) == (549252, 547432)
    assert {d.building for d in read.dwellings} == {"3幢", "5幢", "8幢"}
    assert [column.header for column in read.unknown_columns] == ["序号"]
    assert [d.address for d in read.dwellings if not d.counts] == ["8幢1单元车库1"]
    assert sum(d.tenure is Tenure.DEVELOPER for d in read.dwellings) == 2


def test_the_clean_roster_names_every_buyer_of_two_flats():
    several = real("roster-gongren.xlsx").owners_of_several
    assert {name: [d.address for d in rows] for name, rows in several.items()} == {
        "尹志强": ["3幢1单元301", "3幢1单元302"],
        "南京第二机床厂": ["3幢2单元102", "5幢3单元101"],
        "范雨桐": ["5幢1单元402", "5幢1单元502"],
        "何家骏": ["5幢1单元402", "5幢1单元502"],
        "孔立新": ["5幢2单元502", "5幢3单元102"],
        "谭立新": ["8幢1单元401", "8幢1单元车库1"],
        "南京新苑房地产开发有限公司": ["8幢1单元701", "8幢1单元702"],
    }


@pytest.mark.trust("3.2")
def test_of_the_messy_roster_exactly_the_faulty_rows_are_refused_each_with_its_reason():
    read = real("roster-messy.xlsx")
    assert [(f.row, f.column, f.header, f.code, f.value) for f in read.refused] == [
        (21, "C", "门牌号", "floor_not_in_room", "六楼东"),
        (23, "F", "房屋面积", "area_not_positive", "-60.24"),
        (26, "F", "房屋面积", "area_missing", ""),
        (30, "C", "门牌号", "room_repeated", "602"),
    ]
    assert read.refused[3].params == {"first_row": 29, "differs": ("area", "owners")}


def test_of_the_messy_roster_every_good_row_is_read():
    read = real("roster-messy.xlsx")
    good = [*range(5, 17), 18, 19, 20, 22, 24, 25, 27, 28, 29]
    assert [d.row for d in read.dwellings] == good
    assert read.totals.area == 120662
    assert {(d.building, d.entrance) for d in read.dwellings} == {
        ("12号楼", "一单元"),
        ("12号楼", "二单元"),
    }
    first = read.dwellings[0]
    assert (first.room, first.floor, first.area) == ("101", 1, 5510)
    assert (first.owners, first.phone) == (("汪立新", "姜立新"), "10087789328")
    assert {d.occupancy for d in read.dwellings} == {Occupancy.OWNER}


def test_of_the_messy_roster_nothing_is_guessed_silently():
    read = real("roster-messy.xlsx")
    said = {remark.code for remark in read.remarks}
    assert said == {
        "area_source_assumed",
        "filled_from_merge",
        "floor_from_room",
        "occupancy_assumed",
        "relation_dropped",
        "room_repeated_below",
        "spelling_unified",
        "total_differs",
        "total_not_stated",
    }
    assert [column.header for column in read.unknown_columns] == ["户籍人数"]
    assert read.sheets_not_read == ("填表说明",)
    # The file states 24 households; of 25 lines 21 were read and 4 refused.
    total = next(r for r in read.remarks if r.code == "total_differs")
    assert total.params == {"figure": "dwellings", "stated": 24, "read": 21, "refused": 4}


def test_the_roster_in_gb18030_is_read():
    read = real("roster-gbk.csv")
    assert read.refused == ()
    assert (read.totals.dwellings, read.totals.area) == (12, 59882)
    assert read.dwellings[0].owners == ("田春生",)
    assert [d.floor for d in read.dwellings] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]


# Text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_files_come_in_every_encoding_and_with_every_delimiter(encoding, delimiter, newline):
    lines = [["室号", "面积", "业主"], ["602", "58.43", '"周慧敏，丁援朝"']]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    read = read_roster(read_sheets(text.encode(encoding), "a.csv"))
    assert read.dwellings[0].owners == ("周慧敏", "丁援朝")


def test_a_line_break_inside_quotation_marks_stays_in_its_cell():
    text = '室号,面积,业主\n602,58.43,"周慧敏\n丁援朝"\n601,61.88,钟志强\n'
    read = read_roster(read_sheets(text.encode(), "a.csv"))
    assert [d.owners for d in read.dwellings] == [("周慧敏", "丁援朝"), ("钟志强",)]


def test_an_open_quotation_mark_is_refused_instead_of_swallowing_lines():
    text = '室号,面积\n602,"58.43\n601,61.88\n'
    assert refusal(text.encode(), "a.csv") == "file_quotes"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "file_empty"),
        (b"\xef\xbb\xbf \r\n", "a.csv", "file_empty"),
        (b"", "a.xlsx", "file_empty"),
        ("室号,面积".encode(), "a.xlsx", "file_not_what_it_says"),
        (b"PK\x03\x04", "a.csv", "file_not_what_it_says"),
        (b"<html><table>", "a.csv", "file_not_what_it_says"),
        (b"PK\x03\x04 and no more", "a.xlsx", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "file_old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "file_old_excel"),
        (b"%PDF-1.7 room", "a.pdf", "file_type_unknown"),
        (b"room,area", "a", "file_type_unknown"),
        (b"\xff\xfe\x00\x01\xff\xff", "a.csv", "file_encoding"),
        ("室号,面积".encode("utf-16"), "a.csv", "file_encoding"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "file_encoding"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "file_too_big"),
        (b"a,b\n" * 5001, "a.csv", "too_many_rows"),
        (b",".join([b"a"] * 61), "a.csv", "too_many_columns"),
        (b"a," + b"b" * 32_768, "a.csv", "cell_too_long"),
        (b"a," + b"b" * 200_000, "a.csv", "file_quotes"),
    ],
)
@pytest.mark.trust("3.1")
def test_files_that_are_not_what_they_should_be_are_refused(data, name, code):
    assert refusal(data, name) == code


def test_the_limits_themselves_are_allowed():
    assert len(read_sheets(b"a,b\n" * 5000, "a.csv")[0].rows) == 5000
    assert len(read_sheets(b",".join([b"a"] * 60) + b",,,\n", "a.csv")[0].rows[0]) == 60


# Workbooks


def test_numbers_keep_the_decimals_that_were_typed():
    table = made([62.35, 58.9, 202, 10087789328, 60.239999999, -1.5, 1e15])
    assert [cell.text for cell in table.rows[0]] == [
        "62.35",
        "58.9",
        "202",
        "10087789328",
        "60.239999999",
        "-1.5",
        "1000000000000000",
    ]
    assert {cell.kind for cell in table.rows[0]} == {CellKind.NUMBER}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("62.350000000000001", "62.35"),
        ("59.00000000000001", "59"),
        ("1.0087789328E10", "10087789328"),
    ],
)
def test_what_a_number_has_beyond_fifteen_digits_nobody_typed(stored, read):
    cells = f'<row r="1"><c r="A1"><v>{stored}</v></c></row>'
    assert read_sheets(zipped(workbook(cells)), "a.xlsx")[0].rows[0][0].text == read


def test_cells_say_what_they_are():
    row = made(["室号", True, date(2023, 3, 6), "#N/A", "=A1", None, "  "]).rows[0]
    assert [cell.kind for cell in row] == [
        CellKind.TEXT,
        CellKind.BOOLEAN,
        CellKind.DATE,
        CellKind.ERROR,
        CellKind.FORMULA,
        CellKind.EMPTY,
        CellKind.EMPTY,
    ]
    assert row[4].text == "=A1"


def test_a_formula_with_its_stored_result_is_that_result():
    cells = '<row r="1"><c r="A1"><f>58.9+0.1</f><v>59</v></c><c r="B1"><f>A1</f></c></row>'
    row = read_sheets(zipped(workbook(cells)), "a.xlsx")[0].rows[0]
    assert [(cell.text, cell.kind) for cell in row] == [
        ("59", CellKind.NUMBER),
        ("=A1", CellKind.FORMULA),
    ]


def test_only_what_was_merged_is_filled_and_only_downwards():
    table = made(["3幢", "101", None], [None, "102", None], [None, None, None], merge="A1:A2")
    merges = [[cell.merge for cell in row[:2]] for row in table.rows]
    assert merges == [[Merge.TOP, Merge.NONE], [Merge.BELOW, Merge.NONE]]
    assert table.rows[1][0].text == "3幢"
    across = made(["注:以房产证为准", None, None], merge="A1:C1")
    assert [cell.text for cell in across.rows[0]] == ["注:以房产证为准"]


def test_formatted_but_empty_cells_do_not_count_as_rows():
    cells = ROW + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    table = read_sheets(zipped(workbook(cells)), "a.xlsx")[0]
    assert [[cell.text for cell in row] for row in table.rows] == [["室号"]]


def test_all_sheets_are_read_in_their_order():
    tables = read_sheets((DATA / "roster-messy.xlsx").read_bytes(), "m.xlsx")
    assert [table.name for table in tables] == ["Sheet1", "填表说明"]


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.trust("3.1")
def test_bombs_are_refused(name):
    build, code = BOMBS[name]
    data = build()
    assert len(data) <= sheets_guard.MAX_BYTES
    assert refusal(data, "a.xlsx") == code


def test_the_workbook_from_which_the_bombs_are_made_is_harmless_without_them():
    assert read_sheets(zipped(workbook(ROW)), "a.xlsx")[0].rows[0][0].text == "室号"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A7"><v>1</v></c></row>',
        '<row r="x"/>',
        '<row r="1"><c r="1A"/></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1">',
    ],
)
def test_broken_sheets_are_refused(cells):
    assert refusal(zipped(workbook(cells)), "a.xlsx") == "file_unreadable"


@pytest.mark.parametrize(
    "parts",
    [
        {"a.txt": "no workbook"},
        {"[Content_Types].xml": "<Types/>"},
        {**workbook(ROW), "xl/workbook.xml": "<workbook"},
    ],
)
def test_zip_files_that_are_no_workbooks_are_refused(parts):
    assert refusal(zipped(parts), "a.xlsx") == "file_unreadable"


def test_a_sheet_with_too_many_columns_is_refused():
    cells = '<row r="1"><c r="BI1"><v>1</v></c></row>'
    assert refusal(zipped(workbook(cells)), "a.xlsx") == "too_many_columns"
