"""What personal data may go, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import Refused
from domain.periods import start_of
from domain.privacy import (
    LONGEST_REQUEST,
    Hold,
    PlanRecord,
    Reason,
    check_request,
    hold_on_plan,
    is_over,
    name_may_go,
    waits_in_vain,
)
from services.reference import reference

CALENDAR = reference().calendar
# A Tuesday; the corresponding day of 2027, a Wednesday, is worked.
POSTED = date(2026, 9, 1)
LAST_DAY = date(2027, 9, 1)
OVER = Hold(Reason.OVER)


def hold(now: datetime, *days: date, undecided: bool = False) -> Hold:
    return hold_on_plan(PlanRecord(days, undecided), CALENDAR, now=now)


@pytest.mark.rule("privacy.challenge_year")
def test_the_year_ends_at_midnight_after_the_corresponding_day():
    end = start_of(LAST_DAY + timedelta(days=1))
    assert hold(end - timedelta(microseconds=1), POSTED) == Hold(Reason.CHALLENGE, end)
    assert hold(end, POSTED) == Hold(Reason.OVER, end)


@pytest.mark.rule("privacy.challenge_year")
def test_the_last_posting_counts():
    later = date(2026, 12, 1)
    assert hold(start_of(date(2027, 10, 1)), POSTED, later).reason is Reason.CHALLENGE
    assert hold(start_of(date(2027, 10, 1)), POSTED).reason is Reason.OVER


@pytest.mark.rule("privacy.challenge_year")
def test_what_is_undecided_is_kept_however_long_it_takes():
    late = datetime(2040, 1, 1, tzinfo=UTC)
    assert hold(late) == hold(late, POSTED, undecided=True) == Hold(Reason.RUNNING)


@pytest.mark.rule("privacy.person")
def test_a_name_goes_when_nothing_is_owned_and_nothing_can_be_challenged():
    assert name_may_go(still_owns=False, holds=[])
    assert name_may_go(still_owns=False, holds=[OVER, OVER])
    assert not name_may_go(still_owns=True, holds=[OVER])
    assert not name_may_go(still_owns=False, holds=[OVER, Hold(Reason.CHALLENGE)])
    assert not name_may_go(still_owns=False, holds=[Hold(Reason.RUNNING)])


@pytest.mark.rule("privacy.short_lived")
def test_what_has_not_ended_is_not_over():
    now, week = datetime(2026, 9, 8, tzinfo=UTC), timedelta(days=7)
    assert is_over(now - week, week, now=now)
    assert not is_over(now - week + timedelta(seconds=1), week, now=now)
    assert not is_over(None, week, now=now)


@pytest.mark.rule("privacy.waiting")
def test_what_waits_is_over_with_the_year_of_its_plan_if_it_was_prepared_before():
    end = start_of(LAST_DAY + timedelta(days=1))
    moment = timedelta(microseconds=1)
    over = hold(end, POSTED)
    assert waits_in_vain(end - moment, over)
    assert not waits_in_vain(end, over)
    assert not waits_in_vain(start_of(POSTED), hold(end - moment, POSTED))
    assert not waits_in_vain(start_of(POSTED), Hold(Reason.RUNNING))


def test_a_request_says_something_and_not_too_much():
    assert check_request("  面积写错了 \n") == "面积写错了"
    for text, code in (("  ", "request_empty"), ("长" * (LONGEST_REQUEST + 1), "request_long")):
        with pytest.raises(Refused, match=code):
            check_request(text)
