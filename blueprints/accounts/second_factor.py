"""The second factor: enrolled with a phone, typed where a step asks for it, renewed, reset."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from blueprints.accounts import bp
from blueprints.accounts.keys import code_key
from blueprints.accounts.views import FAILED, PER_ADDRESS
from blueprints.shared import confirmation
from blueprints.shared.access import requires, signed_in
from blueprints.shared.confirmation import FactorForm
from blueprints.shared.page import own_path
from documents.letters import qr_svg
from domain.accounts import Permission
from domain.codes import grouped
from domain.errors import NotYours, Refused
from extensions import limiter
from models import accounts_queries
from models.accounts import RoleGrant
from services import accounts
from services import second_factor as service


def _failed(response: object) -> bool:
    return getattr(response, "status_code", 0) in FAILED


def _status(refusal: Refused) -> int:
    return 429 if isinstance(refusal, accounts.TooMany) else 422


def _next() -> str:
    return own_path(request.args.get("next"), url_for(".second_factor"))


def _only_staff() -> None:
    if not g.actor.is_staff:
        raise NotYours("factor_for_staff")


@bp.route("/confirm", methods=["GET", "POST"])
@signed_in
@limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_failed)
def confirm() -> ResponseReturnValue:
    """Type a code; then on to the page that was asked for, or with the form that was sent."""
    _only_staff()
    if not service.is_enrolled(g.actor):
        return redirect(url_for(".second_factor", next=_next()))
    form = FactorForm()
    if request.method == "GET":
        return confirmation.ask(form, sent_on=None, next_path=_next())
    sent_on = confirmation.ticket_path()
    if not form.validate_on_submit():
        return confirmation.ask(form, sent_on=sent_on, next_path=_next(), status=422)
    try:
        service.confirm(
            g.actor,
            current_user.id,
            form.factor_code.data or "",
            key=code_key(),
            now=g.now,
            at=_phones_time(),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return confirmation.ask(form, sent_on=sent_on, next_path=_next(), status=_status(refusal))
    if sent_on is not None:
        # The browser sends the same body on, fields and token alike.
        return redirect(sent_on, 307)
    return redirect(_next(), 303)


@bp.get("/me/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    """Whether I have one, and how to get one."""
    _only_staff()
    return render_template(
        "accounts/second_factor.html",
        status=service.status(g.actor),
        next=request.args.get("next"),
        **confirmation.carried(None),
    )


@bp.post("/me/second-factor/begin")
@signed_in
def begin_second_factor() -> ResponseReturnValue:
    """Show a secret to be put into a phone; whoever has one already types its code first."""
    if service.is_enrolled(g.actor) and (question := confirmation.asked()) is not None:
        return question
    return _draw_secret(FactorForm(formdata=None), 200)


def _draw_secret(form: FactorForm, status: int) -> ResponseReturnValue:
    shown = service.begin(g.actor, current_user.id, key=code_key(), now=g.now)
    body = render_template(
        "accounts/second_factor_new.html",
        form=form,
        shown=shown,
        code=Markup(qr_svg(shown.uri)),
        next=request.args.get("next"),
        **confirmation.carried(confirmation.ticket_path()),
    )
    return body, status


@bp.post("/me/second-factor")
@signed_in
@limiter.limit(PER_ADDRESS, deduct_when=_failed)
def set_second_factor() -> ResponseReturnValue:
    """The first code is right: the second factor holds; the recovery codes are shown once."""
    form = FactorForm()
    if not form.validate_on_submit():
        return _draw_secret(form, 422)
    try:
        codes = service.finish(
            g.actor,
            current_user.id,
            form.factor_code.data or "",
            key=code_key(),
            now=g.now,
            at=_phones_time(),
        )
    except NotYours:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _draw_secret(form, _status(refusal))
    return _show_codes(codes)


@bp.post("/me/second-factor/recovery-codes")
@signed_in
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten fresh recovery codes, shown once; the old ones are void."""
    _only_staff()
    if (question := confirmation.asked()) is not None:
        return question
    codes = service.renew_recovery_codes(g.actor, current_user.id, key=code_key(), now=g.now)
    return _show_codes(codes)


def _show_codes(codes: tuple[str, ...]) -> ResponseReturnValue:
    return render_template(
        "accounts/recovery_codes.html",
        codes=[grouped(code) for code in codes],
        next=_next(),
        account=accounts_queries.account(g.actor),
        **confirmation.carried(confirmation.ticket_path()),
    )


@bp.post("/grants/<int:grant_id>/second-factor/reset")
@requires(Permission.MANAGE_PEOPLE, load=accounts_queries.grant_visible_to, confirmed=True)
def reset_second_factor(grant: RoleGrant) -> ResponseReturnValue:
    """Take the second factor off somebody who has lost phone and recovery codes."""
    _reset(grant)
    return redirect(url_for(".people", community_id=grant.scope.community))


@bp.post("/system/grants/<int:grant_id>/second-factor/reset")
@requires(Permission.MANAGE_SYSTEM, load=accounts_queries.grant_visible_to, confirmed=True)
def reset_committee_factor(grant: RoleGrant) -> ResponseReturnValue:
    """The same for a committee member, by the administrator."""
    _reset(grant)
    return redirect(url_for(".system"))


def _reset(grant: RoleGrant) -> None:
    accounts.reset_second_factor(g.actor, grant, now=g.now)
    flash(
        _("The second factor is taken off and the person signed out. They set up a new one."),
        "success",
    )


def _phones_time() -> datetime:
    """What phones show: the real time, where a demo's clock runs ahead of it."""
    shown: datetime = current_app.extensions["phones_clock"]()
    return shown
