"""Views of who votes for whom: the list of a motion, recording a mandate, withdrawing it."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.votes import bp
from blueprints.votes.duty_forms import MandateForm
from blueprints.votes.forms import ReasonForm
from blueprints.votes.page import electorate, rooms_of_voter
from domain.accounts import Permission
from domain.errors import NotNow, Refused
from domain.periods import local_day
from models import mandates as queries
from models import votes_queries
from models.mandates import Mandate
from models.votes import Motion, RollVoter
from services import mandates as service
from services import votes
from services.motions import require
from services.notices import city_of


@bp.get("/motions/<int:motion_id>/mandates")
@requires(Permission.RUN_VOTE, load=votes_queries.motion_in_words)
def mandates(motion: Motion) -> ResponseReturnValue:
    """Who votes for whom on this motion, and for whom it can still be recorded."""
    roll = votes_queries.newest_roll(motion.id)
    stage = votes.stage(motion, g.now)
    return render_template(
        "votes/mandates.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        rows=queries.mandates_of_motion(motion.id),
        voters=[one for one in roll.voters if one.owners] if roll else [],
        rooms=rooms_of_voter,
        limit=city_of(motion.plan).proxy_limit,
        recordable=stage in service.RECORDABLE_AT,
        withdrawable=stage in service.WITHDRAWABLE_AT,
    )


@bp.route("/voters/<int:voter_id>/mandates/new", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=votes_queries.voter_visible_to, confirmed=True)
def give_mandate(voter: RollVoter) -> ResponseReturnValue:
    """Record that somebody votes for an owner."""
    motion = voter.roll.motion
    require(motion, g.now, service.RECORDABLE_AT)
    form = MandateForm()
    own = {owner.owner_id for owner in voter.owners}
    roll = votes_queries.newest_roll(motion.id)
    holders = {
        owner.owner_id: f"{owner.name} ({rooms_of_voter(one)})"
        for one in (roll.voters if roll else [])
        for owner in one.owners
        if owner.owner_id not in own
    }
    owners = [(owner.owner_id, owner.name) for owner in voter.owners]
    form.offer(owners, list(holders.items()), local_day(g.now))
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            service.give(g.actor, voter, _given(form), now=g.now)
        except NotNow:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded. Only who is named here votes for that owner."), "success")
            return redirect(url_for(".mandates", motion_id=motion.id), 303)
    body = render_template(
        "votes/mandate.html",
        form=form,
        voter=voter,
        motion=motion,
        plan=motion.plan,
        rooms=rooms_of_voter(voter),
        several=len(owners) > 1,
        limit=city_of(motion.plan).proxy_limit,
    )
    return body, status


def _given(form: MandateForm) -> service.Given:
    return service.Given(
        kind=form.kind.data,
        principal_id=form.principal.data or 0,
        holder_owner_id=form.holder_owner.data,
        holder_name=form.holder_name.data or "",
        document=form.document.data or "",
        seen_on=form.seen_on.data,
        not_property_staff=bool(form.not_property_staff.data),
    )


@bp.route("/mandates/<int:mandate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=queries.mandate_visible_to, confirmed=True)
def withdraw_mandate(mandate: Mandate) -> ResponseReturnValue:
    """The owner votes in person again, or somebody else is to be named."""
    form = ReasonForm()
    motion = mandate.motion
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        service.withdraw(g.actor, mandate, reason=form.reason.data, now=g.now)
        flash(_("Withdrawn. What was cast by it stands until the owner votes anew."), "success")
        return redirect(url_for(".mandates", motion_id=motion.id), 303)
    body = render_template(
        "votes/mandate_withdraw.html",
        form=form,
        mandate=mandate,
        motion=motion,
        plan=motion.plan,
        rooms=rooms_of_voter(mandate.voter),
    )
    return body, status
