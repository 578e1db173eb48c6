"""The session every query uses, and how the two engines are set up.

The web program binds the request's session here; a command or a test binds its own. Nothing in
``models`` or ``services`` needs to know which.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache, partial
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import URL, Dialect, Engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from models import commits
from models.links import Link, take
from models.spare import FRESH, keep_one_by

# What a statement waits for a lock, and what it may take at all, before it is given up.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "30s"
# The same for SQLite, whose one lock is the whole file; in milliseconds.
BUSY_TIMEOUT = 10_000

WRITE = "louyi_write"
LINK = "louyi_link"
# As long as SQLite itself waits for the file's lock.
QUEUE_TIMEOUT = 10


class Unit(Protocol):
    """A unit of work: a request, a command. ``notes`` is what is noted of it; it ends with it."""

    notes: dict[str, Any]

    @property
    def engine(self) -> Engine:
        """Its database."""

    def opened(self) -> bool:
        """Whether it has a session yet; many a page needs none."""

    def session(self) -> Session:
        """Its session, opened if it has none."""


class _Look:
    """A unit of work with a session that somebody handed over."""

    def __init__(self, given: Session) -> None:
        self.notes: dict[str, Any] = {}
        self.given = given

    @property
    def engine(self) -> Engine:
        found = self.given.get_bind()
        assert isinstance(found, Engine)
        return found

    def opened(self) -> bool:
        return True

    def session(self) -> Session:
        return self.given


def _unbound() -> Unit:
    raise RuntimeError("no unit of work is bound: call models.database.bind first")


_present: Callable[[], Unit] = _unbound


def bind(present: Callable[[], Unit]) -> None:
    """From now on the present unit of work is what ``present`` returns."""
    global _present
    _present = present


@contextmanager
def using(other: Session) -> Iterator[None]:
    """While the block runs, ``session()`` is this one: a look into another database."""
    before, unit = _present, _Look(other)
    bind(lambda: unit)
    try:
        yield
    finally:
        let_go()
        bind(before)


def session() -> Session:
    """The session of the present unit of work."""
    let_go()
    return _present().session()


def opened() -> bool:
    """Whether the present unit of work has a session."""
    return _present().opened()


def engine() -> Engine:
    """The engine of the present unit of work."""
    return _present().engine


def notes() -> dict[str, Any]:
    """What is noted of the present unit of work."""
    return _present().notes


@contextmanager
def link() -> Iterator[Link]:
    """A connection for prepared statements. A unit of work keeps the one it took until it ends or
    asks for its session; when something goes wrong on it, or it is left without a COMMIT, it is
    given back at once."""
    unit = _present()
    found: Link = unit.notes.pop(LINK, None) or take(unit.engine)
    try:
        yield found
    except BaseException:
        found.give_back()
        raise
    if found.inside:
        found.give_back()
    else:
        unit.notes[LINK] = found


def let_go() -> None:
    """The present unit of work needs its connection for prepared statements no longer."""
    found: Link | None = _present().notes.pop(LINK, None)
    if found is not None:
        found.lay_by()


def url_of(address: str) -> URL:
    """The address of a database; of the two PostgreSQL drivers ours is psycopg 3."""
    url = make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def turn() -> AbstractContextManager[None]:
    """The turn of this thread to write: on SQLite the threads of a process queue for it here.

    The file has one lock, and whoever finds it taken sleeps and tries again, a tenth of a second
    late in the end. A queue wakes the next at once. Whoever waits longer than the file is waited
    for goes on and is told by the file; other processes are kept out by it alone.
    """
    written = engine()
    return _turn_in(_queue(written)) if written.dialect.name == "sqlite" else nullcontext()


@contextmanager
def _turn_in(queue: Lock) -> Iterator[None]:
    had = queue.acquire(timeout=QUEUE_TIMEOUT)
    try:
        yield
    finally:
        if had:
            queue.release()


@lru_cache(maxsize=8)
def _queue(engine: Engine) -> Lock:
    del engine
    return Lock()


def prepare_engine(engine: Engine) -> None:
    """SQLite gets its pragmas and begins writes with BEGIN IMMEDIATE; PostgreSQL a lock timeout.

    A connection of PostgreSQL's that was not used for a second is asked whether it still answers
    before it is used again; right after an answer there is nothing to ask.
    """
    if isinstance(engine.pool, QueuePool):
        keep_one_by(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)
        event.listen(engine, "checkin", _seen)
        event.listen(engine, "checkout", partial(_asked_again, engine.dialect))


def _seen(_dbapi_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["seen"] = time.monotonic_ns()


def _asked_again(
    dialect: Dialect, dbapi_connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    if time.monotonic_ns() - record.info.get("seen", time.monotonic_ns()) < FRESH:
        return
    try:
        dialect.do_ping(dbapi_connection)
    except dialect.loaded_dbapi.Error as error:
        # The pool drops it, with all that are older, and opens another.
        raise InvalidatePoolError from error


def _sqlite_connect(dbapi_connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own: it would begin them deferred, and a
    # deferred transaction that turns to writing loses updates or fails at once.
    dbapi_connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
    ):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE) else "BEGIN")


def _postgresql_connect(dbapi_connection: Any, record: object) -> None:
    commits.listen(dbapi_connection, record)
    with dbapi_connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
        # A statement that was prepared is planned once: planning those of a page takes longer than
        # carrying them out, and none of ours wants another plan for another value.
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute("SET TIME ZONE 'UTC'")
    dbapi_connection.commit()
    # What is to stay prepared is prepared by ``models.links``. The driver's own forgets it all
    # after every ROLLBACK, with which each page that was read through objects ends, and asks the
    # server to forget it too.
    dbapi_connection.prepare_threshold = None
