"""A plan's page as data: the way it goes, and what the reader can do now.

Decisions about what is shown are made here, so that the template only lays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.localisation import day, deadline
from blueprints.shared.words import word
from domain.accounts import Actor, Capacity, Permission, Role
from domain.plans import (
    WAY,
    MotionStage,
    PlanFacts,
    Stage,
    motion_stage,
    next_step,
    plan_stage,
)
from models.plans import Plan
from services.plans import SIDE_STAGES, Recorded

_LIVE = frozenset(MotionStage) - {MotionStage.CANCELLED}


@dataclass(frozen=True)
class WayStep:
    """One stage on the line, as the macro ``steps`` draws it."""

    label: str
    state: str
    date: str = ""
    actor: str = ""
    paper: str = ""
    paper_url: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Action:
    """Something the reader can do now. The first of a list is the one that is asked for."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class MotionLine:
    """A motion in the list of the plan's page."""

    number: int
    title: str
    where: str
    stage: MotionStage
    until: str
    url: str


def _instants(facts: PlanFacts, now: datetime) -> dict[Stage, datetime | None]:
    live = [motion for motion in facts.motions if motion_stage(motion, now) in _LIVE]

    def earliest(name: str) -> datetime | None:
        return min((at for one in live if (at := getattr(one, name))), default=None)

    return {
        Stage.MENU_PUBLISHED: facts.menu_published_at,
        Stage.CONSULTING: facts.consultation_opens_at,
        Stage.DRAFTING: facts.consultation_closes_at,
        Stage.ROLL_POSTED: earliest("roll_posted_at"),
        Stage.NOTICE: earliest("announced_at"),
        Stage.VOTING: earliest("opens_at"),
        Stage.COUNTED: earliest("counted_at"),
        Stage.RESULT_POSTED: facts.result_posted_at,
        Stage.IN_FORCE: facts.in_force_at,
        Stage.REQUIREMENTS_ISSUED: facts.requirements_issued_at,
        Stage.WORKS: facts.works_started_at,
        Stage.ACCEPTED: facts.accepted_at,
        Stage.EVALUATED: facts.evaluated_at,
        Stage.MAINTAINED: facts.maintained_at,
    }


def _date(stage: Stage, facts: PlanFacts, instants: dict[Stage, datetime | None]) -> str:
    if stage is Stage.CONSULTING and facts.consultation_closes_at:
        return _("until %(when)s", when=deadline(facts.consultation_closes_at))
    if stage is Stage.VOTING:
        closes = max((one.closes_at for one in facts.motions if one.closes_at), default=None)
        return _("until %(when)s", when=deadline(closes)) if closes else ""
    instant = instants.get(stage)
    return day(instant) if instant else ""


def _reached(facts: PlanFacts, stage: Stage, now: datetime) -> Stage:
    """The stage on the line at which a plan stands that has failed or left the line."""
    if stage is Stage.FAILED:
        return Stage.COUNTED
    if stage not in SIDE_STAGES:
        return stage
    instants = _instants(facts, now)
    passed = [one for one in WAY if (at := instants.get(one)) and at <= now]
    return passed[-1] if passed else WAY[0]


def way(facts: PlanFacts, now: datetime, papers: dict[Stage, str]) -> list[WayStep]:
    """The line from collecting needs to maintenance; ``papers`` are addresses of documents."""
    stage = plan_stage(facts, now)
    reached = _reached(facts, stage, now)
    place = WAY.index(reached)
    instants = _instants(facts, now)
    steps = []
    for number, one in enumerate(WAY):
        if number < place:
            steps.append(_behind(one, _date(one, facts, instants), papers))
        elif number > place:
            steps.append(WayStep(word("stages", one), "next", _date(one, facts, instants)))
        else:
            steps.append(_here(one, stage, _date(one, facts, instants), papers))
    return steps


# What a stage left behind, where it can be read.
_LEFT = {
    Stage.MENU_PUBLISHED: "menu",
    Stage.RESULT_POSTED: "resolution",
}


def _behind(stage: Stage, date: str, papers: dict[Stage, str]) -> WayStep:
    paper = word("papers", _LEFT[stage]) if stage in _LEFT and stage in papers else ""
    return WayStep(word("stages", stage), "done", date, "", paper, papers.get(stage))


def _here(reached: Stage, stage: Stage, date: str, papers: dict[Stage, str]) -> WayStep:
    step = next_step(stage)
    state = "stopped" if stage in SIDE_STAGES or stage is Stage.FAILED else "current"
    label = word("stages", reached)
    if stage is not reached:
        label = f"{label} · {word('stages', stage)}"
    return WayStep(
        label,
        state,
        date,
        word("acts_next", step.actor),
        "" if step.paper == "none" else word("papers", step.paper),
        papers.get(reached),
    )


def papers(plan: Plan, facts: PlanFacts) -> dict[Stage, str]:
    """Where the documents are that a stage's next step speaks of."""
    menu = url_for("menus.menu", plan_id=plan.id)
    resolution = url_for("resolutions.of_plan", plan_id=plan.id)
    found = {Stage.CONSULTING: url_for("objections.index", plan_id=plan.id)}
    if facts.menu_published_at is not None:
        found[Stage.MENU_PUBLISHED] = menu
    if facts.result_posted_at is not None:
        found[Stage.RESULT_POSTED] = found[Stage.IN_FORCE] = resolution
    return found


def _own_entrances(actor: Actor, plan: Plan) -> set[int | None]:
    return {
        grant.scope.entrance
        for grant in actor.grants_of(Role.RESIDENT)
        if grant.scope.building == plan.building_id and grant.capacity is Capacity.OWNER
    }


def motion_lines(motions: Sequence[Recorded], now: datetime) -> list[MotionLine]:
    """The motions that somebody outside the committee may know of, drafts included for it."""
    lines = []
    for one in motions:
        stage = motion_stage(one.facts, now)
        entrance = one.motion.entrance
        until = ""
        if stage is MotionStage.VOTING:
            until = _("until %(when)s", when=deadline(one.motion.closes_at))
        elif stage is MotionStage.NOTICE:
            until = _("opens %(when)s", when=day(one.motion.opens_at))
        lines.append(
            MotionLine(
                one.motion.number,
                one.motion.title,
                entrance.name if entrance else _("the whole building"),
                stage,
                until,
                url_for("votes.motion", motion_id=one.motion.id),
            )
        )
    return lines


def shown_motions(actor: Actor, plan: Plan, motions: Sequence[Recorded]) -> list[Recorded]:
    """Drafts are the committee's own business until their roll is posted."""
    if actor.may(Permission.DRAFT_MOTION, plan.scope):
        return list(motions)
    return [one for one in motions if one.facts.roll_posted_at or one.facts.announced_at]


def household_actions(
    actor: Actor, plan: Plan, stage: Stage, motions: Sequence[Recorded], now: datetime
) -> list[Action]:
    """What a household can do now, the most urgent first."""
    found = []
    own = _own_entrances(actor, plan)
    for one in motions:
        if motion_stage(one.facts, now) is not MotionStage.VOTING or not own:
            continue
        if one.motion.entrance_id is None or one.motion.entrance_id in own:
            found.append(
                Action(
                    _("Vote: %(title)s", title=one.motion.title),
                    _("Voting is open until %(when)s.", when=deadline(one.motion.closes_at)),
                    url_for("votes.ballot", motion_id=one.motion.id),
                )
            )
    if stage is Stage.CONSULTING and actor.may(Permission.ANSWER_MENU, plan.scope):
        found.append(
            Action(
                _("Answer the menu"),
                _(
                    "Say what you need and what you do not want, until %(when)s.",
                    when=deadline(plan.consultation_closes_at),
                ),
                url_for("preferences.answer", plan_id=plan.id),
            )
        )
    return found


def committee_actions(plan: Plan, stage: Stage) -> list[Action]:
    """What the committee does at this stage, the next step first."""
    found = []
    if stage is Stage.COLLECTING_NEEDS:
        found += [
            Action(
                _("Compose the menu"),
                _("Choose works from the catalogue or write your own, with options and prices."),
                url_for("menus.compose", plan_id=plan.id),
            ),
            Action(
                _("Publish the menu"),
                _("Open the consultation in this building, or in several at once."),
                url_for("menus.publish", plan_id=plan.id),
            ),
        ]
    elif stage is not Stage.WITHDRAWN:
        found += _while_running(plan, stage)
    return found


def _while_running(plan: Plan, stage: Stage) -> list[Action]:
    demand = Action(
        _("See what the households want"),
        _("Who has answered, what is wanted on which floor, and which objections came."),
        url_for("preferences.demand", plan_id=plan.id),
    )
    motions = Action(
        _("Motions and votes"),
        _("Draw up motions, post the roll, announce, count."),
        url_for("votes.motions", plan_id=plan.id),
    )
    menu = Action(
        _("Change the menu"),
        _("Revise an option by a new version, add one, or withdraw one."),
        url_for("menus.compose", plan_id=plan.id),
    )
    resolution = Action(
        _("Resolution"),
        _("Issue what was adopted as one numbered document."),
        url_for("resolutions.of_plan", plan_id=plan.id),
    )
    if stage in (Stage.MENU_PUBLISHED, Stage.CONSULTING):
        return [
            demand,
            menu,
            Action(
                _("Extend the consultation"),
                _("Close it later, with a new notice."),
                url_for("plans.extend", plan_id=plan.id),
            ),
            motions,
        ]
    if stage in (Stage.COUNTED, Stage.RESULT_POSTED, Stage.IN_FORCE):
        return [resolution, motions, demand]
    if stage in (Stage.DRAFTING, Stage.FAILED, Stage.ROLL_POSTED, Stage.NOTICE, Stage.VOTING):
        return [motions, demand, menu]
    return [resolution, motions]
