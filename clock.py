"""The only reader of the clock.

Everything else is handed ``now``. A demo (and a journey in the tests) may look at a clock that runs
ahead; the offset is kept by whoever builds the app, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
