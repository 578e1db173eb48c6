"""My data: what is kept about me, why, until when, and who has looked at it; requests about it."""

from __future__ import annotations

from flask import Response, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired

from blueprints.privacy import bp
from blueprints.privacy.words import look_of, why
from blueprints.shared.access import requires, signed_in
from blueprints.shared.downloads import name_file
from blueprints.shared.forms import Form, NotBlank
from domain.accounts import Permission, Role
from domain.errors import NotNow, Refused
from models import privacy_queries as queries
from models.privacy import PrivacyRequest
from models.register import Community
from services import privacy as service

# The page shows the latest looks; the download has them all.
MOST_LOOKS = 50


class CorrectionForm(Form):
    """What is wrong, in one's own words."""

    text = TextAreaField(
        _l("What is wrong, and what is right?"),
        [NotBlank()],
        description=_l("For example a name, the area of your home, or who lives there."),
    )


class AnswerForm(Form):
    """The committee's answer."""

    text = TextAreaField(
        _l("The answer"),
        [NotBlank()],
        description=_l("Say what was changed, or why nothing can be. Only who asked reads it."),
    )


class EraseForm(Form):
    """That one means it."""

    sure = BooleanField(
        _l("I understand that my account is closed and cannot be brought back."),
        [InputRequired(_l("Tick this if you are sure."))],
    )


@bp.get("/me/data")
@signed_in
def own() -> ResponseReturnValue:
    """What is kept about me, why and until when, and who has looked at my answers."""
    return _own(CorrectionForm(), 200)


def _own(form: CorrectionForm, status: int) -> ResponseReturnValue:
    data = service.own(g.actor, now=g.now)
    page = render_template(
        "privacy/own.html",
        data=data,
        form=form,
        looks=[look_of(look) for look in data.looks[:MOST_LOOKS]],
        earlier=max(0, len(data.looks) - MOST_LOOKS),
        kept=[(one.plan, why(one.hold)) for one in data.kept],
        lives_here=bool(g.actor.grants_of(Role.RESIDENT)),
        may_erase=_may_erase(),
    )
    return page, status


def _may_erase() -> bool:
    return all(grant.role is Role.RESIDENT for grant in g.actor.grants)


@bp.get("/me/data.json")
@signed_in
def download() -> ResponseReturnValue:
    """The same as a file to take along."""
    answer = Response(service.export(g.actor, now=g.now), mimetype="application/json")
    name_file(answer, f"{_('Louyi')}-{_('My data')}.json")
    return answer


@bp.post("/me/data/correction")
@signed_in
def correct() -> ResponseReturnValue:
    """Ask the committee to correct something."""
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _own(form, 422)
    try:
        service.ask(g.actor, form.text.data or "", form_key=form.form_key.data or "", now=g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _own(form, 409 if isinstance(refusal, NotNow) else 422)
    flash(_("The committee is asked. You will read its answer on this page."), "success")
    return redirect(url_for(".own"), 303)


@bp.route("/me/data/erase", methods=["GET", "POST"])
@signed_in
def erase() -> ResponseReturnValue:
    """Close my account; says before what goes and what stays."""
    form = EraseForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.erase(g.actor, form_key=form.form_key.data or "", now=g.now)
                session.clear()
                flash(_("Your account is closed and your data is erased."), "success")
                return redirect(url_for("home.index"), 303)
            except Refused as refusal:
                form.refuse(refusal)
    data = service.own(g.actor, now=g.now)
    kept = [(one.plan, why(one.hold)) for one in data.kept]
    page = render_template("privacy/erase.html", form=form, kept=kept, may_erase=_may_erase())
    return page, status


@bp.get("/communities/<int:community_id>/requests")
@requires(Permission.EDIT_REGISTER, load=queries.community_visible_to)
def index(community: Community) -> ResponseReturnValue:
    """What people of the community ask about their data."""
    return render_template(
        "privacy/index.html", community=community, requests=queries.requests_of(community)
    )


@bp.route("/requests/<int:request_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.request_visible_to, confirmed=True)
def show(asked: PrivacyRequest) -> ResponseReturnValue:
    """One request, and the committee's answer to it."""
    form = AnswerForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.answer(g.actor, asked, form.text.data or "", now=g.now)
                flash(_("The answer is recorded. Who asked reads it on their page."), "success")
                return redirect(url_for(".show", request_id=asked.id), 303)
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
    homes = queries.homes_of(asked.account_id, asked.community_id)
    page = render_template("privacy/show.html", asked=asked, form=form, homes=homes)
    return page, status
