"""The one-time code of a household letter: how it is written, typed, checked and kept.

Source: trust.md §2.4, ours. Twelve signs out of 23 that no two eyes confuse, shown as
ABCD-EFGH-JKLM. The twelfth is a check sign: 23 being prime, it catches every single wrong sign and
every two signs that changed places, so that a slip of the finger is told apart from a guess and is
never counted against anybody. Eleven free signs are 9.5 · 10^14 codes.

A code is kept as a keyed hash only; the key is derived from the program's secret, so that a stolen
database alone opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.errors import Refused
from domain.periods import local_day, start_of

# Left out: 0 O D Q, 1 I L, U V, and the look-alikes below, read as the sign they resemble.
SIGNS = "23456789ACEFHJKMNPRTWXY"
LOOK_ALIKES = str.maketrans({"B": "8", "S": "5", "Z": "2", "G": "6"})
LENGTH = 12
GROUP = 4
LASTS_DAYS = 90


def expiry(issued: datetime) -> datetime:
    """The first instant after a code's last day, 90 days on: it works through 24:00 of that day."""
    return start_of(local_day(issued) + timedelta(days=LASTS_DAYS + 1))


def last_day(expires: datetime) -> date:
    """The last day a code works on, as its letter says it."""
    return local_day(expires) - timedelta(days=1)


class LetterState(StrEnum):
    """How far a household letter has come."""

    NEVER = "never"
    SENT = "sent"
    USED = "used"
    EXPIRED = "expired"


def letter_state(
    *, reached: bool, issued: datetime | None, expires: datetime | None, now: datetime
) -> LetterState:
    """The state of a letter: reached once somebody is in, else by its newest live code."""
    if reached:
        return LetterState.USED
    if issued is None or expires is None:
        return LetterState.NEVER
    return LetterState.SENT if now < expires else LetterState.EXPIRED


def _weight(body: str) -> int:
    return sum(place * SIGNS.index(sign) for place, sign in enumerate(body, start=1))


def _check_sign(body: str) -> str:
    base = len(SIGNS)
    return SIGNS[-_weight(body) * pow(LENGTH, -1, base) % base]


def new_code(pick: Callable[[Sequence[str]], str]) -> str:
    """A code whose free signs ``pick`` chooses (``secrets.choice``), with its check sign."""
    body = "".join(pick(SIGNS) for _ in range(LENGTH - 1))
    return body + _check_sign(body)


def grouped(code: str) -> str:
    """The code as printed: ABCD-EFGH-JKLM."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """What was typed as a code: any case, full-width signs, blanks and dashes between groups.

    Refuses ``code_empty``, ``code_sign`` (sign), ``code_length`` (typed, length) and
    ``code_mistyped`` when the check sign does not fit.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(sign for sign in plain if sign.isalnum()).translate(LOOK_ALIKES)
    if not kept:
        raise Refused("code_empty", field="code")
    strange = next((sign for sign in kept if sign not in SIGNS), None)
    if strange is not None:
        raise Refused("code_sign", field="code", sign=strange)
    if len(kept) != LENGTH:
        raise Refused("code_length", field="code", typed=len(kept), length=LENGTH)
    if _weight(kept) % len(SIGNS):
        raise Refused("code_mistyped", field="code")
    return kept


def derive_key(secret: str) -> bytes:
    """The key of all keyed hashes, derived from the program's secret."""
    return hmac.digest(secret.encode(), b"louyi: codes and tries, 1", "sha256")


def keyed_hash(key: bytes, purpose: str, text: str) -> str:
    """HMAC-SHA-256 of ``text`` for one purpose, in hexadecimal."""
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()
