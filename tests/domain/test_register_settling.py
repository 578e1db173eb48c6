"""A file of one building, a building of one door: what the file need not say."""

from __future__ import annotations

import pytest

from domain.register import Roster, read_roster
from domain.register_settling import KnownBuilding, settled, sort_key
from domain.register_tables import Table

TWO_DOORS = {"3": KnownBuilding("3号楼", {"1": "一单元", "2": "二单元"})}
ONE_DOOR = {"3": KnownBuilding("3号楼", {"2": "二单元"})}


def roster(*rows: list[str], header: list[str]) -> Roster:
    return read_roster([Table.of_texts("清册", [header, *rows])])


def test_a_row_is_registered_under_the_names_that_the_register_has():
    read = roster(
        ["3", "1", "602", "58.43", "邱国强"], header=["幢号", "单元", "室号", "面积", "业主"]
    )
    (row,) = settled(read, TWO_DOORS).dwellings
    assert (row.building, row.entrance, row.key) == ("3号楼", "一单元", ("3", "1", "602"))


def test_a_new_building_named_by_a_number_gets_a_proper_name():
    read = roster(
        ["5", "1", "602", "58.43", "邱国强"], header=["幢号", "单元", "室号", "面积", "业主"]
    )
    (row,) = settled(read, TWO_DOORS).dwellings
    assert row.address == "5幢1单元602"


def test_a_file_without_a_building_takes_the_one_that_is_given():
    read = roster(["602", "58.43", "邱国强"], header=["室号", "面积", "业主"])
    assert settled(read, {}).dwellings[0].building_key == ""
    (row,) = settled(read, {}, "三幢").dwellings
    assert (row.building, row.key) == ("三幢", ("3", "1", "602"))


def test_the_only_entrance_need_not_be_named_and_that_is_said():
    read = roster(["3", "602", "58.43", "邱国强"], header=["幢号", "室号", "面积", "业主"])
    done = settled(read, ONE_DOOR)
    assert done.dwellings[0].key == ("3", "2", "602")
    assert [r.value for r in done.remarks if r.code == "entrance_assumed"] == ["二单元"]
    assert settled(read, {}).dwellings[0].key == ("3", "1", "602")


def test_of_two_entrances_one_must_be_named():
    read = roster(["3", "602", "58.43", "邱国强"], header=["幢号", "室号", "面积", "业主"])
    done = settled(read, TWO_DOORS)
    assert done.dwellings == ()
    assert [(fault.row, fault.code) for fault in done.refused] == [(2, "entrance_missing")]
    assert done.unplaced_rows == (2,)


def test_a_refused_row_of_no_known_entrance_may_be_any_dwellings():
    read = roster(["3", "602", "-1", "邱国强"], header=["幢号", "室号", "面积", "业主"])
    assert settled(read, TWO_DOORS).unplaced_rows == (2,)
    assert settled(read, ONE_DOOR).unplaced_rows == ()


def test_refused_rows_are_known_under_the_same_address():
    read = roster(["602", "-1", "邱国强"], header=["室号", "面积", "业主"])
    assert settled(read, ONE_DOOR, "3幢").refused_keys == {("3", "2", "602")}


@pytest.mark.parametrize(
    ("key", "sorts"), [("10", "000010"), ("a", "a"), ("b2-3", "b000002-000003")]
)
def test_two_sorts_before_ten(key, sorts):
    assert sort_key(key) == sorts
