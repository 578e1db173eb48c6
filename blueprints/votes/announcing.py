"""Views of the announcement: dates, a page that shows what becomes final, and the act itself."""

from __future__ import annotations

from datetime import timedelta

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.shared.messages import sentence
from blueprints.shared.publications import Ticks, already, draws, to_second_person
from blueprints.votes import bp
from blueprints.votes.forms import AnnounceForm
from blueprints.votes.page import electorate
from blueprints.votes.words import approval_law, matter_words, quorum_law
from domain.accounts import Permission
from domain.errors import NotNow, Refused
from domain.papers import USUAL_HOURS, hours_of
from domain.periods import local_day
from domain.publications import Kind
from models import publications_queries, votes_queries
from models.publications import Publication
from models.votes import Motion
from services import publications, publications_kinds, votes
from services.announcing import check, least_notice_days, usual_window
from services.notices import city_of


@bp.route("/motions/<int:motion_id>/announce", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=votes_queries.motion_in_words, confirmed=True)
def announce(motion: Motion) -> ResponseReturnValue:
    """Choose the dates; look at everything once more; hand it to the second person."""
    prepared = publications_queries.waiting(motion.plan_id, Kind.VOTE, motion.id)
    if prepared is not None:
        return already(prepared)
    earliest = votes.earliest_opening(motion, now=g.now)
    opens_at, closes_at = usual_window(earliest.at)
    form = AnnounceForm(
        opens_on=local_day(opens_at),
        closes_on=local_day(closes_at - timedelta(days=1)),
        notice_days=least_notice_days(motion),
        place=_("Notice board at the entrance"),
        box_hours=USUAL_HOURS,
    )
    if not form.validate_on_submit():
        return _page(form, motion, earliest, 200 if request.method == "GET" else 422)
    opens_at, closes_at = form.window
    days, hours = form.notice_days.data, form.box_hours.data
    dates = {"opens_at": opens_at, "closes_at": closes_at}
    try:
        if form.confirm.data != "1":
            check(motion, **dates, notice_days=days, box_hours=hours, now=g.now)
            return _confirmation(form, motion)
        made = publications.prepare_vote(
            g.actor,
            motion,
            **dates,
            notice_days=days,
            place=form.place.data or "",
            box_hours=hours,
            now=g.now,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form, motion, earliest, 409 if isinstance(refusal, NotNow) else 422)
    return to_second_person(made)


def _page(form: AnnounceForm, motion: Motion, earliest: object, status: int) -> ResponseReturnValue:
    body = render_template(
        "votes/announce.html",
        form=form,
        motion=motion,
        plan=motion.plan,
        earliest=earliest,
        least=least_notice_days(motion),
        sent_back=publications_queries.sent_back(motion.plan_id, Kind.VOTE, motion.id),
        hindrances=[sentence(one) for one in votes.hindrances(motion, now=g.now)],
    )
    return body, status


def _confirmation(form: AnnounceForm, motion: Motion) -> ResponseReturnValue:
    opens_at, closes_at = form.window
    form.confirm.data = "1"
    return render_template(
        "votes/announce_confirm.html",
        form=form,
        plan=motion.plan,
        opens_at=opens_at,
        closes_at=closes_at,
        **_of_motion(motion),
    )


def _of_motion(motion: Motion) -> dict[str, object]:
    return {
        "motion": motion,
        "electorate": electorate(motion),
        "roll": votes_queries.newest_roll(motion.id),
        "matter": matter_words(motion.matter),
        "laws": (quorum_law(), approval_law(motion.matter)),
    }


@draws(Kind.VOTE)
def what_is_announced(prepared: Publication, _ticks: Ticks | None) -> str:
    """A prepared announcement as the second person reads it."""
    motion = votes_queries.motion_in_words(g.actor, prepared.motion_id or 0)
    if motion is None:
        raise NotNow("motion_not_announced")
    announced = publications_kinds.announcement_of(prepared.arguments)
    return render_template(
        "votes/_prepared.html",
        opens_at=announced.opens_at,
        closes_at=announced.closes_at,
        days=announced.notice_days,
        place=announced.place,
        box_hours=hours_of(announced.box_hours),
        **_of_motion(motion),
    )


@bp.get("/motions/<int:motion_id>/notice")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def notice(motion: Motion) -> ResponseReturnValue:
    """The notice of the vote as a sheet to be printed and hung up."""
    posted = [one for one in votes_queries.notices_of(motion.id) if one.kind == "vote"]
    if not posted:
        raise NotNow("motion_not_announced")
    return render_template(
        "votes/notice.html",
        motion=motion,
        plan=motion.plan,
        notice=posted[0],
        electorate=electorate(motion),
        matter=matter_words(motion.matter),
        laws=(quorum_law(), approval_law(motion.matter)),
        box_hours=hours_of(motion.box_hours),
        exact_areas=city_of(motion.plan).exact_areas_posted.value,
    )
