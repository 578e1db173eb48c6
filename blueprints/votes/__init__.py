"""Pages for votes."""

from flask import Blueprint

bp = Blueprint("votes", __name__)

# The views need the blueprint above.
import blueprints.votes.announcing  # noqa: E402
import blueprints.votes.boxes  # noqa: E402
import blueprints.votes.casting  # noqa: E402
import blueprints.votes.doors  # noqa: E402
import blueprints.votes.mandates  # noqa: E402
import blueprints.votes.mine  # noqa: E402
import blueprints.votes.paper  # noqa: E402
import blueprints.votes.platform  # noqa: E402
import blueprints.votes.putting_away  # noqa: E402
import blueprints.votes.result_sheet  # noqa: E402
import blueprints.votes.results  # noqa: E402
import blueprints.votes.rolls  # noqa: E402
import blueprints.votes.views  # noqa: E402,F401
