"""One's own account: who am I here, and how do I come back."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.accounts import bp
from blueprints.accounts.forms import PasswordForm
from blueprints.accounts.keys import code_key
from blueprints.shared.access import signed_in
from blueprints.shared.page import own_path
from domain.errors import Refused
from models import accounts_queries
from models.accounts import Account
from services import accounts, sessions


def _own() -> Account:
    return accounts_queries.account(g.actor)


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """Who am I, what do I hold, how long does this sign-in last."""
    account = _own()
    return render_template(
        "accounts/me.html",
        account=account,
        roles=accounts_queries.roles_of(g.actor),
        signed_in_until=sessions.expiry(current_user.id),
        may_stay=accounts.may_be_remembered(account) and not session.permanent,
    )


@bp.get("/welcome")
@signed_in
def welcome() -> ResponseReturnValue:
    """After the first sign-in by letter: how to come back, since the code is used up."""
    return render_template(
        "accounts/welcome.html",
        roles=accounts_queries.roles_of(g.actor),
        stays=session.permanent,
        until=sessions.expiry(current_user.id),
        next=own_path(request.args.get("next")),
    )


@bp.post("/me/stay")
@signed_in
def stay() -> ResponseReturnValue:
    """This browser stays signed in for as long as a household's may."""
    accounts.stay_signed_in(g.actor, current_user.id, now=g.now)
    session.permanent = True
    flash(_("You stay signed in on this phone or computer."), "success")
    return redirect(own_path(request.args.get("next"), url_for(".me")))


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Set or change login name and password; other browsers are signed out."""
    account = _own()
    needs_old = account.password_hash is not None and account.initial_until is None
    form = PasswordForm(login=account.login or "")
    if request.method == "GET":
        form.login.data = form.login.data or accounts.suggest_login()
        return _draw_password(form, account, needs_old=needs_old, status=200)
    if not form.validate_on_submit():
        return _draw_password(form, account, needs_old=needs_old, status=422)
    try:
        accounts.set_password(
            g.actor,
            login=form.login.data or "",
            old=form.old.data or "",
            new=form.password.data or "",
            key=code_key(),
            now=g.now,
            keep=current_user.id,
        )
    except Refused as refusal:
        form.refuse(refusal)
        status = 429 if isinstance(refusal, accounts.TooMany) else 422
        return _draw_password(form, account, needs_old=needs_old, status=status)
    flash(_("Your password is set. Other phones and computers are signed out."), "success")
    return redirect(own_path(request.args.get("next"), url_for(".me")))


def _draw_password(
    form: PasswordForm, account: Account, *, needs_old: bool, status: int
) -> ResponseReturnValue:
    page = render_template(
        "accounts/password.html", form=form, account=account, needs_old=needs_old
    )
    return page, status
