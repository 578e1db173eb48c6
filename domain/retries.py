"""How often, and after which pause, what the database turned away is carried out again.

Source: ours. PostgreSQL ends one of two transactions that wait for each other and expects it to
begin anew; a connection that was lost is made anew. Both go through at the second try or, when the
database is being replaced, not for minutes: so the tries are few and soon over, and whoever waits
for the page is told.
"""

from __future__ import annotations

from domain.errors import Failure

# Milliseconds before the second, third and fourth try.
PAUSES = (20, 80, 320)
CARRIED_OUT_AGAIN = frozenset({Failure.AGAIN, Failure.LOST})


def pause(failure: Failure, tries: int, lot: int) -> int | None:
    """Milliseconds to wait after ``tries`` tries, or None when it is given up.

    ``lot`` (0 to 99) spreads those who were turned away together: half of the pause is certain.
    """
    if failure not in CARRIED_OUT_AGAIN or not 0 < tries <= len(PAUSES):
        return None
    whole = PAUSES[tries - 1]
    return whole // 2 + whole * lot // 200
