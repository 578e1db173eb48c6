"""What personal data may go, and when: the year in which a decision can be challenged comes first.

Source: 个人信息保护法 (PIPL) art. 19 (kept no longer than the purpose needs), art. 47 (erased when
the purpose is reached, the time is over or the person asks; where the law fixes a time, not
before); 民法典 280 para. 2 with the Supreme People's Court on unit ownership, art. 12: owners may
ask a court to revoke a decision within one year. Evidence is kept for that year, counted here from
the end of the last posting, which is the latest day on which anybody should have known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.errors import Refused
from domain.periods import WorkingCalendar, years_period
from domain.sources import rule

# What stands where a name or a text has been; short enough for every column, never empty.
ERASED = "—"
YEARS_TO_CHALLENGE = 1
LONGEST_REQUEST = 2000
# Ours: a year for what may be asked about (letters, roles, requests), shorter for what nobody asks.
KEEPS_CODES = timedelta(days=366)
KEEPS_ROLES = timedelta(days=366)
KEEPS_REQUESTS = timedelta(days=366)
KEEPS_SIGN_INS = timedelta(days=90)
KEEPS_TRIES = timedelta(days=30)
KEEPS_UPLOADS = timedelta(days=30)


class Reason(StrEnum):
    """Why something is still kept."""

    RUNNING = "running"
    CHALLENGE = "challenge"
    OVER = "over"


class RequestKind(StrEnum):
    """What somebody may ask of whoever keeps their data."""

    CORRECTION = "correction"
    ERASURE = "erasure"


@dataclass(frozen=True)
class Hold:
    """Why data is kept and until which instant (``None``: as long as the plan runs)."""

    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True)
class PlanRecord:
    """Of a plan: the days on which its decisions were made known, and whether anything is open."""

    made_known: tuple[date, ...] = ()
    undecided: bool = False


@rule(
    "privacy.challenge_year",
    source="民法典 280(2), 解释 12, 个人信息保护法 47 / "
    "Civil Code art. 280 para. 2; interpretation art. 12; PIPL art. 47",
    says="Personal data behind a decision is kept for the year in which it can be challenged, "
    "counted from the last posting of the plan, and no longer.",
)
def hold_on_plan(record: PlanRecord, calendar: WorkingCalendar, *, now: datetime) -> Hold:
    """Why the personal data of a plan is kept at ``now``.

    While anything is undecided, or nothing was decided yet, it is needed; after the last decision
    for one year; then no more.
    """
    if record.undecided or not record.made_known:
        return Hold(Reason.RUNNING)
    until = years_period(max(record.made_known), YEARS_TO_CHALLENGE, calendar).ends_at
    return Hold(Reason.CHALLENGE if now < until else Reason.OVER, until)


@rule(
    "privacy.person",
    source="个人信息保护法 19, 47 / PIPL arts. 19, 47",
    says="A former owner's name goes once no decision that it stands behind can be challenged.",
)
def name_may_go(*, still_owns: bool, holds: Iterable[Hold]) -> bool:
    """Whether the name of an owner may be erased from the register."""
    return not still_owns and all(hold.reason is Reason.OVER for hold in holds)


@rule(
    "privacy.waiting",
    source="个人信息保护法 19, 47 / PIPL arts. 19, 47",
    says="What was prepared before the year of its plan ended, and still waits for a second person "
    "then, is over unpublished.",
    basis="ours",
)
def waits_in_vain(prepared_at: datetime, hold: Hold) -> bool:
    """Whether what was prepared at ``prepared_at`` may wait no longer, by the hold on its plan."""
    return hold.reason is Reason.OVER and hold.until is not None and prepared_at < hold.until


@rule(
    "privacy.short_lived",
    source="个人信息保护法 19 / PIPL art. 19",
    says="Letters, sign-ins, tries, uploads and requests go when their own time is over.",
    basis="ours",
)
def is_over(ended: datetime | None, keeps: timedelta, *, now: datetime) -> bool:
    """Whether something that ended at ``ended`` has been kept for long enough."""
    return ended is not None and ended + keeps <= now


def check_request(text: str) -> str:
    """What somebody asks to be corrected, blanks cut; refuses ``request_empty``, ``request_long``
    (limit)."""
    cleaned = text.strip()
    if not cleaned:
        raise Refused("request_empty", field="text")
    if len(cleaned) > LONGEST_REQUEST:
        raise Refused("request_long", field="text", limit=LONGEST_REQUEST)
    return cleaned
