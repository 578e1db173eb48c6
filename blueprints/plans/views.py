"""Views for plans."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.plans import bp
from blueprints.shared.access import requires
from domain.accounts import Permission


@bp.get("/plans")
@requires(Permission.SEE_PLAN)
def index() -> ResponseReturnValue:
    return render_template("plans/index.html")
