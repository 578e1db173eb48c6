"""Pages for audit."""

from flask import Blueprint

bp = Blueprint("audit", __name__)

from blueprints.audit import views  # noqa: E402,F401 - the views need the blueprint above
