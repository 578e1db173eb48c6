"""Looking at the register: communities, buildings drawn as they stand, dwellings."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.register import bp
from blueprints.register.page import facade_of, rooms_in_order, state_name, state_of
from blueprints.shared.access import requires
from blueprints.shared.localisation import locale
from domain.accounts import Permission
from models import register_queries as queries
from models.register import Building, Community, Dwelling
from services.reference import reference


@bp.get("/communities")
@requires(Permission.SEE_COMMUNITY)
def communities() -> ResponseReturnValue:
    """Every community the actor has a role in."""
    return render_template(
        "register/communities.html",
        communities=queries.communities_for(g.actor),
        may_add=g.actor.may_anywhere(Permission.MANAGE_SYSTEM),
    )


@bp.get("/communities/<int:community_id>")
@requires(Permission.SEE_COMMUNITY, load=queries.community_visible_to)
def community(community: Community) -> ResponseReturnValue:
    """The buildings of one community."""
    buildings = queries.buildings_of(community)
    return render_template(
        "register/community.html",
        community=community,
        city=reference().city(community.city).name(locale()),
        buildings=buildings,
        dwellings=sum(entry.figures.dwellings for entry in buildings),
        counted=sum(entry.figures.counted for entry in buildings),
        area=sum(entry.figures.counted_area for entry in buildings),
        may_edit=g.actor.may(Permission.EDIT_REGISTER, community.scope),
        may_see_names=g.actor.may(Permission.SEE_NAMES, community.scope),
    )


@bp.get("/buildings/<int:building_id>")
@requires(Permission.SEE_COMMUNITY, load=queries.building_visible_to)
def building(building: Building) -> ResponseReturnValue:
    """One building, drawn, and its dwellings as a table."""
    # An address with a mark in place of the id, so that it is built once and not per window.
    pattern = url_for(".dwelling", dwelling_id=0).removesuffix("0") + "{}"
    living = [
        dwelling
        for entrance in building.entrances
        for dwelling in entrance.dwellings
        if dwelling.retired_at is None
    ]
    return render_template(
        "register/building.html",
        building=building,
        pieces=facade_of(building, pattern) if living else None,
        entrances=[
            (entrance, rooms_in_order(entrance.dwellings)) for entrance in building.entrances
        ],
        dwellings=len(living),
        counted=sum(dwelling.counts for dwelling in living),
        area=sum(dwelling.area for dwelling in living if dwelling.counts),
        state_of=state_of,
        state_name=state_name,
        may_edit=g.actor.may(Permission.EDIT_REGISTER, building.scope),
        may_see_names=g.actor.may(Permission.SEE_NAMES, building.scope),
    )


@bp.get("/dwellings/<int:dwelling_id>")
@requires(Permission.SEE_COMMUNITY, load=queries.dwelling_visible_to)
def dwelling(dwelling: Dwelling) -> ResponseReturnValue:
    """One dwelling; names, telephone and note only for whoever may see names."""
    return render_template(
        "register/dwelling.html",
        dwelling=dwelling,
        entrance=dwelling.entrance,
        building=dwelling.entrance.building,
        may_edit=g.actor.may(Permission.EDIT_REGISTER, dwelling.scope),
        may_see_names=g.actor.may(Permission.SEE_NAMES, dwelling.scope),
    )
