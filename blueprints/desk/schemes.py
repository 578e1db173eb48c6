"""Two ways to share one cost: for the committee by floor and dwelling, for a household its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from blueprints.desk import bp, figures
from blueprints.desk.forms import SchemesForm
from blueprints.desk.words import (
    amount_range,
    floor_name,
    offer_name,
    side_name,
    signed,
    table_text,
)
from blueprints.shared.access import requires
from blueprints.shared.downloads import csv_file
from blueprints.shared.localisation import money
from blueprints.shared.messages import sentence
from charts import cost as chart
from charts.figure import Table
from documents.tables import Money, Sheet, Value
from domain.accounts import Permission, Role
from domain.errors import Refused
from models import desk_queries, menus_queries
from models.menus import Option
from models.plans import Plan
from models.preferences_queries import menu_of, plan_visible_to
from services import costs
from services import desk_schemes as service
from services.desk import Offer, offers_of
from services.reference import reference


@dataclass(frozen=True)
class Asked:
    """What is compared: an option, two sides, and the building they are worked out for."""

    offers: tuple[Offer, ...]
    offer: Offer
    first: str
    second: str
    house: costs.House
    city: str

    def name(self, side: str) -> str:
        """A side in words."""
        return side_name(side, self.offer, self.city)


def _asked(plan: Plan) -> Asked | None:
    """What the address asks for, anything unknown left at its default."""
    offers = tuple(one for one in offers_of(menu_of([plan.id])) if service.pays(one))
    if not offers:
        return None
    wanted = request.args.get("option", type=int)
    offer = next((one for one in offers if one.option.id == wanted), offers[0])
    city = plan.building.community.city
    known = service.sides(city)
    first = request.args.get("first", service.CURRENT)
    first = first if first in known else service.CURRENT
    own_kind = offer.version.scheme["kind"]
    others = [side for side in known if side not in (first, service.CURRENT, own_kind)]
    second = request.args.get("second", others[0])
    second = second if second in known else others[0]
    return Asked(offers, offer, first, second, costs.house(plan.building_id), city)


def _form(asked: Asked) -> SchemesForm:
    form = SchemesForm(
        data={"option": asked.offer.option.id, "first": asked.first, "second": asked.second}
    )
    form.option.choices = [SelectChoice(o.option.id, offer_name(o)) for o in asked.offers]
    sides = [SelectChoice(side, asked.name(side)) for side in service.sides(asked.city)]
    form.first.choices = form.second.choices = sides
    return form


@dataclass(frozen=True)
class UnitView:
    """One sharing unit: a summary sentence, its floors and its dwellings as rows."""

    name: str
    summary: str
    floors: list[list[str | Markup]]
    dwellings: list[list[str]]
    foot: list[str]
    notes: list[str]


def _summary(one: service.Compared) -> str:
    less = ngettext("%(num)s dwelling would pay less", "%(num)s dwellings would pay less", one.less)
    more = ngettext("%(num)s would pay more", "%(num)s would pay more", one.more)
    same = len(one.lines) - one.less - one.more
    return _(
        "%(less)s, %(more)s, %(same)s the same. Both ways add up to %(net)s yuan.",
        less=less,
        more=more,
        same=same,
        net=money(one.net),
    )


def _unit(one: service.Compared, asked: Asked) -> UnitView:
    first, second = (sum(getattr(line, side) for line in one.lines) for side in ("first", "second"))
    parts = [line.part for line in one.lines]
    most = max((abs(f.difference) for f in one.floors), default=0)
    notes = []
    for side in dict.fromkeys((asked.first, asked.second)):
        scheme = service.scheme_for(side, asked.offer, parts, asked.city)
        text = table_text(scheme, {part.floor for part in parts})
        if text:
            notes.append(_("%(scheme)s: %(table)s", scheme=asked.name(side), table=text))
    return UnitView(
        one.name or _("The whole building"),
        _summary(one),
        [
            [
                floor_name(f.floor),
                str(f.dwellings),
                money(f.first),
                money(f.second),
                signed(f.difference),
                chart.difference_bar(f.difference, most, figures.BARS),
            ]
            for f in one.floors
        ],
        [
            [
                line.part.room,
                floor_name(line.part.floor),
                money(line.first),
                money(line.second),
                signed(line.difference),
            ]
            for line in one.lines
        ],
        [_("Together"), "", money(first), money(second), signed(second - first)],
        notes,
    )


def _merged(units: list[UnitView]) -> list[UnitView]:
    """Units that compare alike to the fen are shown once, under all their names."""
    merged: dict[str, UnitView] = {}
    for unit in units:
        key = repr((unit.floors, unit.dwellings))
        known = merged.get(key)
        name = _(", ").join((known.name, unit.name)) if known else unit.name
        merged[key] = replace(unit, name=name)
    return list(merged.values())


@bp.get("/plans/<int:plan_id>/desk/schemes")
@requires(Permission.SEE_ANSWERS, load=plan_visible_to)
def schemes(plan: Plan) -> ResponseReturnValue:
    """Who would pay less and who more if the cost of an option were shared otherwise."""
    asked = _asked(plan)
    if asked is None:
        return render_template("desk/schemes.html", plan=plan, asked=None)
    units: list[UnitView] = []
    fault = ""
    try:
        compared = service.compare(asked.offer, asked.house, asked.city, asked.first, asked.second)
        units = _merged([_unit(one, asked) for one in compared])
    except Refused as refusal:
        fault = sentence(refusal)
    return render_template(
        "desk/schemes.html",
        plan=plan,
        asked=asked,
        scheme_form=_form(asked),
        units=units,
        fault=fault,
        source=_source(asked),
        patterns=chart.bar_patterns(figures.BARS),
    )


def _source(asked: Asked) -> str:
    """Where the tables of coefficients come from, and whether that was checked."""
    profile = reference().city(asked.city)
    if service.city_table(asked.city) is None:
        profile = reference().city(service.GUIDANCE_CITY)
    return profile.floor_table.source


@bp.get("/plans/<int:plan_id>/desk/schemes.csv")
@requires(Permission.SEE_ANSWERS, load=plan_visible_to)
def schemes_csv(plan: Plan) -> ResponseReturnValue:
    """The dwellings under both schemes, for download."""
    asked = _asked(plan)
    head = [_("Where"), _("Room"), _("Floor")]
    rows: list[list[Value]] = []
    if asked is not None:
        head += [asked.name(asked.first), asked.name(asked.second), _("Difference (yuan)")]
        compared = service.compare(asked.offer, asked.house, asked.city, asked.first, asked.second)
        rows = [
            [
                one.name or _("The whole building"),
                line.part.room,
                line.part.floor,
                *(Money(amount) for amount in (line.first, line.second, line.difference)),
            ]
            for one in compared
            for line in one.lines
        ]
    return csv_file(Sheet(plan.building.name, head, rows), f"schemes-{plan.id}.csv")


# --- a household's own ----------------------------------------------------------------------


@dataclass(frozen=True)
class OwnView:
    """One dwelling of the reader's: its amount under every scheme, and what the floors pay."""

    room: str
    current: int
    ways: list[list[str]]
    floors: Table
    rented: bool


def _own_views(option: Option, side: str) -> tuple[list[service.OwnCost], Asked]:
    """The reader's dwellings under every scheme; ``side`` is the one set beside the current."""
    plan = option.item.plan
    offer = next(one for one in offers_of([option.item]) if one.option.id == option.id)
    city, house = plan.building.community.city, costs.house(plan.building_id)
    own = menus_queries.own_dwellings(g.actor, plan)
    found = service.own_costs(offer, house, city, own) if service.pays(offer) else []
    known = service.sides(city)
    kind = offer.version.scheme["kind"]
    other = next(one for one in known if one not in (service.CURRENT, kind))
    chosen = side if side in known and side != service.CURRENT else other
    return found, Asked((offer,), offer, service.CURRENT, chosen, house, city)


def _series(one: service.OwnCost, asked: Asked) -> list[chart.CostSeries]:
    series = []
    for side in (asked.first, asked.second):
        scheme = one.of(side)
        if scheme is None:
            continue
        floors = tuple(
            chart.CostFloor(
                floor_name(floor.floor),
                scheme.own if floor.floor == one.part.floor else floor.most,
                own=floor.floor == one.part.floor,
            )
            for floor in scheme.floors
        )
        series.append(chart.CostSeries(asked.name(side), floors))
    return series


def _chart_words() -> chart.CostWords:
    return chart.CostWords(floor=_("Floor"), yuan=_("yuan"), own=_("your home"))


def _own_view(one: service.OwnCost, asked: Asked) -> OwnView:
    current = one.schemes[0]
    ways = [
        [asked.name(way.side), money(way.own), signed(way.own - current.own)] for way in one.schemes
    ]
    other = one.of(asked.second)
    head = [_("Floor"), asked.name(asked.first), asked.name(asked.second)]
    rows: list[list[str | int]] = []
    for place, floor in enumerate(current.floors):
        label = floor_name(floor.floor)
        if floor.floor == one.part.floor:
            label = _("%(floor)s (your floor)", floor=label)
        beside = other.floors[place] if other else None
        rows.append(
            [
                label,
                amount_range(floor.least, floor.most),
                amount_range(beside.least, beside.most) if beside else "—",
            ]
        )
    rented = one.part.key in menus_queries.rented_dwellings(g.actor)
    return OwnView(one.part.room, current.own, ways, (head, rows), rented)


def _side() -> str:
    return request.args.get("with", "")


@bp.get("/plans/<int:plan_id>/my-cost/<int:option_id>")
@requires(Permission.SEE_PLAN, load=desk_queries.option_for_household)
def my_cost(option: Option) -> ResponseReturnValue:
    """What the reader's own household would pay under each way of sharing."""
    fault = ""
    found: list[service.OwnCost] = []
    asked = None
    try:
        found, asked = _own_views(option, _side())
    except Refused as refusal:
        fault = sentence(refusal)
    return render_template(
        "desk/my_cost.html",
        plan=option.item.plan,
        option=option,
        asked=asked,
        views=[_own_view(one, asked) for one in found] if asked else [],
        kinds=_kinds(asked, found) if asked else [],
        fault=fault,
        tenant=any(grant.capacity == "tenant" for grant in g.actor.grants_of(Role.RESIDENT)),
    )


def _kinds(asked: Asked, found: list[service.OwnCost]) -> list[tuple[str, str, bool]]:
    """The ways that can be set beside the current one: side, name, whether it is chosen."""
    possible = found[0].schemes if found else ()
    return [
        (one.side, asked.name(one.side), one.side == asked.second)
        for one in possible
        if one.side != service.CURRENT
    ]


def _own_asked(option: Option) -> tuple[service.OwnCost | None, Asked]:
    """The reader's dwelling with the room asked for, else the first; what is compared."""
    found, asked = _own_views(option, _side())
    wanted = next((one for one in found if one.part.room == request.args.get("room")), None)
    return wanted or (found[0] if found else None), asked


@bp.get("/plans/<int:plan_id>/my-cost/<int:option_id>.json")
@requires(Permission.SEE_PLAN, load=desk_queries.option_for_household)
def my_cost_json(option: Option) -> ResponseReturnValue:
    """The chart of what the floors pay, for the reader's first (or the asked) dwelling."""
    one, asked = _own_asked(option)
    return jsonify(chart.cost(_series(one, asked) if one else [], _chart_words()))


@bp.get("/plans/<int:plan_id>/my-cost/<int:option_id>.csv")
@requires(Permission.SEE_PLAN, load=desk_queries.option_for_household)
def my_cost_csv(option: Option) -> ResponseReturnValue:
    """The table of what the floors pay, for download."""
    one, asked = _own_asked(option)
    return csv_file(_own_sheet(option.item.title, one, asked), f"my-cost-{option.id}.csv")


def _own_sheet(name: str, one: service.OwnCost | None, asked: Asked) -> Sheet:
    """What the floors pay from least to most, under both ways; the reader's own floor is marked."""
    head, ways = [_("Floor"), _("Your floor")], []
    for side in (asked.first, asked.second):
        way = one.of(side) if one else None
        if way is not None:
            ways.append(way.floors)
            head += [
                _("%(way)s: pays least, yuan", way=asked.name(side)),
                _("%(way)s: pays most, yuan", way=asked.name(side)),
            ]
    rows: list[list[Value]] = [
        [
            beside[0].floor,
            _("yes") if one and beside[0].floor == one.part.floor else None,
            *(Money(amount) for floor in beside for amount in (floor.least, floor.most)),
        ]
        for beside in zip(*ways, strict=True)
    ]
    return Sheet(name, head, rows)
