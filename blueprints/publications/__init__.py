"""Pages for what one member of the committee has prepared and another one releases."""

from flask import Blueprint

bp = Blueprint("publications", __name__)

from blueprints.publications import views  # noqa: E402,F401
