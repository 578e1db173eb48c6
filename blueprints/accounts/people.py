"""The people of a community: staff, stairwell heads, companies and their contractors."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.accounts import bp
from blueprints.accounts.forms import CompanyForm, PersonForm, StaffForm
from blueprints.shared.access import requires
from domain.accounts import Permission, Role
from domain.errors import Refused
from models import accounts_queries
from models.accounts import Company, RoleGrant
from models.register import Building, Community, Entrance
from services import accounts


@bp.get("/accounts")
@requires(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """The communities whose people the actor looks after; the only one opens at once."""
    places = accounts_queries.communities_with(g.actor, Permission.MANAGE_PEOPLE)
    if len(places) == 1:
        return redirect(url_for(".people", community_id=places[0].id))
    return render_template("accounts/index.html", communities=places, endpoint="accounts.people")


@bp.get("/accounts/<int:community_id>")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.community_visible_to)
def people(community: Community) -> ResponseReturnValue:
    """Who holds which role in the community."""
    contractors = accounts_queries.contractors_of(community)
    return render_template(
        "accounts/people.html",
        community=community,
        staff=accounts_queries.staff_of(community),
        companies=[
            (company, [grant for grant in contractors if grant.company_id == company.id])
            for company in accounts_queries.companies_of(community)
        ],
        wrong_codes=accounts.failures(accounts.CODES, now=g.now),
    )


@bp.get("/accounts/<int:community_id>/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.community_visible_to, confirmed=True)
def new_person(community: Community) -> ResponseReturnValue:
    """The form for somebody new."""
    form, _places = _staff_form(community)
    return _draw_person(form, community, 200)


@bp.post("/accounts/<int:community_id>/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.community_visible_to, confirmed=True)
def create_person(community: Community) -> ResponseReturnValue:
    """Give somebody new a role; the first password is shown once."""
    form, places = _staff_form(community)
    if not form.validate_on_submit():
        return _draw_person(form, community, 422)
    name, login = form.name.data or "", form.login.data or ""
    try:
        if form.role.data == Role.STAIRWELL_HEAD:
            place = places.get(form.place.data)
            if place is None:
                raise Refused("place_missing", field="place")
            made = accounts.create_head(g.actor, place, name=name, login=login, now=g.now)
        else:
            role = Role(form.role.data)
            made = accounts.create_staff(
                g.actor, community, role=role, name=name, login=login, now=g.now
            )
    except Refused as refusal:
        form.refuse(refusal)
        return _draw_person(form, community, 422)
    return _show_first_password(made, community)


@bp.get("/accounts/<int:community_id>/companies/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.community_visible_to, confirmed=True)
def new_company(community: Community) -> ResponseReturnValue:
    """The form for a company."""
    return _draw_company(CompanyForm(), community, 200)


@bp.post("/accounts/<int:community_id>/companies/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.community_visible_to, confirmed=True)
def create_company(community: Community) -> ResponseReturnValue:
    """Enter a company; its people come next."""
    form = CompanyForm()
    if not form.validate_on_submit():
        return _draw_company(form, community, 422)
    try:
        company = accounts.create_company(g.actor, community, name=form.name.data or "", now=g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _draw_company(form, community, 422)
    flash(_("The company is entered. Now give somebody there a sign-in."), "success")
    return redirect(url_for(".new_contractor", company_id=company.id))


@bp.get("/companies/<int:company_id>/accounts/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.company_visible_to, confirmed=True)
def new_contractor(company: Company) -> ResponseReturnValue:
    """The form for somebody of a company."""
    return _draw_contractor(PersonForm(), company, 200)


@bp.post("/companies/<int:company_id>/accounts/new")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.company_visible_to, confirmed=True)
def create_contractor(company: Company) -> ResponseReturnValue:
    """Give somebody of a company a sign-in; the first password is shown once."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _draw_contractor(form, company, 422)
    try:
        made = accounts.create_contractor(
            g.actor, company, name=form.name.data or "", login=form.login.data or "", now=g.now
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _draw_contractor(form, company, 422)
    return _show_first_password(made, company)


@bp.post("/grants/<int:grant_id>/end")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.grant_visible_to, confirmed=True)
def end_role(grant: RoleGrant) -> ResponseReturnValue:
    """Relieve somebody of a role."""
    accounts.end_role(g.actor, grant, now=g.now)
    flash(_("The role has ended and the person is signed out."), "success")
    if grant.role == Role.RESIDENT:
        return redirect(url_for(".letters_of_building", building_id=grant.building_id))
    return redirect(url_for(".people", community_id=grant.scope.community))


@bp.post("/grants/<int:grant_id>/first-password")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.grant_visible_to, confirmed=True)
def renew_first_password(grant: RoleGrant) -> ResponseReturnValue:
    """Give somebody who has forgotten the password a new first one, shown once."""
    made = accounts.renew_first_password(g.actor, grant, now=g.now)
    return _show_first_password(made, grant)


def _staff_form(community: Community) -> tuple[StaffForm, dict[str, Building | Entrance]]:
    form = StaffForm()
    places: dict[str, Building | Entrance] = {}
    choices: list[tuple[str, str]] = [("", _("Choose a place"))]
    for building in accounts_queries.places_of(community):
        whole = _("%(building)s, the whole building", building=building.name)
        choices.append((f"building-{building.id}", whole))
        places[f"building-{building.id}"] = building
        for entrance in building.entrances:
            choices.append((f"entrance-{entrance.id}", f"{building.name} {entrance.name}"))
            places[f"entrance-{entrance.id}"] = entrance
    form.place.choices = choices
    return form, places


def _draw_person(form: StaffForm, community: Community, status: int) -> ResponseReturnValue:
    return render_template("accounts/person.html", form=form, community=community), status


def _draw_company(form: CompanyForm, community: Community, status: int) -> ResponseReturnValue:
    return render_template("accounts/company.html", form=form, community=community), status


def _draw_contractor(form: PersonForm, company: Company, status: int) -> ResponseReturnValue:
    return render_template("accounts/contractor.html", form=form, company=company), status


def _show_first_password(
    made: accounts.FirstPassword, place: Community | Company | RoleGrant
) -> ResponseReturnValue:
    back = url_for(".people", community_id=place.scope.community)
    return render_template("accounts/first_password.html", made=made, back=back)
