"""View of an official platform's result: typed in by one person, and once more by another."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.shared.messages import sentence
from blueprints.votes import bp
from blueprints.votes.duty_forms import PlatformForm
from blueprints.votes.page import electorate
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from domain.platforms import Form, Papers
from domain.register_tables import Fault
from models import votes_queries
from models.platforms import PlatformResult, standing_result
from models.votes import Motion
from services import platforms as service
from services import votes


@bp.route("/motions/<int:motion_id>/platform", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_in_words, confirmed=True)
def platform(motion: Motion) -> ResponseReturnValue:
    """The platform's document is typed in; a second person types it without seeing the first."""
    form = PlatformForm()
    faults: list[str] = []
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            draft = _draft(form, motion)
            done = service.enter_result(g.actor, motion, draft, now=g.now)
        except (NotNow, NotYours):
            raise
        except service.ListRefused as refusal:
            form.refuse(refusal)
            faults = _lines(refusal)
        except Refused as refusal:
            form.refuse(_at_a_field(refusal))
        else:
            _say(done)
            return redirect(url_for(".platform", motion_id=motion.id), 303)
    return _page(form, motion, faults, status)


def _page(
    form: PlatformForm, motion: Motion, faults: list[str], status: int
) -> ResponseReturnValue:
    known = standing_result(motion.id)
    body = render_template(
        "votes/platform.html",
        form=form,
        faults=faults,
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        stage=votes.stage(motion, g.now),
        known=known,
        typed=_may_type(known),
        totals=_totals(known) if known else (),
    )
    return body, status


def _may_type(known: PlatformResult | None) -> bool:
    """Whether this reader may type now: nothing there, or another's, not confirmed."""
    if known is None:
        return True
    return known.confirmed_at is None and known.entered_by != g.actor.account_id


def _totals(known: PlatformResult) -> list[tuple[str, int, int]]:
    """Rows for who may see what was typed: choice, persons, area."""
    return [(choice, *figures) for choice, figures in known.totals.items()]


def _draft(form: PlatformForm, motion: Motion) -> service.ResultDraft:
    totals, votes_listed = None, {}
    papers = Papers.APART
    if form.form.data == Form.TOTALS:
        totals = form.totals
        said = form.what_of_papers
        if said is None:
            raise Refused("platform_papers_unsaid", field="papers")
        papers = said
    else:
        upload = form.list.data
        if not upload:
            raise Refused("platform_list_empty", field="list")
        votes_listed = service.read_list(motion, upload.filename or "", upload.read())
    return service.ResultDraft(
        authority=form.authority.data or "",
        document_number=form.document_number.data or "",
        document_date=form.document_date.data,
        papers=papers,
        totals=totals,
        votes=votes_listed,
    )


def _at_a_field(refusal: Refused) -> Refused:
    """What is wrong with a file is said at the file's field."""
    if refusal.field == "file" or "columns" in refusal.params:
        refusal.field = "list"
    return refusal


def _lines(refusal: service.ListRefused) -> list[str]:
    said = [_fault(one) for one in refusal.faults]
    said += [_("Not on the roll: %(who)s", who=who) for who in refusal.unknown]
    return said


def _fault(fault: Fault) -> str:
    params: dict[str, Any] = {"value": fault.value, **fault.params}
    return _(
        "Row %(row)s: %(reason)s", row=fault.row, reason=sentence(Refused(fault.code, **params))
    )


def _say(done: service.Stated) -> None:
    if done.matched is None:
        flash(_("Entered. Now another member of the committee types it from the document."), "info")
    elif done.matched:
        flash(_("Confirmed: both entries agree. The votes can be counted."), "success")
    else:
        flash(
            _(
                "The two entries differ, so nothing counts yet. Look at the document again; one of "
                "you enters it anew."
            ),
            "warning",
        )
