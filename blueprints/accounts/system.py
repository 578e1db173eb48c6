"""The administrator's page: communities, and who looks after them."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.accounts import bp
from blueprints.accounts.forms import FirstMemberForm
from blueprints.shared.access import requires
from domain.accounts import Permission
from domain.errors import Refused
from models import accounts_queries
from models.accounts import RoleGrant
from services import accounts


@bp.get("/system")
@requires(Permission.MANAGE_SYSTEM)
def system() -> ResponseReturnValue:
    """Communities with their committees, and the form for a first member."""
    return _draw(FirstMemberForm(), 200)


@bp.post("/system")
@requires(Permission.MANAGE_SYSTEM, confirmed=True)
def create_first_member() -> ResponseReturnValue:
    """A community gets a committee member, whose first password is shown once."""
    form = FirstMemberForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    try:
        made = accounts.create_first_member(
            g.actor,
            community_name=form.community_name.data or "",
            name=form.name.data or "",
            login=form.login.data or "",
            now=g.now,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(form, 422)
    return _show_first_password(made)


@bp.post("/system/grants/<int:grant_id>/end")
@requires(Permission.MANAGE_SYSTEM, load=accounts_queries.grant_visible_to, confirmed=True)
def end_committee_role(grant: RoleGrant) -> ResponseReturnValue:
    """Relieve a committee member."""
    accounts.end_role(g.actor, grant, now=g.now)
    flash(_("The role has ended and the person is signed out."), "success")
    return redirect(url_for(".system"))


@bp.post("/system/grants/<int:grant_id>/first-password")
@requires(Permission.MANAGE_SYSTEM, load=accounts_queries.grant_visible_to, confirmed=True)
def renew_committee_password(grant: RoleGrant) -> ResponseReturnValue:
    """Give a committee member a new first password, shown once."""
    return _show_first_password(accounts.renew_first_password(g.actor, grant, now=g.now))


def _draw(form: FirstMemberForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "accounts/system.html",
        form=form,
        communities=accounts_queries.communities_with_committee(),
    )
    return page, status


def _show_first_password(made: accounts.FirstPassword) -> ResponseReturnValue:
    return render_template("accounts/first_password.html", made=made, back=url_for(".system"))
