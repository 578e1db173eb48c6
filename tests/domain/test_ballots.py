"""A file of ballots: whom each line speaks for, and what two lines for one head amount to."""

from __future__ import annotations

import pytest

from domain.ballots import Matched, match, read_ballots
from domain.errors import Refused
from domain.register_tables import Table
from domain.voters import Dwelling, Voter, voters_from
from domain.votes import DISPUTED, INVALID, Choice


def flat(building: str, entrance: str, room: str, *owners: str) -> Dwelling:
    key = f"{building}{entrance}{room}"
    return Dwelling(key, building, entrance, room, 3, 6000, owners=frozenset(owners))


STAIRWELL = voters_from(
    [
        flat("3幢", "1单元", "301", "尹志强"),
        flat("3幢", "1单元", "302", "尹志强"),
        flat("3幢", "1单元", "401", "陈建华"),
        flat("3幢", "1单元", "402", "周慧敏", "丁援朝"),
    ]
)
COMPOUND = voters_from(
    [
        flat("3幢", "1单元", "301", "尹志强"),
        flat("3幢", "2单元", "301", "杨立新"),
        flat("5幢", "", "301", "夏慧敏"),
        flat("5幢", "", "302", "夏慧敏", "钟明远"),
    ]
)


def matched(voters: tuple[Voter, ...], header: str, *lines: str) -> Matched:
    rows = [line.split(",") for line in (header, *lines)]
    ballots = read_ballots(Table.of_texts("ballots", rows))
    assert not ballots.faults
    return match(ballots.lines, voters)


def test_a_room_finds_its_voter_however_it_is_written() -> None:
    for room in ("401", "４０１", "401室", " 401 "):
        assert matched(STAIRWELL, "室号,表决意见", f"{room},同意").votes == {2: Choice.AGREE}


@pytest.mark.parametrize(
    ("written", "vote"),
    [
        ("同意", Choice.AGREE),
        ("agree", Choice.AGREE),
        ("AGREE", Choice.AGREE),
        ("反对", Choice.AGAINST),
        ("against", Choice.AGAINST),
        ("弃权", Choice.ABSTAIN),
        ("abstain", Choice.ABSTAIN),
        ("无效", INVALID),
        ("invalid", INVALID),
    ],
)
def test_choices_are_read_in_both_languages(written: str, vote: object) -> None:
    assert matched(STAIRWELL, "room,choice", f"401,{written}").votes == {2: vote}


@pytest.mark.rule("count.one_ballot")
def test_one_ballot_covers_all_the_buyers_dwellings() -> None:
    assert matched(STAIRWELL, "room,choice", "302,agree").votes == {1: Choice.AGREE}
    assert matched(STAIRWELL, "room,choice", "301,agree", "302,agree").votes == {1: Choice.AGREE}


@pytest.mark.rule("count.one_ballot")
@pytest.mark.rule("count.disputed")
def test_two_different_choices_make_the_voter_disputed() -> None:
    assert matched(STAIRWELL, "room,choice", "301,agree", "302,against").votes == {1: DISPUTED}
    assert matched(STAIRWELL, "room,choice", "401,agree", "401,abstain").votes == {2: DISPUTED}


@pytest.mark.rule("count.one_ballot")
def test_an_invalid_ballot_beside_a_valid_one_is_listed_and_has_no_effect() -> None:
    result = matched(STAIRWELL, "room,choice", "301,invalid", "302,agree", "401,invalid")
    assert result.votes == {1: Choice.AGREE, 2: INVALID}
    assert result.invalid == (1, 2)


def test_a_ballot_of_somebody_who_is_not_on_the_roll_is_listed_and_not_counted() -> None:
    result = matched(STAIRWELL, "幢号,单元,room,choice", "3栋,一单元,401,同意", "3栋,1,999,同意")
    assert result.votes == {2: Choice.AGREE}
    assert result.unknown == ("3栋1-999",)
    elsewhere = matched(COMPOUND, "building,entrance,room,choice", "9,1,301,agree")
    assert (elsewhere.votes, elsewhere.unknown) == ({}, ("9-1-301",))


def test_where_the_roll_has_several_a_ballot_names_building_and_entrance() -> None:
    result = matched(
        COMPOUND, "building,entrance,room,choice", ",,301,agree", "3,,301,agree", "5,,301,agree"
    )
    assert [(fault.row, fault.code, fault.column) for fault in result.faults] == [
        (2, "building_missing", "A"),
        (3, "entrance_missing", "B"),
    ]
    assert result.votes == {3: Choice.AGREE}


def test_a_roll_of_one_entrance_takes_ballots_that_all_name_the_same_one() -> None:
    result = matched(COMPOUND, "building,entrance,room,choice", "5,1,301,agree", "5,1,302,against")
    assert result.votes == {3: Choice.AGREE, 4: Choice.AGAINST}
    apart = matched(COMPOUND, "building,entrance,room,choice", "5,1,301,agree", "5,2,301,against")
    assert (apart.votes, len(apart.unknown)) == ({}, 2)


def test_a_roll_without_buildings_takes_ballots_that_all_name_the_same_one() -> None:
    roll = voters_from([flat("", "", "301", "尹志强"), flat("", "", "302", "陈建华")])
    same = matched(roll, "building,room,choice", "3幢,301,agree", "3栋,302,agree")
    assert same.votes == {1: Choice.AGREE, 2: Choice.AGREE}
    apart = matched(roll, "building,room,choice", "3幢,301,agree", "5幢,301,against")
    assert (apart.votes, apart.unknown) == ({}, ("3幢301", "5幢301"))


@pytest.mark.parametrize("name", ["陈建华", "2"])
def test_a_voter_is_named_by_owner_or_by_number(name: str) -> None:
    assert matched(STAIRWELL, "表决权人,表决意见", f"{name},同意").votes == {2: Choice.AGREE}


@pytest.mark.parametrize("name", ["周慧敏、丁援朝", "丁援朝、周慧敏", "丁援朝"])
def test_co_owners_are_named_in_any_order_or_by_one_of_them(name: str) -> None:
    assert matched(STAIRWELL, "voter,choice", f"{name},agree").votes == {3: Choice.AGREE}


def test_an_owner_alone_is_told_from_the_same_owner_with_another() -> None:
    assert matched(COMPOUND, "voter,choice", "夏慧敏,agree").votes == {3: Choice.AGREE}
    couple_first = voters_from([flat("", "", "1", "甲", "乙"), flat("", "", "2", "甲")])
    assert matched(couple_first, "voter,choice", "甲,agree").votes == {2: Choice.AGREE}
    roll = voters_from([flat("", "", "1", "甲", "乙"), flat("", "", "2", "甲", "丙")])
    faults = matched(roll, "voter,choice", "甲,agree").faults
    assert [(fault.row, fault.code, fault.value) for fault in faults] == [
        (2, "voter_ambiguous", "甲")
    ]
    assert matched(roll, "voter,choice", "丁,agree").unknown == ("丁",)


def test_lines_that_cannot_be_read_are_faults_by_row_and_column() -> None:
    rows = [
        ["室号", "表决意见"],
        ["301", ""],
        ["302", "也许"],
        ["", "同意"],
        ["", ""],
        ["401", "同意"],
    ]
    ballots = read_ballots(Table.of_texts("ballots", rows))
    assert [(fault.row, fault.column, fault.code, fault.value) for fault in ballots.faults] == [
        (2, "B", "choice_missing", ""),
        (3, "B", "choice_unknown", "也许"),
        (4, "A", "room_or_voter_missing", ""),
    ]
    assert [ballot.room for ballot in ballots.lines] == ["401"]


@pytest.mark.parametrize(
    ("header", "missing"), [("室号,楼栋", ("choice",)), ("楼栋,表决意见", ("room",))]
)
def test_a_file_without_the_columns_it_needs_is_refused(
    header: str, missing: tuple[str, ...]
) -> None:
    with pytest.raises(Refused) as refused:
        read_ballots(Table.of_texts("ballots", [header.split(","), ["3", "3"]]))
    assert refused.value.code == "columns_missing"
    assert refused.value.params["columns"] == missing
