"""Coming in with a login and a password, and choosing them."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import Actor, Role
from domain.codes import keyed_hash
from domain.errors import NotYours, Refused
from domain.passwords import normal_login, read_login, read_password
from models import locking
from models.accounts import Account
from models.database import session as current_session
from services import accounts_passwords as passwords
from services import accounts_tries as tries
from services import audit, sessions
from services.accounts_records import record_own
from services.transaction import transaction

# Whoever holds another role signs in for a working day, never for half a year.
_REMEMBERED = frozenset({Role.RESIDENT, Role.STAIRWELL_HEAD})


class Entered(NamedTuple):
    """Somebody has come in: the account, and the token of the sign-in, said only once."""

    account: Account
    token: str


def may_be_remembered(account: Account) -> bool:
    """Whether the account may stay signed in for long: households and stairwell heads."""
    return {Role(grant.role) for grant in account.grants if not grant.ended_at} <= _REMEMBERED


def sign_in(
    login: str, password: str, *, key: bytes, now: datetime, remembered: bool = False
) -> Entered:
    """The account whose login and password these are is signed in.

    Refuses ``sign_in_wrong`` for an unknown login, a wrong password, a first password out of date
    and a closed account alike, and ``too_many_tries`` (minutes).
    """
    normal = normal_login(login)
    subject = keyed_hash(key, "login", normal)
    tries.knock(tries.LOGINS, subject, now=now)
    with transaction() as session:
        tries.admit(session, tries.LOGINS, subject, now=now)
        # Counted before it is checked: checking takes long, and must not hold up other writers.
        rows = tries.note(session, tries.LOGINS, subject, now=now)
        known = session.execute(
            select(Account.id, Account.password_hash).where(Account.login == normal)
        ).first()
    if not passwords.fits(password, known.password_hash if known else None) or known is None:
        raise Refused("sign_in_wrong", field="password")
    entered = None
    with transaction() as session:
        account = _locked(session, known.id)
        out_of_date = account.initial_until is not None and account.initial_until <= now
        unchanged = account.password_hash == known.password_hash
        if unchanged and not out_of_date and account.disabled_at is None:
            tries.forgive(session, rows, subject)
            for_long = remembered and may_be_remembered(account)
            token = sessions.begin(session, account, now=now, remembered=for_long)
            entered = Entered(account, token)
    if entered is None:
        raise Refused("sign_in_wrong", field="password")
    return entered


def _locked(session: Session, account_id: int) -> Account:
    return locking.locked(session, Account, account_id)


def login_is_free(login: str, *, besides: int | None = None) -> bool:
    """Whether nobody else has this login."""
    query = select(Account.id).where(Account.login == login, Account.id != (besides or 0))
    return current_session().execute(query).first() is None


def suggest_login() -> str:
    """A household number nobody has: eight digits that are no phone number."""
    while True:
        number = str(20_000_000 + secrets.randbelow(80_000_000))
        if login_is_free(number):
            return number


def set_password(
    actor: Actor,
    *,
    login: str,
    old: str,
    new: str,
    key: bytes,
    now: datetime,
    keep: str | None = None,
) -> Account:
    """The actor's account has this login and password; its other sign-ins are over.

    ``keep`` is the token of the sign-in that stays. Whoever has a password of their own types it
    as ``old``: refuses ``password_old_wrong``, ``too_many_tries``; else what ``read_login`` and
    ``read_password`` refuse, and ``login_taken``.
    """
    if actor.account_id is None:
        raise NotYours("sign_in_first")
    login = read_login(login)
    new = read_password(new, login)
    account = current_session().get_one(Account, actor.account_id)
    known = account.password_hash
    if known and not account.initial_until:
        _check_old(actor.account_id, old, known, key=key, now=now)
    protected = passwords.protect(new)
    with transaction() as session:
        account = _locked(session, actor.account_id)
        if account.password_hash != known:
            raise Refused("password_old_wrong", field="old")
        audit.lock(session, "logins")
        if not login_is_free(login, besides=account.id):
            raise Refused("login_taken", field="login")
        account.login, account.password_hash, account.initial_until = login, protected, None
        sessions.end_all(session, account.id, now=now, keep=keep)
        record_own(session, account.id, "password_set", now=now)
    return account


def _check_old(account_id: int, old: str, known: str, *, key: bytes, now: datetime) -> None:
    subject = keyed_hash(key, "account", str(account_id))
    tries.knock(tries.LOGINS, subject, now=now)
    with transaction() as session:
        tries.admit(session, tries.LOGINS, subject, now=now)
        rows = tries.note(session, tries.LOGINS, subject, now=now)
    if not passwords.fits(old, known):
        raise Refused("password_old_wrong", field="old")
    with transaction() as session:
        tries.forgive(session, rows, subject)


def sign_out_everywhere(actor: Actor, *, now: datetime) -> None:
    """Every sign-in of the actor's account is over."""
    if actor.account_id is None:
        raise NotYours("sign_in_first")
    with transaction() as session:
        account = _locked(session, actor.account_id)
        sessions.end_all(session, account.id, now=now)
        record_own(session, account.id, "signed_out_everywhere", now=now)


def stay_signed_in(actor: Actor, token: str, *, now: datetime) -> None:
    """The sign-in with this token lasts as long as a household's; refuses ``staff_not_long``."""
    if actor.account_id is None:
        raise NotYours("sign_in_first")
    with transaction() as session:
        if not may_be_remembered(_locked(session, actor.account_id)):
            raise Refused("staff_not_long")
        sessions.prolong(session, token, now=now)
