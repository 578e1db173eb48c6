"""Second computations beside the lawful count: shown, named, never the outcome."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Refused
from domain.other_counts import MajorityClause, follow_the_majority, read_old_record
from domain.voters import Voter, VoterKind
from domain.votes import INVALID, Choice, Figures, Matter, Outcome, Vote, count

AGREE, AGAINST, _ = Choice
ROLL = tuple(Voter(n, (), frozenset(), 6000, VoterKind.OWNER) for n in range(1, 13))
RULES = "业主大会议事规则第二十条"


def votes(*given: Vote) -> dict[int, Vote]:
    return dict(enumerate(given, start=1))


@pytest.mark.rule("count.follow_majority")
def test_silent_voters_with_proof_of_delivery_join_the_majority_in_a_second_result_only() -> None:
    ballots = votes(*[AGREE] * 5, AGAINST, INVALID)
    lawful = count(Matter.REBUILD, ROLL, ballots)
    clause = MajorityClause(RULES, {8: "挂号信", 9: "签收", 10: " "})
    second = follow_the_majority(lawful, ROLL, ballots, clause)
    assert second.lawful is lawful
    assert lawful.outcome is Outcome.NOT_QUORATE
    assert second.tally.outcome is Outcome.ADOPTED
    assert (second.followed, second.added, second.unproven) == (AGREE, (8, 9), (10, 11, 12))
    assert second.tally.persons == Figures(12, 8, 7, against=1, invalid=1)
    assert second.tally.area == Figures(72000, 48000, 42000, against=6000, invalid=6000)


@pytest.mark.rule("count.follow_majority")
def test_a_majority_against_is_followed_too() -> None:
    ballots = votes(AGREE, AGAINST, AGAINST)
    second = follow_the_majority(
        count(Matter.REBUILD, ROLL, ballots), ROLL, ballots, MajorityClause(RULES, {4: "签收"})
    )
    assert (second.followed, second.tally.persons.against) == (AGAINST, 3)


@pytest.mark.rule("count.follow_majority")
def test_where_persons_and_area_point_apart_or_tie_nobody_is_added() -> None:
    large = (Voter(1, (), frozenset(), 30000, VoterKind.OWNER), *ROLL[1:])
    delivered = dict.fromkeys(range(1, 13), "签收")
    for roll, ballots in (
        (large, votes(AGREE, AGAINST, AGAINST)),
        (ROLL, votes(AGREE, AGAINST)),
    ):
        lawful = count(Matter.REBUILD, roll, ballots)
        second = follow_the_majority(lawful, roll, ballots, MajorityClause(RULES, delivered))
        assert (second.followed, second.added) == (None, ())
        assert second.tally.persons == lawful.persons


@pytest.mark.rule("count.follow_majority")
def test_without_an_adopted_rule_there_is_no_second_result() -> None:
    with pytest.raises(Refused, match="majority_clause_not_adopted"):
        follow_the_majority(count(Matter.REBUILD, ROLL, {}), ROLL, {}, MajorityClause(" ", {}))


@pytest.mark.rule("count.old_two_thirds")
def test_an_old_record_needs_two_thirds_of_all_in_both_bases() -> None:
    day = date(2020, 12, 31)
    enough, short = Figures(12, 8, 8), Figures(12, 8, 7)
    assert read_old_record(day, enough, enough).adopted
    assert not read_old_record(day, enough, short).adopted
    assert not read_old_record(day, short, enough).adopted


@pytest.mark.rule("count.old_two_thirds")
@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2007, 9, 30)])
def test_the_old_rule_decides_nothing_outside_its_time(day: date) -> None:
    with pytest.raises(Refused, match="old_rule_not_in_force"):
        read_old_record(day, Figures(12, 12, 12), Figures(12, 12, 12))
