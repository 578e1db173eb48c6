"""A failed motion is put away from the committee's tasks, and taken up again."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.votes import bp
from domain.accounts import Permission
from models import votes_queries
from models.votes import Motion
from services import putting_away


@bp.post("/motions/<int:motion_id>/put-away")
@requires(Permission.DRAFT_MOTION, load=votes_queries.motion_in_words)
def put_away(motion: Motion) -> ResponseReturnValue:
    """Nothing more is asked about a failed motion."""
    putting_away.put_away(g.actor, motion, now=g.now)
    flash(_("The motion is put away. You can take it up again on this page."), "success")
    return redirect(url_for(".motion", motion_id=motion.id), 303)


@bp.post("/motions/<int:motion_id>/take-up")
@requires(Permission.DRAFT_MOTION, load=votes_queries.motion_in_words)
def take_up(motion: Motion) -> ResponseReturnValue:
    """It lies with the committee's tasks again."""
    putting_away.take_up(g.actor, motion, now=g.now)
    flash(_("The motion is with your tasks again."), "success")
    return redirect(url_for(".motion", motion_id=motion.id), 303)
