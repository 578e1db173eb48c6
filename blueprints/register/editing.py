"""Editing the register: communities, buildings, entrances, dwellings."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from blueprints.register import bp
from blueprints.register.forms import BuildingForm, CommunityForm, DwellingForm, EntranceForm
from blueprints.register.page import edited
from blueprints.shared.access import requires
from blueprints.shared.localisation import locale
from domain.accounts import Permission
from models import register_queries as queries
from models.register import Building, Community, Dwelling, Entrance
from services import register_editing as service
from services.reference import reference

# Communities


def _community_form(community: Community | None = None) -> CommunityForm:
    form = CommunityForm(obj=community)
    cities = reference().cities.values()
    form.city.choices = [SelectChoice(city.key, city.name(locale())) for city in cities]
    return form


@bp.route("/communities/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SYSTEM, confirmed=True)
def new_community() -> ResponseReturnValue:
    """The form for a new community."""
    form = _community_form()

    def act() -> str:
        made = service.add_community(g.actor, form.draft(), now=g.now)
        return url_for(".community", community_id=made.id)

    return edited(form, act, "register/edit_community.html", community=None)


@bp.route("/communities/<int:community_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.community_visible_to, confirmed=True)
def edit_community(community: Community) -> ResponseReturnValue:
    """Name, city and address."""
    form = _community_form(community)

    def act() -> str:
        service.edit_community(g.actor, community, form.draft(), now=g.now)
        return url_for(".community", community_id=community.id)

    return edited(form, act, "register/edit_community.html", community=community)


# Buildings and entrances


@bp.route("/communities/<int:community_id>/buildings/new", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.community_visible_to, confirmed=True)
def new_building(community: Community) -> ResponseReturnValue:
    """The form for a new building."""
    form = BuildingForm()

    def act() -> str:
        made = service.add_building(g.actor, community, form.draft(), now=g.now)
        return url_for(".building", building_id=made.id)

    return edited(form, act, "register/edit_building.html", community=community, building=None)


@bp.route("/buildings/<int:building_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.building_visible_to, confirmed=True)
def edit_building(building: Building) -> ResponseReturnValue:
    """Name and year."""
    form = BuildingForm(obj=building)

    def act() -> str:
        service.edit_building(g.actor, building, form.draft(), revision=_revision(form), now=g.now)
        return url_for(".building", building_id=building.id)

    return edited(
        form,
        act,
        "register/edit_building.html",
        community=building.community,
        building=building,
    )


@bp.post("/buildings/<int:building_id>/remove")
@requires(Permission.EDIT_REGISTER, load=queries.building_visible_to, confirmed=True)
def remove_building(building: Building) -> ResponseReturnValue:
    """Take out a building that was entered by mistake."""
    community_id, name = building.community_id, building.name
    service.remove_building(g.actor, building, now=g.now)
    flash(_("%(name)s was removed.", name=name), "success")
    return redirect(url_for(".community", community_id=community_id))


@bp.route("/buildings/<int:building_id>/entrances/new", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.building_visible_to, confirmed=True)
def new_entrance(building: Building) -> ResponseReturnValue:
    """The form for a new entrance."""
    form = EntranceForm()

    def act() -> str:
        service.add_entrance(g.actor, building, form.name.data or "", now=g.now)
        return url_for(".building", building_id=building.id)

    return edited(form, act, "register/edit_entrance.html", building=building, entrance=None)


@bp.route("/entrances/<int:entrance_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.entrance_visible_to, confirmed=True)
def edit_entrance(entrance: Entrance) -> ResponseReturnValue:
    """The entrance's name."""
    form, building = EntranceForm(obj=entrance), entrance.building

    def act() -> str:
        service.edit_entrance(g.actor, entrance, form.name.data or "", now=g.now)
        return url_for(".building", building_id=building.id)

    return edited(form, act, "register/edit_entrance.html", building=building, entrance=entrance)


# Dwellings


@bp.route("/entrances/<int:entrance_id>/dwellings/new", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.entrance_visible_to, confirmed=True)
def new_dwelling(entrance: Entrance) -> ResponseReturnValue:
    """The form for a new dwelling."""
    form = DwellingForm()

    def act() -> str:
        made = service.add_dwelling(g.actor, entrance, form.draft(), now=g.now)
        return url_for(".dwelling", dwelling_id=made.id)

    return edited(form, act, "register/edit_dwelling.html", entrance=entrance, dwelling=None)


@bp.route("/dwellings/<int:dwelling_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.dwelling_visible_to, confirmed=True)
def edit_dwelling(dwelling: Dwelling) -> ResponseReturnValue:
    """All of a dwelling; its owners as one line of names."""
    form, entrance = DwellingForm.of(dwelling), dwelling.entrance

    def act() -> str:
        service.edit_dwelling(g.actor, dwelling, form.draft(), revision=_revision(form), now=g.now)
        flash(_("The change is stored."), "success")
        return url_for(".dwelling", dwelling_id=dwelling.id)

    return edited(form, act, "register/edit_dwelling.html", entrance=entrance, dwelling=dwelling)


@bp.post("/dwellings/<int:dwelling_id>/retire")
@requires(Permission.EDIT_REGISTER, load=queries.dwelling_visible_to, confirmed=True)
def retire_dwelling(dwelling: Dwelling) -> ResponseReturnValue:
    """Take a dwelling out of the building, keeping its history."""
    service.retire_dwelling(g.actor, dwelling, now=g.now)
    return redirect(url_for(".dwelling", dwelling_id=dwelling.id))


@bp.post("/dwellings/<int:dwelling_id>/restore")
@requires(Permission.EDIT_REGISTER, load=queries.dwelling_visible_to, confirmed=True)
def restore_dwelling(dwelling: Dwelling) -> ResponseReturnValue:
    """Bring a dwelling back into the building."""
    service.restore_dwelling(g.actor, dwelling, now=g.now)
    return redirect(url_for(".dwelling", dwelling_id=dwelling.id))


def _revision(form: BuildingForm | DwellingForm) -> int:
    """The revision the page was made from; a tampered one is an old one."""
    text = str(form.revision.data or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
