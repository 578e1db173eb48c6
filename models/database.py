"""The session every query uses, and how the two engines are set up.

The web program binds the request's session here; a command or a test binds its own. Nothing in
``models`` or ``services`` needs to know which.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from sqlalchemy import URL, Dialect, Engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models import commits

# What a statement waits for a lock, and what it may take at all, before it is given up.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "30s"
# The same for SQLite, whose one lock is the whole file; in milliseconds.
BUSY_TIMEOUT = 10_000

_current: Callable[[], Session] | None = None
_unopened: Callable[[], Engine | None] | None = None
_notes: Callable[[], dict[Any, Any]] | None = None

WRITE = "louyi_write"
# As long as SQLite itself waits for the file's lock.
QUEUE_TIMEOUT = 10


def bind(
    current: Callable[[], Session],
    *,
    unopened: Callable[[], Engine | None] | None = None,
    notes: Callable[[], dict[Any, Any]] | None = None,
) -> None:
    """From now on ``session()`` is what ``current`` returns. ``unopened`` returns the engine as
    long as the unit of work has no session, and makes none; ``notes`` returns what is noted of the
    unit of work, which is otherwise kept with the session."""
    global _current, _unopened, _notes
    _current, _unopened, _notes = current, unopened, notes


def session() -> Session:
    """The session of the present unit of work."""
    if _current is None:
        raise RuntimeError("no session is bound: call models.database.bind first")
    return _current()


def unopened() -> Engine | None:
    """The engine, as long as the unit of work has no session; many a page needs none."""
    return _unopened() if _unopened is not None else None


def notes() -> dict[Any, Any]:
    """What is noted of the present unit of work; it ends with it."""
    return _notes() if _notes is not None else session().info


def engine() -> Engine:
    """The engine of the present unit of work."""
    found = unopened() or session().get_bind()
    assert isinstance(found, Engine)
    return found


@contextmanager
def using(other: Session) -> Iterator[None]:
    """While the block runs, ``session()`` is this one: a look into another database."""
    global _current, _unopened, _notes
    before = _current, _unopened, _notes
    _current, _unopened, _notes = lambda: other, None, None
    try:
        yield
    finally:
        _current, _unopened, _notes = before


def url_of(address: str) -> URL:
    """The address of a database; of the two PostgreSQL drivers ours is psycopg 3."""
    url = make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


@contextmanager
def turn() -> Iterator[None]:
    """The turn of this thread to write: on SQLite the threads of a process queue for it here.

    The file has one lock, and whoever finds it taken sleeps and tries again, a tenth of a second
    late in the end. A queue wakes the next at once. Whoever waits longer than the file is waited
    for goes on and is told by the file; other processes are kept out by it alone.
    """
    written = engine()
    if written.dialect.name != "sqlite":
        yield
        return
    queue = _queue(written)
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
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)
        event.listen(engine, "checkin", _seen)
        event.listen(engine, "checkout", partial(_asked_again, engine.dialect))


def _seen(_dbapi_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["seen"] = time.monotonic()


def _asked_again(
    dialect: Dialect, dbapi_connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    if time.monotonic() - record.info.get("seen", time.monotonic()) < 1:
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
