"""Pages for register."""

from flask import Blueprint

bp = Blueprint("register", __name__)

from blueprints.register import views  # noqa: E402,F401 - the views need the blueprint above
