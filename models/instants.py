"""The instant a rule goes by inside a transaction: the database's own clock, read under the lock.

The clock of a request was read before it queued for the lock, on whatever machine took it; two
machines differ, and a queue is long at the close. The database has one clock, and a cast that reads
it under the motion's lock is in time or not for everybody alike (docs/decisions/0016).

A clock that can be moved (the demo's, the tests') says by ``reading`` what it shows when the real
one, the database's, shows an instant. It is kept with the engine, because a process may hold
several programs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Engine, Function, func, select
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


def column(session: Session) -> Function[Any]:
    """The database's clock, as a column for this session's engine."""
    return POSTGRESQL if session.get_bind().dialect.name == "postgresql" else SQLITE


def read(session: Session, instant: datetime) -> datetime:
    """What the program's clock shows when the database's shows ``instant``."""
    options = session.connection().get_execution_options()
    return cast(Reading, options.get(READING, as_it_is))(instant)


def now(session: Session) -> datetime:
    """The present instant inside this transaction; asked for after the lock was obtained."""
    return read(session, session.execute(select(column(session))).scalar_one())
