"""Paper ballots and the close: which slips count, and what becomes of the others.

The box is closed once: after the close, and within the hours that the notice named, two people
write down the numbers of the slips in hand. What was entered before the close or stands on that
list is collected; whatever comes otherwise is late, listed and never counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import Refused
from domain.periods import local_day
from domain.sources import rule

LEAST_HOURS: Final = 1
MOST_HOURS: Final = 24
USUAL_HOURS: Final = 24
LONGEST_TEXT: Final = 20_000
_MOST_DIGITS = 6
_INSTANT = timedelta(microseconds=1)
_RANGE = r"(?:-{1,2}|~|[‐‑‒–—―−～〜]{1,2}|至|到)"
_PART = re.compile(rf"(\d+)(?:{_RANGE}(\d+))?")
_BETWEEN = re.compile(r"[\s,、;。.·|/]+")


class Slip(StrEnum):
    """Where a printed ballot is."""

    COLLECTED = "collected"
    VOID = "void"
    OUTSTANDING = "outstanding"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What is on record of a printed ballot: its number, whether it is void, whether it was entered
    before the close, and whether it came afterwards (recorded as late, or entered then)."""

    serial: int
    void: bool = False
    in_time: bool = False
    came_after: bool = False


@rule(
    "paper.collected",
    source="handing in by the close, domain.md 2 / our decision",
    says="A slip counts when it was entered before the close or stands on the list of the box.",
    basis="ours",
)
def where(slip: SlipFacts, listed: Collection[int]) -> Slip:
    """Where the slip is; ``listed`` are the numbers on the frozen list, none where none was made.

    Whatever day is written beside a slip makes no difference.
    """
    if slip.void:
        return Slip.VOID
    if slip.in_time or slip.serial in listed:
        return Slip.COLLECTED
    return Slip.LATE if slip.came_after else Slip.OUTSTANDING


@dataclass(frozen=True)
class PaperFigures:
    """Where the printed ballots are: printed = collected + void + outstanding + late."""

    printed: int
    collected: int
    void: int
    outstanding: int
    late: int


@rule(
    "paper.reconciled",
    source="reconciliation of printed ballots / our decision",
    says="printed = collected + void + outstanding + late, to the last slip.",
    basis="ours",
)
def reconcile(slips: Iterable[SlipFacts], listed: Collection[int] = ()) -> PaperFigures:
    """The figures of these slips."""
    places = [where(slip, listed) for slip in slips]
    return PaperFigures(
        printed=len(places),
        collected=places.count(Slip.COLLECTED),
        void=places.count(Slip.VOID),
        outstanding=places.count(Slip.OUTSTANDING),
        late=places.count(Slip.LATE),
    )


def hours_of(stored: int | None) -> int:
    """The hours in which the box is closed; where the notice named none it is 24."""
    return USUAL_HOURS if stored is None else stored


def check_hours(hours: int) -> int:
    """The hours; refuses ``box_hours_wrong`` (least, most)."""
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise Refused("box_hours_wrong", field="box_hours", least=LEAST_HOURS, most=MOST_HOURS)
    return hours


@rule(
    "paper.box_hours",
    source="hours named in the notice, 24 at most / our decision",
    says="The list is made at close <= now < close + hours; afterwards there is none.",
    basis="ours",
)
def box_ends_at(closes_at: datetime, hours: int | None) -> datetime:
    """The first instant at which the list can no longer be made."""
    return closes_at + timedelta(hours=hours_of(hours))


@dataclass(frozen=True)
class HandedIn:
    """On which day a slip was handed in, and to which two people."""

    day: date
    first: str
    second: str


def check_handed_in(
    handed: HandedIn, *, announced_at: datetime, closes_at: datetime, now: datetime
) -> HandedIn:
    """The same with tidy names, of a slip that is entered.

    Refuses ``two_collectors_needed``, ``handed_in_too_early`` before the day of the announcement,
    ``handed_in_after_close`` after the day of the close, ``handed_in_later`` after today.
    """
    tidy = _tidy(handed, announced_at, now)
    if tidy.day > local_day(closes_at - _INSTANT):
        raise Refused("handed_in_after_close", field="handed_in")
    return tidy


def check_late(handed: HandedIn, *, announced_at: datetime, now: datetime) -> HandedIn:
    """The same of a slip that is late, whose day may be any from the announcement to today."""
    return _tidy(handed, announced_at, now)


def _tidy(handed: HandedIn, announced_at: datetime, now: datetime) -> HandedIn:
    first, second = (" ".join(name.split()) for name in (handed.first, handed.second))
    if not first or not second or first == second:
        field = "second_collector" if first else "first_collector"
        raise Refused("two_collectors_needed", field=field)
    if handed.day < local_day(announced_at):
        raise Refused("handed_in_too_early", field="handed_in")
    if handed.day > local_day(now):
        raise Refused("handed_in_later", field="handed_in")
    return HandedIn(handed.day, first, second)


# --- the numbers as people type them ----------------------------------------------------------


def read_serials(
    text: str,
    *,
    printed: Collection[int],
    void: Collection[int] = (),
) -> frozenset[int]:
    """The numbers typed: ``1-8, 11, 14``, also with full-width digits and Chinese separators.

    Refuses ``serials_too_long`` (most), ``serial_unreadable`` (text), ``serial_backwards`` (text),
    and, each naming the serial: ``serial_unknown``, ``serial_void``, ``serial_twice``.
    """
    if len(text) > LONGEST_TEXT:
        raise Refused("serials_too_long", field="serials", most=LONGEST_TEXT)
    known = frozenset(printed)
    found: set[int] = set()
    for part in _parts(text):
        for serial in _span(part, known):
            _check(serial, known, void)
            if serial in found:
                raise Refused("serial_twice", field="serials", serial=serial)
            found.add(serial)
    return frozenset(found)


def _parts(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    joined = re.sub(rf"\s*({_RANGE})\s*", r"\1", plain)
    return [part for part in _BETWEEN.split(joined) if part]


def _span(part: str, known: frozenset[int]) -> range:
    read = _PART.fullmatch(part)
    if read is None or max(len(one or "") for one in read.groups()) > _MOST_DIGITS:
        raise Refused("serial_unreadable", field="serials", text=part[:40])
    first = int(read[1])
    last = first if read[2] is None else int(read[2])
    if last < first:
        raise Refused("serial_backwards", field="serials", text=part)
    # However long the span: one beyond all printed ones is unknown, and that is where it ends.
    return range(first, min(last, first + len(known)) + 1)


def _check(serial: int, known: Collection[int], void: Collection[int]) -> None:
    if serial not in known:
        raise Refused("serial_unknown", field="serials", serial=serial)
    if serial in void:
        raise Refused("serial_void", field="serials", serial=serial)


def write_serials(serials: Iterable[int]) -> str:
    """``1-8, 11, 14``: the same numbers in one way, so that two readings can be compared."""
    spans: list[list[int]] = []
    for serial in sorted(set(serials)):
        if spans and serial == spans[-1][1] + 1:
            spans[-1][1] = serial
        else:
            spans.append([serial, serial])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)
