"""My vote (我的一票): one page for a household's own vote, receipts, answers and objections."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.shared.localisation import deadline, moment
from blueprints.shared.words import word
from blueprints.votes import bp
from blueprints.votes.forms import ReceiptForm
from domain.accounts import Permission
from domain.own_ballot import Reached, Step, Together
from domain.plans import MotionStage
from models import preferences_queries, privacy_queries, votes_queries
from models.own_voters_queries import Slip
from models.plans import Plan
from services.ballots import PAPER
from services.own_votes import OwnBallot, OwnMotion, own_page


@dataclass(frozen=True)
class Stop:
    """A step of a ballot's way in words, as ``steps`` draws it."""

    label: str
    state: str
    date: str = ""
    note: str = ""
    paper: str = ""
    paper_url: str = ""
    actor: str = ""


@bp.get("/my-vote")
@requires(Permission.ANSWER_MENU)
def my_vote() -> ResponseReturnValue:
    """The page of the newest plan in a building where the reader has a home."""
    plans = privacy_queries.own_plans(g.actor)
    if plans:
        return redirect(url_for(".mine", plan_id=plans[-1].id))
    return render_template("votes/mine_none.html")


@bp.get("/plans/<int:plan_id>/my-vote")
@requires(Permission.ANSWER_MENU, load=preferences_queries.plan_visible_to)
def mine(plan: Plan) -> ResponseReturnValue:
    """All that is the reader's own in this plan, before the vote as after everything."""
    page = own_page(g.actor, plan, now=g.now)
    return render_template(
        "votes/mine.html",
        plan=plan,
        page=page,
        owner=g.actor.may(Permission.CAST_BALLOT, plan.scope),
        look_up=ReceiptForm(),
        others=[one for one in privacy_queries.own_plans(g.actor) if one.id != plan.id],
    )


@bp.get("/receipts")
@requires(Permission.ANSWER_MENU)
def look_up() -> ResponseReturnValue:
    """The receipt with the code that was typed, of a ballot or of answers; one's own only."""
    form = ReceiptForm(request.args)
    code = "".join((form.code.data or "").split())[:40]
    ballot = votes_queries.receipt_visible_to(g.actor, code) if code else None
    if ballot is not None:
        return redirect(url_for(".receipt", receipt=ballot.receipt))
    sheet = preferences_queries.receipt_visible_to(g.actor, code) if code else None
    if sheet is not None:
        return redirect(url_for("preferences.receipt", receipt=sheet.receipt))
    page = render_template("votes/look_up.html", look_up=form, missing=bool(code))
    return page, 404 if code else 200


# --- in words -------------------------------------------------------------------------------------


@bp.app_template_global("way_of_ballot")
def way_of_ballot(voted: OwnMotion, ballot: OwnBallot) -> list[Stop]:
    """The four steps of a ballot: cast, sealed, counted, in the resolution."""
    after = {Step.SEALED: _sealed, Step.COUNTED: _counted, Step.RESOLVED: _resolved}
    return [
        after[step](voted, reached) if step in after else _cast(voted, ballot, reached)
        for step, reached in ballot.way
    ]


def _cast(voted: OwnMotion, ballot: OwnBallot, reached: Reached) -> Stop:
    own, motion = ballot.own, voted.motion
    if own.latest is not None:
        by = ballot.by_mandate.get(own.latest.id)
        how = _("on paper") if own.latest.channel == PAPER else _("online")
        who = "" if by is None or own.mandate else f"{by.holder} ({word('mandate_kinds', by.kind)})"
        return Stop(_("Vote cast"), reached, moment(own.latest.cast_at), how, actor=who)
    if own.stands is Together.REPRESENTED and reached is Reached.DONE:
        note = _("Whoever votes for this home has voted.")
    elif own.others:
        note = (
            _("A co-owner has answered; your own answer is still missing.")
            if voted.stage is MotionStage.VOTING
            else _("A co-owner answered for this home.")
        )
    elif reached is Reached.STOPPED:
        note = _(
            "No vote was recorded for this home. Who does not vote does not take part and is "
            "never counted as agreeing."
        )
    elif reached is Reached.NEXT and motion.announced_at is not None:
        note = _("Voting opens on %(at)s.", at=moment(motion.opens_at))
    else:
        note = _("Not voted yet.")
    return Stop(_("Vote cast"), reached, note=note)


def _sealed(voted: OwnMotion, reached: Reached) -> Stop:
    closes_at = voted.motion.closes_at
    until = "" if closes_at is None else _("until %(until)s", until=deadline(closes_at))
    note = ""
    if reached is Reached.CURRENT:
        note = _("How people voted is sealed until the votes are counted, for the committee too.")
    return Stop(_("Sealed"), reached, until, note)


def _counted(voted: OwnMotion, reached: Reached) -> Stop:
    if voted.motion.counted is None:
        return Stop(_("The count"), reached)
    note = word("outcomes", voted.motion.counted.outcome)
    return Stop(_("The count"), reached, moment(voted.counted_at), note)


def _resolved(voted: OwnMotion, reached: Reached) -> Stop:
    label = _("In the resolution")
    if voted.resolution is not None:
        url = url_for("resolutions.public_page", key=voted.resolution)
        number = _("Resolution %(number)s", number=voted.resolution)
        return Stop(label, reached, paper=number, paper_url=url)
    note = ""
    if reached is Reached.CURRENT:
        note = _("Next: the building's resolution is issued.")
    elif reached is Reached.STOPPED and voted.stage is MotionStage.FAILED:
        note = _("The motion was not adopted.")
    return Stop(label, reached, note=note)


@bp.app_template_global("said_of_slip")
def said_of_slip(ballot: OwnBallot, slip: Slip) -> str:
    """What became of a paper ballot that came back, and what it replaced; never what it says."""
    number = slip.number
    own = ballot.own
    if slip.confirmed_at is None:
        return _(
            "Paper ballot no. %(number)s is here and waits for its second reader.", number=number
        )
    at = moment(slip.confirmed_at)
    if number in ballot.late:
        return _("Paper ballot no. %(number)s came late and does not count.", number=number)
    if slip.invalid:
        return _("Paper ballot no. %(number)s is invalid (%(at)s).", number=number, at=at)
    if own.latest is None or own.latest.owner_id != slip.owner_id:
        return _(
            "A co-owner's paper ballot no. %(number)s was recorded on %(at)s.", number=number, at=at
        )
    if any(one.channel != PAPER for one in own.mine):
        return _(
            "Paper ballot no. %(number)s, recorded on %(at)s, replaced the vote cast online.",
            number=number,
            at=at,
        )
    return _("Paper ballot no. %(number)s was recorded on %(at)s.", number=number, at=at)
