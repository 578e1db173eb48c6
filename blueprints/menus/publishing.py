"""Views for publishing: choose buildings, days and disclosure; read what will be told; confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.menus import bp, page
from blueprints.menus.forms import PublishForm
from blueprints.shared.access import requires
from blueprints.shared.disclosure import notice_text
from blueprints.shared.messages import sentence
from blueprints.shared.publications import Ticks, already, draws, to_second_person
from domain.accounts import Permission
from domain.disclosure import Policy
from domain.errors import NotNow, Refused
from domain.publications import Kind
from models import menus_queries, plans_queries, publications_queries
from models.plans import Plan
from models.publications import Publication
from models.register import Building
from services import costs, publications, publications_kinds
from services import menus as service
from services.plans import posting_period

P = Permission


@dataclass(frozen=True)
class Told:
    """What the households of a building will be told, to be read before it is published."""

    building: str
    dwellings: int
    text: tuple[str, ...]


def fault_lines(faults: Sequence[service.Fault]) -> list[str]:
    """Why the menu cannot be published, one sentence each, with where it lies."""
    lines = []
    for fault in faults:
        said = sentence(fault.refusal)
        if fault.option:
            said = _(
                "%(building)s, %(item)s, %(option)s: %(reason)s",
                building=fault.building,
                item=fault.item,
                option=fault.option,
                reason=said,
            )
        lines.append(said)
    return lines


def _terms(form: PublishForm) -> service.Terms:
    return service.Terms(
        policy=Policy(form.policy.data),
        threshold=form.threshold.data,
        days=form.days.data,
        # A decision is asked for, and named to everybody, only where one is needed.
        decision=(form.decision.data or "") if form.threshold.data < 10 else "",
        place=form.place.data or "",
    )


@bp.route("/plans/<int:plan_id>/publish", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to, confirmed=True)
def publish(plan: Plan) -> ResponseReturnValue:
    """Publish the menu: a form, then what it means in full, then to the second person."""
    if plan.menu_published_at is not None:
        raise NotNow("menu_already_published")
    prepared = publications_queries.waiting(plan.id, Kind.MENU)
    if prepared is not None:
        return already(prepared)
    buildings = {
        one.id: one
        for one in plans_queries.buildings_beside(plan)
        if g.actor.may(P.COMPOSE_MENU, one.scope)
    }
    form = PublishForm(
        buildings=[plan.building_id],
        days=10,
        policy=Policy.BANDED.value,
        threshold=10,
    )
    form.offer(list(buildings.values()))
    if not form.is_submitted():
        return _form_page(plan, form, 200)
    if not form.validate():
        return _form_page(plan, form, 422)
    if "back" in request.form:
        return _form_page(plan, form, 200)
    chosen = [buildings[key] for key in form.buildings.data or ()]
    try:
        if "confirm" in request.form:
            terms = _terms(form)
            made = publications.prepare_menu(g.actor, plan, chosen, terms=terms, now=g.now)
            return to_second_person(made)
        return _confirm_page(plan, form, chosen)
    except Refused as refusal:
        faults = refusal.params.get("faults")
        form.refuse(refusal)
        status = 409 if isinstance(refusal, NotNow) else 422
        return _form_page(plan, form, status, fault_lines(faults if faults else ()))  # type: ignore[arg-type]


def _form_page(
    plan: Plan, form: PublishForm, status: int, faults: Sequence[str] = ()
) -> ResponseReturnValue:
    body = render_template(
        "menus/publish.html",
        form=form,
        plan=plan,
        faults=faults,
        sent_back=publications_queries.sent_back(plan.id, Kind.MENU),
    )
    return body, status


def _confirm_page(plan: Plan, form: PublishForm, chosen: Sequence[Building]) -> ResponseReturnValue:
    """Everything that publishing fixes, and whatever keeps it from being done."""
    terms = _terms(form)
    service.check_terms(terms)
    if not chosen:
        raise Refused("no_building_chosen", field="buildings")
    span = posting_period(plan, terms.days, g.now)
    faults = service.publishable(plan, chosen, g.now)
    if faults:
        form.refuse(Refused("menu_not_workable"))
        return _form_page(plan, form, 422, fault_lines(faults))
    body = render_template(
        "menus/publish_confirm.html",
        form=form,
        plan=plan,
        told=[_told(building, terms) for building in chosen],
        span=span,
        terms=terms,
    )
    return body, 200


def _told(building: Building, terms: service.Terms) -> Told:
    house = costs.house(building.id)
    bands = service.bands(house, terms.threshold)
    text = notice_text(terms.policy, terms.threshold, bands, terms.decision)
    return Told(building.name, len(house.all_parts), text)


@draws(Kind.MENU)
def what_is_published(prepared: Publication, _ticks: Ticks | None) -> str:
    """A prepared menu as the second person reads it: what is told, and the menu itself."""
    plan, terms = prepared.plan, publications_kinds.terms_of(prepared.arguments)
    wanted = set(prepared.arguments["buildings"])
    chosen = [one for one in plans_queries.buildings_beside(plan) if one.id in wanted]
    house = costs.house(plan.building_id)
    items = menus_queries.items_of(plan.id)
    return render_template(
        "menus/_prepared.html",
        terms=terms,
        span=posting_period(plan, terms.days, g.now),
        told=[_told(building, terms) for building in chosen],
        groups=page.menu_groups(items, house, page.Reader(), drafts=True),
    )
