"""Views of the roll: looked at before it is posted, posted, corrected, representatives named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from blueprints.shared.access import requires
from blueprints.shared.localisation import area, money
from blueprints.shared.messages import sentence
from blueprints.shared.words import word
from blueprints.votes import bp
from blueprints.votes.forms import ReasonForm, RepresentativeForm
from blueprints.votes.page import electorate
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused
from models import votes_queries
from models.votes import Motion, Roll, RollVoter
from services import votes
from services.rolls import CORRECTABLE, RollLine, draw, roll_lines


@dataclass(frozen=True)
class RollPage:
    """A roll as this reader may see it: rooms and areas for all, names for the committee and one's
    own."""

    head: list[str]
    numeric: list[int]
    rows: list[list[object]]
    voters: int
    area: int


def _voter_word(kind: str) -> str:
    words = {
        "owner": _("Owner"),
        "co_owners": _("Co-owners"),
        "developer": _("Developer"),
        "unrecorded": _("No owner recorded"),
    }
    return words.get(kind, kind)


def _names(voter: RollVoter, shown: bool, own: set[int]) -> str:
    named = [owner.name for owner in voter.owners if shown or owner.owner_id in own]
    return "、".join(named) if named else _voter_word(voter.kind)


def roll_page(roll: Roll, *, names: bool, own: set[int]) -> RollPage:
    """The rows of a roll, one for each dwelling, heads numbered."""
    head = [
        _("Number"),
        _("Room"),
        _("Area (m²)"),
        _("Share (yuan)"),
        _("Who votes"),
        _("Area by"),
    ]
    rows: list[list[object]] = []
    for voter in roll.voters:
        for dwelling in sorted(voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room)):
            rows.append(
                [
                    voter.number,
                    f"{dwelling.entrance}{dwelling.room}",
                    area(dwelling.area),
                    money(dwelling.share),
                    _names(voter, names, own),
                    word("area_sources", dwelling.area_source),
                ]
            )
    total = sum(voter.area for voter in roll.voters)
    return RollPage(head, [0, 2, 3], rows, len(roll.voters), total)


def _sees_names(motion: Motion) -> bool:
    return bool(g.actor.may(Permission.SEE_NAMES, motion.scope))


@bp.get("/motions/<int:motion_id>/roll")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def roll(motion: Motion) -> ResponseReturnValue:
    """The posted roll; before it is posted the committee sees what would be."""
    posted = votes_queries.newest_roll(motion.id)
    if posted is None:
        return _preview(motion)
    return render_template(
        "votes/roll.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        roll=posted,
        page=roll_page(
            posted, names=_sees_names(motion), own=set(votes_queries.owner_ids(g.actor))
        ),
        versions=votes_queries.rolls_of(motion.id),
        notices=[one for one in votes_queries.notices_of(motion.id) if one.kind == "roll"],
        co_owned=_co_owned(motion, posted),
        correctable=votes.stage(motion, g.now) in CORRECTABLE,
    )


def _co_owned(motion: Motion, posted: Roll) -> list[RollVoter]:
    """The heads with several owners, for the committee that records whom they name."""
    if not _sees_names(motion):
        return []
    return [voter for voter in posted.voters if len(voter.owners) > 1]


def _preview(motion: Motion) -> ResponseReturnValue:
    if not g.actor.may(Permission.RUN_VOTE, motion.scope):
        raise NotNow("roll_not_posted")
    lines: list[RollLine] = []
    problem = None
    try:
        drawn = draw(motion)
        lines = _in_order(drawn.lines())
    except Refused as refusal:
        drawn, problem = None, sentence(refusal)
    return render_template(
        "votes/roll_preview.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        lines=lines,
        voters=len(drawn.voters) if drawn else 0,
        area=sum(voter.area for voter in drawn.voters) if drawn else 0,
        problem=problem,
    )


def _in_order(lines: Iterable[RollLine]) -> list[RollLine]:
    return sorted(lines, key=lambda line: (line.entrance, line.floor, line.room))


@bp.post("/motions/<int:motion_id>/roll")
@requires(Permission.RUN_VOTE, load=votes_queries.motion_visible_to, confirmed=True)
def post_roll(motion: Motion) -> ResponseReturnValue:
    """Post the roll."""
    votes.post_roll(g.actor, motion, now=g.now)
    flash(_("The roll is posted. Print it and hang it up."), "success")
    return redirect(url_for(".roll", motion_id=motion.id), 303)


@bp.get("/motions/<int:motion_id>/roll/print")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def print_roll(motion: Motion) -> ResponseReturnValue:
    """The roll as a sheet to be hung up: rooms and areas, no names."""
    posted = votes_queries.newest_roll(motion.id)
    if posted is None:
        raise NotNow("roll_not_posted")
    notices = [one for one in votes_queries.notices_of(motion.id) if one.kind == "roll"]
    return render_template(
        "votes/roll_print.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        roll=posted,
        page=roll_page(posted, names=False, own=set()),
        notice=notices[0],
    )


@dataclass(frozen=True)
class Difference:
    """A line of the roll beside the same dwelling in the register; None where one has it not."""

    posted: RollLine | None
    now: RollLine | None


def _differences(posted: Roll, motion: Motion) -> list[Difference]:
    before = {line.dwelling: line for line in roll_lines(posted)}
    after = {line.dwelling: line for line in draw(motion).lines()}
    return [
        Difference(before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


@bp.route("/motions/<int:motion_id>/roll/correct", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=votes_queries.motion_in_words, confirmed=True)
def correct_roll(motion: Motion) -> ResponseReturnValue:
    """Draw the roll anew from the corrected register, saying why."""
    posted = votes_queries.newest_roll(motion.id)
    if posted is None:
        raise NotNow("roll_not_posted")
    form = ReasonForm()
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            votes.correct_roll(g.actor, motion, reason=form.reason.data, now=g.now)
        except (NotNow, NotYours):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The corrected roll holds from now on."), "success")
            return redirect(url_for(".roll", motion_id=motion.id), 303)
    body = render_template(
        "votes/roll_correct.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        roll=posted,
        differences=_differences(posted, motion),
        same_person=posted.posted_by == g.actor.account_id,
    )
    return body, status


@bp.route("/voters/<int:voter_id>/representative", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=votes_queries.voter_visible_to)
def representative(voter: RollVoter) -> ResponseReturnValue:
    """Record whom the co-owners named to vote for them."""
    motion = voter.roll.motion
    named = voter.representative
    form = RepresentativeForm(owner=named.owner_id if named else None)
    form.owner.choices = [SelectChoice(str(o.owner_id), o.name) for o in voter.owners]
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            votes.name_representative(
                g.actor, voter, form.owner.data, document=form.document.data, now=g.now
            )
        except NotNow:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded. From now on only this person votes for the dwelling."), "success")
            return redirect(url_for(".roll", motion_id=motion.id), 303)
    body = render_template(
        "votes/representative.html",
        form=form,
        voter=voter,
        motion=motion,
        plan=motion.plan,
        rooms="、".join(f"{d.entrance}{d.room}" for d in voter.dwellings),
    )
    return body, status
