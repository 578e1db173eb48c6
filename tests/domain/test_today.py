"""What a committee can do about a motion now: each motion once, nothing that would be refused."""

import pytest

from domain.plans import MotionStage
from domain.today import Duty, MotionDay, duties

POSTED, CLOSED, VOTING = MotionStage.ROLL_POSTED, MotionStage.CLOSED, MotionStage.VOTING


@pytest.mark.rule("today.duties")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MotionDay(MotionStage.DRAFT), [Duty.POST_ROLL]),
        (MotionDay(POSTED), [Duty.ANNOUNCE]),
        (MotionDay(POSTED, hindered=True), []),
        (MotionDay(POSTED, hindered=True, stuck=True), [Duty.RENEW]),
        (MotionDay(POSTED, prepared_by_me=False), [Duty.RELEASE]),
        (MotionDay(POSTED, prepared_by_me=True), [Duty.PREPARED]),
        (MotionDay(MotionStage.NOTICE), []),
        (MotionDay(MotionStage.NOTICE, doors_left=3), [Duty.DOORS]),
        (MotionDay(VOTING), [Duty.RUNNING]),
        (MotionDay(VOTING, papers_to_read=1, doors_left=2), [
            Duty.CONFIRM_PAPERS, Duty.DOORS, Duty.RUNNING,
        ]),
        (MotionDay(CLOSED), [Duty.COUNT]),
        (MotionDay(CLOSED, papers_to_read=1), [Duty.CONFIRM_PAPERS]),
        (MotionDay(CLOSED, own_papers=1), [Duty.OWN_PAPERS]),
        (MotionDay(CLOSED, papers_differing=1), [Duty.REENTER_PAPERS]),
        (MotionDay(CLOSED, papers_to_enter=1), [Duty.ENTER_PAPERS]),
        (MotionDay(CLOSED, box_by_me=False), [Duty.CLOSE_BOX]),
        (MotionDay(CLOSED, box_by_me=True), [Duty.OWN_BOX]),
        (MotionDay(CLOSED, box_by_me=False, papers_to_read=1), [
            Duty.CLOSE_BOX, Duty.CONFIRM_PAPERS,
        ]),
        (MotionDay(CLOSED, result_by_me=False), [Duty.CONFIRM_RESULT]),
        (MotionDay(CLOSED, result_by_me=True), [Duty.OWN_RESULT]),
        (MotionDay(MotionStage.COUNTED), []),
        (MotionDay(MotionStage.CANCELLED), []),
        (MotionDay(MotionStage.FAILED), [Duty.REDRAW]),
        (MotionDay(MotionStage.FAILED, put_away=True), []),
    ],
)  # fmt: skip
def test_b8_a_motion_is_listed_with_what_can_be_done_now_and_nothing_else(day, expected):
    assert list(duties(day)) == expected
