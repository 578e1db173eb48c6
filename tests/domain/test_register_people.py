"""Owners, telephones and what else a roster says of a dwelling and its people."""

from __future__ import annotations

import pytest

from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from tests.rosters import HEADER, SIXTH_FLOOR, one, reasons, roster, said

# Owners


@pytest.mark.parametrize(
    "written",
    ["周慧敏、丁援朝", "周慧敏，丁援朝", "周慧敏,丁援朝", "周慧敏/丁援朝", "周慧敏；丁援朝"],
)
def test_several_owners_are_told_apart(written):
    assert one(HEADER, [*SIXTH_FLOOR[:4], written]).owners == ("周慧敏", "丁援朝")


@pytest.mark.parametrize(
    "partner",
    ["配偶 姜立新", "配偶姜立新", "配偶:姜立新", "姜立新(配偶)", "姜立新（妻）", "妻 姜立新"],
)
def test_what_the_co_owner_is_to_the_owner_is_not_part_of_the_name(partner):
    read = roster([*SIXTH_FLOOR, partner], header=[*HEADER, "共有人"])
    assert read.dwellings[0].owners == ("邱国强", "姜立新")
    assert len(said(read, "relation_dropped")) == 1


def test_a_name_spread_with_a_blank_is_one_name_and_that_is_said():
    read = roster([*SIXTH_FLOOR[:4], "丁　伟"])
    assert read.dwellings[0].owners == ("丁伟",)
    assert said(read, "owner_joined") == [(2, "丁伟")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "owners_missing"),
        ("无", "owners_missing"),
        ("不详", "owners_missing"),
        ("周慧敏 丁援朝", "owners_ambiguous"),
        ("周慧敏等2人", "owners_incomplete"),
        ("周慧敏等", "owners_incomplete"),
        ("周" * 101, "owner_too_long"),
    ],
)
def test_owners_that_are_not_all_named_are_refused(written, code):
    assert reasons(roster([*SIXTH_FLOOR[:4], written])) == [(2, "E", code)]


def test_an_owner_named_twice_is_one_owner():
    read = roster([*SIXTH_FLOOR[:4], "邱国强、邱国强"])
    assert read.dwellings[0].owners == ("邱国强",)
    assert said(read, "owner_repeated") == [(2, "邱国强")]


def test_identity_card_numbers_are_never_kept():
    header = [*HEADER, "备注"]
    row = [*SIXTH_FLOOR[:4], "邱国强 32010619550312441X", "身份证32010619550312441X"]
    read = roster(row, header=header)
    assert read.dwellings[0].owners == ("邱国强",)
    assert read.dwellings[0].note == "身份证"
    assert len(said(read, "id_number_dropped")) == 2


@pytest.mark.parametrize(
    ("name", "tenure", "kind"),
    [
        ("南京第二机床厂", "单位自管", OwnerKind.COMPANY),
        ("中铁四局集团（南京）有限公司", "私有", OwnerKind.COMPANY),
        ("南京新苑房地产开发有限公司", "开发单位未售", OwnerKind.DEVELOPER),
        ("邱国强", "私有", OwnerKind.PERSON),
        ("欧阳建社", "私有", OwnerKind.PERSON),
    ],
)
def test_companies_and_the_developer_are_recognised(name, tenure, kind):
    read = roster([*SIXTH_FLOOR[:4], name, tenure], header=[*HEADER, "产权性质"])
    assert read.dwellings[0].owner_kinds == (kind,)
    expected = [] if kind is OwnerKind.PERSON else [(2, read.dwellings[0].owners[0])]
    assert said(read, f"owner_{kind.value}") == expected


def test_names_at_more_than_one_flat_are_listed_since_they_are_one_buyer():
    read = roster(
        ["3幢", "1单元", "301", "62.35", "尹志强"],
        ["3幢", "1单元", "302", "58.90", "尹志强"],
        SIXTH_FLOOR,
    )
    assert {name: [d.address for d in rows] for name, rows in read.owners_of_several.items()} == {
        "尹志强": ["3幢1单元301", "3幢1单元302"]
    }


# Choices, counting, telephones


def test_words_for_tenure_use_and_source_are_known():
    header = [*HEADER, "产权性质", "使用情况", "面积依据"]
    row = one(header, [*SIXTH_FLOOR, "单位自管", "出租", "实测"])
    assert (row.tenure, row.occupancy, row.area_source) == (
        Tenure.WORK_UNIT,
        Occupancy.LET,
        AreaSource.SURVEY,
    )


def test_blank_choices_have_their_default_and_that_is_said():
    read = roster(SIXTH_FLOOR)
    row = read.dwellings[0]
    assert (row.tenure, row.occupancy, row.area_source) == (
        Tenure.PRIVATE,
        Occupancy.OWNER,
        AreaSource.REGISTER,
    )
    for name in ("tenure", "occupancy", "area_source"):
        assert len(said(read, f"{name}_assumed")) == 1


@pytest.mark.parametrize(
    ("written", "occupancy", "remarks"),
    [("是", Occupancy.LET, 0), ("否", Occupancy.OWNER, 1), ("", Occupancy.OWNER, 1)],
)
def test_whether_it_is_let_leaves_open_who_lives_there(written, occupancy, remarks):
    read = roster([*SIXTH_FLOOR, written], header=[*HEADER, "是否出租"])
    assert read.dwellings[0].occupancy is occupancy
    assert len(said(read, "occupancy_assumed")) == remarks


@pytest.mark.parametrize(
    ("header", "written", "code"),
    [
        ("产权性质", "集体", "tenure_unknown"),
        ("面积依据", "估算", "area_source_unknown"),
        ("计入表决", "待定", "counts_unknown"),
    ],
)
def test_an_unknown_word_that_matters_for_the_count_is_refused(header, written, code):
    assert reasons(roster([*SIXTH_FLOOR, written], header=[*HEADER, header])) == [(2, "F", code)]


def test_an_unknown_word_for_the_use_is_left_out_aloud():
    read = roster([*SIXTH_FLOOR, "群租"], header=[*HEADER, "使用情况"])
    assert said(read, "occupancy_unread") == [(2, "群租")]


@pytest.mark.parametrize(
    ("room", "counted", "note", "counts"),
    [
        ("602", "", "", True),
        ("车库1", "", "", False),
        ("602", "", "含车位", False),
        ("602", "", "不计入表决", False),
        ("车库1", "是", "", True),
        ("602", "否", "", False),
    ],
)
def test_garages_and_what_is_marked_do_not_count(room, counted, note, counts):
    header = [*HEADER, "计入表决", "备注"]
    row = ["3幢", "1单元", room, "18.20", "邱国强", counted, note]
    read = roster(row, header=header)
    assert read.dwellings[0].counts is counts
    assert bool(said(read, "not_counted")) is (not counts and not counted)


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("10023667127", "10023667127"),
        ("10023667127.0", "10023667127"),
        ("100-2366-7127", "10023667127"),
        ("100 2366 7127", "10023667127"),
        ("(025) 5551234", "0255551234"),
        ("10023667127/10026018159", "10023667127 / 10026018159"),
        ("+8610023667127", "+8610023667127"),
        ("１００２３６６７１２７", "10023667127"),
    ],
)
def test_telephones_are_cleaned(written, phone):
    assert one([*HEADER, "联系电话"], [*SIXTH_FLOOR, written]).phone == phone


@pytest.mark.parametrize("written", ["1.00237E+10", "无", "见备注"])
def test_a_telephone_that_cannot_be_one_is_left_out_aloud(written):
    read = roster([*SIXTH_FLOOR, written], header=[*HEADER, "手机"])
    assert read.dwellings[0].phone == ""
    assert said(read, "phone_unread") == [(2, written)]


@pytest.mark.parametrize(
    ("column", "header", "code"),
    [(2, None, "text_too_long"), (0, None, "text_too_long"), (5, "备注", "text_too_long")],
)
def test_overlong_texts_are_refused(column, header, code):
    row = [*SIXTH_FLOOR, ""]
    row[column] = "1" * 1001
    read = roster(row, header=[*HEADER, header or "备注"])
    assert code in {fault.code for fault in read.refused}
