"""Pages for accounts: coming in, oneself, the people of a community, household letters."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

# The views need the blueprint above.
from blueprints.accounts import (  # noqa: E402
    letters,  # noqa: F401
    oneself,  # noqa: F401
    people,  # noqa: F401
    second_factor,  # noqa: F401
    system,  # noqa: F401
    views,  # noqa: F401
)
