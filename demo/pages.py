"""Pages that only the demo has: moving its clock forward, and becoming one of its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from blueprints.shared import identity
from blueprints.shared.access import public
from blueprints.shared.page import own_path
from demo.clock import DemoClock
from demo.people import people, person
from services import sessions
from services.transaction import transaction

bp = Blueprint("demo", __name__)

MOVES = {1: _l("+1 day"), 7: _l("+7 days"), 16: _l("+16 days")}


@dataclass(frozen=True)
class DemoBar:
    """What the bar at the top of every page of the demo shows."""

    now: datetime
    moves: list[tuple[str, str]]
    people_url: str


@bp.app_context_processor
def bar() -> dict[str, object]:
    """Every page of the demo says so and offers to move the clock."""
    moves = [(url_for("demo.move", days=days), str(label)) for days, label in MOVES.items()]
    return {"demo": DemoBar(g.get("now"), moves, url_for("demo.index"))}


@bp.get("/demo")
@public
def index() -> ResponseReturnValue:
    """The people of the demo, each one click away."""
    return render_template("demo/index.html", people=people())


@bp.post("/demo/become/<int:account_id>")
@public
def become(account_id: int) -> ResponseReturnValue:
    """Sign in as one of the demo's people."""
    found = person(account_id)
    if found is None:
        abort(404)
    with transaction() as session:
        # Whoever only tries the program has no phone enrolled: nobody is asked for its code.
        token = sessions.begin(session, found, now=g.now, remembered=True, confirmed=True)
    identity.remember(token, found.actor(), for_long=True)
    return redirect(url_for("home.index"))


@bp.post("/demo/move/<int:days>")
@public
def move(days: int) -> ResponseReturnValue:
    """Move the demo's clock forward."""
    if days not in MOVES:
        abort(404)
    running = current_app.extensions["clock"]
    if isinstance(running, DemoClock):
        running.move(days)
    return redirect(own_path(request.form.get("next"), url_for("home.index")))
