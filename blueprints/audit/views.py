"""Views for audit."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.audit import bp
from blueprints.shared.access import requires
from domain.accounts import Permission


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    return render_template("audit/index.html")
