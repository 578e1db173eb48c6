"""``/livez`` and ``/readyz`` say one word to anybody; the health page says why to the few."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, g, render_template
from flask.typing import ResponseReturnValue

from blueprints.health import bp
from blueprints.health.words import sentence
from blueprints.shared.access import public, requires
from domain.accounts import Permission
from services import health


def _word(word: str, status: int = 200) -> Response:
    # Nothing of why: whoever asks may be anybody.
    answer = Response(f"{word}\n", status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _folder() -> Path:
    folder: Path = current_app.config["LOUYI"].instance
    return folder


@bp.get("/livez")
@public
def livez() -> ResponseReturnValue:
    """The process answers; nothing else is asked. When it does not, start it anew."""
    return _word("alive")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Whether requests may be sent here; 503 while not."""
    return _word("ready") if health.ready(_folder()) else _word("not ready", 503)


@bp.get("/system/health")
@requires(Permission.MANAGE_SYSTEM)
def show() -> ResponseReturnValue:
    """What was looked at, and what is to be seen to."""
    found = health.findings(_folder(), g.now)
    lines = [(sentence(one), one.fine) for one in sorted(found, key=lambda one: one.fine)]
    return render_template("health/show.html", lines=lines, well=all(fine for _line, fine in lines))
