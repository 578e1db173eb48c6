"""Pages for resolutions."""

from flask import Blueprint

bp = Blueprint("resolutions", __name__)

# The views need the blueprint above.
from blueprints.resolutions import bundles, drafts, statements, views  # noqa: E402,F401
