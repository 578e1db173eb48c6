"""The second factor of staff: codes of a phone, recovery codes, and how long a confirmation lasts.

Source: trust.md §2.5; RFC 6238 for the codes (six digits, 30 seconds), which the library ``pyotp``
works out. Ours: one step earlier or later is taken, since phones are a little off; a step is good
once; whoever has typed a code is asked again after 15 minutes.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from domain import codes
from domain.errors import Refused

CONFIRMED_FOR = timedelta(minutes=15)
STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
# A secret that was shown and not confirmed is forgotten.
PENDING_FOR = timedelta(hours=1)


class CodeKind(StrEnum):
    """What was typed where a code is asked for."""

    PHONE = "phone"
    RECOVERY = "recovery"


def confirmed_until(now: datetime) -> datetime:
    """The first instant at which somebody who typed a code now is asked again."""
    return now + CONFIRMED_FOR


def is_confirmed(until: datetime | None, now: datetime) -> bool:
    """Whether a sign-in that was confirmed until then still counts as confirmed."""
    return until is not None and now < until


def step_of(at: datetime) -> int:
    """The number of the 30 seconds that this instant lies in (RFC 6238)."""
    return int(at.timestamp()) // STEP_SECONDS


def steps_accepted(at: datetime, last: int | None) -> tuple[int, ...]:
    """The steps whose code is taken at this instant: never one as old as the last one used."""
    present = step_of(at)
    near = (present - 1, present, present + 1)
    return tuple(step for step in near if last is None or step > last)


def read_factor_code(typed: str) -> tuple[CodeKind, str]:
    """What was typed: six digits of the phone, or a recovery code; blanks and dashes left out.

    Refuses ``factor_code_empty`` and ``factor_code_shape`` when it can be neither.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(sign for sign in plain if sign.isalnum())
    if not kept:
        raise Refused("factor_code_empty", field="factor_code")
    if len(kept) == DIGITS and kept.isascii() and kept.isdecimal():
        return CodeKind.PHONE, kept
    try:
        return CodeKind.RECOVERY, codes.read_code(kept)
    except Refused:
        raise Refused("factor_code_shape", field="factor_code") from None
