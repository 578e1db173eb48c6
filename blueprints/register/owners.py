"""Owners: the list of a community, one owner, namesakes told apart."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.register import bp
from blueprints.register.forms import OwnerForm, SplitForm
from blueprints.register.page import edited
from blueprints.shared.access import requires
from domain.accounts import Permission
from models import register_queries as queries
from models.register import Community, Owner
from services import register_owners as service


@bp.get("/communities/<int:community_id>/owners")
@requires(Permission.SEE_NAMES, load=queries.community_visible_to)
def owners(community: Community) -> ResponseReturnValue:
    """The owners of a community, searched by name, or those of several dwellings."""
    search = request.args.get("name", "").strip()[:100]
    several = request.args.get("several") == "1"
    page = request.args.get("page", 1, type=int)
    return render_template(
        "register/owners.html",
        community=community,
        found=queries.owners_of(community, search=search, several=several, page=page),
        search=search,
        several=several,
    )


@bp.get("/owners/<int:owner_id>")
@requires(Permission.SEE_NAMES, load=queries.owner_visible_to)
def owner(owner: Owner) -> ResponseReturnValue:
    """One owner with the dwellings owned and the others of that name."""
    return render_template(
        "register/owner.html",
        owner=owner,
        namesakes=queries.namesakes_of(owner),
        may_edit=g.actor.may(Permission.EDIT_REGISTER, owner.scope),
    )


@bp.route("/owners/<int:owner_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.owner_visible_to, confirmed=True)
def edit_owner(owner: Owner) -> ResponseReturnValue:
    """Name, kind, and the mark that tells namesakes apart."""
    form = OwnerForm(obj=owner)

    def act() -> str:
        service.edit_owner(g.actor, owner, form.draft(), now=g.now)
        return url_for(".owner", owner_id=owner.id)

    return edited(form, act, "register/edit_owner.html", owner=owner)


@bp.route("/owners/<int:owner_id>/split", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.owner_visible_to, confirmed=True)
def split_owner(owner: Owner) -> ResponseReturnValue:
    """Some of the dwellings belong to somebody else of the same name."""
    form = SplitForm.of(owner, queries.namesakes_of(owner))

    def act() -> str:
        other = service.split_owner(
            g.actor,
            owner,
            form.dwellings.data or [],
            into=(form.into.data or None) if "into" in form else None,
            distinguisher=form.distinguisher.data or "",
            now=g.now,
        )
        flash(_("These dwellings belong to somebody else now."), "success")
        return url_for(".owner", owner_id=other.id)

    return edited(form, act, "register/split_owner.html", owner=owner)
