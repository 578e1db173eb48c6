"""Raising, reading, answering and closing objections."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.objections import bp
from blueprints.objections.forms import AnswerForm, CloseForm, RaiseForm
from blueprints.shared.access import requires
from blueprints.shared.again import keyed
from blueprints.shared.forms import Form
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from domain.objections import Ground, ObjectionOutcome, ObjectionState
from models.menus import MenuItem, Option
from models.objections import Objection
from models.objections_queries import objection_visible_to, objections_of, options_of_item
from models.plans import Plan
from models.preferences_queries import item_visible_to, offered, plan_visible_to
from services import objections as service


@bp.route("/items/<int:item_id>/object", methods=["GET", "POST"])
@requires(Permission.RAISE_OBJECTION, load=item_visible_to)
@keyed
def raise_(item: MenuItem) -> ResponseReturnValue:
    """The form for an objection to an item or one of its options."""
    options = offered(item)
    form = RaiseForm(data={"option": request.args.get("option", "")})
    form.offer(options)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        chosen = next((one for one in options if str(one.id) == form.option.data), None)
        try:
            objection = service.submit(
                g.actor,
                item,
                chosen,
                ground=Ground(form.ground.data),
                body=form.body.data or "",
                form_key=form.form_key.data or "",
                now=g.now,
            )
            flash(_("Your objection is raised. The committee must answer it."), "success")
            return redirect(url_for(".show", objection_id=objection.id), 303)
        except NotYours:
            raise
        except Refused as refusal:
            status = _refused(form, refusal)
    return render_template("objections/raise.html", item=item, form=form), status


def _refused(form: Form, refusal: Refused) -> int:
    form.refuse(refusal)
    return 409 if isinstance(refusal, NotNow) else 422


@bp.get("/plans/<int:plan_id>/objections")
@requires(Permission.SEE_PLAN, load=plan_visible_to)
def index(plan: Plan) -> ResponseReturnValue:
    """The plan's objections, those that wait for an answer first."""
    rows = sorted(
        objections_of([plan.id]),
        key=lambda one: (one.state is not ObjectionState.SUBMITTED, one.submitted_at),
    )
    return render_template(
        "objections/index.html",
        plan=plan,
        rows=[(one, service.may_read_whole(g.actor, one)) for one in rows],
        waiting={one.id: service.waiting_days(one, g.now) for one in rows},
        answers=g.actor.may(Permission.ANSWER_OBJECTION, plan.scope),
    )


@bp.get("/objections/<int:objection_id>")
@requires(Permission.SEE_PLAN, load=objection_visible_to)
def show(objection: Objection) -> ResponseReturnValue:
    """One objection with its answer and outcome, as much of it as the reader may see."""
    return _show(objection, _form_for(objection))


def _form_for(objection: Objection) -> AnswerForm | CloseForm | None:
    """What the committee has to do next about it."""
    if not g.actor.may(Permission.ANSWER_OBJECTION, objection.scope):
        return None
    if objection.state is ObjectionState.SUBMITTED:
        return AnswerForm()
    return _close_form(objection) if objection.state is ObjectionState.ANSWERED else None


def _close_form(objection: Objection) -> CloseForm:
    form = CloseForm()
    form.offer(objection, _options(objection))
    return form


def _options(objection: Objection) -> list[Option]:
    own = list(options_of_item(objection.item_id))
    if objection.option_id is not None:
        own.sort(key=lambda option: option.id != objection.option_id)
    return own


def _show(objection: Objection, form: Form | None) -> str:
    return render_template(
        "objections/show.html",
        objection=objection,
        plan=objection.plan,
        form=form,
        whole=service.may_read_whole(g.actor, objection),
        own=objection.account_id == g.actor.account_id,
        news=service.is_news(objection),
        waits=objection.state is ObjectionState.SUBMITTED,
        days=service.waiting_days(objection, g.now),
    )


@bp.post("/objections/<int:objection_id>/answer")
@requires(Permission.ANSWER_OBJECTION, load=objection_visible_to)
def answer(objection: Objection) -> ResponseReturnValue:
    """The committee's answer."""
    form = AnswerForm()
    return _done(
        objection,
        form,
        lambda: service.answer(g.actor, objection, form.answer.data or "", now=g.now),
        _("The answer is recorded. The objector sees it first on their page."),
    )


@bp.post("/objections/<int:objection_id>/close")
@requires(Permission.ANSWER_OBJECTION, load=objection_visible_to)
def close(objection: Objection) -> ResponseReturnValue:
    """The outcome, and for an accepted objection the version that took it up."""
    form = _close_form(objection)
    return _done(objection, form, lambda: _close(objection, form), _("The outcome is recorded."))


def _close(objection: Objection, form: CloseForm) -> Objection:
    outcome = ObjectionOutcome(form.outcome.data)
    kind, _colon, number = (form.version.data or "").partition(":")
    options = _options(objection)
    note = form.note.data or ""
    if outcome is ObjectionOutcome.ACCEPTED and kind == "option":
        option = next(one for one in options if str(one.id) == number)
        condition = form.condition.data or ""
        return service.accept_with_condition(
            g.actor, objection, option, condition, note=note, now=g.now
        )
    versions = (version for option in options for version in option.versions)
    version = next((one for one in versions if str(one.id) == number), None)
    return service.close(g.actor, objection, outcome, note=note, version=version, now=g.now)


def _done(
    objection: Objection, form: Form, act: Callable[[], object], said: str
) -> ResponseReturnValue:
    """Act on a valid form; whatever is wrong is said on the objection's own page."""
    status = 422
    if form.validate_on_submit():
        try:
            act()
            flash(said, "success")
            return redirect(url_for(".show", objection_id=objection.id), 303)
        except NotYours:
            raise
        except Refused as refusal:
            status = _refused(form, refusal)
    return _show(objection, form), status


@bp.post("/objections/<int:objection_id>/withdraw")
@requires(Permission.RAISE_OBJECTION, load=objection_visible_to)
def withdraw(objection: Objection) -> ResponseReturnValue:
    """The objector takes it back."""
    service.withdraw(g.actor, objection, now=g.now)
    flash(_("Your objection is withdrawn."), "success")
    return redirect(url_for(".show", objection_id=objection.id), 303)


@bp.post("/objections/<int:objection_id>/seen")
@requires(Permission.RAISE_OBJECTION, load=objection_visible_to)
def seen(objection: Objection) -> ResponseReturnValue:
    """The objector has read what was answered."""
    service.mark_seen(g.actor, objection, now=g.now)
    return redirect(url_for("home.index"), 303)
