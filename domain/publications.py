"""Two people publish: what one member of the committee has prepared another one releases.

Source: trust.md §2.5, ours. It holds for what fixes something for everybody: a menu, the
announcement of a vote, a resolution, a statement about one. Whoever prepares says what is to be
published; its digest is kept, so that what the second person reads is what goes out, or nothing
does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from enum import StrEnum

from domain.errors import NotNow, NotYours, Refused

REASON_LENGTH = 500


class Kind(StrEnum):
    """What needs two people to be published."""

    MENU = "menu"
    VOTE = "vote"
    RESOLUTION = "resolution"
    STATEMENT = "statement"


class Outcome(StrEnum):
    """How a prepared publication ended.

    ``stale``: what was prepared has changed meanwhile, or the year of its plan has ended.
    """

    RELEASED = "released"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


def digest_of(shown: object) -> str:
    """SHA-256, in hexadecimal, of everything the second person is shown."""
    plain = json.dumps(shown, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def check_second(prepared_by: int, actor_id: int | None, outcome: str | None) -> None:
    """Whether this account may release or send back what that one prepared.

    Refuses ``publication_done`` once it has ended, and ``second_person_needed`` to whoever
    prepared it.
    """
    check_waiting(outcome)
    if actor_id is None or actor_id == prepared_by:
        raise NotYours("second_person_needed")


def check_read(sections: Sequence[str], read: Collection[str]) -> None:
    """Whether the second person has ticked every section of what is to go out.

    Refuses ``sections_unread`` (missing: how many). What has no sections needs no ticks.
    """
    missing = unread(sections, read)
    if missing:
        raise Refused("sections_unread", field="read", missing=len(missing))


def unread(sections: Sequence[str], read: Collection[str]) -> tuple[str, ...]:
    """The sections that were not ticked, in their order."""
    return tuple(one for one in sections if one not in read)


def check_preparer(prepared_by: int, actor_id: int | None, outcome: str | None) -> None:
    """Whether this account may withdraw it: refuses ``publication_done``, ``publication_of_other``.

    Anybody else sends it back and says why.
    """
    check_waiting(outcome)
    if actor_id != prepared_by:
        raise NotYours("publication_of_other")


def check_waiting(outcome: str | None) -> None:
    """Refuse ``publication_done`` once it was released, sent back, withdrawn or became stale."""
    if outcome is not None:
        raise NotNow("publication_done")


def read_reason(typed: str) -> str:
    """Why it is sent back.

    Refuses ``send_back_reason_missing`` and ``send_back_reason_long`` (most).
    """
    reason = " ".join(typed.split())
    if not reason:
        raise Refused("send_back_reason_missing", field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused("send_back_reason_long", field="reason", most=REASON_LENGTH)
    return reason
