"""Views of the ballot: the text and one question; the answer once more; the receipt."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared import identity
from blueprints.shared.access import requires, requires_of_claims
from blueprints.shared.again import keyed
from blueprints.shared.words import word
from blueprints.votes import bp
from blueprints.votes.forms import BallotForm, whole
from blueprints.votes.page import electorate
from blueprints.votes.words import approval_law, matter_words, quorum_law
from domain.accounts import Actor, Permission
from domain.errors import NotYours, Refused
from domain.plans import MotionStage
from models import casts_queries, votes_queries
from models.votes import Ballot, Motion
from services import casting, sessions, votes
from services.ballots import check_open


def _own(motion: Motion, number: int | None) -> tuple[votes.OwnVoter, tuple[votes.OwnVoter, ...]]:
    """The head that is answered for (the first still without an answer), and all of them."""
    own = votes.own_voters(g.actor, motion)
    if not own:
        raise NotYours("not_on_roll")
    named = [one for one in own if one.voter.number == number]
    if number is not None and not named:
        raise NotYours("not_on_roll")
    waiting = [one for one in own if one.latest is None and one.person is not None]
    return (named or waiting or list(own))[0], own


def _ballot_page(form: BallotForm, motion: Motion, status: int) -> ResponseReturnValue:
    chosen, own = _own(motion, form.number)
    form.voter.data = str(chosen.voter.number)
    body = render_template(
        "votes/ballot.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        chosen=chosen,
        own=own,
        matter=matter_words(motion.matter),
        laws=(quorum_law(), approval_law(motion.matter)),
    )
    return body, status


@bp.get("/motions/<int:motion_id>/ballot")
@requires(Permission.CAST_BALLOT, load=votes_queries.motion_visible_to)
def ballot(motion: Motion) -> ResponseReturnValue:
    """The ballot: text, own share, what decides, and three answers."""
    if votes.stage(motion, g.now) is not MotionStage.VOTING:
        _own(motion, None)
        return redirect(url_for(".motion", motion_id=motion.id))
    return _ballot_page(BallotForm(), motion, 200)


@bp.get("/motions/<int:motion_id>/ballot/<int:number>")
@requires(Permission.CAST_BALLOT, load=votes_queries.motion_visible_to)
def ballot_for(motion: Motion) -> ResponseReturnValue:
    """The ballot of one of several heads that the reader stands behind."""
    number = (request.view_args or {})["number"]
    if votes.stage(motion, g.now) is not MotionStage.VOTING:
        return redirect(url_for(".motion", motion_id=motion.id))
    return _ballot_page(BallotForm(voter=str(number)), motion, 200)


@bp.post("/motions/<int:motion_id>/ballot/check")
@requires(Permission.CAST_BALLOT, load=votes_queries.motion_visible_to)
def check(motion: Motion) -> ResponseReturnValue:
    """The answer once more before it is sent; nothing is stored."""
    form = BallotForm()
    check_open(motion.announced_at, motion.opens_at, motion.closes_at, motion.cancelled_at, g.now)
    if not form.validate_on_submit():
        return _ballot_page(form, motion, 422)
    chosen, _all = _own(motion, form.number)
    return render_template(
        "votes/check.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        chosen=chosen,
        answer=word("choices", form.choice.data),
    )


@bp.post("/motions/<int:motion_id>/ballot")
@requires_of_claims(
    Permission.CAST_BALLOT,
    load=casts_queries.voted_on,
    known=casts_queries.known,
    seen_by=casts_queries.seen_by,
)
@keyed
def cast(motion: casts_queries.VotedOn, who: Actor | sessions.Claim) -> ResponseReturnValue:
    """Record the answer; the receipt follows.

    The service judges every field itself; a form is made only to say what was wrong.
    """
    sent = request.form
    try:
        receipt = votes.cast(
            who,
            motion,
            sent.get("choice", ""),
            form_key=sent.get("form_key", ""),
            voter=whole(sent.get("voter")),
            now=g.now,
        )
    except NotYours:
        raise
    except Refused as refusal:
        if refusal.field is None:
            raise
        return _refused(motion.id, refusal)
    if receipt.differs:
        flash(
            _(
                "This page had been sent before, and what you sent first is recorded. To change "
                "your vote, open the ballot again."
            ),
            "warning",
        )
    return redirect(url_for(".receipt", receipt=receipt.code), 303)


@bp.url_value_preprocessor
def expect_a_cast(endpoint: str | None, values: dict[str, int] | None) -> None:
    """Before anything else about this request is done."""
    if endpoint == "votes.cast" and values is not None:
        casting.expect(values["motion_id"])


@bp.teardown_request
def expect_it_no_longer(_error: BaseException | None) -> None:
    if request.endpoint == "votes.cast":
        casting.expected_no_longer()


def _refused(motion_id: int, refusal: Refused) -> ResponseReturnValue:
    identity.recognise()
    motion = votes_queries.motion_visible_to(g.actor, motion_id)
    if motion is None:
        abort(404)
    form = BallotForm()
    form.refuse(refusal)
    return _ballot_page(form, motion, 422)


@bp.get("/receipts/<receipt>")
@requires(Permission.CAST_BALLOT, load=votes_queries.receipt_visible_to)
def receipt(ballot: Ballot) -> ResponseReturnValue:
    """The receipt: that and when it was recorded, and whether it is on the closed list."""
    motion = ballot.motion
    stage = votes.stage(motion, g.now)
    return render_template(
        "votes/receipt.html",
        state=votes.receipt_state(ballot),
        ballot=ballot,
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        stage=stage,
        open=stage is MotionStage.VOTING,
    )
