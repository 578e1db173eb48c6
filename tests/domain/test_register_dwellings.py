"""Rooms, floors and areas of a roster."""

from __future__ import annotations

import pytest

from domain.register import read_roster
from domain.register_tables import Cell, CellKind
from tests.rosters import HEADER, SIXTH_FLOOR, one, reasons, roster, said, sheet

# Rooms and floors


@pytest.mark.parametrize(
    ("written", "room", "floor"),
    [
        ("602", "602", 6),
        ("1203", "1203", 12),
        ("６０２", "602", 6),
        ("0101", "0101", 1),
        ("602室", "602", 6),
        ("602A", "602A", 6),
        ("B-602", "B-602", 6),
        (" 6 02 ", "602", 6),
        ("B101", "B101", -1),
        ("-101", "-101", -1),
        ("地下室3", "地下室3", -1),
        ("负101", "负101", -1),
    ],
)
def test_the_floor_is_taken_from_the_room_and_that_is_said(written, room, floor):
    read = roster(["3幢", "1单元", written, "58.43", "邱国强"])
    assert [(d.room, d.floor) for d in read.dwellings] == [(room, floor)]
    assert said(read, "floor_from_room") == [(2, room)]


@pytest.mark.parametrize("room", ["六楼东", "12", "阁楼", "001", "3-1-602", "99999"])
def test_a_room_that_names_no_floor_is_refused_without_a_floor_column(room):
    read = roster(["3幢", "1单元", room, "58.43", "邱国强"])
    assert reasons(read) == [(2, "C", "floor_not_in_room")]
    assert read.refused[0].value == room


@pytest.mark.parametrize(
    ("written", "floor"),
    [
        ("6", 6),
        ("6层", 6),
        ("六楼", 6),
        ("6F", 6),
        ("十二层", 12),
        ("第3层", 3),
        ("６", 6),
        ("-1", -1),
        ("负一层", -1),
        ("B1", -1),
        ("地下一层", -1),
    ],
)
def test_a_floor_column_is_believed(written, floor):
    assert one([*HEADER, "楼层"], ["3幢", "1单元", "六楼东", "58.43", "邱国强", written]).floor == (
        floor
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3/6", "floor_unreadable"),
        ("1-2", "floor_unreadable"),
        ("顶层", "floor_unreadable"),
        ("0", "floor_zero"),
        ("150", "floor_absurd"),
        ("-12", "floor_absurd"),
    ],
)
def test_a_floor_that_is_none_is_refused(written, code):
    read = roster([*SIXTH_FLOOR, written], header=[*HEADER, "楼层"])
    assert reasons(read) == [(2, "F", code)]


def test_a_floor_other_than_the_rooms_is_mentioned():
    read = roster([*SIXTH_FLOOR, "7"], header=[*HEADER, "楼层"])
    assert read.dwellings[0].floor == 7
    assert said(read, "floor_differs_from_room") == [(2, "602")]


def test_a_row_without_a_room_is_refused():
    read = roster(["3幢", "1单元", "", "58.43", "邱国强"])
    assert reasons(read) == [(2, "C", "room_missing")]


def test_a_room_that_comes_twice_is_refused_the_second_time():
    read = roster(SIXTH_FLOOR, ["3栋", "一单元", "６０２室", "58.43", "邱国强"])
    assert [d.row for d in read.dwellings] == [2]
    assert reasons(read) == [(3, "C", "room_repeated")]
    assert read.refused[0].params == {"first_row": 2, "differs": ()}


def test_rows_of_one_room_that_contradict_each_other_are_both_pointed_out():
    read = roster(SIXTH_FLOOR, ["3幢", "1单元", "602", "60.24", "重复行"])
    assert read.refused[0].params == {"first_row": 2, "differs": ("area", "owners")}
    assert said(read, "room_repeated_below") == [(2, "602")]


def test_a_room_whose_first_row_was_refused_is_not_read_from_the_second():
    read = roster(["3幢", "1单元", "602", "-1", "邱国强"], SIXTH_FLOOR)
    assert read.dwellings == ()
    assert reasons(read) == [(2, "D", "area_not_positive"), (3, "C", "room_repeated")]


def test_the_same_room_in_another_entrance_is_another_flat():
    assert len(roster(SIXTH_FLOOR, ["3幢", "2单元", *SIXTH_FLOOR[2:]]).dwellings) == 2


# Areas


@pytest.mark.parametrize("written", ["58.43", "58.43㎡", "58.43 平方米", "５８．４３", "58.430"])
def test_areas_are_exact(written):
    assert one(HEADER, ["3幢", "1单元", "602", written, "邱国强"]).area == 5843


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "area_missing"),
        ("0", "area_not_positive"),
        ("-60.24", "area_not_positive"),
        ("58.432", "area_unreadable_decimals"),
        ("60.239999999", "area_unreadable_decimals"),
        ("约60", "area_unreadable"),
        ("62,35", "area_unreadable"),
        ("6,2,35", "area_unreadable"),
        ("5000.01", "area_absurd"),
        ("1e2", "area_unreadable"),
        ("NaN", "area_unreadable"),
    ],
)
def test_an_area_that_is_none_is_refused(written, code):
    read = roster(["3幢", "1单元", "602", written, "邱国强"])
    assert reasons(read) == [(2, "D", code)]
    assert read.refused[0].value == written
    assert read.refused[0].header == "建筑面积"


def test_thousands_may_be_grouped():
    assert one(HEADER, ["3幢", "1单元", "602", "1,058.43", "邱国强"]).area == 105843


@pytest.mark.parametrize("written", ["4.99", "500", "1058.43"])
def test_an_unusual_area_is_mentioned(written):
    read = roster(["3幢", "1单元", "602", written, "邱国强"])
    assert said(read, "area_unusual") == [(2, written)]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (CellKind.FORMULA, "=D3+1", "cell_formula"),
        (CellKind.ERROR, "#N/A", "cell_error"),
        (CellKind.DATE, "2023-03-06T00:00:00", "cell_date"),
        (CellKind.BOOLEAN, "TRUE", "cell_boolean"),
    ],
)
@pytest.mark.parametrize(("column", "letter"), [(2, "C"), (3, "D")])
def test_cells_that_are_no_text_are_refused_with_what_they_are(kind, text, code, column, letter):
    row: list[Cell | str] = list(SIXTH_FLOOR)
    row[column] = Cell(text, kind)
    read = read_roster([sheet(list(HEADER), row)])
    assert reasons(read) == [(2, letter, code)]
    assert read.refused[0].value == text


def test_every_fault_of_a_row_is_named():
    read = roster(["3幢", "1单元", "阁楼", "-1", ""])
    assert {fault.code for fault in read.refused} == {
        "area_not_positive",
        "floor_not_in_room",
        "owners_missing",
    }
    assert read.refused_rows == (2,)
