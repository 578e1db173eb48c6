"""The walk's clock: the machine's own, and how far the servers' is away from it.

The servers read the distance from a file at every look at the clock (libfaketime), so time moves by
writing it anew.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8))
DAY = 24 * 3600


def start_of(day: date) -> datetime:
    """The first instant of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


class Clock:
    """What the servers' clock shows."""

    def __init__(self, file: Path, days: int) -> None:
        self.file = file
        self.away = 0
        self._put(days * DAY)

    def _put(self, seconds: int) -> None:
        self.away = seconds
        # In one step: a server must not find the file half written.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n", "ascii")
        fresh.chmod(0o644)
        fresh.replace(self.file)

    def seconds(self) -> float:
        """The instant as seconds since 1970."""
        return time.time() + self.away

    def now(self) -> datetime:
        """The instant, in Shanghai."""
        return datetime.fromtimestamp(self.seconds(), SHANGHAI)

    def move_to(self, instant: datetime) -> None:
        """Go forward to an instant, if it is not past already."""
        distance = int(instant.timestamp() - self.seconds()) + 1
        if distance > 0:
            self._put(self.away + distance)

    def move(self, **time_passed: float) -> None:
        """Go forward by so much."""
        self.move_to(self.now() + timedelta(**time_passed))

    def go_home(self) -> None:
        """The servers' clock is the machine's own from their next start on, without a preload."""
        self.away = 0

    @staticmethod
    def today() -> date:
        """The day that it really is in Shanghai."""
        return datetime.now(SHANGHAI).date()
