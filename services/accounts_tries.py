"""How many wrong codes and passwords are borne, counted in the database.

A limit per process forgets at restart and is counted once per worker, so failures are rows. Two
limits hold together: one for the single code or login tried, one for the instance as a whole. While
either is reached every further try is refused whatever it is, a right one included, so that what
an attacker guesses in the meantime is worth nothing.

Who is right is not kept out for long: only failures count (a mistyped code is no failure, its check
sign gives it away), a refused try adds nothing, and the window slides, so that ten minutes after an
attack at the latest everybody is let in again. A browser that is signed in never notices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.errors import Refused
from models.accounts import CodeAttempt
from models.database import session as current_session
from services import audit


@dataclass(frozen=True)
class Limit:
    """At most ``each`` failures at one code or login, ``whole`` at all of them, in ``window``."""

    kind: str
    window: timedelta
    each: int
    whole: int


CODES = Limit("code", timedelta(minutes=10), each=10, whole=200)
LOGINS = Limit("login", timedelta(minutes=10), each=10, whole=300)
# Six digits, three codes good at a time: 720 tries a day would be right once in fifteen months.
FACTORS = Limit("factor", timedelta(minutes=10), each=5, whole=200)


class TooMany(Refused):
    """Too many wrong tries: nothing is looked at for a while (HTTP 429)."""


def _count(session: Session, limit: Limit, subject: str, now: datetime) -> None:
    found = session.execute(
        select(CodeAttempt.subject, func.count())
        .where(CodeAttempt.subject.in_([limit.kind, subject]), CodeAttempt.at > now - limit.window)
        .group_by(CodeAttempt.subject)
    )
    counts: dict[str, int] = dict(found.all())
    if counts.get(subject, 0) >= limit.each or counts.get(limit.kind, 0) >= limit.whole:
        raise TooMany("too_many_tries", minutes=limit.window // timedelta(minutes=1))


def knock(limit: Limit, subject: str, *, now: datetime) -> None:
    """Refuse ``too_many_tries`` (minutes) when a limit is reached, before any transaction.

    A flood of guesses must not take the write lock from under those who are voting.
    """
    _count(current_session(), limit, subject, now)


def admit(session: Session, limit: Limit, subject: str, *, now: datetime) -> None:
    """Inside the caller's transaction: the same once more, where nobody can slip past.

    Tries of one kind queue here, so that simultaneous ones cannot pass the limit together.
    """
    audit.lock(session, f"tries:{limit.kind}")
    _count(session, limit, subject, now)
    session.execute(delete(CodeAttempt).where(CodeAttempt.at <= now - limit.window))


def note(session: Session, limit: Limit, subject: str, *, now: datetime) -> list[int]:
    """Inside the caller's transaction: one failure more. Returns the rows, to be forgiven."""
    rows = [CodeAttempt(subject=limit.kind, at=now), CodeAttempt(subject=subject, at=now)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def forgive(session: Session, rows: list[int], subject: str) -> None:
    """Inside the caller's transaction: the try was right after all; so are earlier ones at it."""
    session.execute(
        delete(CodeAttempt).where(CodeAttempt.id.in_(rows) | (CodeAttempt.subject == subject))
    )


def failures(limit: Limit, *, now: datetime) -> int:
    """How many failures of this kind the instance has seen within the window."""
    query = select(func.count()).where(
        CodeAttempt.subject == limit.kind, CodeAttempt.at > now - limit.window
    )
    return current_session().execute(query).scalar_one()
