"""Periods: the law's examples with the real calendar, and the edges around rest days."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.periods import (
    ZONE,
    Period,
    PeriodKind,
    calendar_period,
    check_window,
    local_day,
    next_working_day,
    period,
    working_period,
    years_period,
)
from services.reference import load_calendar

CHINA = load_calendar()


@dataclass(frozen=True)
class FiveDayWeek:
    """A calendar without holidays but for those named."""

    rest: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    unpublished: frozenset[int] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.rest)

    def is_published(self, day: date) -> bool:
        return day.year not in self.unpublished


def published_deadlines() -> list[dict[str, object]]:
    path = Path(__file__).parent.parent / "data" / "vectors.json"
    return json.loads(path.read_text(encoding="utf-8"))["deadlines"]


@pytest.mark.rule("periods.calendar_days")
@pytest.mark.parametrize("case", published_deadlines(), ids=lambda case: case["id"])
def test_a_published_deadline_comes_out(case):
    posted = date.fromisoformat(case["posted"])
    result = calendar_period(posted, case["days"], CHINA)
    assert result.first_day == date.fromisoformat(case["first_day"])
    assert result.last_day == date.fromisoformat(case["last_day"])
    assert not result.provisional


def test_ten_days_from_the_first_of_september_are_open_through_the_eleventh():
    result = calendar_period(date(2025, 9, 1), 10, CHINA)
    assert result.starts_at == datetime(2025, 9, 2, tzinfo=ZONE)
    assert result.ends_at == datetime(2025, 9, 12, tzinfo=ZONE)
    assert result.ends_at.astimezone(UTC) == datetime(2025, 9, 11, 16, tzinfo=UTC)


@pytest.mark.rule("periods.calendar_days")
@pytest.mark.parametrize(
    ("nominal", "last"),
    [
        (date(2026, 3, 14), date(2026, 3, 16)),  # a plain Saturday moves to Monday
        (date(2026, 2, 28), date(2026, 2, 28)),  # a make-up Saturday is worked and stays
        (date(2026, 2, 14), date(2026, 2, 14)),  # another, before the Spring Festival
        (date(2026, 2, 15), date(2026, 2, 24)),  # the whole Spring Festival is skipped
        (date(2026, 9, 20), date(2026, 9, 20)),  # a make-up Sunday
        (date(2026, 10, 3), date(2026, 10, 8)),  # inside the National Day holiday
        (date(2026, 10, 10), date(2026, 10, 10)),  # the make-up Saturday after it
    ],
)
def test_a_last_day_of_rest_moves_and_a_make_up_day_does_not(nominal, last):
    assert calendar_period(nominal - timedelta(days=7), 7, CHINA).last_day == last


@pytest.mark.rule("periods.working_days")
@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        (date(2026, 3, 11), 3, date(2026, 3, 16)),  # Wednesday → Thu, Fri, Mon
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the next day is a make-up Saturday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # then the Spring Festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # 8, 9, and Saturday 10 October
    ],
)
def test_working_days_count_make_up_days_and_skip_holidays(event, days, last):
    assert working_period(event, days, CHINA).last_day == last
    assert period(event, days, CHINA, PeriodKind.WORKING).last_day == last


def test_a_year_without_its_notice_gives_a_provisional_period_never_too_short():
    assert not calendar_period(date(2026, 12, 1), 10, CHINA).provisional
    over_new_year = calendar_period(date(2026, 12, 22), 10, CHINA)
    assert over_new_year.provisional
    assert over_new_year.last_day == date(2027, 1, 4)
    # 4 October 2027 is Monday: no statutory day, yet every notice so far made it one of rest.
    assert calendar_period(date(2027, 9, 27), 7, CHINA).last_day >= date(2027, 10, 8)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 2, 5),  # the eve of the Spring Festival, then its first three days
        date(2027, 2, 8),
        date(2027, 4, 5),
        date(2027, 5, 3),
        date(2027, 6, 9),
        date(2027, 9, 15),
        date(2027, 10, 1),
        date(2028, 1, 25),
        date(2028, 10, 3),
        date(2029, 2, 12),
        date(2029, 6, 18),  # Monday beside the Dragon Boat Festival of 2029
    ],
)
def test_statutory_holidays_of_a_year_without_its_notice_are_rest_days(day):
    assert not CHINA.is_working_day(day)
    assert not CHINA.is_published(day)


def test_a_year_nobody_knows_is_refused_and_not_guessed():
    with pytest.raises(Refused) as refused:
        calendar_period(date(2040, 5, 1), 10, CHINA)
    assert refused.value.code == "calendar_year_unknown"
    assert refused.value.params == {"year": 2040}


@pytest.mark.rule("periods.years")
def test_the_year_to_challenge_ends_on_the_corresponding_day():
    assert years_period(date(2025, 3, 10), 1, CHINA).last_day == date(2026, 3, 10)
    assert years_period(date(2025, 10, 3), 1, CHINA).last_day == date(2026, 10, 8)
    # 29 February has no corresponding day; the 28th of 2025 was a Friday.
    assert years_period(date(2024, 2, 29), 1, CHINA).last_day == date(2025, 2, 28)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_senseless_numbers_of_days_are_refused(days):
    for build in (calendar_period, working_period):
        with pytest.raises(Refused, match="days_out_of_range"):
            build(date(2026, 3, 1), days, CHINA)
    with pytest.raises(Refused, match="years_out_of_range"):
        years_period(date(2026, 3, 1), days if days < 31 else 31, CHINA)


def test_the_day_of_posting_is_the_day_in_china():
    assert local_day(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert local_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    with pytest.raises(Refused, match="instant_without_zone"):
        local_day(datetime(2026, 3, 1))  # noqa: DTZ001 - the naive instant is what is refused


def window(opens: datetime, closes: datetime, notice: Period) -> str | None:
    try:
        check_window(opens, closes, notice)
    except Refused as refusal:
        return refusal.code
    return None


def test_voting_opens_when_the_notice_has_run_out_and_not_a_second_before():
    notice = calendar_period(date(2026, 3, 2), 10, CHINA)
    ends = notice.ends_at
    later = ends + timedelta(days=15)
    assert window(ends, later, notice) is None
    assert window(ends - timedelta(seconds=1), later, notice) == "opens_before_notice_ends"
    assert window(ends, ends, notice) == "close_before_open"
    assert window(ends.replace(tzinfo=None), later, notice) == "instant_without_zone"


DAYS = st.dates(date(2020, 1, 1), date(2029, 6, 1))


@settings(max_examples=150, deadline=None)
@given(DAYS, st.integers(1, 60))
def test_a_period_is_never_shorter_than_its_days_and_ends_on_a_worked_day(posted, days):
    for build in (calendar_period, working_period):
        result = build(posted, days, CHINA)
        assert (result.last_day - posted).days >= days
        assert CHINA.is_working_day(result.last_day)
    worked = working_period(posted, days, CHINA)
    between = (worked.first_day + timedelta(days=n) for n in range((worked.last_day - posted).days))
    assert sum(map(CHINA.is_working_day, between)) == days


@settings(max_examples=100, deadline=None)
@given(DAYS, st.integers(1, 30), st.frozensets(DAYS, max_size=5))
def test_more_holidays_never_shorten_a_period(posted, days, holidays):
    with_them, without = FiveDayWeek(rest=holidays), FiveDayWeek()
    for build in (calendar_period, working_period):
        assert build(posted, days, with_them).last_day >= build(posted, days, without).last_day


def test_a_period_is_provisional_when_any_day_it_rests_on_is():
    calendar = FiveDayWeek(unpublished=frozenset({2027}))
    assert working_period(date(2026, 12, 31), 1, calendar).provisional
    assert not working_period(date(2026, 12, 30), 1, calendar).provisional
    assert next_working_day(date(2026, 3, 14), calendar) == date(2026, 3, 16)
