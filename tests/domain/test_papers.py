"""Slips, the box and the numbers people type: domain/papers.py, and paper beside online answers."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.papers import (
    HandedIn,
    Slip,
    SlipFacts,
    box_ends_at,
    check_handed_in,
    check_hours,
    check_late,
    read_serials,
    reconcile,
    where,
    write_serials,
)
from domain.votes import Answer, Choice, Mark, standing

ANNOUNCED = datetime(2026, 9, 1, 2, 0, 0, 123, tzinfo=UTC)
CLOSES = datetime(2026, 9, 20, 16, 0, tzinfo=UTC)  # the 20th, 24:00 in China
SERIALS = st.frozensets(st.integers(1, 60))
SLIPS = st.lists(
    st.builds(
        SlipFacts,
        serial=st.integers(1, 99),
        void=st.booleans(),
        in_time=st.booleans(),
        came_after=st.booleans(),
    ),
    unique_by=lambda slip: slip.serial,
)


def code(text: str, **known: object) -> tuple[str, object]:
    with pytest.raises(Refused) as raised:
        read_serials(text, **({"printed": range(1, 21)} | known))  # type: ignore[arg-type]
    return raised.value.code, raised.value.params.get("serial")


@pytest.mark.parametrize(
    "text",
    [
        "1-8, 11, 14",
        "1－8，11、14",
        "１～８；１１　１４",
        "1至8。11\n14",
        " 1 — 8 / 11;14 ,",
        "14 11 8 7 6 5 4 3 2 1",
        "1--3,4–8,11,14",
    ],
)
def test_b1_numbers_are_read_as_people_type_them(text: str) -> None:
    assert read_serials(text, printed=range(1, 21)) == {*range(1, 9), 11, 14}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3, 21", ("serial_unknown", 21)),
        ("0", ("serial_unknown", 0)),
        ("18-999999", ("serial_unknown", 21)),
        ("2-6", ("serial_void", 4)),
        ("1-3, 3", ("serial_twice", 3)),
        ("9-8", ("serial_backwards", None)),
        ("abc", ("serial_unreadable", None)),
        ("1-2-3", ("serial_unreadable", None)),
        ("1234567", ("serial_unreadable", None)),
    ],
)
def test_b1_a_number_that_cannot_be_is_refused_by_name(text: str, said: tuple[str, object]) -> None:
    assert code(text, void={4}) == said


@given(SERIALS)
def test_b1_what_is_written_is_read_again(serials: frozenset[int]) -> None:
    assert read_serials(write_serials(serials), printed=range(1, 61)) == serials


@pytest.mark.rule("paper.reconciled")
@given(SLIPS, SERIALS)
def test_b1_printed_is_collected_void_outstanding_and_late(
    slips: list[SlipFacts], listed: frozenset[int]
) -> None:
    found = reconcile(slips, listed)
    assert found.printed == len(slips)
    assert found.printed == found.collected + found.void + found.outstanding + found.late


@pytest.mark.rule("paper.collected")
@given(SLIPS, SERIALS)
def test_b1_a_slip_counts_when_it_came_before_the_close_or_is_listed(
    slips: list[SlipFacts], listed: frozenset[int]
) -> None:
    for slip in slips:
        counts = not slip.void and (slip.in_time or slip.serial in listed)
        assert (where(slip, listed) is Slip.COLLECTED) == counts


@pytest.mark.rule("paper.box_hours")
def test_b1_the_hours_are_those_of_the_notice_and_24_where_it_names_none() -> None:
    assert box_ends_at(CLOSES, None) == CLOSES + timedelta(hours=24)
    assert box_ends_at(CLOSES, 3) == CLOSES + timedelta(hours=3)
    assert [check_hours(hours) for hours in (1, 24)] == [1, 24]
    for hours in (0, 25, -1):
        with pytest.raises(Refused, match="box_hours_wrong"):
            check_hours(hours)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 8, 31), "handed_in_too_early"),
        (date(2026, 9, 1), ""),
        (date(2026, 9, 20), ""),
        (date(2026, 9, 21), "handed_in_after_close"),
    ],
)
def test_b1_the_day_lies_between_announcement_and_close(day: date, said: str) -> None:
    handed, now = HandedIn(day, " 崔 组长 ", "林"), CLOSES + timedelta(hours=20)
    if not said:
        tidy = check_handed_in(handed, announced_at=ANNOUNCED, closes_at=CLOSES, now=now)
        assert (tidy.first, tidy.second) == ("崔 组长", "林")
        return
    with pytest.raises(Refused, match=said):
        check_handed_in(handed, announced_at=ANNOUNCED, closes_at=CLOSES, now=now)


def test_b1_a_late_slip_has_a_day_too_and_nothing_comes_tomorrow() -> None:
    now = CLOSES + timedelta(hours=20)
    late = HandedIn(date(2026, 9, 21), "崔", "林")
    assert check_late(late, announced_at=ANNOUNCED, now=now) == late
    with pytest.raises(Refused, match="handed_in_later"):
        check_late(HandedIn(date(2026, 9, 22), "崔", "林"), announced_at=ANNOUNCED, now=now)


# Who said what, and whether on paper.
SAID = [
    Answer(1, person, choice, 0, paper=paper)
    for person in "ab"
    for choice in (Choice.AGREE, Choice.AGAINST)
    for paper in (False, True)
]


def in_order(answers: tuple[Answer, ...]) -> list[Answer]:
    return [
        Answer(1, one.person, one.choice, number, paper=one.paper)
        for number, one in enumerate(answers, start=1)
    ]


def one_answer_a_way(answers: tuple[Answer, ...]) -> bool:
    """Nobody answers twice in the same way: then the later one would rightly hold."""
    return len({(one.person, one.paper) for one in answers}) == len(answers)


@pytest.mark.rule("count.paper_prevails")
@pytest.mark.parametrize("number", [2, 3, 4])
def test_b1_the_order_of_paper_and_online_changes_nothing(number: int) -> None:
    tried = 0
    for answers in filter(one_answer_a_way, itertools.combinations(SAID, number)):
        found = {standing(in_order(order)) for order in itertools.permutations(answers)}
        assert len(found) == 1, answers
        tried += 1
    assert tried > 10


@pytest.mark.rule("count.paper_prevails")
def test_b1_paper_prevails_over_its_signers_online_answer_and_over_nobody_elses() -> None:
    online = Answer(1, "a", Choice.AGREE, 2)
    paper = Answer(1, "a", Choice.AGAINST, 1, paper=True)
    wife = Answer(1, "b", Choice.AGREE, 3)
    assert standing([online, paper]) is Choice.AGAINST
    assert standing([online, paper, wife]) is Mark.DISPUTED
    assert standing([online, paper, wife], representative="b") is Choice.AGREE
