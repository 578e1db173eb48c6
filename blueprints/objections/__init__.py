"""Pages for objections."""

from flask import Blueprint

bp = Blueprint("objections", __name__)

from blueprints.objections import views  # noqa: E402,F401 - the views need the blueprint above
