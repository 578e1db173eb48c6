"""Pages for accounts: coming in, oneself, the people of a community, household letters."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

# The views need the blueprint above.
from blueprints.accounts import letters, oneself, people, system, views  # noqa: E402,F401
