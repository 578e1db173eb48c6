"""The charts of a resolution, drawn from its stored form: majorities, cost and demand by floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared import charts
from blueprints.shared.charts import demand_words
from blueprints.shared.localisation import locale
from blueprints.shared.shares import share_of
from blueprints.shared.words import word
from charts import cost, decided, demand, majority
from charts.bands import band_pieces
from charts.facade import Pieces
from charts.figure import Figure, Table
from documents.tables import Money, Sheet, Value
from domain.quantities import grouped_money, parse_money
from domain.quantities import trimmed as trimmed

Motion = Mapping[str, Any]
Drawn = TypeVar("Drawn")


def _threshold(count: Mapping[str, Any], test: str) -> str:
    part = f"{count[test]['numerator']}/{count[test]['denominator']}"
    if test == "approval" and not count["approval"]["included"]:
        return _("more than %(part)s", part=part)
    return _("at least %(part)s", part=part)


def _verdict(count: Mapping[str, Any], base: str, test: str) -> str:
    if test == "approval" and not count["persons"]["participating"]:
        return _("not counted")
    return _("reached") if count[base][test] else _("not reached")


def _bar(
    label: str, part: int, whole: int, text: str, kind: str, count: Mapping[str, Any], base: str
) -> majority.MajorityBar:
    test = "quorum" if kind == "taking_part" else "approval"
    words = {"taking_part": _("Taking part"), "agree": _("Agree")}
    return majority.MajorityBar(
        label=label,
        parts=(majority.MajorityPart(kind, words[kind], part, text),),
        whole=whole,
        numerator=count[test]["numerator"],
        denominator=count[test]["denominator"],
        threshold_text=_threshold(count, test),
        verdict=_verdict(count, base, test),
        unit="percent" if base == "area" else "persons",
    )


def _area_bar(
    label: str, percent: int, kind: str, count: Mapping[str, Any]
) -> majority.MajorityBar:
    """A published share beside its exact verdict, never on the other side of its threshold."""
    test = "quorum" if kind == "taking_part" else "approval"
    share = share_of(
        percent,
        100,
        (count[test]["numerator"], count[test]["denominator"]),
        strict=test == "approval" and not count[test]["included"],
        met=count["area"][test],
        places=0,
    )
    return _bar(label, share.length, 1000, share.text, kind, count, "area")


def _majority_bars(count: Mapping[str, Any]) -> list[majority.MajorityBar]:
    persons, area = count["persons"], count["area"]
    total, part, agree = persons["total"], persons["participating"], persons["agree"]
    return [
        _bar(
            _("Taking part, persons"),
            part,
            total,
            f"{part} / {total}",
            "taking_part",
            count,
            "persons",
        ),
        _area_bar(_("Taking part, area"), area["participating_percent"], "taking_part", count),
        _bar(_("Agreeing, persons"), agree, part, f"{agree} / {part}", "agree", count, "persons"),
        _area_bar(_("Agreeing, area"), area["agree_percent"], "agree", count),
    ]


def _majority_words() -> majority.MajorityWords:
    return majority.MajorityWords(
        test=_("Test"),
        figures=_("Figures"),
        threshold=_("Needed"),
        verdict=_("Result"),
        share=_("Share"),
    )


def majority_table(motion: Motion) -> Table:
    """The four ratios of a motion as a table."""
    return majority.table(_majority_bars(motion["count"]), _majority_words())


def majority_sheet(motion: Motion) -> Sheet:
    """The four ratios of a motion for download."""
    return charts.majority_sheet("majority", _majority_bars(motion["count"]), _majority_words())


def majority_figure(motion: Motion) -> Figure:
    """The four ratios of a motion as a chart."""
    return majority.majority(_majority_bars(motion["count"]), _majority_words())


def _floor_label(floor: int) -> str:
    return _("Floor %(floor)s", floor=floor)


def _series(motion: Motion) -> list[cost.CostSeries]:
    shares = sorted(motion["shares"], key=lambda share: share["floor"])
    lowest = tuple(
        cost.CostFloor(_floor_label(one["floor"]), parse_money(one["lowest"])) for one in shares
    )
    highest = tuple(
        cost.CostFloor(_floor_label(one["floor"]), parse_money(one["highest"])) for one in shares
    )
    if lowest == highest:
        return [cost.CostSeries(_("Each household"), lowest)]
    return [
        cost.CostSeries(_("The household that pays least"), lowest),
        cost.CostSeries(_("The household that pays most"), highest),
    ]


def cost_table(motion: Motion) -> Table:
    """What the households of each floor pay, as a table, the top floor first."""
    rows: list[list[str | int]] = [
        [
            _floor_households(one["floor"], one["dwellings"]),
            _between(one["lowest"], one["highest"]),
            grouped(one["total"]),
        ]
        for one in sorted(motion["shares"], key=lambda share: -share["floor"])
    ]
    return [_("Floor"), _("Each pays, yuan"), _("Floor in all")], rows


def cost_sheet(motion: Motion) -> Sheet:
    """The same for download, one figure a cell."""
    head = [_("Floor"), _("Households"), _("Pays least, yuan"), _("Pays most, yuan")]
    rows: list[list[Value]] = [
        [
            one["floor"],
            one["dwellings"],
            *(_yuan(one[key]) for key in ("lowest", "highest", "total")),
        ]
        for one in sorted(motion["shares"], key=lambda share: -share["floor"])
    ]
    return Sheet("cost", [*head, _("Floor in all, yuan")], rows)


def _yuan(written: str) -> Money:
    return Money(parse_money(written))


def _floor_households(floor: int, households: int) -> str:
    counted = ngettext("%(num)s household", "%(num)s households", households)
    return _("Floor %(floor)s (%(households)s)", floor=floor, households=counted)


def instant(written: str) -> datetime:
    """A stored instant."""
    return datetime.fromisoformat(written)


def grouped(amount: str) -> str:
    """A stored amount as a reader reads it."""
    return grouped_money(amount)


def price_text(option: Mapping[str, Any]) -> str:
    """What an option costs and what the subsidy leaves, in one sentence."""
    if not parse_money(option["subsidy"]):
        return _("%(amount)s yuan", amount=grouped(option["price"]))
    return _(
        "%(price)s yuan, less a subsidy of %(subsidy)s, leaves %(net)s",
        price=grouped(option["price"]),
        subsidy=grouped(option["subsidy"]),
        net=grouped(option["net"]),
    )


def _between(lowest: str, highest: str) -> str:
    low, high = grouped(lowest), grouped(highest)
    return low if low == high else f"{low} – {high}"


def cost_figure(motion: Motion) -> Figure:
    """What a household pays by floor, as a chart."""
    words = cost.CostWords(floor=_("Floor"), yuan=_("yuan"), own=_("yours"))
    return cost.cost(_series(motion), words)


def band_label(lowest: int, highest: int) -> str:
    """The floors of a band in words."""
    if lowest == highest:
        return _floor_label(lowest)
    return _("Floors %(lowest)s to %(highest)s", lowest=lowest, highest=highest)


def _demand_options(rows: Sequence[Mapping[str, Any]]) -> list[demand.DemandOption]:
    held_back = _("not shown")
    options = []
    for row in rows:
        shown = [band for band in row["bands"] if band["counts"]]
        floors = tuple(
            demand.DemandFloor(band_label(band["lowest"], band["highest"]), **band["counts"])
            for band in shown
        )
        options.append(demand.DemandOption(row["item"], floors, "" if shown else held_back))
    return options


def _demand_words() -> demand.DemandWords:
    return demand_words(option=_("Item"), floor=_("Floors"))


def demand_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Demand by floor bands as a table."""
    return demand.table(_demand_options(rows), _demand_words())


def demand_sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Demand by floor bands for download."""
    return charts.demand_sheet("demand", _demand_options(rows), _demand_words())


def demand_figure(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Demand by floor bands as a chart."""
    return demand.demand(_demand_options(rows), _demand_words())


def floor_rows(motion: Motion) -> list[list[str | int]]:
    """How many dwellings each floor has, the top floor first."""
    shares = sorted(motion["shares"], key=lambda share: -share["floor"])
    return [[one["floor"], one["dwellings"]] for one in shares]


# --- the building itself --------------------------------------------------------------------


def _drawn_words() -> decided.DecidedWords:
    return decided.DecidedWords(
        cost=_("What each floor pays"),
        pays=_("%(homes)s × %(amount)s yuan", homes="%(homes)s", amount="%(amount)s"),
        free=_("%(homes)s ×, nothing to pay", homes="%(homes)s"),
        demand=_("What the households said before"),
        said=_("%(number)s households", number="%(homes)s"),
        held_back=_("Not shown: too few answers, or too much alike."),
        stances={state: word("stances", state) for state in decided.STANCES},
    )


def cost_drawing(motion: Motion, document: Mapping[str, Any]) -> Pieces | None:
    """The building with what each floor pays for the motion; ``None`` when nobody pays."""
    where = " ".join(filter(None, (document["building"], motion["entrance"])))
    building = decided.cost_building(where, motion["shares"], _drawn_words())
    return band_pieces(building, locale(), uid=f"house-{motion['number']}") if building else None


def demand_drawing(motion: Motion, document: Mapping[str, Any]) -> Pieces | None:
    """The building with what its households had said about the motion's item, band by band.

    ``None`` where every band is held back: the table says so.
    """
    item = motion["option"]["item"]
    rows = [row for row in document["demand"] if row["item"] == item]
    if not rows or not any(band["counts"] for band in rows[0]["bands"]):
        return None
    words = _drawn_words()
    building = decided.demand_building(document["building"], item, rows[0]["bands"], words)
    return band_pieces(building, locale(), uid=f"said-{motion['number']}") if building else None


# --- by name ---------------------------------------------------------------------------------


def figure_of(document: Mapping[str, Any], name: str) -> Figure | None:
    """A chart of the document: ``demand``, ``majority-1`` or ``cost-1`` for motion 1."""
    if name == "demand":
        return demand_figure(document["demand"])
    return _of_motion(document, name, {"majority": majority_figure, "cost": cost_figure})


def sheet_of(document: Mapping[str, Any], name: str) -> Sheet | None:
    """The figures of the same chart for download."""
    if name == "demand":
        return demand_sheet(document["demand"])
    return _of_motion(document, name, {"majority": majority_sheet, "cost": cost_sheet})


def _of_motion(
    document: Mapping[str, Any], name: str, kinds: Mapping[str, Callable[[Any], Drawn]]
) -> Drawn | None:
    """``kind-number`` drawn for the motion with that number; ``None`` when there is none.

    A motion that failed has its majorities and no cost.
    """
    kind, _dash, number = name.partition("-")
    listed = [*document["motions"], *(document["failed"] if kind == "majority" else ())]
    motions = {str(motion["number"]): motion for motion in listed}
    if kind not in kinds or number not in motions:
        return None
    return kinds[kind](motions[number])
