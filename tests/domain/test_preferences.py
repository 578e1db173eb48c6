"""What a household may say, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotNow, Refused
from domain.preferences import (
    Consultation,
    ItemAnswerDraft,
    Stance,
    check_answer,
    choices_of,
    consultation,
    ranking_from,
    require_open,
    sheet_of,
    still_theirs,
)

OPENS = datetime(2026, 9, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=10)


@pytest.mark.rule("preferences.answer")
def test_opposing_needs_a_reason_and_only_opposing_keeps_one():
    with pytest.raises(Refused, match="oppose_without_reason"):
        check_answer(ItemAnswerDraft(Stance.OPPOSE, reason=" \t"), [])
    kept = check_answer(ItemAnswerDraft(Stance.OPPOSE, reason=" 挡光 "), [])
    assert kept.reason == "挡光"
    assert check_answer(ItemAnswerDraft(Stance.NEED, reason="挡光"), []).reason == ""


@pytest.mark.rule("preferences.answer")
@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (ItemAnswerDraft(ranking=(3,)), "option_not_offered"),
        (ItemAnswerDraft(ranking=(1, 2, 1)), "rank_twice"),
        (ItemAnswerDraft(ranking=(1,), none_of_these=True), "none_and_ranked"),
        (ItemAnswerDraft(max_pay=-1), "max_pay_negative"),
        (ItemAnswerDraft(max_pay=10**18), "money_absurd"),
        (ItemAnswerDraft(Stance.OPPOSE, reason="长" * 1001), "reason_too_long"),
    ],
)
def test_what_makes_no_sense_is_refused(draft, code):
    with pytest.raises(Refused, match=code):
        check_answer(draft, [1, 2])


def test_places_become_an_order_with_gaps_closed():
    assert ranking_from({7: 3, 8: None, 9: 1}) == (9, 7)
    assert ranking_from({}) == ()
    with pytest.raises(Refused, match="rank_twice"):
        ranking_from({7: 1, 8: 1})


def test_saying_nothing_is_an_empty_answer():
    assert ItemAnswerDraft().is_empty
    assert not ItemAnswerDraft(max_pay=0).is_empty


@pytest.mark.rule("preferences.consultation")
def test_the_window_includes_its_first_instant_and_not_its_last():
    tick = timedelta(microseconds=1)
    for now, state in (
        (OPENS - tick, Consultation.NOT_YET),
        (OPENS, Consultation.OPEN),
        (CLOSES - tick, Consultation.OPEN),
        (CLOSES, Consultation.CLOSED),
    ):
        assert consultation(OPENS, CLOSES, now=now) is state
    assert consultation(None, None, now=OPENS) is Consultation.NOT_YET
    assert consultation(OPENS, CLOSES, stopped_at=(None, OPENS), now=OPENS) is Consultation.STOPPED
    assert consultation(OPENS, CLOSES, stopped_at=(CLOSES,), now=OPENS) is Consultation.OPEN


def test_each_closed_state_has_its_own_refusal():
    require_open(Consultation.OPEN)
    codes = set()
    for state in (Consultation.NOT_YET, Consultation.CLOSED, Consultation.STOPPED):
        with pytest.raises(NotNow) as refused:
            require_open(state)
        codes.add(refused.value.code)
    assert len(codes) == 3


def test_a_sheet_asks_for_the_first_choice_only_where_there_is_one_to_make():
    assert [question.key for question in sheet_of(5, [1]).questions] == ["stance"]
    two = sheet_of(5, [1, 2])
    assert [question.key for question in two.questions] == ["stance", "first"]
    assert two.questions[1].choices == ("1", "2", "none")


def test_what_was_released_stays_readable_when_options_are_added():
    grown = sheet_of(5, [1, 2, 3], earlier=sheet_of(5, [1, 2]))
    assert grown.questions[1].choices == ("1", "2", "none", "3")
    from_one = sheet_of(5, [1, 2], earlier=sheet_of(5, [1]))
    assert [question.key for question in from_one.questions] == ["stance"]


def test_an_answer_becomes_choices_for_the_questions_asked():
    sheet = sheet_of(5, [1, 2])
    assert choices_of(ItemAnswerDraft(Stance.NEED, ranking=(2, 1)), sheet) == {
        "stance": "need",
        "first": "2",
    }
    assert choices_of(ItemAnswerDraft(none_of_these=True), sheet) == {"first": "none"}
    assert choices_of(ItemAnswerDraft(ranking=(1,)), sheet_of(5, [1])) == {}


@pytest.mark.rule("preferences.owners")
def test_b6_answers_end_when_none_of_those_who_gave_them_owns_the_dwelling():
    assert still_theirs([1], [1], [2]) == set()
    assert still_theirs([1, 2], [1, 2], [2]) == {2}
    assert still_theirs([1], [1], [1, 3]) == {1}
    # Who came in later gave nothing of it.
    assert still_theirs([1], [1, 3], [3]) == set()
    # Not known who gave it: all who owned it until now.
    assert still_theirs([], [1, 3], [3]) == {3}
    assert still_theirs([], [1], [2]) == set()
