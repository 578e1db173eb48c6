"""The desk's figures as tables, charts and downloads: numbers of the services put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.desk.words import amount_range, floor_name, offer_name
from blueprints.shared.charts import demand_sheet, demand_words
from blueprints.shared.words import word
from charts import demand as demand_chart
from charts import willingness as willingness_chart
from charts import windows
from charts.facade import (
    FacadeBuilding,
    FacadeDwelling,
    FacadeEntrance,
    FacadeKey,
    KeyPiece,
    Pieces,
    page_pieces,
)
from charts.figure import Figure, Table
from documents.tables import Money, Sheet, Value
from models.plans import Plan
from services.desk import EntranceProgress
from services.desk_demand import FloorDemand, FloorOpposition, FloorWillingness, OptionDemand

# Names the hatchings of the explorer's bars.
BARS = "bars"


def reached(plan: Plan, entrances: Sequence[EntranceProgress], lang: str) -> Pieces:
    """The building, each window saying whether the home has answered."""
    texts = {True: _("has answered"), False: _("has not answered yet")}
    state = {True: "done", False: "waiting"}
    signs = {True: "✓", False: ""}
    drawn = tuple(
        FacadeEntrance(
            entrance.name,
            tuple(
                FacadeDwelling(
                    room=door.room,
                    floor=door.floor,
                    state=state[answered],
                    letter=signs[answered],
                    label=_(
                        "%(room)s, floor %(floor)s: %(said)s",
                        room=door.room,
                        floor=door.floor,
                        said=texts[answered],
                    ),
                    href=f"{url_for('preferences.answers', plan_id=plan.id)}#door-{door.id}",
                )
                for door, answered in entrance.doors
            ),
        )
        for entrance in entrances
    )
    key = tuple(FacadeKey(state[one], signs[one], texts[one]) for one in (True, False))
    title = _("Who has answered in %(building)s", building=plan.building.name)
    return page_pieces(FacadeBuilding(plan.building.name, drawn, key, title), lang, uid="reach")


def _floor(one: FloorDemand) -> demand_chart.DemandFloor:
    counts = one.counts
    return demand_chart.DemandFloor(
        floor_name(one.floor),
        need=counts["need"],
        accept=counts["accept"],
        indifferent=counts["indifferent"],
        oppose=counts["oppose"],
        unanswered=counts["unanswered"],
    )


def _options(found: Sequence[OptionDemand], *, tenants: bool) -> list[demand_chart.DemandOption]:
    return [
        demand_chart.DemandOption(
            offer_name(one.offer),
            tuple(_floor(floor) for floor in (one.tenants if tenants else one.owners)),
        )
        for one in found
        if one.tenants or not tenants
    ]


def _demand_words() -> demand_chart.DemandWords:
    return demand_words(option=_("Option"), floor=_("Floor"))


def demand_download(name: str, found: Sequence[OptionDemand], *, tenants: bool) -> Sheet:
    """Support and opposition by option and floor."""
    return demand_sheet(name, _options(found, tenants=tenants), _demand_words())


def demand_figure(found: Sequence[OptionDemand], *, tenants: bool = False) -> Figure:
    """The same as a chart."""
    return demand_chart.demand(_options(found, tenants=tenants), _demand_words())


@dataclass(frozen=True)
class DemandPanel:
    """One option of the explorer: its floors with their bars and figures."""

    title: str
    anchor: str
    head: list[str]
    rows: list[list[Markup | str | int]]


def demand_key() -> list[KeyPiece]:
    """What the bars' hatchings mean."""
    states = ("oppose", "indifferent", "accept", "need")
    return [
        KeyPiece(word("stances", state), Markup(windows.swatch("bars-key", state, "")))
        for state in states
    ]


def demand_panels(found: Sequence[OptionDemand], *, tenants: bool = False) -> list[DemandPanel]:
    """Every option's floors, bars from the middle, all of the same scale."""
    options = _options(found, tenants=tenants)
    most, words = demand_chart.reach(options), _demand_words()
    head = [words.floor, _("Oppose | support"), words.need, words.accept]
    head += [words.indifferent, words.oppose, words.unanswered]
    return [
        DemandPanel(
            one.label,
            f"{'tenants' if tenants else 'owners'}-{place}",
            head,
            [
                [
                    f.label,
                    demand_chart.bar(f, most, BARS),
                    *(f.need, f.accept, f.indifferent, f.oppose, f.unanswered),
                ]
                for f in one.floors
            ],
        )
        for place, one in enumerate(options, start=1)
    ]


def _willingness_words() -> willingness_chart.WillingnessWords:
    return willingness_chart.WillingnessWords(
        floor=_("Floor"),
        share=_("Each would pay (yuan)"),
        willing=_("Would pay at least that"),
        short=_("Would pay less"),
        silent=_("Named no amount"),
        households=_("Households"),
    )


def _willingness(floors: Sequence[FloorWillingness]) -> list[willingness_chart.WillingnessFloor]:
    return [
        willingness_chart.WillingnessFloor(
            floor_name(one.floor),
            amount_range(one.least, one.most),
            willing=one.willing,
            short=one.short,
            silent=one.silent,
        )
        for one in floors
    ]


def willingness_table(floors: Sequence[FloorWillingness]) -> Table:
    """Households by what they would pay, against their share, by floor."""
    return willingness_chart.table(_willingness(floors), _willingness_words())


def willingness_sheet(name: str, floors: Sequence[FloorWillingness]) -> Sheet:
    """The same for download: what the dwellings of a floor would pay from least to most."""
    words = _willingness_words()
    head = [words.floor, _("Pays least, yuan"), _("Pays most, yuan")]
    rows: list[list[Value]] = [
        [f.floor, Money(f.least), Money(f.most), f.willing, f.short, f.silent] for f in floors
    ]
    return Sheet(name, [*head, words.willing, words.short, words.silent], rows)


def willingness_figure(floors: Sequence[FloorWillingness]) -> Figure:
    """The same as a chart."""
    return willingness_chart.willingness(_willingness(floors), _willingness_words())


def opposition_table(floors: Sequence[FloorOpposition]) -> Table:
    """Who opposes by floor, on which grounds, and the reasons given in the answers."""
    head = [_("Floor"), _("Oppose it"), _("Objections by ground"), _("Reasons in the answers")]
    rows: list[list[str | int]] = [
        [
            floor_name(one.floor),
            one.opposed,
            _(", ").join(
                f"{word('grounds', ground)} {number}" for ground, number in one.grounds.items()
            )
            or "—",
            _("; ").join(one.reasons) or "—",
        ]
        for one in floors
    ]
    return head, rows
