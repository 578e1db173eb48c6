"""The lawful count, from the answers of one head to the outcome of a motion."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ratios import percent_hundredths
from domain.voters import Voter, VoterKind
from domain.votes import (
    DISPUTED,
    INVALID,
    Answer,
    Choice,
    Count,
    Figures,
    Mark,
    Matter,
    Outcome,
    Rule,
    Vote,
    count,
    missing,
    rule_of,
    short_by,
    standing,
    tally,
)

AGREE, AGAINST, ABSTAIN = Choice


def heads(*areas: int) -> tuple[Voter, ...]:
    return tuple(
        Voter(number, (), frozenset(), area, VoterKind.OWNER)
        for number, area in enumerate(areas, start=1)
    )


def counted(
    areas: Sequence[int], votes: Sequence[Vote | None], by: Matter | Rule = Matter.REBUILD
) -> Count:
    given = {number: vote for number, vote in enumerate(votes, start=1) if vote is not None}
    return count(by, heads(*areas), given)


@pytest.mark.rule("count.matters")
def test_raising_the_fund_rebuilding_and_change_of_use_are_special_all_else_is_ordinary() -> None:
    special = [matter for matter in range(1, 10) if rule_of(matter) is Rule.SPECIAL]
    assert special == [6, 7, 8]
    assert Matter.USE_FUND.rule is Rule.ORDINARY


@pytest.mark.rule("count.matters")
@pytest.mark.parametrize("matter", [0, 10, -1])
def test_there_are_nine_matters(matter: int) -> None:
    with pytest.raises(Refused, match="matter_unknown"):
        rule_of(matter)


def test_each_rule_names_its_thresholds_and_its_source_in_both_languages() -> None:
    assert (Rule.SPECIAL.law.quorum, Rule.SPECIAL.law.approval) == (Fraction(2, 3), Fraction(3, 4))
    assert (Rule.ORDINARY.law.quorum, Rule.ORDINARY.law.approval) == (
        Fraction(2, 3),
        Fraction(1, 2),
    )
    assert Rule.SPECIAL.law.approval_included and not Rule.ORDINARY.law.approval_included
    for rule in Rule:
        assert "第二百七十八条" in rule.law.source_zh
        assert "278" in rule.law.source_en


def answer(person: str, choice: Choice, sequence: int) -> Answer:
    return Answer(1, person, choice, sequence)


@pytest.mark.rule("count.revote")
def test_the_last_answer_of_a_person_counts_in_whatever_order_they_arrive() -> None:
    answers = [
        answer("杜文斌", AGAINST, 1),
        answer("杜文斌", AGREE, 3),
        answer("杜文斌", ABSTAIN, 2),
    ]
    assert standing(answers) is AGREE
    assert standing(reversed(answers)) is AGREE


@pytest.mark.rule("count.disputed")
def test_co_owners_who_differ_make_the_ballot_disputed() -> None:
    assert standing([answer("范雨桐", AGREE, 1), answer("何家骏", AGAINST, 2)]) is DISPUTED


@pytest.mark.rule("count.disputed")
def test_a_dispute_ends_when_the_co_owners_come_to_one_answer() -> None:
    answers = [
        answer("范雨桐", AGREE, 1),
        answer("何家骏", AGAINST, 2),
        answer("何家骏", AGREE, 3),
    ]
    assert standing(answers) is AGREE


@pytest.mark.rule("count.disputed")
def test_the_representatives_answer_settles_a_dispute() -> None:
    answers = [answer("范雨桐", AGREE, 1), answer("何家骏", AGAINST, 2)]
    assert standing(answers, representative="何家骏") is AGAINST


@pytest.mark.rule("count.disputed")
def test_a_representative_who_has_not_answered_leaves_things_as_they_stand() -> None:
    answers = [answer("范雨桐", AGREE, 1), answer("何家骏", AGAINST, 2)]
    assert standing(answers, representative="代表") is DISPUTED
    assert standing(answers[:1], representative="代表") is AGREE


def test_without_answers_there_is_no_vote() -> None:
    assert standing([]) is None


@pytest.mark.rule("count.ballots")
def test_abstention_and_dispute_take_part_silence_and_invalid_ballots_do_not() -> None:
    result = counted([100, 20, 3, 4000, 500, 7], [AGREE, ABSTAIN, DISPUTED, None, INVALID, AGAINST])
    assert result.persons == Figures(6, 4, 1, 1, 1, 1, 1)
    assert result.area == Figures(4630, 130, 100, 7, 20, 3, 500)
    assert (result.persons.silent, result.area.silent) == (1, 4000)
    assert (result.disputed, result.invalid) == ((3,), (5,))


@pytest.mark.rule("count.ballots")
def test_a_vote_of_somebody_who_is_not_on_the_roll_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        count(Matter.REBUILD, heads(100), {1: AGREE, 7: AGREE})
    assert (refused.value.code, refused.value.params) == ("voter_not_on_roll", {"voters": [7]})


@pytest.mark.rule("count.ballots")
def test_a_head_that_stands_twice_on_the_roll_is_refused() -> None:
    with pytest.raises(Refused, match="voter_not_on_roll"):
        count(Matter.REBUILD, (*heads(100), *heads(100)), {1: AGREE})


def test_a_vote_that_is_no_choice_is_refused() -> None:
    with pytest.raises(Refused, match="vote_unknown"):
        count(Matter.REBUILD, heads(100), {1: "maybe"})  # type: ignore[dict-item]


def test_votes_as_stored_text_count_like_choices() -> None:
    stored: Mapping[int, Vote] = {1: "agree", 2: "disputed"}  # type: ignore[dict-item]
    result = count(Matter.REBUILD, heads(100, 100), stored)
    assert (result.persons.agree, result.disputed) == (1, (2,))


def test_nothing_can_be_decided_by_nobody() -> None:
    with pytest.raises(Refused, match="electorate_empty"):
        count(Matter.REBUILD, (), {})


@pytest.mark.parametrize(
    "figures",
    [
        Figures(10, 11, 5),
        Figures(10, 5, 6),
        Figures(10, 5, -1),
        Figures(10, 5, 3, against=2, abstain=1),
        Figures(10, 8, 5, invalid=3),
    ],
)
def test_figures_that_cannot_be_are_refused(figures: Figures) -> None:
    with pytest.raises(Refused, match="figures_impossible"):
        tally(Rule.SPECIAL, figures)
    with pytest.raises(Refused, match="figures_impossible"):
        tally(Rule.SPECIAL, Figures(10, 8, 5), figures)


@pytest.mark.rule("count.quorum")
@pytest.mark.rule("count.outcome")
def test_two_thirds_taking_part_is_enough_and_less_in_either_base_decides_nothing() -> None:
    everyone = Figures(720_00, 480_00, 480_00)
    assert tally(Rule.SPECIAL, Figures(12, 8, 8), everyone).outcome is Outcome.ADOPTED
    assert tally(Rule.SPECIAL, Figures(12, 7, 7), everyone).outcome is Outcome.NOT_QUORATE
    short = Figures(720_00, 479_99, 479_99)
    assert tally(Rule.SPECIAL, Figures(12, 8, 8), short).outcome is Outcome.NOT_QUORATE


@pytest.mark.rule("count.special")
def test_three_quarters_exactly_is_enough_and_a_hundredth_less_is_not() -> None:
    persons = Figures(8, 8, 6)
    assert tally(Rule.SPECIAL, persons, Figures(400, 400, 300)).outcome is Outcome.ADOPTED
    assert tally(Rule.SPECIAL, persons, Figures(400, 400, 299)).outcome is Outcome.REJECTED


@pytest.mark.rule("count.ordinary")
def test_exactly_half_is_not_more_than_half() -> None:
    persons = Figures(8, 8, 5)
    assert tally(Rule.ORDINARY, persons, Figures(400, 400, 200)).outcome is Outcome.REJECTED
    assert tally(Rule.ORDINARY, persons, Figures(400, 400, 201)).outcome is Outcome.ADOPTED


@pytest.mark.rule("count.outcome")
def test_without_areas_only_a_missing_quorum_of_persons_is_certain() -> None:
    assert tally(Rule.SPECIAL, Figures(12, 7, 7)).outcome is Outcome.NOT_QUORATE
    assert tally(Rule.SPECIAL, Figures(12, 12, 12)).outcome is None
    assert tally(Rule.SPECIAL, Figures(12, 12, 1)).outcome is None, "area may lack its quorum"
    assert tally(Rule.SPECIAL, Figures(12, 12, 12)).missing_area is None


@pytest.mark.rule("count.short_by")
def test_the_published_example_is_short_by_one_person_and_no_area() -> None:
    votes = [AGREE] * 8 + [AGAINST] * 3
    result = counted([67_50] * 8 + [60_00] * 3, votes)
    assert result.to_json() == {
        "matter": 7,
        "rule": "special",
        "outcome": "rejected",
        "persons": {"total": 11, "participating": 11, "agree": 8, "against": 3, "abstain": 0},
        "area": {
            "total": "720.00",
            "participating": "720.00",
            "agree": "540.00",
            "against": "180.00",
            "abstain": "0.00",
        },
        "quorum": {"persons": True, "area": True},
        "approval": {"persons": False, "area": True},
        "short_by": {"persons": 1, "area": "0.00"},
        "disputed": [],
        "invalid": [],
        "unknown": [],
    }


@pytest.mark.rule("count.missing")
def test_what_is_missing_tells_heads_to_join_from_heads_to_win_over() -> None:
    lacking = missing(Rule.SPECIAL, Figures(12, 6, 4, against=2))
    # Two more for the quorum, and with two of six against, two who join and agree make 6 of 8.
    assert (lacking.quorum, lacking.agreement, lacking.joining) == (2, 1, 2)
    assert lacking.reachable


@pytest.mark.rule("count.missing")
def test_too_many_against_cannot_be_made_good_by_the_silent() -> None:
    assert not missing(Rule.SPECIAL, Figures(12, 8, 4, against=4)).reachable
    assert missing(Rule.SPECIAL, Figures(12, 8, 4, against=3, disputed=1)).reachable
    assert not tally(Rule.SPECIAL, Figures(12, 8, 4, against=4), Figures(9, 9, 9)).reachable
    assert not tally(Rule.SPECIAL, Figures(12, 12, 12), Figures(9, 9, 1, against=8)).reachable
    assert tally(Rule.ORDINARY, Figures(12, 8, 4, against=4)).reachable


@pytest.mark.rule("count.missing")
def test_before_any_vote_the_lack_is_the_whole_quorum() -> None:
    lacking = missing(Rule.ORDINARY, Figures(12, 0, 0))
    assert (lacking.quorum, lacking.joining, lacking.reachable) == (8, 8, True)


VOTES = st.one_of(st.none(), st.sampled_from([*Choice, *Mark]))
ROLLS = st.lists(st.tuples(st.integers(1, 20000), VOTES), min_size=1, max_size=30)
RULES = st.sampled_from(Rule)


@given(ROLLS, RULES, st.integers(1, 20000))
@settings(max_examples=200)
def test_one_more_agreeing_voter_never_turns_adopted_into_rejected(
    roll: list[tuple[int, Vote | None]], rule: Rule, area: int
) -> None:
    areas, votes = (list(column) for column in zip(*roll, strict=True))
    before = counted(areas, votes, rule)
    after = counted([*areas, area], [*votes, AGREE], rule)
    if before.outcome is Outcome.ADOPTED:
        assert after.outcome is Outcome.ADOPTED


@given(ROLLS, RULES, st.data())
def test_a_voter_who_turns_to_agree_never_undoes_a_decision(
    roll: list[tuple[int, Vote | None]], rule: Rule, data: st.DataObject
) -> None:
    areas, votes = (list(column) for column in zip(*roll, strict=True))
    before = counted(areas, votes, rule)
    votes[data.draw(st.integers(0, len(votes) - 1))] = AGREE
    if before.outcome is Outcome.ADOPTED:
        assert counted(areas, votes, rule).outcome is Outcome.ADOPTED


@given(ROLLS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_roll_never_matters(
    roll: list[tuple[int, Vote | None]], rule: Rule, chance: random.Random
) -> None:
    areas, votes = zip(*roll, strict=True)
    given = {number: vote for number, vote in enumerate(votes, start=1) if vote is not None}
    shuffled = dict(chance.sample(sorted(given.items()), len(given)))
    voters = heads(*areas)
    there = count(rule, voters, given)
    assert count(rule, chance.sample(voters, len(voters)), shuffled) == there


@given(ROLLS, RULES)
@settings(max_examples=200)
def test_what_is_missing_is_exactly_what_is_missing(
    roll: list[tuple[int, Vote | None]], rule: Rule
) -> None:
    areas, votes = zip(*roll, strict=True)
    persons = counted(areas, votes, rule).persons
    lacking = missing(rule, persons)

    def holds(joined: int) -> bool:
        part, agree = persons.participating + joined, persons.agree + joined
        enough = Fraction(part, persons.total) >= Fraction(2, 3)
        if rule is Rule.SPECIAL:
            return enough and agree >= Fraction(3, 4) * part
        return enough and agree > Fraction(1, 2) * part

    assert holds(lacking.joining)
    assert lacking.joining == 0 or not holds(lacking.joining - 1)


@given(RULES, st.integers(0, 500), st.integers(0, 500))
def test_short_by_is_the_least_agreement_that_suffices(rule: Rule, part: int, agree: int) -> None:
    agree = min(agree, part)
    wanted = Fraction(3, 4) if rule is Rule.SPECIAL else Fraction(1, 2)

    def enough(agreeing: int) -> bool:
        return agreeing >= wanted * part if rule is Rule.SPECIAL else agreeing > wanted * part

    short = short_by(rule, agree, part)
    assert enough(agree + short)
    assert short == 0 or not enough(agree + short - 1)


@pytest.mark.parametrize("rule", list(Rule))
def test_b4_nothing_of_nothing_is_not_reached(rule: Rule) -> None:
    nobody = tally(rule, Figures(10, 0, 0), Figures(1000, 0, 0))
    assert (nobody.approval_persons, nobody.approval_area) == (False, False)
    assert nobody.outcome is Outcome.NOT_QUORATE
    assert count(rule, heads(100, 100), {}).to_json()["approval"] == {
        "persons": False,
        "area": False,
    }


@pytest.mark.rule("count.percent")
@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(4, 11, 3636), (2, 3, 6667), (1, 8, 1250), (1, 20_000, 1), (1, 20_001, 0), (5, 5, 10_000)],
)
def test_b11_percentages_are_rounded_half_up_and_never_cut(
    part: int, whole: int, shown: int
) -> None:
    assert percent_hundredths(part, whole) == shown
    assert percent_hundredths(0, 0) is None


@pytest.mark.rule("count.percent")
@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_b11_a_percentage_is_the_nearest_of_two_decimals(part: int, whole: int) -> None:
    shown = percent_hundredths(part, whole)
    assert shown is not None
    assert -Fraction(1, 2) < shown - Fraction(10_000 * part, whole) <= Fraction(1, 2)
