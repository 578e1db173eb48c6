"""Pages for menus."""

from flask import Blueprint

bp = Blueprint("menus", __name__)

from blueprints.menus import views  # noqa: E402,F401 - the views need the blueprint above
