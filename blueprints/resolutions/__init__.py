"""Pages for resolutions."""

from flask import Blueprint

bp = Blueprint("resolutions", __name__)

from blueprints.resolutions import bundles, views  # noqa: E402,F401 - the views need the blueprint above
