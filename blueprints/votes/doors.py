"""Views for going from door to door: who has got a ballot, by entrance; never what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.votes import bp
from blueprints.votes.duty_forms import DeliveryForm
from blueprints.votes.page import electorate
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from models import votes_queries
from models.votes import Motion
from services import deliveries as service
from services import votes


@dataclass(frozen=True)
class EntranceDoors:
    """The doors of one entrance, and how many of them have been reached."""

    name: str
    doors: Sequence[service.Door]

    @property
    def reached(self) -> int:
        """Doors at which somebody has been."""
        return sum(one.outcome is not None for one in self.doors)


def by_entrance(doors: Sequence[service.Door]) -> list[EntranceDoors]:
    """The doors in the roll's order, entrance by entrance."""
    ordered = sorted(doors, key=lambda one: one.entrance)
    return [
        EntranceDoors(name, list(group))
        for name, group in groupby(ordered, key=lambda one: one.entrance)
    ]


@bp.get("/motions/<int:motion_id>/doors")
@requires(Permission.TRACK_REACH, load=votes_queries.motion_in_words)
def doors(motion: Motion) -> ResponseReturnValue:
    """The doors of the reader's part of the house, and which have been reached."""
    return render_template(
        "votes/doors.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        entrances=by_entrance(service.doors(g.actor, motion)),
        open=votes.stage(motion, g.now) in service.DELIVERABLE,
    )


@bp.route("/motions/<int:motion_id>/doors/<int:number>", methods=["GET", "POST"])
@requires(Permission.TRACK_REACH, load=votes_queries.motion_in_words)
def door(motion: Motion) -> ResponseReturnValue:
    """One door: what came of knocking there."""
    number = int((request.view_args or {})["number"])
    found = [one for one in service.doors(g.actor, motion) if one.voter.number == number]
    if not found:
        abort(404)
    form = DeliveryForm()
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            service.note(
                g.actor,
                motion,
                number,
                form.outcome.data,
                place=form.place.data or "",
                with_whom=form.with_whom.data or "",
                now=g.now,
            )
        except (NotNow, NotYours):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded: %(rooms)s.", rooms=found[0].rooms), "success")
            return redirect(url_for(".doors", motion_id=motion.id), 303)
    body = render_template(
        "votes/door.html", form=form, motion=motion, plan=motion.plan, door=found[0]
    )
    return body, status
