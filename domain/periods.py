"""Notice, posting and voting periods: from which day, through which day, until which instant.

Source: 民法典 200–204 / Civil Code arts. 200–204. The day of posting is not counted (201); the
period ends at 24:00 of its last day (203 para. 2); a last day that is a rest day moves to the next
working day (203 para. 1). Ours: rest days are what the State Council arranges, weekends included
and make-up working days not, so a period is rather a day longer than a day too short. A period of
years ends on the corresponding day, or on the last day of a month that has none (202).

Holidays come in as a calendar. For a year whose arrangement is not published yet a calendar may
answer from the statutory holidays alone; the period then says ``provisional``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.errors import Refused
from domain.sources import rule

ZONE = ZoneInfo("Asia/Shanghai")
MAX_DAYS = 366


class WorkingCalendar(Protocol):
    """Which days are worked; both refuse ``calendar_year_unknown`` rather than guess."""

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked, make-up Saturdays and Sundays included."""

    def is_published(self, day: date) -> bool:
        """Whether the arrangement of that year is published, not only expected."""


class PeriodKind(StrEnum):
    """Days counted one by one (the law's rule), or working days only (some cities)."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; ``ends_at`` is the first instant after it (aware, Asia/Shanghai)."""

    posted: date
    days: int
    first_day: date
    last_day: date
    provisional: bool = False

    @property
    def starts_at(self) -> datetime:
        """00:00 of the first day."""
        return start_of(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """00:00 of the day after the last: the period is running while ``now < ends_at``."""
        return start_of(self.last_day + timedelta(days=1))


def start_of(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(day, time.min, tzinfo=ZONE)


def local_day(instant: datetime) -> date:
    """The day it is in China at an aware instant; refuses a naive one."""
    if instant.tzinfo is None:
        raise Refused("instant_without_zone")
    return instant.astimezone(ZONE).date()


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """``day`` itself if it is worked, else the first working day after it."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _checked(days: int) -> int:
    if not 1 <= days <= MAX_DAYS:
        raise Refused("days_out_of_range", field="days", days=days, most=MAX_DAYS)
    return days


def _provisional(first: date, last: date, calendar: WorkingCalendar) -> bool:
    span = (last - first).days
    return not all(calendar.is_published(first + timedelta(days=n)) for n in range(span + 1))


@rule(
    "periods.calendar_days",
    source="民法典 201, 203 / Civil Code arts. 201, 203",
    says="The day of posting is not counted; the period ends at 24:00 of its last day; a last day "
    "that is a rest day moves to the next working day.",
)
def calendar_period(posted: date, days: int, calendar: WorkingCalendar) -> Period:
    """The period of ``days`` days that begins with a posting.

    Refuses ``days_out_of_range`` and, through the calendar, ``calendar_year_unknown``.
    """
    nominal = posted + timedelta(days=_checked(days))
    last = next_working_day(nominal, calendar)
    provisional = _provisional(nominal, last, calendar)
    return Period(posted, days, posted + timedelta(days=1), last, provisional)


@rule(
    "periods.working_days",
    source="city rules that count working days, after 民法典 201, 204 / Civil Code arts. 201, 204",
    says="A period in working days ends with the last of that many working days after the posting.",
    basis="practice",
)
def working_period(posted: date, days: int, calendar: WorkingCalendar) -> Period:
    """The period of ``days`` working days after a posting or event ("within 3 working days").

    Refuses ``days_out_of_range`` and, through the calendar, ``calendar_year_unknown``.
    """
    first = posted + timedelta(days=1)
    last = posted
    for _ in range(_checked(days)):
        last = next_working_day(last + timedelta(days=1), calendar)
    return Period(posted, days, first, last, _provisional(first, last, calendar))


def period(posted: date, days: int, calendar: WorkingCalendar, kind: PeriodKind) -> Period:
    """The period by a city's way of counting."""
    build = working_period if kind is PeriodKind.WORKING else calendar_period
    return build(posted, days, calendar)


@rule(
    "periods.years",
    source="民法典 202, 203 / Civil Code arts. 202, 203",
    says="A period of years ends on the corresponding day, moved when that is a rest day.",
)
def years_period(posted: date, years: int, calendar: WorkingCalendar) -> Period:
    """The period of whole years after ``posted``, for instance the year to challenge a decision."""
    if not 1 <= years <= 30:
        raise Refused("years_out_of_range", field="years", years=years)
    year = posted.year + years
    # Only 29 February can lack its corresponding day.
    leap_day = (posted.month, posted.day) == (2, 29)
    corresponding = date(year, 3, 1) - timedelta(days=1) if leap_day else posted.replace(year=year)
    last = next_working_day(corresponding, calendar)
    days = (last - posted).days
    provisional = _provisional(corresponding, last, calendar)
    return Period(posted, days, posted + timedelta(days=1), last, provisional)


def check_window(opens_at: datetime, closes_at: datetime, notice: Period) -> None:
    """Refuse a voting window that opens before the notice has run out or closes before it opens.

    Codes: ``instant_without_zone``, ``close_before_open``, ``opens_before_notice_ends``
    (``earliest`` is the first instant allowed).
    """
    for name, instant in (("opens_at", opens_at), ("closes_at", closes_at)):
        if instant.tzinfo is None:
            raise Refused("instant_without_zone", field=name)
    if closes_at <= opens_at:
        raise Refused("close_before_open", field="closes_at")
    if opens_at < notice.ends_at:
        raise Refused("opens_before_notice_ends", field="opens_at", earliest=notice.ends_at)
