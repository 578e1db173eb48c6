"""Acts of several threads of this process, carried out by one of them in one transaction.

Whoever waits for a lock has nothing to do meanwhile, and a commit costs the disk the same for one
act as for ten. So the threads that want the same lock queue here first: one leads, takes the lock,
and carries out along with its own act those of all who have come by then. Each act has its own
outcome, said to its own thread after the commit and not before; the lock, and everything else that
must hold between processes, is still the database's (docs/decisions/0021).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from threading import Condition, Lock
from typing import Generic, TypeVar

from domain.errors import NotYetKnown

# How long a leader waits at most for those who are on their way, here or away.
PATIENCE = timedelta(milliseconds=2)

W = TypeVar("W")
R = TypeVar("R")


class Place(Generic[W, R]):
    """One thread's act in the queue, and what came of it."""

    def __init__(self, wish: W) -> None:
        self.wish = wish
        self.result: R | None = None
        self.error: Exception | None = None
        self.expected = False
        self.left = False
        self.turn = Lock()
        self.turn.acquire()

    def answer(self) -> R:
        """What came of the act, in the thread that wanted it."""
        if self.error is not None:
            raise self.error
        if self.result is None:
            # Whoever led was torn away: nobody knows whether before its commit or after.
            raise NotYetKnown("interrupted")
        return self.result


class Company(Generic[W, R]):
    """The threads of this process that want the same lock, in the order in which they came."""

    def __init__(self, most: int = 64) -> None:
        self.most = most
        self.guard = Lock()
        self.arrivals = Condition(self.guard)
        self.led = False
        self.coming = 0
        self.going = 0
        self.waiting: deque[Place[W, R]] = deque()

    def expect(self) -> None:
        """A thread is on its way here. It comes by ``leads``, or else says so (``met``)."""
        with self.guard:
            self.coming += 1

    def met(self) -> None:
        """Whoever was on the way need not be waited for any longer."""
        with self.guard:
            self._met()

    def _met(self) -> None:
        self.coming -= 1
        self._tell()

    def gone(self) -> None:
        """A thread that was expected, and whose act is over, has said its answer."""
        with self.guard:
            self.going -= 1
            self._tell()

    def _tell(self) -> None:
        if self._nobody_moves():
            self.arrivals.notify()

    def leads(self, place: Place[W, R], *, expected: bool = False) -> bool:
        """True when this thread is to carry out its act; False when another one has.

        Who leads calls ``leave`` in the end, whatever happened. ``expected``: it was on its way,
        and calls ``gone`` when its answer is said.
        """
        place.expected = expected
        with self.guard:
            if expected:
                self._met()
            if not self.led:
                self.led = True
                return True
            self.waiting.append(place)
        place.turn.acquire()
        return not place.left

    def others(self) -> list[Place[W, R]]:
        """Those who have come meanwhile, or come in the next moment: the leader answers for them
        from now on.

        The lock is not taken while those whose acts are over still say their answers: they would
        keep this thread from the processor while it keeps others from the lock.
        """
        with self.guard:
            if not self._nobody_moves():
                self.arrivals.wait_for(self._nobody_moves, PATIENCE.total_seconds())
            return [self.waiting.popleft() for _ in range(min(len(self.waiting), self.most - 1))]

    def _nobody_moves(self) -> bool:
        return self.coming == 0 and self.going == 0

    def leave(self, acts: Sequence[Place[W, R]]) -> None:
        """These acts are over, the leader's first; the next in the queue leads."""
        with self.guard:
            following = self.waiting.popleft() if self.waiting else None
            self.led = following is not None
            self.going += sum(place.expected for place in acts)
        for place in acts[1:]:
            place.left = True
            place.turn.release()
        if following is not None:
            following.turn.release()
