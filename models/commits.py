"""Committing so that "recorded" is said only of what is stored for good.

PostgreSQL with a synchronous standby answers a COMMIT when the standby has it too. When that wait
is cut short it answers success all the same, and says in a warning that the standby may not have
it; a failover would then lose what was acknowledged. So warnings during a COMMIT are heard, and a
wait that lasts too long (nothing in PostgreSQL bounds it) is cut short by ourselves, so that
whoever waits for the page is told that it is not yet known.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.errors import NotYetKnown
from models import failures, links
from models.links import POSTGRESQL, Link

# Seconds that a COMMIT may wait for the standby. Below the time after which a proxy gives up.
PATIENCE = 20
LOOKING_EVERY = 1
HEARD = "louyi_heard"


def listen(dbapi_connection: Any, record: Any) -> None:
    """From now on what this connection to PostgreSQL warns of is heard."""

    def hear(diagnostic: Any) -> None:
        if diagnostic.severity_nonlocalized == "WARNING":
            record.info.setdefault(HEARD, []).append(diagnostic.message_primary)

    dbapi_connection.add_notice_handler(hear)


def commit(session: Session) -> None:
    """What the session holds is stored for good.

    Raises ``NotYetKnown`` when the answer to the COMMIT did not come, or came with a warning.
    """
    # What can be refused is refused before the COMMIT, so that its own failures stand apart.
    session.flush()
    with for_good(links.of(session.connection())):
        session.commit()


@contextmanager
def for_good(link: Link) -> Iterator[None]:
    """Around a COMMIT: warnings are heard, the wait is bounded, doubt is said by ``NotYetKnown``.

    What is sent together with the COMMIT is in doubt with it when the connection is lost.
    """
    heard: list[str] = []
    link.info[HEARD] = heard
    watched = link.engine.dialect.name == POSTGRESQL
    if watched:
        _watch.begin(link.raw)
    try:
        yield
    except DBAPIError as error:
        if failures.unsure(error):
            raise NotYetKnown from error
        raise
    finally:
        if watched:
            _watch.end(link.raw)
    if heard:
        raise NotYetKnown("; ".join(heard))


class _Watch:
    """One thread of each process that looks for commits that wait too long and ends their wait."""

    def __init__(self) -> None:
        self.waiting: dict[int, tuple[int, Any]] = {}
        self.process = 0
        self.lock = threading.Lock()

    def begin(self, raw: Any) -> None:
        """From now on the connection's wait is bounded."""
        if self.process != os.getpid():
            self._start()
        self.waiting[id(raw)] = (time.monotonic_ns() + PATIENCE * 10**9, raw)

    def end(self, raw: Any) -> None:
        """It waits no longer."""
        self.waiting.pop(id(raw), None)

    def _start(self) -> None:
        # A worker is forked without the threads of its parent.
        with self.lock:
            if self.process != os.getpid():
                self.waiting.clear()
                self.process = os.getpid()
                threading.Thread(target=self._look, name="commits", daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(LOOKING_EVERY)
            for key, waits in list(self.waiting.items()):
                until, raw = waits
                # Asked again until the wait is over: what reaches the server before it waits for
                # the standby is lost, and nothing else bounds that wait.
                if until < time.monotonic_ns() and self.waiting.get(key) is waits:
                    with suppress(links.PostgreSQLError):
                        raw.cancel()


_watch = _Watch()
