"""What a vote would take: heads not doors, answers not votes, and nothing sealed let out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.forecast import Lean, Sealed, lean_of, outlook, stance_on
from domain.preferences import ItemAnswerDraft, Stance
from domain.ratios import Outcome, Rule, approved, quorate, tally
from domain.voters import Dwelling, voters_from

NEED, ACCEPT, INDIFFERENT, OPPOSE = Stance


def said(stance: Stance | None, *ranking: int, none: bool = False) -> ItemAnswerDraft:
    return ItemAnswerDraft(stance=stance, ranking=ranking, none_of_these=none)


@pytest.mark.rule("forecast.option_stance")
@pytest.mark.parametrize(
    ("answer", "first", "second"),
    [
        (said(NEED), NEED, NEED),
        (said(NEED, 1), NEED, INDIFFERENT),
        (said(NEED, 2, 1), ACCEPT, NEED),
        (said(ACCEPT, 1, 2), ACCEPT, ACCEPT),
        (said(INDIFFERENT, 1), INDIFFERENT, INDIFFERENT),
        (said(OPPOSE, 1), OPPOSE, OPPOSE),
        (said(NEED, none=True), OPPOSE, OPPOSE),
        (said(None), None, None),
        (said(None, 1), None, None),
    ],
)
def test_an_answer_about_an_item_holds_for_the_option_named_first(answer, first, second):
    assert (stance_on(answer, 1), stance_on(answer, 2)) == (first, second)


@pytest.mark.rule("forecast.lean")
@pytest.mark.parametrize(
    ("stances", "lean"),
    [
        ([NEED, ACCEPT], Lean.AGREE),
        ([NEED, None], Lean.AGREE),
        ([OPPOSE, INDIFFERENT], Lean.AGAINST),
        ([NEED, OPPOSE], Lean.OPEN),
        ([INDIFFERENT], Lean.OPEN),
        ([None], Lean.OPEN),
        ([], Lean.OPEN),
    ],
)
def test_a_head_leans_as_its_dwellings_and_is_open_when_they_differ(stances, lean):
    assert lean_of(stances) is lean


def stairwell(owners: str, area: int = 6000) -> list[Dwelling]:
    """One dwelling for each letter; equal letters have one buyer."""
    return [
        Dwelling(number, "3", "1", f"{number}", number, area, owners=frozenset(letter))
        for number, letter in enumerate(owners, start=1)
    ]


@pytest.mark.rule("forecast.outlook")
def test_counted_by_doors_it_would_pass_and_by_heads_it_lacks_one():
    doors = stairwell("abccdefghijk")
    stances = {door.key: OPPOSE if door.key in (1, 2, 5) else NEED for door in doors}
    found = outlook(Rule.SPECIAL, voters_from(doors), stances)
    assert (found.persons.figures.agree, found.persons.figures.total) == (8, 11)
    assert (found.persons.must_change, found.area.must_change) == (1, 0)
    assert not found.reachable
    apart = outlook(Rule.SPECIAL, voters_from(stairwell("abcdefghijkl")), stances)
    assert apart.likely


def test_who_is_open_is_what_quorum_and_approval_can_still_be_made_of():
    doors = stairwell("abcdefghijkl")
    stances = dict.fromkeys(range(1, 6), NEED) | {6: OPPOSE}
    found = outlook(Rule.SPECIAL, voters_from(doors), stances)
    assert found.persons.open == 6
    assert found.persons.lacking.quorum == 2
    assert found.persons.lacking.joining == 2
    assert found.area.lacking.joining == 2 * 6000
    assert found.reachable
    assert not found.likely


def test_b7i_where_enough_agree_already_the_others_must_only_take_part():
    doors = stairwell("abcdefghijkl")
    # 6 of 7 agree; one more must take part for 8 of 12, and 6 of 8 are three quarters.
    stances = dict.fromkeys(range(1, 7), NEED) | {7: OPPOSE}
    found = outlook(Rule.SPECIAL, voters_from(doors), stances)
    assert (found.persons.lacking.joining, found.persons.must_agree) == (1, 0)
    # With two against, the one that joins must agree too: 5 of 7 are too few, 6 of 8 are enough.
    stances |= {6: OPPOSE}
    found = outlook(Rule.SPECIAL, voters_from(doors), stances)
    assert (found.persons.lacking.joining, found.persons.must_agree) == (1, 1)
    # Nobody has said anything: 8 must take part, 6 of them must agree.
    found = outlook(Rule.SPECIAL, voters_from(doors), {})
    assert (found.persons.lacking.joining, found.persons.must_agree) == (8, 6)


leanings = st.lists(st.sampled_from([NEED, OPPOSE, INDIFFERENT, None]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(stances=leanings, rule=st.sampled_from(Rule))
def test_an_outlook_says_what_the_count_would_say(stances, rule):
    doors = stairwell("abcdefghijkl"[: len(stances)])
    told = {door.key: stance for door, stance in zip(doors, stances, strict=True)}
    found = outlook(rule, voters_from(doors), told)
    if found.persons.figures.participating:
        counted = tally(rule, found.persons.figures, found.area.figures)
        assert (counted.outcome is Outcome.ADOPTED) == found.likely
    # With everybody open agreeing, and must_change converted, it is adopted, and with one less not.
    base = found.persons
    total, agree = base.figures.total, base.figures.agree + base.open + base.must_change
    needed = -(-3 * total // 4) if rule is Rule.SPECIAL else total // 2 + 1
    assert agree >= needed
    assert base.must_change == 0 or agree == needed


@settings(max_examples=60, deadline=None)
@given(stances=leanings, rule=st.sampled_from(Rule))
def test_b7i_with_just_those_who_must_join_and_agree_it_is_approved_and_with_one_less_not(
    stances, rule
):
    doors = stairwell("abcdefghijkl"[: len(stances)])
    told = {door.key: stance for door, stance in zip(doors, stances, strict=True)}
    base = outlook(rule, voters_from(doors), told).persons
    if not base.lacking.reachable:
        return
    part = base.figures.participating + base.lacking.joining
    assert quorate(part, base.figures.total)
    assert base.must_agree <= base.lacking.joining
    assert approved(rule, base.figures.agree + base.must_agree, part)
    if base.must_agree:
        assert not approved(rule, base.figures.agree + base.must_agree - 1, part)


def test_from_turnout_follows_what_quorum_lacks_and_how_many_must_agree():
    early = Sealed(Rule.SPECIAL, 5, 11)
    assert (early.quorum, early.must_agree) == (3, 6)
    full = Sealed(Rule.SPECIAL, 11, 11)
    assert (full.quorum, full.must_agree) == (0, 9)
    assert Sealed(Rule.ORDINARY, 8, 11).must_agree == 5
