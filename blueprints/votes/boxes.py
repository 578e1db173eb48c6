"""Views of the box of paper ballots: the two readings that close it, and slips that came late."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.votes import bp
from blueprints.votes.forms import BoxForm, HandedInForm
from blueprints.votes.paper import rooms_of
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from domain.papers import hours_of, write_serials
from models import paper_boxes, votes_paper, votes_queries
from models.votes import Motion, PaperSheet
from services import votes
from services.boxes import Read


@bp.route("/motions/<int:motion_id>/paper/box", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_in_words)
def box(motion: Motion) -> ResponseReturnValue:
    """Type the numbers of the slips in hand; the second person does not see the first reading."""
    form = BoxForm()
    if not form.validate_on_submit():
        return _page(motion, form, 200 if request.method == "GET" else 422)
    try:
        done = votes.read_box(
            g.actor, motion, form.serials.data or "", empty=form.empty.data, now=g.now
        )
    except (NotNow, NotYours):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _page(motion, form, 422)
    flash(*_said(done))
    target = ".paper" if done.agreed else ".box"
    return redirect(url_for(target, motion_id=motion.id), 303)


def _said(done: Read) -> tuple[str, str]:
    if done.agreed:
        return _("Both readings agree. The list is made."), "success"
    if done.agreed is None:
        numbers = done.serials or _("none")
        said = _("Recorded: %(num)s paper ballots (%(serials)s).", num=done.number, serials=numbers)
        return said, "info"
    return _("The two readings differ. Both are rejected; do it anew together."), "warning"


def _page(motion: Motion, form: BoxForm, status: int) -> ResponseReturnValue:
    found = votes.box_of(motion, g.now)
    first = paper_boxes.open_reading(motion.id)
    body = render_template(
        "votes/box.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        box=found,
        serials=write_serials(found.listed),
        hours=hours_of(motion.box_hours),
        waits=bool(found.slips),
        second=first is not None,
        mine=first is not None and first.read_by == g.actor.account_id,
        rejected=first is None and paper_boxes.rejected_readings(motion.id),
    )
    return body, status


@bp.route("/motions/<int:motion_id>/paper/<int:number>/late", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_paper.sheet_visible_to)
def late_paper(sheet: PaperSheet) -> ResponseReturnValue:
    """Put on record that a slip came too late; it is listed and never counted."""
    form = HandedInForm()
    if form.validate_on_submit():
        try:
            votes.note_late(g.actor, sheet, form.handed, now=g.now)
        except NotNow:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = _("Paper ballot number %(number)s is recorded as late.", number=sheet.number)
            flash(said, "success")
            return redirect(url_for(".paper", motion_id=sheet.motion_id), 303)
    body = render_template(
        "votes/late.html",
        form=form,
        sheet=sheet,
        motion=sheet.motion,
        plan=sheet.motion.plan,
        rooms=rooms_of(sheet),
    )
    return body, 200 if request.method == "GET" else 422
