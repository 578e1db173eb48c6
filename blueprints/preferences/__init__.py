"""Pages for preferences."""

from flask import Blueprint

bp = Blueprint("preferences", __name__)

from blueprints.preferences import demand, views  # noqa: E402,F401 - they need the blueprint above
