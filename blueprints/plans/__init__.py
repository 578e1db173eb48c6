"""Pages for plans."""

from flask import Blueprint

bp = Blueprint("plans", __name__)

from blueprints.plans import views  # noqa: E402,F401 - the views need the blueprint above
