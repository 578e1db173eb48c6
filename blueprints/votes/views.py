"""Views of motions: the list of a plan, one motion, drawing up, editing, cancelling, redrawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared import kept
from blueprints.shared.access import requires
from blueprints.votes import bp
from blueprints.votes.forms import EVERYWHERE, MotionForm, ReasonForm, whole
from blueprints.votes.page import (
    MotionPage,
    OwnRows,
    cells_of,
    electorate,
    in_cells,
    motion_page,
    rows_of,
    rows_of_lines,
    said_exactly,
)
from blueprints.votes.words import STAGE_KINDS, approval_law, proposed_text, quorum_law
from domain.accounts import Actor, Permission
from domain.errors import Refused
from domain.menus import DecidedBy
from domain.plans import MotionStage
from models import results_queries, votes_queries
from models.menus import OptionVersion
from models.plans import Plan
from models.register import Entrance
from models.results_queries import Settled
from models.votes import Motion
from services import costs, votes
from services.notices import city_of

# Whoever may do one of these finds more on the page of a motion than what came of it.
ACTS = (Permission.RUN_VOTE, Permission.TRACK_REACH, Permission.DRAFT_MOTION)


@dataclass(frozen=True)
class Listed:
    """A motion in a list."""

    motion: Motion
    electorate: str
    stage: MotionStage

    @property
    def kind(self) -> str:
        """The colour of the stage's tag."""
        return STAGE_KINDS[self.stage]


@bp.get("/plans/<int:plan_id>/motions")
@requires(Permission.SEE_PLAN, load=votes_queries.plan_visible_to)
def motions(plan: Plan) -> ResponseReturnValue:
    """All motions of a plan."""
    found = votes_queries.motions_of_plan(g.actor, plan.id)
    return render_template(
        "votes/motions.html",
        plan=plan,
        motions=[Listed(one, electorate(one), votes.stage(one, g.now)) for one in found],
        may_draft=g.actor.may(Permission.DRAFT_MOTION, plan.scope),
    )


def _seen(actor: Actor, motion_id: int, **_rest: object) -> Motion | Settled | None:
    """The motion; one that is decided in plain columns, where its page may have been kept."""
    if kept.may_be_kept():
        found = results_queries.settled(actor, motion_id, g.now)
        runs = found is not None and any(actor.may(one, found.scope) for one in ACTS)
        if found is not None and not runs:
            return found
    return votes_queries.motion_in_words(actor, motion_id)


@bp.get("/motions/<int:motion_id>")
@requires(Permission.SEE_PLAN, load=_seen)
def motion(motion: Motion | Settled) -> ResponseReturnValue:
    """One motion: its text, where it stands, what can be done, and what came of it."""
    if isinstance(motion, Settled):
        return _kept(motion)
    page = motion_page(g.actor, motion, g.now)
    return _motion(motion, page, rows_of(page.own))


def _kept(settled: Settled) -> ResponseReturnValue:
    """The page of a decided motion, drawn once for each audience and shape of a reader's lines."""
    rows = rows_of_lines(settled.own)
    shape = tuple((len(one.rows), one.disputed) for one in rows)
    own = {f"own{place}": cell for place, cell in enumerate(cells_of(rows))}

    def draw(marks: Mapping[str, str], actor: object) -> str:
        motion = votes_queries.motion_in_words(g.actor, settled.id)
        if motion is None:
            abort(404)
        marked = in_cells(rows, [marks[name] for name in own])
        return _motion(motion, motion_page(g.actor, motion, g.now), marked, actor=actor)

    def still() -> bool:
        return results_queries.settled(g.actor, settled.id, g.now) == settled

    return kept.page((settled, shape, said_exactly(g.actor, settled)), own, draw, still)


def _motion(motion: Motion, page: MotionPage, own: Sequence[OwnRows], **given: object) -> str:
    from blueprints.votes.results import majority_table, said_of_result

    count = page.result.count
    return render_template(
        "votes/motion.html",
        page=page,
        own=own,
        motion=motion,
        plan=motion.plan,
        majority=majority_table(count, exact=page.exact) if count else None,
        said=said_of_result(count, exact=page.exact) if count else (),
        sees_signed=count is not None and votes.sees_exact(g.actor, motion),
        **given,
    )


@bp.get("/plans/<int:plan_id>/motions/new")
@requires(Permission.DRAFT_MOTION, load=votes_queries.plan_visible_to)
def choose(plan: Plan) -> ResponseReturnValue:
    """The options a motion can be drawn up from."""
    rows = [
        (item, option.published)
        for item in votes_queries.votable_items(plan.id)
        for option in item.options
        if option.withdrawn_at is None and option.published is not None
    ]
    return render_template("votes/choose.html", plan=plan, rows=rows)


def _entrances(version: OptionVersion) -> list[Entrance]:
    item = version.option.item
    if item.decided_by == DecidedBy.BUILDING:
        return []
    return list(item.plan.building.entrances)


def _draft_page(
    form: MotionForm, version: OptionVersion, status: int = 200, redraws: Motion | None = None
) -> ResponseReturnValue:
    matter = form.matter.data or version.option.item.matter
    body = render_template(
        "votes/draft.html",
        form=form,
        version=version,
        item=version.option.item,
        plan=version.option.item.plan,
        bill=costs.price(version),
        redraws=redraws,
        laws=(quorum_law(), approval_law(matter if 1 <= matter <= 9 else 9)),
    )
    return body, status


@bp.route("/motions/new/<int:version_id>", methods=["GET", "POST"])
@requires(Permission.DRAFT_MOTION, load=votes_queries.version_visible_to)
def draft(version: OptionVersion) -> ResponseReturnValue:
    """Draw a motion up from a published option."""
    item = version.option.item
    form = MotionForm(
        title=_("%(item)s: %(option)s", item=item.title, option=version.title),
        text=proposed_text(version, costs.price(version)) if request.method == "GET" else None,
        matter=item.matter,
    )
    entrances = _entrances(version)
    form.with_entrances([(one.id, one.name) for one in entrances])
    form.with_channels(city_of(item.plan).channels.value)
    if not form.validate_on_submit():
        return _draft_page(form, version, 200 if request.method == "GET" else 422)
    words = {
        "title": form.title.data,
        "text": form.text.data,
        "matter": form.matter.data,
        "channel": form.chosen_channel,
    }
    chosen = form.entrance.data if entrances else None
    try:
        if chosen == EVERYWHERE:
            drawn = votes.draft_everywhere(g.actor, version, now=g.now, **words)
            flash(_("Drawn up: %(number)s motions.", number=len(drawn)), "success")
            return redirect(url_for(".motions", plan_id=item.plan_id), 303)
        entrance = next((one for one in entrances if str(one.id) == chosen), None)
        made = votes.draft(g.actor, version, entrance=entrance, now=g.now, **words)
    except Refused as refusal:
        form.refuse(refusal)
        return _draft_page(form, version, 422)
    flash(_("The motion is drawn up. It can be edited until it is announced."), "success")
    return redirect(url_for(".motion", motion_id=made.id), 303)


@bp.route("/motions/<int:motion_id>/edit", methods=["GET", "POST"])
@requires(Permission.DRAFT_MOTION, load=votes_queries.motion_in_words)
def edit(motion: Motion) -> ResponseReturnValue:
    """Change title, text and matter while the motion is not announced."""
    form = MotionForm(
        title=motion.title,
        text=motion.text,
        matter=motion.matter,
        channel=motion.channel,
        revision=motion.revision,
    )
    form.with_entrances([])
    form.with_channels(city_of(motion.plan).channels.value)
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return _edit_page(form, motion, status)
    try:
        votes.edit(
            g.actor,
            motion,
            title=form.title.data,
            text=form.text.data,
            matter=form.matter.data,
            revision=whole(form.revision.data) or 0,
            now=g.now,
            channel=form.chosen_channel,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _edit_page(form, motion, 409 if refusal.code == "changed_meanwhile" else 422)
    flash(_("Saved."), "success")
    return redirect(url_for(".motion", motion_id=motion.id), 303)


def _edit_page(form: MotionForm, motion: Motion, status: int) -> ResponseReturnValue:
    body = render_template("votes/edit.html", form=form, motion=motion, plan=motion.plan)
    return body, status


@bp.route("/motions/<int:motion_id>/cancel", methods=["GET", "POST"])
@requires(Permission.RUN_VOTE, load=votes_queries.motion_in_words, confirmed=True)
def cancel(motion: Motion) -> ResponseReturnValue:
    """Cancel a motion, saying why."""
    form = ReasonForm()
    if form.validate_on_submit():
        votes.cancel(g.actor, motion, reason=form.reason.data, now=g.now)
        flash(_("The motion is cancelled."), "success")
        return redirect(url_for(".motion", motion_id=motion.id), 303)
    status = 200 if request.method == "GET" else 422
    body = render_template("votes/cancel.html", form=form, motion=motion, plan=motion.plan)
    return body, status


@bp.route("/motions/<int:motion_id>/redraw", methods=["GET", "POST"])
@requires(Permission.DRAFT_MOTION, load=votes_queries.motion_in_words)
def redraw(motion: Motion) -> ResponseReturnValue:
    """Draw a motion up anew after it failed or was cancelled, from the newest version."""
    version = votes_queries.newest_version(motion.version.option_id) or motion.version
    unchanged = version.id == motion.option_version_id
    asked = request.method == "GET"
    form = MotionForm(
        title=motion.title,
        text=(motion.text if unchanged else proposed_text(version, costs.price(version)))
        if asked
        else None,
        matter=motion.matter,
        channel=motion.channel,
    )
    form.with_entrances([])
    form.with_channels(city_of(motion.plan).channels.value)
    if not form.validate_on_submit():
        return _draft_page(form, version, 200 if asked else 422, motion)
    try:
        made = votes.redraw(
            g.actor,
            motion,
            title=form.title.data,
            text=form.text.data,
            matter=form.matter.data,
            version=version,
            now=g.now,
            channel=form.chosen_channel,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _draft_page(form, version, 422, motion)
    flash(_("The motion is drawn up anew as a new motion."), "success")
    return redirect(url_for(".motion", motion_id=made.id), 303)
