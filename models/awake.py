"""Waiting for the server's answer without going to sleep, for a moment, where that is worth it.

Whoever sleeps is woken late (a virtual machine's core has gone to sleep as well) and finds what was
at hand gone from the caches: a tenth of a cast that comes alone. But who waits awake takes a
processor that others may want, the server first. So it is done only while answers come soon: when
somebody else has the locks, or the disk is slow, they do not (docs/decisions/0021).
"""

from __future__ import annotations

import os
import select
from time import perf_counter_ns

# Nanoseconds, twice of what an answer takes when nobody is in the way.
MOMENT = 600_000
# Of so many answers so many may have taken longer.
LAST, LATE = 16, 2
# With one processor it would only be kept from the server. Where a quota allows no more than one of
# several, answers come late, and that ends it as well.
POSSIBLE = (os.cpu_count() or 1) > 1 and hasattr(select, "poll")


class Awake:
    """How one socket is waited for. Instants are those of ``perf_counter_ns``."""

    def __init__(self, socket: int) -> None:
        # A bit for each of the last answers, set when it was late.
        self.late = 0
        if POSSIBLE:
            there = select.poll()
            there.register(socket, select.POLLIN)
            self.has_come = there.poll

    def is_worth_it(self) -> bool:
        """Whether answers come soon, lately."""
        return POSSIBLE and self.late.bit_count() <= LATE

    def wait(self, asked: int) -> None:
        """Until the answer to what was asked then begins to come, or the moment is over; other
        threads of the process run meanwhile."""
        until = asked + MOMENT
        while not self.has_come(0) and perf_counter_ns() < until:
            pass

    def note(self, asked: int) -> None:
        """The answer to what was asked then has come."""
        late = perf_counter_ns() - asked > MOMENT
        self.late = (self.late << 1 | late) % (1 << LAST)
