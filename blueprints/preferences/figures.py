"""Demand as drawings, charts and tables: the figures of ``services/demand.py`` put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.charts import demand_sheet, demand_words
from blueprints.shared.words import word
from charts import demand as chart
from charts.bands import BandBuilding, BandPart, FacadeBand, band_pieces
from charts.facade import (
    FacadeBuilding,
    FacadeDwelling,
    FacadeEntrance,
    FacadeKey,
    Pieces,
    page_pieces,
)
from charts.figure import Figure as ChartFigure
from charts.figure import Table
from documents.tables import Sheet
from domain.disclosure import Audience, Figure
from domain.preferences import FIRST, NONE_OF_THESE, STANCE, Stance
from domain.releases import UNANSWERED, Band
from models.register import Dwelling
from services.demand import Demand, ItemDemand

STATES = (*(str(stance) for stance in Stance), UNANSWERED)


def letters() -> dict[str, str]:
    """The sign that stands for each stance in a window: the first one of its word."""
    signs = {str(stance): word("stances", stance)[0].upper() for stance in Stance}
    return signs | {UNANSWERED: ""}


def _key() -> tuple[FacadeKey, ...]:
    signs = letters()
    return tuple(FacadeKey(state, signs[state], word("stances", state)) for state in STATES)


def floors_label(band: Band) -> str:
    """A floor, or a band of floors, in words."""
    if band.lowest == band.highest:
        return _("Floor %(floor)s", floor=band.lowest)
    return _("Floors %(lowest)s to %(highest)s", lowest=band.lowest, highest=band.highest)


def held_back() -> str:
    """Why there is no figure; the real reason is a figure too and is not told."""
    return _("not shown: too few answers yet, or too much alike")


def _missing(demand: Demand, figure: Figure) -> int:
    """The homes of a floor from which nothing has come; only the committee is told."""
    if demand.audience is not Audience.COMMITTEE:
        return 0
    lowest, highest = figure.band.lowest, figure.band.highest
    homes = sum(1 for door in demand.dwellings if lowest <= door.floor <= highest)
    return homes - (figure.households or 0)


def _with_empty_floors(demand: Demand, figures: Iterable[Figure]) -> list[Figure]:
    """The committee sees a floor that has not answered at all as a floor without answers."""
    known = list(figures)
    if demand.audience is Audience.COMMITTEE:
        seen = {figure.band.lowest for figure in known}
        nobody = {STANCE: dict.fromkeys(STATES, 0), FIRST: {}}
        empty = {door.floor for door in demand.dwellings} - seen
        known += [Figure(Band(floor, floor), 0, nobody) for floor in empty]
    return sorted(known, key=lambda figure: figure.band, reverse=True)


def _floor(demand: Demand, figure: Figure) -> chart.DemandFloor:
    counts = (figure.counts or {})[STANCE]
    return chart.DemandFloor(
        floors_label(figure.band),
        need=counts["need"],
        accept=counts["accept"],
        indifferent=counts["indifferent"],
        oppose=counts["oppose"],
        unanswered=counts[UNANSWERED] + _missing(demand, figure),
    )


def _options(demand: Demand) -> list[chart.DemandOption]:
    options = []
    for one in demand.items:
        figures = _with_empty_floors(demand, one.publication.figures)
        floors = tuple(_floor(demand, figure) for figure in figures if not figure.hidden)
        options.append(chart.DemandOption(one.item.title, floors, "" if floors else _("not shown")))
    return options


def _words() -> chart.DemandWords:
    return demand_words(option=_("Item"), floor=_("Floors"))


def demand_chart(demand: Demand) -> ChartFigure:
    """Support and opposition by item and floor, as Plotly data."""
    return chart.demand(_options(demand), _words())


def demand_table(demand: Demand) -> Table:
    """The same figures as a table."""
    return chart.table(_options(demand), _words())


@dataclass(frozen=True)
class Extra:
    """A further table: first choices of an item, or what tenants say about it."""

    title: str
    head: list[str]
    rows: list[list[str | int]]


def _count_rows(
    figures: Sequence[Figure],
    question: str,
    choices: Sequence[str],
    missing: Callable[[Figure], int] = lambda _figure: 0,
) -> list[list[str | int]]:
    """Counts by floor; to those without an answer come the homes from which nothing has come."""

    def counted(figure: Figure, choice: str) -> int:
        number = (figure.counts or {})[question].get(choice, 0)
        return number + (missing(figure) if choice == UNANSWERED else 0)

    return [
        [floors_label(figure.band), *(counted(figure, one) for one in choices)]
        for figure in sorted(figures, key=lambda figure: figure.band, reverse=True)
        if figure.counts and question in figure.counts
    ]


def first_choices(demand: Demand, one: ItemDemand) -> Extra | None:
    """How many households want which option most, by floor; ``None`` where nothing is shown.

    Every home is in it, as in the table of all items: who named none stands apart.
    """
    shown = [figure for figure in one.publication.figures if figure.counts]
    if not shown or FIRST not in (shown[0].counts or {}):
        return None
    choices = list((shown[0].counts or {})[FIRST])
    title = _("First choice: %(item)s", item=one.item.title)
    head = [_("Floors"), *(_choice(choice, one.options) for choice in choices)]
    floors = _with_empty_floors(demand, shown)
    return Extra(title, head, _count_rows(floors, FIRST, choices, partial(_missing, demand)))


def _choice(choice: str, titles: Mapping[str, str]) -> str:
    if choice == NONE_OF_THESE:
        return _("No option suits")
    # Not the word for homes without an answer: who opposes an item names no option either.
    return _("No option named") if choice == UNANSWERED else titles.get(choice, choice)


def tenants(one: ItemDemand) -> Extra | None:
    """What tenants say, by floor, apart from the owners; ``None`` where nothing is shown."""
    rows = _count_rows(one.publication.tenants, STANCE, STATES)
    if not rows:
        return None
    head = [_("Floors"), *(word("stances", state) for state in STATES)]
    return Extra(_("Tenants: %(item)s", item=one.item.title), head, rows)


def sheet(demand: Demand) -> Sheet:
    """What the page shows, as one table for download."""
    return demand_sheet(demand.plan.building.name, _options(demand), _words())


# --- the facade -----------------------------------------------------------------------------


def drawing(demand: Demand, one: ItemDemand, lang: str) -> Pieces:
    """The building for one item: windows for the committee, bars by floors for everybody else."""
    building = demand.plan.building.name
    title = _("%(building)s: %(item)s", building=building, item=one.item.title)
    if demand.audience is Audience.COMMITTEE:
        return page_pieces(_windows(demand, one, title), lang, uid="demand")
    bands = tuple(_band(figure) for figure in one.publication.figures)
    return band_pieces(BandBuilding(building, bands, _key(), title), lang, uid="demand")


def _windows(demand: Demand, one: ItemDemand, title: str) -> FacadeBuilding:
    stances, signs = demand.stances.get(one.item.id, {}), letters()
    entrances = []
    for _entrance, doors in groupby(demand.dwellings, key=lambda door: door.entrance_id):
        own = list(doors)
        windows = tuple(
            _window(demand, door, stances.get(door.id, UNANSWERED), signs) for door in own
        )
        entrances.append(FacadeEntrance(own[0].entrance.name, windows))
    return FacadeBuilding(demand.plan.building.name, tuple(entrances), _key(), title)


def _window(demand: Demand, door: Dwelling, state: str, signs: Mapping[str, str]) -> FacadeDwelling:
    said = word("stances", state)
    return FacadeDwelling(
        room=door.room,
        floor=door.floor,
        state=state,
        letter=signs[state],
        label=_("%(room)s, floor %(floor)s: %(said)s", room=door.room, floor=door.floor, said=said),
        href=f"{url_for('preferences.answers', plan_id=demand.plan.id)}#door-{door.id}",
    )


def _band(figure: Figure) -> FacadeBand:
    lowest, highest = figure.band.lowest, figure.band.highest
    if figure.counts is None:
        return FacadeBand(lowest, highest, held_back())
    signs = letters()
    parts = tuple(
        BandPart(state, signs[state] or word("stances", state), count, str(count))
        for state, count in figure.counts[STANCE].items()
        if count
    )
    label = _("%(number)s households", number=figure.households)
    return FacadeBand(lowest, highest, label, parts)
