"""Answering the menu: what it is about, one question a screen, the summary, the receipt."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.preferences import bp
from blueprints.preferences.forms import SendForm, for_question
from blueprints.shared.access import requires
from blueprints.shared.disclosure import bands_of, notice_text
from blueprints.shared.localisation import deadline
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused, Stale
from models.plans import Plan
from models.preferences import AnswerSheet
from models.preferences_queries import plan_visible_to, receipt_visible_to
from services import preferences
from services.preferences_pages import Booklet, booklet, questions


def _booklet(plan: Plan) -> Booklet:
    """The booklet of the household named in the address, or of the only one there is."""
    return booklet(g.actor, plan, request.args.get("dwelling", type=int), now=g.now)


def _told(plan: Plan) -> tuple[str, ...]:
    """Who will see what of an answer, as the notice said it."""
    return notice_text(plan.policy, plan.threshold, bands_of(plan.bands), plan.threshold_decision)


def _url(endpoint: str, of: Booklet, **values: Any) -> str:
    """An address of this booklet; the door is named only where there are several."""
    if of.door is not None and len(of.doors) > 1:
        values["dwelling"] = of.door.id
    return url_for(f"preferences.{endpoint}", plan_id=of.plan.id, **values)


@bp.get("/plans/<int:plan_id>/answer")
@requires(Permission.ANSWER_MENU, load=plan_visible_to)
def answer(plan: Plan) -> ResponseReturnValue:
    """What is asked, until when, who will see it; then the first question still open."""
    own = _booklet(plan)
    return render_template("preferences/start.html", booklet=own, url=_url, told=_told(plan))


@bp.route("/plans/<int:plan_id>/answer/<int:position>", methods=["GET", "POST"])
@requires(Permission.ANSWER_MENU, load=plan_visible_to)
def question(plan: Plan) -> ResponseReturnValue:
    """One item on one screen: saved with every step, so that going back loses nothing."""
    own = _booklet(plan)
    if own.door is None:
        return redirect(url_for(".answer", plan_id=plan.id), 303)
    position = int((request.view_args or {})["position"])
    if not 1 <= position <= len(own.questions):
        abort(404)
    asked = own.questions[position - 1]
    form = for_question(asked, own.revision)
    if request.method == "GET" and not own.is_open:
        return redirect(_url("summary", own), 303)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            answers = {asked.item.id: form.draft()}
            preferences.save(
                g.actor, plan, own.door.id, answers, revision=form.seen_revision, now=g.now
            )
            return _onwards(own, position)
        except NotYours:
            raise
        except Refused as refusal:
            status = _refused(form, refusal)
            own = _booklet(plan)
            asked = own.questions[position - 1]
            form.revision.data = str(own.revision)
    page = render_template(
        "preferences/question.html",
        booklet=own,
        asked=asked,
        form=form,
        url=_url,
        stale=status == 409 and own.is_open,
        to_summary="summary" in request.args,
    )
    return page, status


def _refused(form: SendForm, refusal: Refused) -> int:
    form.refuse(refusal)
    return 409 if isinstance(refusal, NotNow | Stale) else 422


def _onwards(own: Booklet, position: int) -> ResponseReturnValue:
    """Where to after a question: home, back to the summary, or the next question."""
    if "later" in request.form:
        until = deadline(own.plan.consultation_closes_at)
        flash(_("Saved. You can go on until %(until)s.", until=until), "success")
        return redirect(url_for("home.index"), 303)
    if "summary" in request.args or position >= len(own.questions):
        return redirect(_url("summary", own), 303)
    return redirect(_url("question", own, position=position + 1), 303)


@bp.route("/plans/<int:plan_id>/answer/summary", methods=["GET", "POST"])
@requires(Permission.ANSWER_MENU, load=plan_visible_to)
def summary(plan: Plan) -> ResponseReturnValue:
    """Everything the household has said, each with a way to change it, and the sending."""
    own = _booklet(plan)
    if own.door is None:
        return redirect(url_for(".answer", plan_id=plan.id), 303)
    form = SendForm(data={"revision": str(own.revision)})
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            sheet = preferences.send(
                g.actor, plan, own.door.id, {}, revision=form.seen_revision, now=g.now
            )
            return redirect(url_for(".receipt", receipt=sheet.receipt), 303)
        except NotYours:
            raise
        except Refused as refusal:
            status = _refused(form, refusal)
            own = _booklet(plan)
            form.revision.data = str(own.revision)
    page = render_template("preferences/summary.html", booklet=own, form=form, url=_url)
    return page, status


@bp.get("/answers/<receipt>")
@requires(Permission.ANSWER_MENU, load=receipt_visible_to)
def receipt(sheet: AnswerSheet) -> ResponseReturnValue:
    """What the household has said, for that household alone, whenever it wants to look again."""
    asked = questions(sheet.plan, sheet.dwelling, sheet)
    state = preferences.consultation_of(sheet.plan, g.now)
    return render_template(
        "preferences/receipt.html",
        sheet=sheet,
        questions=asked,
        state=state,
        told=_told(sheet.plan),
    )
