"""What may be shown to whom: demand by floor, progress, and the result of a vote.

Source: ours, after 个人信息保护法 / PIPL arts. 6, 13, 23, 25, 51. A plan has one policy, named
on the notice before anyone answers and never widened afterwards. ``banded``: residents and public
see fixed floor bands out of the ledger of ``domain/releases.py``. ``open``: residents of the
building see it floor by floor, which every household was told before answering; the public still
sees bands. The committee sees floors (and households; each view of those is logged). Binding
votes are signed, not secret.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from domain.errors import NotNow, Refused
from domain.releases import (
    UNANSWERED,
    Answer,
    Band,
    Entry,
    Ledger,
    Sheet,
    Table,
    TableKind,
    Thresholds,
    values_of,
)
from domain.shares import rounded_share
from domain.sources import rule


class Audience(StrEnum):
    """Anyone; a signed-in resident of the same building; the committee of the community."""

    PUBLIC = "public"
    RESIDENT = "resident"
    COMMITTEE = "committee"


class Policy(StrEnum):
    """What residents see of each other's preferences."""

    BANDED = "banded"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a chart: its floors and, unless hidden, households and counts.

    ``counts`` maps question → choice (``unanswered`` last) → households; None means hidden, for
    a reason that is not told.
    """

    band: Band
    households: int | None = None
    counts: Mapping[str, Mapping[str, int]] | None = None

    @property
    def hidden(self) -> bool:
        """Whether this row is not shown."""
        return self.counts is None


@dataclass(frozen=True, slots=True)
class Publication:
    """What one audience sees of one sheet: ``kind`` tells bands from floors.

    ``total`` is over the rows that are shown, never over all answers: a hidden row must not be
    what is missing from a total. Tenants stand apart.
    """

    kind: TableKind
    figures: tuple[Figure, ...]
    total: Figure | None
    tenants: tuple[Figure, ...] = ()


def _counted(band: Band, entries: Iterable[Entry], sheet: Sheet) -> Figure:
    rows = [entry.values for entry in entries]
    counts = {}
    for place, question in enumerate(sheet.questions):
        tally = Counter(values[place] for values in rows)
        counts[question.key] = {one: tally[one] for one in (*question.choices, UNANSWERED)}
    return Figure(band, len(rows), counts)


def _total(figures: Sequence[Figure], sheet: Sheet) -> Figure | None:
    shown = [figure for figure in figures if figure.counts is not None]
    if not shown:
        return None
    counts = {
        question.key: {
            choice: sum(figure.counts[question.key][choice] for figure in shown if figure.counts)
            for choice in (*question.choices, UNANSWERED)
        }
        for question in sheet.questions
    }
    band = Band(shown[0].band.lowest, shown[-1].band.highest)
    return Figure(band, sum(figure.households or 0 for figure in shown), counts)


def _released(ledger: Ledger, table: Table, sheet: Sheet) -> Figure:
    shown = ledger.shown(table)
    return _counted(table.band, shown.values(), sheet) if shown else Figure(table.band)


def _exact(answers: Iterable[Answer], sheet: Sheet) -> tuple[Figure, ...]:
    ordered = sorted(answers, key=lambda answer: answer.floor)
    return tuple(
        _counted(
            Band(floor, floor),
            (Entry(one.dwelling, one.owner_key, values_of(one, sheet)) for one in group),
            sheet,
        )
        for floor, group in groupby(ordered, key=lambda answer: answer.floor)
    )


def _check_sheet(ledger: Ledger, sheet: Sheet) -> None:
    if ledger.sheet != sheet.key:
        raise Refused("ledger_of_another_sheet", field="sheet", expected=sheet.key)


def sees_floors(audience: Audience, policy: Policy) -> bool:
    """Whether the audience sees a building floor by floor, as answered at this moment."""
    return audience is Audience.COMMITTEE or (
        audience is Audience.RESIDENT and policy is Policy.OPEN
    )


@rule(
    "disclosure.publish",
    source="ours, after 个人信息保护法 / PIPL arts. 23, 25, 51",
    says="Residents and public see released bands; residents of an open plan see floors.",
    basis="ours",
)
def publish(
    audience: Audience,
    policy: Policy,
    *,
    unit: str,
    sheet: Sheet,
    ledger: Ledger,
    bands: Sequence[Band],
    answers: Iterable[Answer] = (),
) -> Publication:
    """What ``audience`` sees of a building's answers to a sheet.

    ``answers`` (of this moment) are used only for those who see floors; everybody else gets what
    the ledger released. ``RESIDENT`` means resident of this very building.
    """
    _check_sheet(ledger, sheet)
    if sees_floors(audience, policy):
        own = [answer for answer in answers if answer.unit == unit]
        figures = _exact((one for one in own if not one.tenant), sheet)
        tenants = _exact((one for one in own if one.tenant), sheet)
        return Publication(TableKind.FLOOR, figures, _total(figures, sheet), tenants)
    figures, tenants = (
        tuple(_released(ledger, Table(TableKind.BAND, unit, band, apart), sheet) for band in bands)
        for apart in (False, True)
    )
    return Publication(TableKind.BAND, figures, _total(figures, sheet), tenants)


@rule(
    "disclosure.compound",
    source="ours, after 个人信息保护法 / PIPL art. 51",
    says="Demand by floor over the whole compound is published under the same thresholds.",
    basis="ours",
)
def publish_compound(
    audience: Audience,
    *,
    sheet: Sheet,
    ledger: Ledger,
    floors: Iterable[int],
    answers: Iterable[Answer] = (),
) -> Publication:
    """Demand floor by floor over the whole compound: exact for the committee, else released."""
    _check_sheet(ledger, sheet)
    if audience is Audience.COMMITTEE:
        given = list(answers)
        figures = _exact((one for one in given if not one.tenant), sheet)
        tenants = _exact((one for one in given if one.tenant), sheet)
        return Publication(TableKind.FLOOR, figures, _total(figures, sheet), tenants)
    ordered = [Band(floor, floor) for floor in sorted(set(floors))]
    figures, tenants = (
        tuple(_released(ledger, Table(TableKind.FLOOR, "", one, apart), sheet) for one in ordered)
        for apart in (False, True)
    )
    return Publication(TableKind.FLOOR, figures, _total(figures, sheet), tenants)


def shown_progress(answered: int, audience: Audience) -> int:
    """How many answers have come in, as the audience is told: exact, or in full steps of five."""
    return answered if audience is Audience.COMMITTEE else answered - answered % 5


def check_policy_change(
    old: Policy,
    new: Policy,
    old_thresholds: Thresholds,
    new_thresholds: Thresholds,
    *,
    answered: bool,
) -> None:
    """Refuse (``disclosure_widened``) to show more than was announced once anyone has answered."""
    widened = (old is Policy.BANDED and new is Policy.OPEN) or any(
        getattr(new_thresholds, name) < getattr(old_thresholds, name)
        for name in ("households", "owners", "batch", "pause")
    )
    if answered and widened:
        raise NotNow("disclosure_widened", field="policy")


@dataclass(frozen=True, slots=True)
class ShownRatio:
    """One ratio of a vote as published: the exact answer to "reached?", the share in percent."""

    percent: int
    reached: bool


def shown_percent(part: int, whole: int) -> int:
    """A share of areas rounded to 1 %, halves upwards; 0 of nothing is 0."""
    return rounded_share(part, whole)


@rule(
    "disclosure.area_share",
    source="ours, after 个人信息保护法 / PIPL art. 6",
    says="Areas of a vote are published as shares rounded to 1 % with the exact pass or fail.",
    basis="ours",
)
def shown_area(part: int, whole: int, *, reached: bool) -> ShownRatio:
    """An area ratio as published: ``reached`` comes from the exact count, never from the percent.

    Exact areas would name the voters: in a stairwell where all areas differ one sum of areas
    determines nearly every ballot. A city profile may demand them; then the notice says so.
    """
    if not 0 <= part <= whole:
        raise Refused("part_above_whole", field="area", part=part, whole=whole)
    return ShownRatio(shown_percent(part, whole), reached)
