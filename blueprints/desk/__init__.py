"""Pages for the committee's desk, and for a household what its share would be otherwise."""

from flask import Blueprint

bp = Blueprint("desk", __name__)

from blueprints.desk import package, schemes, views  # noqa: E402,F401 - they need the blueprint above
