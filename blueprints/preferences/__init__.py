"""Pages for preferences."""

from flask import Blueprint

bp = Blueprint("preferences", __name__)

from blueprints.preferences import views  # noqa: E402,F401 - the views need the blueprint above
