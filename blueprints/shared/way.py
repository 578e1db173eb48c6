"""The way of a plan (一栋一策): its stages as a line, with dates, who acts next and which paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.localisation import day, deadline
from blueprints.shared.words import word
from domain.plans import (
    WAY,
    MotionStage,
    Phase,
    PlanFacts,
    Stage,
    motion_stage,
    next_step,
    phase_of,
    plan_stage,
)
from models.plans import Plan
from services.plans import SIDE_STAGES

_LIVE = frozenset(MotionStage) - {MotionStage.CANCELLED}
# Of the line on a first page: so many steps behind the present one, so many before it.
_BEHIND, _AHEAD = 1, 2


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
    if stage is Stage.CLOSED:
        return ""
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


def in_phases(steps: list[WayStep]) -> list[WayStep]:
    """The same line in the five parts that residents are told; the present one says its step."""
    parts: dict[Phase, list[WayStep]] = {}
    for stage, step in zip(WAY, steps, strict=True):
        parts.setdefault(phase_of(stage), []).append(step)
    return [_part(word("phases", phase), own) for phase, own in parts.items()]


def _part(label: str, own: list[WayStep]) -> WayStep:
    here = next((one for one in own if one.state in ("current", "stopped")), None)
    if here is not None:
        return replace(here, label=label, note=here.label)
    if own[0].state == "next":
        return WayStep(label, "next")
    date = next((one.date for one in reversed(own) if one.date), "")
    left = next((one for one in own if one.paper), own[-1])
    return WayStep(label, "done", date, "", left.paper, left.paper_url if left.paper else None)


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


@dataclass(frozen=True)
class Stretch:
    """The part of the line around the present step: which step of how many, and those beside it."""

    number: int
    whole: int
    steps: tuple[WayStep, ...]


def around(steps: list[WayStep]) -> Stretch:
    """The present step with the one behind it and the next ones."""
    here = next(place for place, one in enumerate(steps) if one.state in ("current", "stopped"))
    shown = steps[max(0, here - _BEHIND) : here + _AHEAD + 1]
    return Stretch(here + 1, len(steps), tuple(shown))
