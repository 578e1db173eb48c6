"""Views of the desk: its index, the demand explorer, and what a motion would take."""

from __future__ import annotations

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.desk import bp, figures, forecast
from blueprints.desk.words import offer_name
from blueprints.shared.access import requires
from blueprints.shared.downloads import csv_file
from blueprints.shared.localisation import locale
from blueprints.shared.messages import sentence
from charts import demand as demand_chart
from domain.accounts import Permission
from domain.errors import Refused
from models import desk_queries
from models.plans import Plan
from models.preferences_queries import plan_visible_to
from services import desk as service
from services import desk_demand, desk_forecast

SEE = Permission.SEE_ANSWERS


@bp.get("/plans/<int:plan_id>/desk")
@requires(SEE, load=plan_visible_to)
def index(plan: Plan) -> ResponseReturnValue:
    """The tools for this plan, and how far the households are reached."""
    entrances = service.progress(g.actor, plan)
    return render_template(
        "desk/index.html",
        plan=plan,
        entrances=entrances,
        answered=sum(one.answered for one in entrances),
        total=sum(one.total for one in entrances),
        drawing=figures.reached(plan, entrances, locale()) if entrances else None,
    )


@bp.get("/plans/<int:plan_id>/desk/demand")
@requires(SEE, load=plan_visible_to)
def demand(plan: Plan) -> ResponseReturnValue:
    """Options by floors, owners and tenants apart; for one option willingness and opposition."""
    found = service.look(g.actor, plan, now=g.now)
    if not found.offers or not found.answered:
        return render_template("desk/demand.html", plan=plan, desk=found, chosen=None)
    chosen = found.chosen(request.args.get("option", type=int))
    options = desk_demand.options_by_floor(found)
    willing, fault = _willingness(found, chosen)
    opposed = desk_demand.opposition(found.households, chosen, desk_queries.grounds_of(plan.id))
    return render_template(
        "desk/demand.html",
        plan=plan,
        desk=found,
        chosen=chosen,
        name=offer_name(chosen),
        offers=[(one, offer_name(one)) for one in found.offers],
        owners=figures.demand_panels(options),
        tenants=figures.demand_panels(options, tenants=True),
        key=figures.demand_key(),
        patterns=demand_chart.bar_patterns(figures.BARS),
        willing=figures.willingness_table(willing) if willing else None,
        fault=fault,
        opposed=figures.opposition_table(opposed) if opposed else None,
    )


def _willingness(
    found: service.Desk, chosen: service.Offer
) -> tuple[tuple[desk_demand.FloorWillingness, ...], str]:
    """The floors, or why the cost cannot be worked out."""
    try:
        return desk_demand.willingness(found, chosen), ""
    except Refused as refusal:
        return (), sentence(refusal)


@bp.get("/plans/<int:plan_id>/desk/demand.json")
@requires(SEE, load=plan_visible_to)
def demand_json(plan: Plan) -> ResponseReturnValue:
    """The chart of support and opposition."""
    found = desk_demand.options_by_floor(service.look(g.actor, plan, now=g.now))
    return jsonify(figures.demand_figure(found, tenants="tenants" in request.args))


@bp.get("/plans/<int:plan_id>/desk/demand.csv")
@requires(SEE, load=plan_visible_to)
def demand_csv(plan: Plan) -> ResponseReturnValue:
    """The table of support and opposition, for download."""
    found = desk_demand.options_by_floor(service.look(g.actor, plan, now=g.now))
    tenants = "tenants" in request.args
    sheet = figures.demand_download(plan.building.name, found, tenants=tenants)
    return csv_file(sheet, f"desk-demand-{plan.id}.csv")


def _willingness_asked(plan: Plan) -> tuple[desk_demand.FloorWillingness, ...]:
    found = service.look(g.actor, plan, now=g.now)
    if not found.offers:
        return ()
    return _willingness(found, found.chosen(request.args.get("option", type=int)))[0]


@bp.get("/plans/<int:plan_id>/desk/willingness.json")
@requires(SEE, load=plan_visible_to)
def willingness_json(plan: Plan) -> ResponseReturnValue:
    """The chart of who would pay the share."""
    return jsonify(figures.willingness_figure(_willingness_asked(plan)))


@bp.get("/plans/<int:plan_id>/desk/willingness.csv")
@requires(SEE, load=plan_visible_to)
def willingness_csv(plan: Plan) -> ResponseReturnValue:
    """The table of who would pay the share, for download."""
    sheet = figures.willingness_sheet(plan.building.name, _willingness_asked(plan))
    return csv_file(sheet, f"desk-willingness-{plan.id}.csv")


@bp.get("/plans/<int:plan_id>/desk/forecast")
@requires(SEE, load=plan_visible_to)
def forecast_page(plan: Plan) -> ResponseReturnValue:
    """What each option would take: a forecast before the vote, from turnout alone during it."""
    found = service.look(g.actor, plan, now=g.now)
    options = forecast.views(desk_forecast.forecasts(found, now=g.now))
    return render_template("desk/forecast.html", plan=plan, desk=found, options=options)
