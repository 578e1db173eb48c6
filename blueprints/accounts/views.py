"""Coming in and going out: one page, two ways (the code of a letter, or login and password)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from blueprints.accounts import bp
from blueprints.accounts.forms import CodeForm, LoginForm
from blueprints.accounts.keys import code_key
from blueprints.shared import identity
from blueprints.shared.access import public, signed_in
from blueprints.shared.page import own_path
from domain.codes import LENGTH, grouped
from domain.errors import Refused
from extensions import limiter
from models.accounts import Account
from services import accounts, sessions

# Besides the limits in the database: failures from one address.
PER_ADDRESS = "30 per 10 minutes"
FAILED = (422, 429)


def _failed(response: object) -> bool:
    return getattr(response, "status_code", 0) in FAILED


def _where_to() -> str:
    return own_path(request.args.get("next"))


@bp.before_app_request
def lead_to_the_first_choice() -> ResponseReturnValue | None:
    """Whoever holds a first password is led to choosing another before anything else."""
    elsewhere = request.blueprint not in ("accounts", None) and request.method == "GET"
    if not elsewhere or not getattr(current_user, "must_choose", False):
        return None
    if request.endpoint in ("home.language", "home.comfort"):
        return None
    return redirect(url_for("accounts.password", next=request.full_path.rstrip("?")))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_failed)
def sign_in() -> ResponseReturnValue:
    """Both ways in; a POST is a login with its password."""
    form = LoginForm()
    if request.method == "GET":
        return _draw(200, login_form=form)
    if not form.validate_on_submit():
        return _draw(422, login_form=form, form=form)
    try:
        entered = accounts.sign_in(
            form.login.data or "",
            form.password.data or "",
            key=code_key(),
            now=g.now,
            remembered=form.remember.data,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(_status_of(refusal), login_form=form, form=form)
    _let_in(entered, for_long=form.remember.data)
    if entered.account.initial_until is not None:
        return redirect(url_for(".password", next=_where_to()))
    return redirect(_where_to())


@bp.get("/c/<code>")
@public
def letter(code: str) -> ResponseReturnValue:
    """What the QR of a letter leads to. Nothing is looked up or used: previews fetch this too."""
    shown = grouped(code.upper()) if len(code) == LENGTH else code[:40]
    return render_template("accounts/letter.html", form=None, code_form=CodeForm(code=shown))


@bp.post("/c")
@public
@limiter.limit(PER_ADDRESS, deduct_when=_failed)
def enter() -> ResponseReturnValue:
    """Use the code of a letter."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _draw(422, code_form=form, form=form)
    try:
        entered = accounts.redeem(
            form.code.data or "", key=code_key(), now=g.now, remembered=form.stay.data, by=g.actor
        )
    except accounts.AlreadyIn:
        return redirect(url_for("votes.my_vote"))
    except Refused as refusal:
        if refusal.code == "code_wrong":
            return _refused_code(refusal)
        form.refuse(refusal)
        return _draw(_status_of(refusal), code_form=form, form=form)
    _let_in(entered, for_long=form.stay.data)
    if entered.account.password_hash is None:
        return redirect(url_for(".welcome", next=_where_to()))
    return redirect(_where_to())


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """This browser is signed out, whether it was signed in or not."""
    _leave()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"))


@bp.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Every browser of this account is signed out."""
    accounts.sign_out_everywhere(g.actor, now=g.now)
    _leave()
    flash(_("You are signed out on every phone and computer."), "success")
    return redirect(url_for("home.index"))


def _let_in(entered: accounts.Entered, *, for_long: bool) -> None:
    account: Account = entered.account
    if current_user.is_authenticated:
        sessions.end(current_user.id, now=g.now)
    for_long = for_long and accounts.may_be_remembered(account)
    identity.remember(entered.token, account.actor(), for_long=for_long)


def _leave() -> None:
    if current_user.is_authenticated:
        sessions.end(current_user.id, now=g.now)
    logout_user()
    session.clear()


def _refused_code(refusal: Refused) -> ResponseReturnValue:
    """One page for a code that is wrong, used or out of date, the same to the byte: what was typed
    does not stand on it, and typing it again would not help."""
    form = CodeForm(formdata=None)
    form.refuse(refusal)
    page = render_template(
        "accounts/code_refused.html", form=form, code_form=form, next=request.args.get("next")
    )
    return page, 422


def _status_of(refusal: Refused) -> int:
    return 429 if isinstance(refusal, accounts.TooMany) else 422


def _draw(
    status: int,
    *,
    code_form: CodeForm | None = None,
    login_form: LoginForm | None = None,
    form: CodeForm | LoginForm | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        code_form=code_form or CodeForm(formdata=None),
        login_form=login_form or LoginForm(formdata=None),
        next=request.args.get("next"),
    )
    return page, status
