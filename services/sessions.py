"""Sign-ins on the server: opening, recognising and ending them.

The cookie carries a random token; only its SHA-256 is stored, so a stolen database opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from domain.accounts import Actor, Capacity, Grant, Role, Scope
from models import sign_ins_queries
from models.accounts import Account, SignIn
from models.database import session as current_session
from services.transaction import transaction

STAFF_LASTS = timedelta(hours=12)
HOUSEHOLD_LASTS = timedelta(days=180)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session,
    account: Account,
    *,
    now: datetime,
    remembered: bool,
    confirmed: bool = False,
) -> str:
    """Open a sign-in inside the caller's transaction and return its token, said only once.

    ``confirmed`` opens one that is never asked for a second factor: for demonstrations and tests.
    """
    token = secrets.token_urlsafe(32)
    lasts = HOUSEHOLD_LASTS if remembered else STAFF_LASTS
    session.add(
        SignIn(
            account_id=account.id,
            token_hash=digest(token),
            started_at=now,
            expires_at=now + lasts,
            confirmed_until=now + lasts if confirmed else None,
        )
    )
    return token


@dataclass(frozen=True)
class Reader:
    """Whom a sign-in lets in: the account, and the grants it holds at this moment."""

    id: int
    display_name: str
    initial_until: datetime | None
    grants: tuple[Grant, ...]

    def actor(self) -> Actor:
        """What the rules see of the account: no role while its password is a first one."""
        return Actor(self.id, self.display_name, () if self.initial_until else self.grants)


@dataclass(frozen=True)
class Claim:
    """Somebody who has a token, and what it opens is not looked up yet: a use case that takes locks
    asks for it along with them, and then what the page asks of whoever it is."""

    # What is stored of the token, and when it must still be good.
    digest: str
    now: datetime
    admits: Callable[[Actor], bool]


class NotAdmitted(Exception):
    """What a claim's token opens is nothing, or nobody whom the page admits. Nothing is stored."""


def account_of(token: str, *, now: datetime) -> Reader | None:
    """The account whose sign-in this token opens now, with its grants; one statement."""
    rows = sign_ins_queries.OF_ONE.glance({"token": digest(token), "now": now})
    return _reader(rows) if rows else None


def readers(rows: Iterable[Any]) -> dict[str, Reader]:
    """The same of several sign-ins, by what is stored of their tokens (``OF_SEVERAL``)."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.token_hash].append(row)
    return {token: _reader(of_one) for token, of_one in found.items()}


def _reader(rows: Sequence[Any]) -> Reader:
    grants = tuple(_grant(row) for row in rows if row.role is not None)
    return Reader(rows[0].id, rows[0].display_name, rows[0].initial_until, grants)


def _grant(row: Any) -> Grant:
    return Grant(
        role=Role(row.role),
        scope=Scope(
            row.community_id, row.building_id, row.entrance_id, row.dwelling_id, row.company_id
        ),
        capacity=Capacity(row.capacity) if row.capacity else None,
        owner_id=row.owner_id,
    )


def end(token: str, *, now: datetime) -> None:
    """The sign-in with this token is over."""
    with transaction() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None))
            .values(ended_at=now)
        )


def end_all(session: Session, account_id: int, *, now: datetime, keep: str | None = None) -> None:
    """Inside the caller's transaction: every sign-in of the account is over.

    Signing out everywhere, the end of a role, a letter issued anew and a new password do this;
    ``keep`` is the token of the one sign-in that stays.
    """
    going = SignIn.token_hash != digest(keep) if keep else true()
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), going)
        .values(ended_at=now)
    )


def prolong(session: Session, token: str, *, now: datetime) -> None:
    """Inside the caller's transaction: this sign-in lasts as long as a household's."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None))
        .values(expires_at=now + HOUSEHOLD_LASTS)
    )


def confirm(session: Session, token: str, *, until: datetime) -> None:
    """Inside the caller's transaction: this sign-in was confirmed by a second factor."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None))
        .values(confirmed_until=until)
    )


def confirmed_until(token: str) -> datetime | None:
    """Until when the sign-in with this token counts as confirmed."""
    query = select(SignIn.confirmed_until).where(SignIn.token_hash == digest(token))
    return current_session().execute(query).scalar_one_or_none()


def expiry(token: str) -> datetime | None:
    """When the sign-in with this token ends by itself."""
    query = select(SignIn.expires_at).where(SignIn.token_hash == digest(token))
    return current_session().execute(query).scalar_one_or_none()
