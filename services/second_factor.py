"""The second factor of staff: enrolled with a phone, confirmed by a code, recovered, reset.

The codes of the phone are worked out by ``pyotp`` (RFC 6238). Its secret is stored encrypted
(Fernet) with a key derived (HKDF) from the program's own, recovery codes as keyed hashes: a stolen
database opens nothing. Wrong tries are counted in the database as those of letters are.

``at`` is the instant that phones show: not ``now`` only where a demo's clock runs ahead.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.codes import keyed_hash, new_code
from domain.errors import NotYours, Refused
from domain.second_factor import (
    PENDING_FOR,
    RECOVERY_CODES,
    CodeKind,
    confirmed_until,
    is_confirmed,
    read_factor_code,
    steps_accepted,
)
from models.accounts import Account
from models.database import session as current_session
from models.second_factor import RecoveryCode, SecondFactor
from services import accounts_tries as tries
from services import sessions
from services.accounts_records import record_own
from services.transaction import transaction

ISSUER = "Louyi"
RECOVERY = "recovery"


@dataclass(frozen=True)
class Status:
    """Since when an account has its second factor, if it has one; recovery codes left."""

    enrolled_at: datetime | None
    codes_left: int

    @property
    def is_enrolled(self) -> bool:
        """Whether a first code was confirmed."""
        return self.enrolled_at is not None


@dataclass(frozen=True)
class Shown:
    """What is shown once at enrolment: the secret in groups of four, and the address of its QR."""

    secret: str
    uri: str


def _vault(key: bytes) -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"louyi: second factors, 1")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(key)))


def _opened(key: bytes, stored: str) -> str:
    """The secret as text; ``factor_unreadable`` when the program's own secret is another now."""
    try:
        return _vault(key).decrypt(stored.encode()).decode()
    except InvalidToken:
        raise Refused("factor_unreadable", field="factor_code") from None


def status(actor: Actor) -> Status:
    """How the actor's second factor stands."""
    known = current_session()
    since = known.scalar(
        select(SecondFactor.confirmed_at).where(SecondFactor.account_id == actor.account_id)
    )
    left = known.scalar(
        select(func.count()).where(
            RecoveryCode.account_id == actor.account_id, RecoveryCode.used_at.is_(None)
        )
    )
    return Status(since, left or 0)


def is_enrolled(actor: Actor) -> bool:
    """Whether the actor has a second factor."""
    query = select(SecondFactor.id).where(
        SecondFactor.account_id == actor.account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return current_session().execute(query).first() is not None


def _own(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotYours("sign_in_first")
    if not actor.is_staff:
        raise NotYours("factor_for_staff")
    return actor.account_id


def _locked(session: Session, account_id: int) -> SecondFactor | None:
    # The account's row is the lock: the factor's own may not be there yet.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    query = select(SecondFactor).where(SecondFactor.account_id == account_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _must_be_confirmed(factor: SecondFactor | None, token: str, now: datetime) -> None:
    """Whoever has a factor proves it before it is replaced: a stolen sign-in is not enough."""
    enrolled = factor is not None and factor.confirmed_at is not None
    if enrolled and not is_confirmed(sessions.confirmed_until(token), now):
        raise NotYours("factor_confirm_first")


def begin(actor: Actor, token: str, *, key: bytes, now: datetime) -> Shown:
    """A secret to be put into a phone; within the hour the same one again.

    It holds once ``finish`` has seen its first code; a factor the actor has stays until then.
    Refuses ``factor_for_staff``, and ``factor_confirm_first`` to whoever has one and has not
    confirmed it just now.
    """
    account_id = _own(actor)
    with transaction() as session:
        factor = _locked(session, account_id)
        _must_be_confirmed(factor, token, now)
        if factor is None:
            factor = SecondFactor(account_id=account_id)
            session.add(factor)
        fresh = factor.pending_at is not None and now < factor.pending_at + PENDING_FOR
        if not (fresh and factor.pending):
            secret = pyotp.random_base32()
            factor.pending = _vault(key).encrypt(secret.encode()).decode()
            factor.pending_at = now
        secret = _opened(key, factor.pending or "")
        login = session.get_one(Account, account_id).login
    uri = pyotp.TOTP(secret).provisioning_uri(name=login or str(account_id), issuer_name=ISSUER)
    return Shown(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), uri)


def finish(
    actor: Actor, token: str, typed: str, *, key: bytes, now: datetime, at: datetime
) -> tuple[str, ...]:
    """The pending secret is the actor's factor, this sign-in is confirmed; returns recovery codes.

    The codes are said only now. Refuses ``factor_not_begun``, ``factor_wrong``,
    ``factor_confirm_first``, ``too_many_tries`` (minutes), what ``read_factor_code`` refuses.
    """
    account_id = _own(actor)
    _kind, code = read_factor_code(typed)
    subject = _knock(account_id, key, now)
    fresh: tuple[str, ...] = ()
    with transaction() as session:
        tries.admit(session, tries.FACTORS, subject, now=now)
        factor = _locked(session, account_id)
        _must_be_confirmed(factor, token, now)
        if factor is None or factor.pending is None or factor.pending_at is None:
            raise Refused("factor_not_begun")
        if now >= factor.pending_at + PENDING_FOR:
            raise Refused("factor_not_begun")
        step = _step(key, factor.pending, code, at, None)
        if step is None:
            tries.note(session, tries.FACTORS, subject, now=now)
        else:
            factor.secret, factor.confirmed_at, factor.last_step = factor.pending, now, step
            factor.pending = factor.pending_at = None
            fresh = _new_codes(session, account_id, key, now)
            tries.forgive(session, [], subject)
            sessions.confirm(session, token, until=confirmed_until(now))
            record_own(session, account_id, "second_factor_set", now=now)
    if not fresh:
        raise Refused("factor_wrong", field="factor_code")
    return fresh


def confirm(
    actor: Actor, token: str, typed: str, *, key: bytes, now: datetime, at: datetime
) -> None:
    """This sign-in is confirmed for a quarter of an hour; the code that was typed is used up.

    Refuses ``factor_missing`` to whoever has not enrolled, ``factor_wrong`` for a code that is
    wrong or used already, ``factor_unreadable``, ``too_many_tries`` (minutes), and what
    ``read_factor_code`` refuses.
    """
    account_id = _own(actor)
    kind, code = read_factor_code(typed)
    subject = _knock(account_id, key, now)
    right = False
    with transaction() as session:
        tries.admit(session, tries.FACTORS, subject, now=now)
        factor = _locked(session, account_id)
        if factor is None or factor.secret is None:
            raise Refused("factor_missing")
        if kind is CodeKind.PHONE:
            step = _step(key, factor.secret, code, at, factor.last_step)
            right = step is not None
            factor.last_step = step if right else factor.last_step
        else:
            right = _use_recovery(session, account_id, code, key, now)
        if right:
            tries.forgive(session, [], subject)
            sessions.confirm(session, token, until=confirmed_until(now))
        else:
            tries.note(session, tries.FACTORS, subject, now=now)
    if not right:
        raise Refused("factor_wrong", field="factor_code")


def renew_recovery_codes(actor: Actor, token: str, *, key: bytes, now: datetime) -> tuple[str, ...]:
    """Ten fresh recovery codes, said only now; the old ones are void.

    Refuses ``factor_missing`` and ``factor_confirm_first``.
    """
    account_id = _own(actor)
    with transaction() as session:
        factor = _locked(session, account_id)
        if factor is None or factor.secret is None:
            raise Refused("factor_missing")
        _must_be_confirmed(factor, token, now)
        fresh = _new_codes(session, account_id, key, now)
        record_own(session, account_id, "recovery_codes_renewed", now=now)
    return fresh


def forget(session: Session, account_id: int, *, now: datetime) -> bool:
    """Inside the caller's transaction: the account has no second factor, its sign-ins are over.

    Returns whether it had one.
    """
    factor = _locked(session, account_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    sessions.end_all(session, account_id, now=now)
    return factor is not None and factor.secret is not None


def _knock(account_id: int, key: bytes, now: datetime) -> str:
    subject = keyed_hash(key, "factor", str(account_id))
    tries.knock(tries.FACTORS, subject, now=now)
    return subject


def _step(key: bytes, stored: str, code: str, at: datetime, last: int | None) -> int | None:
    """The step whose code this is, if it is taken at this instant."""
    phone = pyotp.TOTP(_opened(key, stored))
    for step in steps_accepted(at, last):
        if secrets.compare_digest(phone.generate_otp(step), code):
            return step
    return None


def _new_codes(session: Session, account_id: int, key: bytes, now: datetime) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    fresh = tuple(new_code(secrets.choice) for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(
            account_id=account_id, code_hash=keyed_hash(key, RECOVERY, code), created_at=now
        )
        for code in fresh
    )
    return fresh


def _use_recovery(session: Session, account_id: int, code: str, key: bytes, now: datetime) -> bool:
    query = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == keyed_hash(key, RECOVERY, code),
    )
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.used_at is not None:
        return False
    found.used_at = now
    record_own(session, account_id, "recovery_code_used", now=now)
    return True
