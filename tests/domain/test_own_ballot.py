"""What each co-owner is told of the one ballot, and how far a ballot has come."""

from __future__ import annotations

from itertools import product

import pytest

from domain.own_ballot import Reached, Step, Together, most_urgent, together, way
from domain.plans import MotionStage
from domain.votes import Answer, Choice

WIFE, HUSBAND, SON = "1", "2", "3"


def answers(**said):
    """In the order given: ``wife="agree"``."""
    people = {"wife": WIFE, "husband": HUSBAND, "son": SON}
    return [
        Answer(4, people[who], Choice(choice), number)
        for number, (who, choice) in enumerate(said.items(), start=1)
    ]


@pytest.mark.rule("votes.together")
def test_b2_a_co_owner_who_has_not_answered_is_still_asked():
    one = answers(wife="agree")
    assert together(one, WIFE) is Together.ANSWERED
    assert together(one, HUSBAND) is Together.CO_OWNER_ANSWERED
    assert together([], HUSBAND) is Together.OPEN


@pytest.mark.rule("votes.together")
@pytest.mark.parametrize("choice", list(Choice))
def test_b2_what_one_answered_changes_nothing_of_what_the_other_is_told(choice):
    assert together(answers(wife=choice), HUSBAND) is Together.CO_OWNER_ANSWERED
    assert together(answers(wife=choice), None) is Together.REPRESENTED


@pytest.mark.rule("votes.together")
def test_b2_when_they_differ_all_are_told_the_one_who_is_represented_too():
    differ = answers(wife="agree", husband="abstain")
    for person in (WIFE, HUSBAND, SON, None):
        assert together(differ, person) is Together.DISPUTED
    agree = answers(wife="agree", husband="agree")
    assert together(agree, SON) is Together.CO_OWNER_ANSWERED


@pytest.mark.rule("votes.together")
def test_b2_a_representative_settles_it_by_answering_not_by_being_named():
    differ = answers(wife="agree", husband="against")
    assert together(differ, SON, SON) is Together.DISPUTED
    settled = answers(wife="agree", husband="against", son="against")
    assert together(settled, SON, SON) is Together.ANSWERED
    assert together(settled, None, SON) is Together.REPRESENTED


def test_b2_a_dispute_is_said_before_anything_else():
    assert most_urgent([Together.ANSWERED, Together.OPEN, Together.DISPUTED]) is Together.DISPUTED
    assert most_urgent([Together.REPRESENTED, Together.ANSWERED]) is Together.ANSWERED


def reached(stage, *, cast=True, resolved=False):
    return [str(one) for _step, one in way(stage, cast=cast, resolved=resolved)]


@pytest.mark.rule("votes.way")
def test_b3_a_ballot_is_cast_then_sealed_then_counted_then_in_the_resolution():
    assert [step for step, _one in way(MotionStage.NOTICE, cast=False, resolved=False)] == list(
        Step
    )
    assert reached(MotionStage.NOTICE, cast=False) == ["next"] * 4
    assert reached(MotionStage.VOTING, cast=False) == ["current", "next", "next", "next"]
    assert reached(MotionStage.VOTING) == ["done", "current", "next", "next"]
    assert reached(MotionStage.CLOSED) == ["done", "current", "next", "next"]
    assert reached(MotionStage.COUNTED) == ["done", "done", "done", "current"]
    assert reached(MotionStage.COUNTED, resolved=True) == ["done"] * 4
    assert reached(MotionStage.FAILED) == ["done", "done", "done", "stopped"]


@pytest.mark.rule("votes.way")
def test_b3_silence_stops_at_the_close_and_a_cancelled_motion_stops_everything():
    assert reached(MotionStage.CLOSED, cast=False)[0] == "stopped"
    assert reached(MotionStage.COUNTED, cast=False) == ["stopped", "done", "done", "current"]
    assert reached(MotionStage.CANCELLED) == ["done", "stopped", "stopped", "stopped"]


@pytest.mark.rule("votes.way")
def test_b3_at_any_stage_one_step_at_most_is_the_present_one_and_none_is_ahead_of_an_open_one():
    for stage, cast, resolved in product(MotionStage, (True, False), (True, False)):
        found = [one for _step, one in way(stage, cast=cast, resolved=resolved)]
        assert found.count(Reached.CURRENT) <= 1
        assert (
            Reached.DONE not in found[found.index(Reached.NEXT) :]
            if (Reached.NEXT in found)
            else True
        )
