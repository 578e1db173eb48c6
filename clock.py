"""The only reader of the clock.

Everything else is handed ``now``. A demo (and a journey in the tests) may look at a clock that runs
ahead; the offset is kept by whoever builds the app, never here. Such a clock has a method
``reading`` that says what it shows when the real one shows an instant: inside a transaction the
real one is the database's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def reading_of(clock: Clock) -> Callable[[datetime], datetime]:
    """What the clock shows at an instant of the real one; the real one shows just that."""
    moved: Callable[[datetime], datetime] | None = getattr(clock, "reading", None)
    return moved or (lambda instant: instant)
