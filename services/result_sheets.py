"""The committee's result sheet: the figures of the official form, taken from the recorded count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Actor
from domain.errors import NotNow, NotYours
from domain.ratios import percent_hundredths
from models.votes import Motion
from services.counts import Recorded, recorded, sees_exact


@dataclass(frozen=True)
class Line:
    """One line of the form: ``kind`` says which; persons and area (0.01 m²), each with its share in
    hundredths of a per cent, None where there is nothing of which it could be one."""

    kind: str
    persons: int
    persons_share: int | None
    area: int
    area_share: int | None


@dataclass(frozen=True)
class Slips:
    """The printed ballots: issued = returned + void + outstanding + late."""

    issued: int = 0
    returned: int = 0
    void: int = 0
    outstanding: int = 0
    late: int = 0
    invalid: int = 0


@dataclass(frozen=True)
class ResultSheet:
    """What the form says. Taking part is of all owners, the answers are of those taking part."""

    count: Recorded
    counted_at: datetime
    lines: tuple[Line, ...]
    slips: Slips


def result_sheet(actor: Actor, motion: Motion, *, now: datetime) -> ResultSheet:
    """The motion's result sheet with exact areas, for the committee and the owners who decide.

    Refuses ``result_sheet_not_yours`` and, before the count, ``result_sealed``.
    """
    if not sees_exact(actor, motion):
        raise NotYours("result_sheet_not_yours")
    counted = motion.counted
    if counted is None or counted.counted_at > now:
        raise NotNow("result_sealed")
    count = recorded(counted)
    return ResultSheet(count, counted.counted_at, tuple(_lines(count)), _slips(count))


def _lines(count: Recorded) -> list[Line]:
    persons, area = count.persons, count.area
    whole, part = (persons.total, area.total), (persons.participating, area.participating)
    disputed = tuple(
        one.participating - one.agree - one.against - one.abstain for one in (persons, area)
    )
    rows = [
        ("total", whole, whole),
        ("participating", part, whole),
        ("agree", (persons.agree, area.agree), part),
        ("against", (persons.against, area.against), part),
        ("abstain", (persons.abstain, area.abstain), part),
        ("disputed", disputed, part),
    ]
    return [
        Line(
            kind,
            value[0],
            percent_hundredths(value[0], base[0]),
            value[1],
            percent_hundredths(value[1], base[1]),
        )
        for kind, value, base in rows
    ]


def _slips(count: Recorded) -> Slips:
    stated = count.papers or {}
    return Slips(
        issued=stated.get("printed", 0),
        returned=stated.get("collected", 0),
        void=stated.get("void", 0),
        outstanding=stated.get("outstanding", 0),
        late=stated.get("late", 0),
        invalid=len(count.invalid),
    )
