"""Pages for privacy."""

from flask import Blueprint

bp = Blueprint("privacy", __name__)

from blueprints.privacy import views  # noqa: E402,F401 - the views need the blueprint above
