"""The instant a rule goes by inside a transaction: the database's own clock, read under the lock.

The clock of a request was read before it queued for the lock, on whatever machine took it; two
machines differ, and a queue is long at the close. The database has one clock, and a cast that reads
it under the motion's lock is in time or not for everybody alike (docs/decisions/0016).

A clock that can be moved (the demo's, the tests') says by ``reading`` what it shows when the real
one, the database's, shows an instant. It is kept with the engine, because a process may hold
several programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Function, func, select
from sqlalchemy.orm import Session

from models.base import UTCDateTime

Reading = Callable[[datetime], datetime]
READING = "louyi_reading"
# The clock at the moment the column is computed, not when the transaction began.
POSTGRESQL = func.clock_timestamp(type_=UTCDateTime())
SQLITE = func.strftime("%Y-%m-%d %H:%M:%f000", "now", type_=UTCDateTime())


def as_it_is(instant: datetime) -> datetime:
    """The reading of a clock that nobody moves."""
    return instant


def bind(engine: Engine, reading: Reading) -> None:
    """What this engine's transactions take for the present instant goes through ``reading``."""
    engine.update_execution_options(**{READING: reading})


@contextmanager
def told_at(engine: Engine, told: Callable[[], datetime]) -> Iterator[None]:
    """What happens meanwhile happens, for this engine's rules, when ``told`` says.

    For a story that is told of the past (the demo's).
    """
    before = engine.get_execution_options().get(READING, as_it_is)
    bind(engine, lambda _instant: told())
    try:
        yield
    finally:
        bind(engine, before)


def column(bound: Session | Connection) -> Function[Any]:
    """The database's clock, as a column for this engine."""
    engine = bound.get_bind() if isinstance(bound, Session) else bound
    return POSTGRESQL if engine.dialect.name == "postgresql" else SQLITE


def read(bound: Connection | Engine, instant: datetime) -> datetime:
    """What the program's clock shows when the database's shows ``instant``."""
    reading: Reading = bound.get_execution_options().get(READING, as_it_is)
    return reading(instant)


def now(session: Session) -> datetime:
    """The present instant inside this transaction; asked for after the lock was obtained."""
    return of(session.connection())


def of(connection: Connection) -> datetime:
    """The present instant on a connection that belongs to no session."""
    return read(connection, connection.execute(select(column(connection))).scalar_one())
