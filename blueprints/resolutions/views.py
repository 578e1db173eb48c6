"""Views for resolutions."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.resolutions import bp
from blueprints.shared.access import requires
from domain.accounts import Permission


@bp.get("/requirements")
@requires(Permission.SEE_REQUIREMENTS)
def requirement_lists() -> ResponseReturnValue:
    return render_template("resolutions/requirement_lists.html")
