"""Views for plans: the list, the plan's page, beginning one, notices, extending, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.plans import bp, page
from blueprints.plans.forms import ExtensionForm, NoticeForm, PlanForm
from blueprints.shared import way as ways
from blueprints.shared.access import requires
from blueprints.shared.disclosure import bands_of, notice_text
from domain.accounts import Permission
from domain.errors import NotNow, Refused
from domain.plans import Stage, plan_stage
from models import menus_queries, plans_queries, resolutions_queries
from models.plans import Plan
from services import plans as service
from services.reference import reference

P = Permission


@bp.get("/plans")
@requires(P.SEE_PLAN)
def index() -> ResponseReturnValue:
    """The plans the reader may see, by community and building, each with its stage."""
    plans = plans_queries.all_visible_to(g.actor)
    facts = service.facts_of(plans)
    rows: dict[str, list[tuple[Plan, Stage]]] = {}
    for plan in plans:
        rows.setdefault(plan.building.community.name, []).append(
            (plan, plan_stage(facts[plan.id], g.now))
        )
    return render_template(
        "plans/index.html", rows=rows, may_begin=g.actor.may_anywhere(P.COMPOSE_MENU)
    )


@bp.route("/plans/new", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU)
def new() -> ResponseReturnValue:
    """Begin a plan for a building."""
    buildings = {one.id: one for one in plans_queries.buildings_to_plan_for(g.actor)}
    form = PlanForm(title=_("One building, one policy %(year)s", year=g.now.year))
    form.offer(list(buildings.values()))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                plan = service.create(
                    g.actor, buildings[form.building.data], title=form.title.data, now=g.now
                )
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                return redirect(url_for("menus.compose", plan_id=plan.id))
    return render_template("plans/new.html", form=form, buildings=buildings), status


@bp.get("/plans/<int:plan_id>")
@requires(P.SEE_PLAN, load=plans_queries.visible_to)
def show(plan: Plan) -> ResponseReturnValue:
    """The plan's page: where it stands, and what the reader can do now."""
    facts = service.facts(plan)
    stage = plan_stage(facts, g.now)
    motions = page.shown_motions(g.actor, plan, service.recorded_motions([plan.id])[plan.id])
    committee = g.actor.may(P.COMPOSE_MENU, plan.scope)
    actions = page.household_actions(g.actor, plan, stage, motions, g.now)
    if committee:
        actions += page.committee_actions(plan, stage)
    own = menus_queries.own_dwellings(g.actor, plan)
    way = ways.way(facts, g.now, ways.papers(plan, facts))
    looked_at = menus_queries.last_answered(plan.id, own) if own else None
    return render_template(
        "plans/show.html",
        plan=plan,
        stage=stage,
        way=way if committee else ways.in_phases(way),
        actions=actions,
        motions=page.motion_lines(motions, g.now),
        notices=plans_queries.notices_of(plan.id),
        resolutions=resolutions_queries.of_plan(plan.id),
        news=menus_queries.changed_since(plan, looked_at) if own else [],
        answered=looked_at is not None,
        committee=committee,
        may_track=g.actor.may(P.TRACK_REACH, plan.scope),
        told=_told(plan),
        may_withdraw=committee and service.withdrawable(facts, g.now),
    )


def _told(plan: Plan) -> tuple[str, ...]:
    if plan.menu_published_at is None:
        return ()
    bands = bands_of(plan.bands)
    return notice_text(plan.policy, plan.threshold, bands, plan.threshold_decision)


@bp.route("/plans/<int:plan_id>/notices/new", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def notice(plan: Plan) -> ResponseReturnValue:
    """Put a posting on record."""
    profile = reference().city(plan.building.community.city)
    form = NoticeForm(days=profile.notice_days.value)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.post_notice(
                    g.actor,
                    plan,
                    kind=form.kind.data,
                    days=form.days.data,
                    place=form.place.data,
                    now=g.now,
                )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                flash(_("The notice is on record."), "success")
                return redirect(url_for(".show", plan_id=plan.id))
    return render_template("plans/notice.html", form=form, plan=plan), status


@bp.route("/plans/<int:plan_id>/consultation", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def extend(plan: Plan) -> ResponseReturnValue:
    """Close the consultation later."""
    form = ExtensionForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            values: dict[str, Any] = {"days": form.days.data, "place": form.place.data}
            try:
                service.extend_consultation(g.actor, plan, now=g.now, **values)
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                flash(_("The consultation closes later now."), "success")
                return redirect(url_for(".show", plan_id=plan.id))
    return render_template("plans/extend.html", form=form, plan=plan), status


@bp.post("/plans/<int:plan_id>/withdraw")
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def withdraw(plan: Plan) -> ResponseReturnValue:
    """Give the plan up."""
    service.withdraw(g.actor, plan, now=g.now)
    flash(_("The plan is withdrawn."), "success")
    return redirect(url_for(".show", plan_id=plan.id))
