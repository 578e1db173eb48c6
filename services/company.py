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
from threading import Lock
from typing import Generic, TypeVar

from domain.errors import NotYetKnown

W = TypeVar("W")
R = TypeVar("R")


class Place(Generic[W, R]):
    """One thread's act in the queue, and what came of it."""

    def __init__(self, wish: W) -> None:
        self.wish = wish
        self.result: R | None = None
        self.error: Exception | None = None
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
        self.led = False
        self.waiting: deque[Place[W, R]] = deque()

    def leads(self, place: Place[W, R]) -> bool:
        """True when this thread is to carry out its act; False when another one has.

        Who leads calls ``leave`` in the end, whatever happened.
        """
        with self.guard:
            if not self.led:
                self.led = True
                return True
            self.waiting.append(place)
        place.turn.acquire()
        return not place.left

    def others(self) -> list[Place[W, R]]:
        """Those who have come meanwhile: the leader answers for them from now on."""
        with self.guard:
            return [self.waiting.popleft() for _ in range(min(len(self.waiting), self.most - 1))]

    def leave(self, served: Sequence[Place[W, R]]) -> None:
        """These acts are over; the next in the queue leads."""
        with self.guard:
            following = self.waiting.popleft() if self.waiting else None
            self.led = following is not None
        for place in served:
            place.left = True
            place.turn.release()
        if following is not None:
            following.turn.release()
