"""The Chinese calendar of working days: published years from a kept library, later ones from law.

Source: the State Council's yearly notices on holidays as the ``chinesecalendar`` package records
them, make-up working days included. For a year it does not know yet, ``reference/holidays.toml``
lists the days that can become rest days by 《全国年节及纪念日放假办法》 (2024) and usual practice,
generously and without make-up days, so that a period computed from them is never too short; such
days are not *published*, and whatever is computed from them says so. A year in neither is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import chinese_calendar

from domain.errors import Refused


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """A year the library does not know: rest days, make-up days, and whether that is published."""

    year: int
    source: str
    published: bool
    rest: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class ChineseCalendar:
    """Answers from the library where it knows the year, else from the listed years."""

    listed: Mapping[int, HolidayYear] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked in China; refuses ``calendar_year_unknown`` (year)."""
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            known = self._listed(day)
        return day in known.worked or (day.weekday() < 5 and day not in known.rest)

    def is_published(self, day: date) -> bool:
        """Whether the State Council's notice for the day's year is known."""
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return self._listed(day).published
        return True

    def known_through(self) -> int:
        """The last year for which any answer is given without a gap."""
        year = 2004
        while self._knows(year + 1):
            year += 1
        return year

    def _knows(self, year: int) -> bool:
        try:
            self.is_published(date(year, 1, 1))
        except Refused:
            return False
        return True

    def _listed(self, day: date) -> HolidayYear:
        if day.year not in self.listed:
            raise Refused("calendar_year_unknown", year=day.year)
        return self.listed[day.year]
