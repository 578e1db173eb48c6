"""The only place that commits.

``with transaction() as session:`` ends whatever the request has read so far, begins a write (on
SQLite with BEGIN IMMEDIATE, so that two writers queue instead of losing an update), and commits
once at the end or not at all. Objects loaded before it stay loaded but may be stale: a use case
reads again, inside, whatever its rule speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.database import WRITE, turn
from models.database import session as current_session


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one use case: everything inside is stored, or nothing is."""
    session = current_session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a use case must not be called inside another one's transaction")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a use case")
    session.commit()
    session.info["in_transaction"] = True
    with turn(session):
        try:
            session.connection(execution_options={WRITE: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["in_transaction"] = False
