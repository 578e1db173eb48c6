"""The only place that commits.

``with transaction() as session:`` ends whatever the request has read so far, begins a write (on
SQLite with BEGIN IMMEDIATE, so that two writers queue instead of losing an update), and commits
once at the end or not at all. Objects loaded before it stay loaded but may be stale: a use case
reads again, inside, whatever its rule speaks of.

What the database could not do leaves it as ``NotStored``; a commit of which nobody can say whether
it is stored for good as ``NotYetKnown``. ``has_stored`` tells whoever carries a request out again
that it must not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from domain.errors import NotStored, NotYetKnown
from models import commits, database, failures
from models.database import WRITE, notes, opened, turn
from models.database import session as current_session
from models.links import Link
from models.prepared import Asked, send

STORED, BEGUN = "has_stored", "in_transaction"


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one use case: everything inside is stored, or nothing is.

    Raises ``NotStored`` and ``NotYetKnown`` (domain/errors.py) for what the database met.
    """
    session = current_session()
    with _use_case(), turn():
        try:
            session.connection(execution_options={WRITE: True})
            yield session
            commits.commit(session)
        except BaseException:
            # Before the turn goes on to the next.
            session.rollback()
            raise


@dataclass
class Writing:
    """The transaction of a use case that goes without objects: it reads over ``link``, and what it
    puts into ``writes`` is written, in this order, when it ends."""

    link: Link
    writes: list[Asked] = field(default_factory=list)


@contextmanager
def plain_transaction() -> Iterator[Writing]:
    """The same for one that has to be quick: statements are prepared, and what is written goes to
    the database together with the COMMIT."""
    # Left by an error it is rolled back, and on SQLite the turn goes on only then.
    with _use_case(), turn(), database.link() as link:
        link.begin_to_write()
        writing = Writing(link)
        yield writing
        with commits.for_good(link):
            send(link, writing.writes, commit=True)


@contextmanager
def _use_case() -> Iterator[None]:
    """Ends what was read before it, is not inside another one, and says what came of it."""
    noted = notes()
    if noted.get(BEGUN):
        raise RuntimeError("a use case must not be called inside another one's transaction")
    session = current_session() if opened() else None
    if session is not None and (session.new or session.dirty or session.deleted):
        raise RuntimeError("something was changed outside a use case")
    try:
        if session is not None and session.in_transaction():
            session.commit()
        noted[BEGUN] = True
        yield
        noted[STORED] = True
    except BaseException as error:
        noted[STORED] = has_stored() or isinstance(error, NotYetKnown)
        if session is not None:
            session.rollback()
        failure = failures.of(error)
        if failure is None:
            raise
        raise NotStored(failure) from error
    finally:
        noted[BEGUN] = False


def stored_by_another() -> None:
    """Another thread has stored what this unit of work asked for, or may have."""
    notes()[STORED] = True


def has_stored() -> bool:
    """Whether a use case of this unit of work has stored something, or may have."""
    return bool(notes().get(STORED))
