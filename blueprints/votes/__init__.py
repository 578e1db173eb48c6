"""Pages for votes."""

from flask import Blueprint

bp = Blueprint("votes", __name__)

from blueprints.votes import (  # noqa: E402,F401 - the views need the blueprint above
    announcing,
    casting,
    paper,
    results,
    rolls,
    views,
)
