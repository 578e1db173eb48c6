"""Importing again: what a new roster changes, and what it says nothing about."""

from __future__ import annotations

from dataclasses import replace

from domain.register import DwellingRow, Roster, read_roster
from domain.register_difference import FieldChange, difference
from domain.register_tables import Table

HEADER = ["幢号", "单元", "室号", "建筑面积", "产权人"]
SIXTH = ["3幢", "1单元", "602", "58.43", "邱国强"]
GROUND = ["3幢", "1单元", "101", "62.35", "杜文斌"]


def roster(*rows: list[str], header: list[str] = HEADER) -> Roster:
    return read_roster([Table.of_texts("清册", [header, *rows])])


def registered(*rows: list[str]) -> tuple[DwellingRow, ...]:
    """The register after an earlier import, with a telephone that the committee has added."""
    return tuple(replace(row, phone="10023667127", note="独居") for row in roster(*rows).dwellings)


def test_the_same_roster_changes_nothing():
    told = difference(registered(SIXTH, GROUND), roster(GROUND, SIXTH))
    assert told.empty
    assert {row.room for row in told.unchanged} == {"101", "602"}


def test_other_spellings_of_the_address_and_order_of_owners_change_nothing():
    before = registered(["3幢", "1单元", "201", "62.35", "周慧敏、丁援朝"])
    told = difference(before, roster(["3号楼", "一单元", "２０１室", "62.35㎡", "丁援朝、周慧敏"]))
    assert told.empty


def test_new_flats_are_added():
    told = difference(registered(SIXTH), roster(SIXTH, GROUND))
    assert [row.room for row in told.added] == ["101"]


def test_a_change_names_each_field_with_its_old_and_new_value():
    told = difference(registered(SIXTH), roster(["3幢", "1单元", "602", "58.50", "邱国强、邱小妹"]))
    (change,) = told.changed
    assert change.fields == (
        FieldChange("area", 5843, 5850),
        FieldChange("owners", ("邱国强",), ("邱国强", "邱小妹")),
    )
    assert (change.new.area, change.new.phone) == (5850, "10023667127")


def test_a_roster_without_telephones_forgets_none():
    told = difference(registered(SIXTH), roster(["3幢", "1单元", "602", "58.50", "邱国强"]))
    assert (told.changed[0].new.phone, told.changed[0].new.note) == ("10023667127", "独居")


def test_a_roster_with_a_column_of_telephones_speaks_about_all_of_them():
    told = difference(registered(SIXTH), roster([*SIXTH, ""], header=[*HEADER, "电话"]))
    assert told.changed[0].fields == (FieldChange("phone", "10023667127", ""),)


def test_what_is_not_in_the_roster_any_more_is_gone():
    told = difference(registered(SIXTH, GROUND), roster(SIXTH))
    assert [row.room for row in told.gone] == ["101"]
    assert not told.empty


def test_buildings_that_the_roster_does_not_name_are_left_alone():
    before = registered(SIXTH, ["5幢", "1单元", "101", "71.08", "丁淑珍"])
    assert difference(before, roster(SIXTH)).empty


def test_a_dwelling_in_a_refused_row_is_not_gone():
    told = difference(
        registered(SIXTH, GROUND), roster(SIXTH, ["3幢", "1单元", "101", "-1", "杜文斌"])
    )
    assert told.gone == ()
    assert [row.room for row in told.unread] == ["101"]


def test_while_a_row_without_a_readable_room_exists_nothing_is_gone():
    told = difference(
        registered(SIXTH, GROUND), roster(SIXTH, ["3幢", "1单元", "", "62.35", "杜文斌"])
    )
    assert (told.gone, [row.room for row in told.unread]) == ((), ["101"])
