"""Demand by floor for whoever may see it, and the committee's view of who answered what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.preferences import bp, figures
from blueprints.shared.access import requires
from blueprints.shared.downloads import csv_file
from blueprints.shared.localisation import locale
from domain.accounts import Permission
from domain.disclosure import Audience
from domain.preferences import ItemAnswerDraft
from models.menus import MenuItem
from models.plans import Plan
from models.preferences import AnswerSheet, FormerSheet
from models.preferences_queries import plan_visible_to
from models.register import Dwelling
from services import demand as service
from services.preferences import consultation_of, draft_of


@bp.get("/plans/<int:plan_id>/demand")
@requires(Permission.SEE_DEMAND, load=plan_visible_to)
def demand(plan: Plan) -> ResponseReturnValue:
    """Who needs what by floor: the facade for one item, all items as a table and a chart."""
    seen = service.look(g.actor, plan, now=g.now)
    wanted = request.args.get("item", type=int)
    chosen = next((one for one in seen.items if one.item.id == wanted), None)
    if chosen is None and seen.items:
        chosen = seen.items[0]
    extras = [figures.first_choices(seen, one) for one in seen.items]
    extras += [figures.tenants(one) for one in seen.items]
    return render_template(
        "preferences/demand.html",
        plan=plan,
        demand=seen,
        chosen=chosen,
        drawing=figures.drawing(seen, chosen, locale()) if chosen else None,
        figures=figures.demand_table(seen),
        extras=[extra for extra in extras if extra],
        committee=seen.audience is Audience.COMMITTEE,
        by_floor=any(one.publication.kind == "floor" for one in seen.items),
        state=consultation_of(plan, g.now),
    )


@bp.get("/plans/<int:plan_id>/demand.json")
@requires(Permission.SEE_DEMAND, load=plan_visible_to)
def demand_json(plan: Plan) -> ResponseReturnValue:
    """The chart of the same figures."""
    return jsonify(figures.demand_chart(service.look(g.actor, plan, now=g.now)))


@bp.get("/plans/<int:plan_id>/demand.csv")
@requires(Permission.SEE_DEMAND, load=plan_visible_to)
def demand_csv(plan: Plan) -> ResponseReturnValue:
    """The table of the same figures, for download."""
    sheet = figures.sheet(service.look(g.actor, plan, now=g.now))
    return csv_file(sheet, f"demand-{plan.id}.csv")


@bp.post("/plans/<int:plan_id>/demand/renew")
@requires(Permission.SEE_ANSWERS, load=plan_visible_to)
def renew(plan: Plan) -> ResponseReturnValue:
    """The committee has the published figures renewed, as far as the rule allows."""
    if service.renew_figures(g.actor, plan, now=g.now) is None:
        flash(_("Nothing new may be published: too few further answers, or too soon."), "info")
    else:
        flash(_("The published figures are renewed."), "success")
    return redirect(url_for(".demand", plan_id=plan.id), 303)


@dataclass(frozen=True)
class SaidLine:
    """What one sheet says about one item, with option titles for the order."""

    item: MenuItem
    said: ItemAnswerDraft
    order: tuple[str, ...]


@dataclass(frozen=True)
class SheetView:
    """One sheet of a household: whose, when, and what it says.

    ``ended``: it is a former owner's, who left then, and counts no more.
    """

    sheet: AnswerSheet | FormerSheet
    lines: tuple[SaidLine, ...]
    ended: datetime | None = None


@dataclass(frozen=True)
class HouseholdView:
    """A household as the committee sees it."""

    door: Dwelling
    owners: str
    sheets: tuple[SheetView, ...]
    former: tuple[SheetView, ...]


def _sheet_view(sheet: AnswerSheet | FormerSheet, menu: tuple[MenuItem, ...]) -> SheetView:
    said = {answer.item_id: draft_of(answer) for answer in sheet.answers}
    lines = []
    for item in menu:
        if item.id in said:
            titles = {o.id: o.published.title for o in item.options if o.published}
            order = tuple(titles.get(option, "") for option in said[item.id].ranking)
            lines.append(SaidLine(item, said[item.id], order))
    ended = sheet.ended_at if isinstance(sheet, FormerSheet) else None
    return SheetView(sheet, tuple(lines), ended)


@bp.get("/plans/<int:plan_id>/answers")
@requires(Permission.SEE_ANSWERS, load=plan_visible_to)
def answers(plan: Plan) -> ResponseReturnValue:
    """Household by household what was answered; that somebody looked is recorded."""
    named = service.named_answers(g.actor, plan, now=g.now, with_former=True)
    views = [
        HouseholdView(
            door,
            "、".join(sorted(ownership.owner.name for ownership in door.ownerships)),
            tuple(_sheet_view(sheet, named.menu) for sheet in sheets if sheet and sheet.answers),
            tuple(_sheet_view(sheet, named.menu) for sheet in named.former.get(door.id, ())),
        )
        for door, *sheets in named.households
    ]
    by_entrance = [
        (name, list(group))
        for name, group in groupby(views, key=lambda one: one.door.entrance.name)
    ]
    return render_template("preferences/answers.html", plan=plan, entrances=by_entrance)


@dataclass(frozen=True)
class FloorReach:
    """How far a floor of an entrance has been reached, and which doors have not."""

    floor: int
    answered: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class EntranceReach:
    """The same for an entrance, floors from the top down."""

    name: str
    floors: tuple[FloorReach, ...]

    @property
    def answered(self) -> int:
        """Homes from which something has come."""
        return sum(floor.answered for floor in self.floors)

    @property
    def total(self) -> int:
        """Homes in the entrance."""
        return sum(floor.total for floor in self.floors)

    @property
    def summary(self) -> str:
        """What is left to do, in words."""
        left = self.total - self.answered
        if not left:
            return _("every home has answered")
        return ngettext("%(num)s home to go", "%(num)s homes to go", left)


def _entrance_reach(found: service.Reach) -> list[EntranceReach]:
    entrances = []
    for _entrance, group in groupby(found.dwellings, key=lambda door: door.entrance_id):
        doors = list(group)
        by_floor: dict[int, list[Dwelling]] = {}
        for door in doors:
            by_floor.setdefault(door.floor, []).append(door)
        floors = tuple(
            FloorReach(
                floor,
                sum(1 for door in own if door.id in found.answered),
                len(own),
                tuple(door.room for door in own if door.id not in found.answered),
            )
            for floor, own in sorted(by_floor.items(), reverse=True)
        )
        entrances.append(EntranceReach(doors[0].entrance.name, floors))
    return entrances


@bp.get("/plans/<int:plan_id>/reach")
@requires(Permission.TRACK_REACH, load=plan_visible_to)
def reach(plan: Plan) -> ResponseReturnValue:
    """Which doors have answered and which have not; never what was said."""
    entrances = _entrance_reach(service.reach(g.actor, plan))
    return render_template(
        "preferences/reach.html",
        plan=plan,
        entrances=entrances,
        state=consultation_of(plan, g.now),
    )
