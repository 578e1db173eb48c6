"""Views of what came of a vote: the count, its chart, and the list as signed."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.access import requires
from blueprints.shared.charts import majority_sheet
from blueprints.shared.downloads import csv_file
from blueprints.shared.errors import page
from blueprints.shared.messages import sentence
from blueprints.votes import bp
from blueprints.votes.page import electorate, shows_exact
from blueprints.votes.words import majority_bars, majority_words, short_by
from charts.figure import Table
from charts.majority import majority
from charts.majority import table as majority_rows
from domain.accounts import Permission
from domain.errors import NotNow
from models import votes_queries
from models.votes import Motion
from services import votes
from services.boxes import BoxState

PAPERS_FIRST = frozenset({"box_to_be_closed", "papers_unconfirmed", "papers_not_entered"})


def majority_table(count: votes.Recorded, *, exact: bool) -> Table:
    """The four tests as a table."""
    return majority_rows(majority_bars(count, exact=exact), majority_words())


def said_of_result(count: votes.Recorded, *, exact: bool) -> list[str]:
    """What is said beside the four tests: what was missing, what stands apart."""
    said = short_by(count, exact=exact)
    if count.disputed:
        said.append(
            ngettext(
                "%(num)s ballot is disputed: its co-owners answered differently. It takes part "
                "and agrees to nothing.",
                "%(num)s ballots are disputed: their co-owners answered differently. They take "
                "part and agree to nothing.",
                len(count.disputed),
            )
        )
    if count.nobody_took_part:
        said.append(_("Nobody took part, so no share that agrees is counted."))
    if count.papers and count.papers["box"] == BoxState.MISSED:
        said.append(
            _(
                "The numbers of the paper ballots in hand were not written down within "
                "%(hours)s hours after the close. So only those entered before the close count; "
                "all others are late.",
                hours=count.papers["hours"],
            )
        )
    if count.invalid:
        said.append(
            ngettext(
                "%(num)s paper is invalid and takes no part.",
                "%(num)s papers are invalid and take no part.",
                len(count.invalid),
            )
        )
    return said


def _papers_first(motion: Motion, code: str) -> tuple[str, str]:
    """Where what the count waits for is done."""
    if code == "box_to_be_closed":
        return _("Close the box of paper ballots"), url_for(".box", motion_id=motion.id)
    return _("To the paper ballots"), url_for(".paper", motion_id=motion.id)


@bp.post("/motions/<int:motion_id>/count")
@requires(Permission.RUN_VOTE, load=votes_queries.motion_visible_to, confirmed=True)
def count(motion: Motion) -> ResponseReturnValue:
    """Count the votes and post the result; counted before, the same result is shown."""
    try:
        votes.count(g.actor, motion, now=g.now)
    except NotNow as refusal:
        if refusal.code not in PAPERS_FIRST:
            raise
        return page(409, sentence(refusal), onward=_papers_first(motion, refusal.code))
    flash(_("Counted. The result is recorded and posted."), "success")
    return redirect(url_for(".motion", motion_id=motion.id), 303)


@bp.get("/motions/<int:motion_id>/result.json")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def figure(motion: Motion) -> ResponseReturnValue:
    """The dual majority as a figure."""
    exact = shows_exact(g.actor, motion)
    return majority(majority_bars(_counted(motion), exact=exact), majority_words())


@bp.get("/motions/<int:motion_id>/result.csv")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def figure_csv(motion: Motion) -> ResponseReturnValue:
    """The figures of the same chart, for download."""
    bars = majority_bars(_counted(motion), exact=shows_exact(g.actor, motion))
    sheet = majority_sheet(motion.plan.building.name, bars, majority_words())
    return csv_file(sheet, f"result-{motion.id}.csv")


def _counted(motion: Motion) -> votes.Recorded:
    """The motion's count; refuses ``result_sealed`` before there is one."""
    counted = votes.result(motion, g.now).count
    if counted is None:
        raise NotNow("result_sealed")
    return counted


@bp.get("/motions/<int:motion_id>/signed")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def signed(motion: Motion) -> ResponseReturnValue:
    """The votes as signed, for owners of the electorate and the committee."""
    lines = votes.signed_list(g.actor, motion, now=g.now)
    return render_template(
        "votes/signed.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        lines=lines,
        papers=any(line.handed_in for line in lines),
    )
