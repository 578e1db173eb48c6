"""Whether the program is well: for a balancer in one word, for the administrator in sentences."""

from flask import Blueprint

bp = Blueprint("health", __name__)

from blueprints.health import views  # noqa: E402,F401 - the views need the blueprint above
