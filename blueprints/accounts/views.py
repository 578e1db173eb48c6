"""Views for accounts."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.accounts import bp
from blueprints.shared.access import public, requires, signed_in
from domain.accounts import Permission


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    return render_template("accounts/sign_in.html")


@bp.get("/accounts")
@requires(Permission.ISSUE_CODES)
def index() -> ResponseReturnValue:
    return render_template("accounts/index.html")


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    return render_template("accounts/me.html")
