"""Views of paper ballots: printed, entered by one person, confirmed by another, reconciled."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.shared.access import requires
from blueprints.shared.words import word
from blueprints.votes import bp
from blueprints.votes.forms import FindPaperForm, PaperForm, VoidForm
from blueprints.votes.page import electorate
from blueprints.votes.words import approval_law, matter_words, quorum_law
from documents.ballots import address_code
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from domain.papers import Slip
from models import paper_boxes, votes_paper, votes_queries
from models.mandates import live_mandates, mandate_of_entry
from models.votes import Motion, PaperEntry, PaperSheet
from services import votes
from services.boxes import Box, BoxState
from services.mandates import of_voter
from services.paper import PRINTABLE


def rooms_of(sheet: PaperSheet) -> str:
    """``1单元301、1单元302``."""
    ordered = sorted(sheet.voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room))
    return "、".join(f"{dwelling.entrance}{dwelling.room}" for dwelling in ordered)


@dataclass(frozen=True)
class SheetRow:
    """A printed ballot in the desk's list: what can be done with it now, by this reader."""

    sheet: PaperSheet
    rooms: str
    state: str
    kind: str
    act: str | None


def _row(sheet: PaperSheet, box: Box) -> SheetRow:
    place = next((box.where(slip) for slip in box.slips if slip.sheet_id == sheet.id), None)
    state, kind, act = _state(sheet, place or Slip.OUTSTANDING, box.state)
    return SheetRow(sheet, rooms_of(sheet), state, kind, act)


def _state(sheet: PaperSheet, place: Slip, box: BoxState) -> tuple[str, str, str | None]:
    """In which words, in which colour, and what is to be done."""
    if place is Slip.VOID:
        return _("void"), "", None
    if place is Slip.LATE:
        return _("late, not counted"), "error", None
    if place is Slip.OUTSTANDING:
        acts = {BoxState.NONE: "enter", BoxState.OPEN: "box"}
        return _("not back yet"), "", acts.get(box, "late")
    entry = standing_entry(sheet)
    if entry is None:
        again = bool(sheet.entries)
        state = _("read differently: enter it again") if again else _("on the list, to be entered")
        return state, "warning", "again"
    if entry.confirmed_at is not None:
        invalid = entry.choice == "invalid"
        return _("confirmed, invalid") if invalid else _("confirmed"), "success", None
    if entry.entered_by == g.actor.account_id:
        return _("waits for another person"), "info", None
    return _("to be confirmed by you"), "info", "confirm"


def standing_entry(sheet: PaperSheet) -> PaperEntry | None:
    """The sheet's entry that was not rejected."""
    return next((entry for entry in sheet.entries if entry.rejected_at is None), None)


@bp.get("/motions/<int:motion_id>/paper")
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_in_words)
def paper(motion: Motion) -> ResponseReturnValue:
    """The desk for paper ballots: where each is, and what is to be done."""
    return _desk(motion, FindPaperForm(), 200)


def _desk(motion: Motion, form: FindPaperForm, status: int) -> ResponseReturnValue:
    sheets = votes_paper.paper_sheets(motion.id)
    box = votes.box_of(motion, g.now)
    body = render_template(
        "votes/paper.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        rows=[_row(sheet, box) for sheet in sheets],
        box=box,
        figures=box.figures,
        late=paper_boxes.late_papers(motion.id),
        first_read=box.state == BoxState.OPEN and paper_boxes.open_reading(motion.id) is not None,
        printable=votes.stage(motion, g.now) in PRINTABLE,
    )
    return body, status


@bp.post("/motions/<int:motion_id>/paper/find")
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_in_words)
def find_paper(motion: Motion) -> ResponseReturnValue:
    """Go to the paper with this number: to enter it, or to confirm it."""
    form = FindPaperForm()
    if not form.validate_on_submit():
        return _desk(motion, form, 422)
    sheet = votes_paper.sheet_visible_to(g.actor, motion.id, form.number.data)
    if sheet is None:
        form.refuse(Refused("paper_unknown", field="number"))
        return _desk(motion, form, 422)
    row = _row(sheet, votes.box_of(motion, g.now))
    if row.act is None:
        form.refuse(Refused("paper_done", field="number", state=row.state))
        return _desk(motion, form, 422)
    if row.act == "box":
        return redirect(url_for(".box", motion_id=motion.id), 303)
    targets = {"confirm": ".confirm_paper", "late": ".late_paper"}
    return redirect(
        url_for(targets.get(row.act, ".enter_paper"), motion_id=motion.id, number=sheet.number), 303
    )


@bp.post("/motions/<int:motion_id>/paper/print")
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_visible_to)
def make_sheets(motion: Motion) -> ResponseReturnValue:
    """Put a ballot on record for every owner without one, and show them for printing."""
    votes.print_sheets(g.actor, motion, now=g.now)
    return redirect(url_for(".sheets", motion_id=motion.id), 303)


@bp.get("/motions/<int:motion_id>/paper/sheets")
@requires(Permission.ENTER_PAPER, load=votes_queries.motion_in_words)
def sheets(motion: Motion) -> ResponseReturnValue:
    """All live ballots as sheets to be printed."""
    live = [s for s in votes_paper.paper_sheets(motion.id) if s.voided_at is None]
    address = url_for(".motion", motion_id=motion.id, _external=True)
    return render_template(
        "votes/sheets.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        sheets=[(sheet, rooms_of(sheet)) for sheet in live],
        code=Markup(address_code(address)),
        address=address,
        matter=matter_words(motion.matter),
        laws=(quorum_law(), approval_law(motion.matter)),
    )


def _form(sheet: PaperSheet) -> PaperForm:
    form = PaperForm()
    standing = of_voter(live_mandates(sheet.motion_id), sheet.voter_id)
    form.with_owners(
        [(owner.owner_id, owner.name) for owner in sheet.voter.owners],
        [(one.id, f"{one.holder} ({word('mandate_kinds', one.kind)})") for one in standing],
    )
    return form


def _reading(
    form: PaperForm, sheet: PaperSheet, *, second: bool, status: int
) -> ResponseReturnValue:
    entry = standing_entry(sheet)
    body = render_template(
        "votes/reading.html",
        signed_by=mandate_of_entry(entry.id) if second and entry else None,
        form=form,
        sheet=sheet,
        motion=sheet.motion,
        plan=sheet.motion.plan,
        rooms=rooms_of(sheet),
        second=second,
    )
    return body, status


@bp.route("/motions/<int:motion_id>/paper/<int:number>", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_paper.sheet_visible_to)
def enter_paper(sheet: PaperSheet) -> ResponseReturnValue:
    """The first person types what the paper says."""
    form = _form(sheet)
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return _reading(form, sheet, second=False, status=status)
    try:
        votes.enter_paper(
            g.actor,
            sheet,
            form.choice.data,
            **form.signer,
            handed=form.handed,
            now=g.now,
        )
    except NotNow:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _reading(form, sheet, second=False, status=422)
    flash(_("Entered. Now another member of the committee reads the paper and confirms."), "info")
    return redirect(url_for(".paper", motion_id=sheet.motion_id), 303)


@bp.route("/motions/<int:motion_id>/paper/<int:number>/confirm", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_paper.sheet_visible_to)
def confirm_paper(sheet: PaperSheet) -> ResponseReturnValue:
    """The second person types what the paper says, without seeing what the first one typed."""
    form = PaperForm()
    del form.owner, form.handed_in, form.first_collector, form.second_collector
    entry = standing_entry(sheet)
    if request.method == "GET" and entry is not None and entry.entered_by == g.actor.account_id:
        raise NotYours("second_person_needed")
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return _reading(form, sheet, second=True, status=status)
    done = votes.confirm_paper(g.actor, sheet, form.choice.data, now=g.now)
    if done.matched:
        flash(_("Confirmed: both readings agree."), "success")
    else:
        flash(
            _(
                "The two readings differ, so nothing counts yet. The first person looks at the "
                "paper again and enters it anew."
            ),
            "warning",
        )
    return redirect(url_for(".paper", motion_id=sheet.motion_id), 303)


@bp.route("/motions/<int:motion_id>/paper/<int:number>/void", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER, load=votes_paper.sheet_visible_to)
def void_paper(sheet: PaperSheet) -> ResponseReturnValue:
    """A ballot that was spoilt or lost is void; on request a new one takes its place."""
    form = VoidForm()
    if not form.validate_on_submit():
        body = render_template(
            "votes/void.html",
            form=form,
            sheet=sheet,
            motion=sheet.motion,
            plan=sheet.motion.plan,
            rooms=rooms_of(sheet),
        )
        return body, 200 if request.method == "GET" else 422
    again = votes.void_sheet(
        g.actor, sheet, reason=form.reason.data, replace=form.replace.data, now=g.now
    )
    if again is None:
        flash(_("Paper ballot number %(number)s is void.", number=sheet.number), "success")
    else:
        flash(_("Void. The new ballot has number %(number)s.", number=again.number), "success")
    return redirect(url_for(".paper", motion_id=sheet.motion_id), 303)
