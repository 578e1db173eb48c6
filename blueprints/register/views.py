"""Views for register."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.register import bp
from blueprints.shared.access import requires
from domain.accounts import Permission


@bp.get("/communities")
@requires(Permission.SEE_COMMUNITY)
def communities() -> ResponseReturnValue:
    return render_template("register/communities.html")
