"""The session every query uses, and how the two engines are set up.

The web program binds the request's session here; a command or a test binds its own. Nothing in
``models`` or ``services`` needs to know which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models import commits

# What a statement waits for a lock, and what it may take at all, before it is given up.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "30s"
# The same for SQLite, whose one lock is the whole file; in milliseconds.
BUSY_TIMEOUT = 10_000

_current: Callable[[], Session] | None = None

WRITE = "louyi_write"


def bind(current: Callable[[], Session]) -> None:
    """From now on ``session()`` is what ``current`` returns."""
    global _current
    _current = current


def session() -> Session:
    """The session of the present unit of work."""
    if _current is None:
        raise RuntimeError("no session is bound: call models.database.bind first")
    return _current()


@contextmanager
def using(other: Session) -> Iterator[None]:
    """While the block runs, ``session()`` is this one: a look into another database."""
    global _current
    before, _current = _current, lambda: other
    try:
        yield
    finally:
        _current = before


def url_of(address: str) -> URL:
    """The address of a database; of the two PostgreSQL drivers ours is psycopg 3."""
    url = make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def prepare_engine(engine: Engine) -> None:
    """SQLite gets its pragmas and begins writes with BEGIN IMMEDIATE; PostgreSQL a lock timeout."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)


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
    write = connection.get_execution_options().get(WRITE, False)
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")


def _postgresql_connect(dbapi_connection: Any, record: object) -> None:
    commits.listen(dbapi_connection, record)
    with dbapi_connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
        cursor.execute("SET TIME ZONE 'UTC'")
    dbapi_connection.commit()
