"""Pages for menus."""

from flask import Blueprint

bp = Blueprint("menus", __name__)

# The views need the blueprint above.
from blueprints.menus import options, publishing, views  # noqa: E402,F401
