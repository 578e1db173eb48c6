"""The stage of a plan and of its motions, followed through a whole decision and its side roads."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotNow, Refused
from domain.plans import (
    DECIDED,
    FROZEN,
    WAY,
    Actor,
    MotionFacts,
    MotionStage,
    Paper,
    Phase,
    PlanFacts,
    Stage,
    check_motion_facts,
    check_plan_facts,
    is_open,
    motion_stage,
    next_step,
    phase_of,
    plan_stage,
    require_stage,
)

START = datetime(2026, 3, 2, 1, 7, 23, 481637, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


ELEVATOR = MotionFacts(
    roll_posted_at=day(30),
    announced_at=day(40),
    opens_at=day(50),
    closes_at=day(65),
    counted_at=day(66),
    outcome="adopted",
)
LIGHTS = replace(ELEVATOR, outcome="rejected")
PLAN = PlanFacts(
    menu_published_at=day(1),
    consultation_opens_at=day(5),
    consultation_closes_at=day(25),
    motions=(ELEVATOR,),
    result_posted_at=day(68),
    in_force_at=day(75),
    requirements_issued_at=day(80),
    works_started_at=day(100),
    accepted_at=day(190),
    evaluated_at=day(200),
    maintained_at=day(210),
)


@pytest.mark.rule("plan.stage")
@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (0, Stage.COLLECTING_NEEDS),
        (1, Stage.MENU_PUBLISHED),
        (5, Stage.CONSULTING),
        (25, Stage.DRAFTING),
        (30, Stage.ROLL_POSTED),
        (40, Stage.NOTICE),
        (50, Stage.VOTING),
        (65, Stage.CLOSED),
        (66, Stage.COUNTED),
        (68, Stage.RESULT_POSTED),
        (75, Stage.IN_FORCE),
        (80, Stage.REQUIREMENTS_ISSUED),
        (100, Stage.WORKS),
        (190, Stage.ACCEPTED),
        (200, Stage.EVALUATED),
        (210, Stage.MAINTAINED),
    ],
)
def test_every_stage_begins_with_its_fact_and_not_an_instant_before(at, stage):
    check_plan_facts(PLAN)
    assert plan_stage(PLAN, day(at)) is stage
    if at:
        assert plan_stage(PLAN, day(at) - TICK) is not stage


def test_the_way_names_every_stage_but_the_side_roads():
    assert [plan_stage(PLAN, day(n)) for n in (0, 1, 5, 25, 30, 40, 50, 65, 66, 68)] == list(
        WAY[:10]
    )
    assert set(Stage) - set(WAY) == {
        Stage.FAILED,
        Stage.WITHDRAWN,
        Stage.SUSPENDED,
        Stage.ANNULLED,
    }


@pytest.mark.rule("plan.motion_stage")
@pytest.mark.parametrize(
    ("instant", "stage"),
    [
        (day(30) - TICK, MotionStage.DRAFT),
        (day(30), MotionStage.ROLL_POSTED),
        (day(40), MotionStage.NOTICE),
        (day(50) - TICK, MotionStage.NOTICE),
        (day(50), MotionStage.VOTING),
        (day(65) - TICK, MotionStage.VOTING),
        (day(65), MotionStage.CLOSED),
        (day(66), MotionStage.COUNTED),
    ],
)
def test_a_motion_is_open_from_its_opening_until_just_before_its_close(instant, stage):
    assert motion_stage(ELEVATOR, instant) is stage


def test_a_motion_that_missed_quorum_or_majority_has_failed():
    for outcome in ("rejected", "not_quorate"):
        assert motion_stage(replace(ELEVATOR, outcome=outcome), day(66)) is MotionStage.FAILED


def test_b7h_a_vote_closed_but_not_counted_is_closed_and_no_longer_open():
    facts = replace(PLAN, motions=(replace(ELEVATOR, counted_at=None, outcome=None),))
    assert plan_stage(facts, day(65) - TICK) is Stage.VOTING
    assert plan_stage(facts, day(65)) is Stage.CLOSED
    # Of two motions the one that is still open holds the plan.
    both = replace(facts, motions=(*facts.motions, replace(ELEVATOR, closes_at=day(70))))
    assert plan_stage(both, day(65)) is Stage.VOTING


def test_the_least_advanced_motion_holds_the_plan():
    late = replace(ELEVATOR, opens_at=day(55), closes_at=day(70), counted_at=day(71))
    facts = replace(PLAN, motions=(ELEVATOR, late), result_posted_at=None, in_force_at=None)
    assert plan_stage(facts, day(52)) is Stage.NOTICE
    assert plan_stage(facts, day(66)) is Stage.VOTING
    assert plan_stage(facts, day(71)) is Stage.COUNTED


def test_one_motion_adopted_and_one_failed_leaves_something_to_resolve():
    facts = replace(PLAN, motions=(ELEVATOR, LIGHTS))
    assert plan_stage(facts, day(67)) is Stage.COUNTED
    assert plan_stage(replace(facts, motions=(LIGHTS, LIGHTS)), day(67)) is Stage.FAILED


def test_a_failed_motion_drawn_up_anew_takes_the_plan_back_to_drafting():
    again = (replace(LIGHTS, superseded_at=day(67)), MotionFacts())
    facts = PlanFacts(consultation_closes_at=day(25), motions=again)
    assert plan_stage(facts, day(66)) is Stage.DRAFTING
    assert motion_stage(again[0], day(67)) is MotionStage.CANCELLED
    assert plan_stage(facts, day(67)) is Stage.DRAFTING


def test_a_motion_drawn_up_during_the_consultation_does_not_end_it():
    facts = replace(PLAN, motions=(MotionFacts(),))
    assert plan_stage(facts, day(10)) is Stage.CONSULTING


def test_cancelled_motions_leave_a_plan_without_motions():
    facts = PlanFacts(
        consultation_closes_at=day(25), motions=(replace(ELEVATOR, cancelled_at=day(45)),)
    )
    assert plan_stage(facts, day(44)) is Stage.NOTICE
    assert plan_stage(facts, day(45)) is Stage.DRAFTING


def test_side_states_come_first_and_a_suspended_plan_can_go_on():
    suspended = replace(PLAN, suspended_at=day(110), resumed_at=day(120))
    assert plan_stage(suspended, day(110)) is Stage.SUSPENDED
    assert plan_stage(suspended, day(120)) is Stage.WORKS
    again = replace(suspended, suspended_at=day(130))
    assert plan_stage(again, day(131)) is Stage.SUSPENDED
    assert plan_stage(replace(PLAN, withdrawn_at=day(6)), day(7)) is Stage.WITHDRAWN
    both = replace(PLAN, withdrawn_at=day(6), annulled_at=day(90))
    assert plan_stage(both, day(91)) is Stage.ANNULLED


def test_b7k_residents_are_told_five_parts_of_the_way_in_its_order():
    assert len(Phase) == 5
    assert list(dict.fromkeys(phase_of(stage) for stage in WAY)) == list(Phase)
    assert phase_of(Stage.CLOSED) is Phase.VOTE
    assert phase_of(Stage.WORKS) is Phase.WORKS


def test_b7l_no_stage_names_a_paper_that_is_not_made_here():
    made = {
        "menu", "household_letter", "objection_answers", "motion_text", "roll", "notice",
        "ballot", "count_record", "result_notice", "resolution", "requirement_list", "statement",
    }  # fmt: skip
    named = {str(next_step(stage).paper) for stage in (*Stage, *MotionStage)}
    assert named - {"none"} == made
    assert next_step(Stage.REQUIREMENTS_ISSUED).actor is Actor.CONTRACTOR


def test_every_stage_says_who_acts_next_and_which_paper_comes_of_it():
    for stage in (*Stage, *MotionStage):
        step = next_step(stage)
        if step.actor is Actor.NOBODY:
            assert step.paper is Paper.NONE
    assert next_step(Stage.VOTING).actor is Actor.OWNERS
    assert next_step(MotionStage.CLOSED).paper is Paper.COUNT_RECORD


def test_results_are_sealed_until_decided_and_texts_frozen_from_the_announcement():
    assert MotionStage.VOTING not in DECIDED
    assert MotionStage.CLOSED not in DECIDED
    assert MotionStage.NOTICE in FROZEN
    assert MotionStage.ROLL_POSTED not in FROZEN


def test_an_act_out_of_its_stage_is_refused_with_both_stages_named():
    require_stage(Stage.CONSULTING, Stage.CONSULTING)
    with pytest.raises(NotNow) as refused:
        require_stage(Stage.VOTING, Stage.CONSULTING, Stage.DRAFTING)
    assert refused.value.code == "not_at_this_stage"
    assert refused.value.params == {"stage": "voting", "allowed": ("consulting", "drafting")}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closes_at": day(50)}, "close_before_open"),
        ({"closes_at": day(49)}, "close_before_open"),
        ({"announced_at": day(29)}, "facts_out_of_order"),
        ({"counted_at": day(64)}, "facts_out_of_order"),
        ({"outcome": None}, "count_without_outcome"),
        ({"counted_at": None}, "count_without_outcome"),
        ({"roll_posted_at": datetime(2026, 3, 3)}, "instant_without_zone"),  # noqa: DTZ001
    ],
)
def test_facts_no_motion_can_have_are_refused(change, code):
    check_motion_facts(ELEVATOR)
    with pytest.raises(Refused, match=code):
        check_plan_facts(replace(PLAN, motions=(replace(ELEVATOR, **change),)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"consultation_closes_at": day(5)}, "close_before_open"),
        ({"in_force_at": day(67)}, "facts_out_of_order"),
        ({"suspended_at": day(9), "resumed_at": day(8)}, "facts_out_of_order"),
    ],
)
def test_facts_no_plan_can_have_are_refused(change, code):
    with pytest.raises(Refused, match=code):
        check_plan_facts(replace(PLAN, **change))


OUTCOMES = st.sampled_from(["adopted", "rejected", "not_quorate"])


@given(st.lists(st.integers(0, 400), min_size=5, max_size=5).map(sorted), OUTCOMES)
def test_a_motion_never_goes_back(days, outcome):
    roll, announced, opens, closes, counted = (day(number) for number in days)
    facts = MotionFacts(roll, announced, opens, closes + TICK, counted + TICK, outcome)
    order = list(MotionStage)
    stages = [order.index(motion_stage(facts, day(number))) for number in range(0, 401, 3)]
    assert stages == sorted(stages)


@given(st.integers(-5, 5), st.integers(1, 5))
def test_a_window_is_open_exactly_from_its_opening_to_before_its_close(offset, length):
    opens, closes = day(10), day(10 + length)
    assert is_open(opens, closes, day(10 + offset)) == (0 <= offset < length)
    assert not is_open(None, closes, opens)
    assert not is_open(opens, None, opens)


def test_nothing_recorded_is_a_plan_that_collects_needs():
    assert plan_stage(PlanFacts(), day(0)) is Stage.COLLECTING_NEEDS
    assert all(field.default is None or field.default == () for field in fields(PlanFacts))
