"""A plan's page as data: what the reader can do now, and its motions.

Decisions about what is shown are made here, so that the template only lays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.localisation import day, deadline
from domain.accounts import Actor, Capacity, Permission, Role
from domain.plans import MotionStage, Stage, motion_stage
from models.plans import Plan
from services.plans import Recorded


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
    voting = (Stage.NOTICE, Stage.VOTING, Stage.CLOSED)
    if stage in (Stage.DRAFTING, Stage.FAILED, Stage.ROLL_POSTED, *voting):
        return [motions, demand, menu]
    return [resolution, motions]
