"""The life of a plan (一栋一策) and of its motions, read from recorded facts and times.

Source: ours, built on 民法典 278 (what owners decide together), 280 (a decision
may be challenged) and 《业主大会和业主委员会指导规则》(建房〔2009〕274号) for the order roll,
notice, vote, count, posting of the result.

No stage is ever stored: it follows from the instants that were recorded and from ``now``. An
instant later than ``now`` has not happened. A window is open while ``opens_at <= now < closes_at``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import NotNow, Refused
from domain.sources import rule


class Stage(StrEnum):
    """Where a plan stands; the last three are side states."""

    COLLECTING_NEEDS = "collecting_needs"
    MENU_PUBLISHED = "menu_published"
    CONSULTING = "consulting"
    DRAFTING = "drafting"
    ROLL_POSTED = "roll_posted"
    NOTICE = "notice"
    VOTING = "voting"
    CLOSED = "closed"
    COUNTED = "counted"
    RESULT_POSTED = "result_posted"
    FAILED = "failed"
    IN_FORCE = "in_force"
    REQUIREMENTS_ISSUED = "requirements_issued"
    WORKS = "works"
    ACCEPTED = "accepted"
    EVALUATED = "evaluated"
    MAINTAINED = "maintained"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    ANNULLED = "annulled"


# The way drawn on a plan's page, in order; FAILED branches off COUNTED, side states leave the way.
WAY = tuple(
    stage
    for stage in Stage
    if stage not in (Stage.FAILED, Stage.WITHDRAWN, Stage.SUSPENDED, Stage.ANNULLED)
)


class Phase(StrEnum):
    """The way as residents are told it: five parts of it instead of every step."""

    MENU = "menu"
    MOTIONS = "motions"
    VOTE = "vote"
    RESOLUTION = "resolution"
    WORKS = "works"


_BEGINS = {
    Stage.COLLECTING_NEEDS: Phase.MENU,
    Stage.DRAFTING: Phase.MOTIONS,
    Stage.VOTING: Phase.VOTE,
    Stage.RESULT_POSTED: Phase.RESOLUTION,
    Stage.REQUIREMENTS_ISSUED: Phase.WORKS,
}


def phase_of(stage: Stage) -> Phase:
    """The part of the way that a stage on it belongs to."""
    return [_BEGINS[one] for one in WAY[: WAY.index(stage) + 1] if one in _BEGINS][-1]


class MotionStage(StrEnum):
    """Where one motion stands. ``COUNTED`` means adopted, ``FAILED`` rejected or not quorate."""

    DRAFT = "draft"
    ROLL_POSTED = "roll_posted"
    NOTICE = "notice"
    VOTING = "voting"
    CLOSED = "closed"
    COUNTED = "counted"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Until a motion is decided its results are sealed; only turnout may be shown.
DECIDED = frozenset({MotionStage.COUNTED, MotionStage.FAILED})
# From the announcement on, text, option version, cost sharing and roll are frozen.
FROZEN = frozenset({MotionStage.NOTICE, MotionStage.VOTING, MotionStage.CLOSED, *DECIDED})

ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class MotionFacts:
    """What is recorded of one motion; instants are aware, ``closes_at`` is the first one after.

    ``outcome`` is ``adopted``, ``rejected`` or ``not_quorate`` once counted. A motion drawn up
    anew is a new motion: the old one then carries ``superseded_at`` and no longer holds the plan.
    """

    roll_posted_at: datetime | None = None
    announced_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    counted_at: datetime | None = None
    outcome: str | None = None
    cancelled_at: datetime | None = None
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is recorded of one plan; every field is an aware instant or has not happened.

    ``in_force_at`` is the first instant after the result's posting period, so it may lie ahead.
    """

    menu_published_at: datetime | None = None
    consultation_opens_at: datetime | None = None
    consultation_closes_at: datetime | None = None
    motions: tuple[MotionFacts, ...] = ()
    result_posted_at: datetime | None = None
    in_force_at: datetime | None = None
    requirements_issued_at: datetime | None = None
    works_started_at: datetime | None = None
    accepted_at: datetime | None = None
    evaluated_at: datetime | None = None
    maintained_at: datetime | None = None
    withdrawn_at: datetime | None = None
    suspended_at: datetime | None = None
    resumed_at: datetime | None = None
    annulled_at: datetime | None = None


def _happened(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def is_open(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """Whether ``opens_at <= now < closes_at``; the one formula for every window of time."""
    return _happened(opens_at, now) and closes_at is not None and now < closes_at


@rule(
    "plan.motion_stage",
    source="ours, after 民法典 278 and 建房〔2009〕274号 / Civil Code art. 278",
    says="A motion's stage follows from recorded instants: open while opens_at <= now < closes_at.",
    basis="ours",
)
def motion_stage(facts: MotionFacts, now: datetime) -> MotionStage:
    """Where a motion stands at ``now``."""
    if _happened(facts.cancelled_at, now) or _happened(facts.superseded_at, now):
        return MotionStage.CANCELLED
    if _happened(facts.counted_at, now):
        return MotionStage.COUNTED if facts.outcome == ADOPTED else MotionStage.FAILED
    if not _happened(facts.announced_at, now):
        posted = _happened(facts.roll_posted_at, now)
        return MotionStage.ROLL_POSTED if posted else MotionStage.DRAFT
    if _happened(facts.closes_at, now):
        return MotionStage.CLOSED
    if is_open(facts.opens_at, facts.closes_at, now):
        return MotionStage.VOTING
    return MotionStage.NOTICE


# A plan is as far as the motion that is least far.
_HELD_BY = (
    (MotionStage.DRAFT, Stage.DRAFTING),
    (MotionStage.ROLL_POSTED, Stage.ROLL_POSTED),
    (MotionStage.NOTICE, Stage.NOTICE),
    (MotionStage.VOTING, Stage.VOTING),
    (MotionStage.CLOSED, Stage.CLOSED),
    (MotionStage.COUNTED, Stage.COUNTED),
    (MotionStage.FAILED, Stage.FAILED),
)


def _side_state(facts: PlanFacts, now: datetime) -> Stage | None:
    if _happened(facts.annulled_at, now):
        return Stage.ANNULLED
    if _happened(facts.withdrawn_at, now):
        return Stage.WITHDRAWN
    if facts.suspended_at is not None and facts.suspended_at <= now:
        resumed = facts.resumed_at
        if resumed is None or not facts.suspended_at <= resumed <= now:
            return Stage.SUSPENDED
    return None


def _after_the_vote(facts: PlanFacts, now: datetime) -> Stage | None:
    latest_first = (
        (facts.maintained_at, Stage.MAINTAINED),
        (facts.evaluated_at, Stage.EVALUATED),
        (facts.accepted_at, Stage.ACCEPTED),
        (facts.works_started_at, Stage.WORKS),
        (facts.requirements_issued_at, Stage.REQUIREMENTS_ISSUED),
        (facts.in_force_at, Stage.IN_FORCE),
        (facts.result_posted_at, Stage.RESULT_POSTED),
    )
    return next((stage for instant, stage in latest_first if _happened(instant, now)), None)


def _before_the_vote(facts: PlanFacts, now: datetime) -> Stage:
    if _happened(facts.consultation_closes_at, now):
        return Stage.DRAFTING
    if _happened(facts.consultation_opens_at, now):
        return Stage.CONSULTING
    if _happened(facts.menu_published_at, now):
        return Stage.MENU_PUBLISHED
    return Stage.COLLECTING_NEEDS


@rule(
    "plan.stage",
    source="ours, after 民法典 278 and 建房〔2009〕274号 / Civil Code art. 278",
    says="A plan's stage follows from recorded facts; the least advanced live motion holds it.",
    basis="ours",
)
def plan_stage(facts: PlanFacts, now: datetime) -> Stage:
    """Where a plan stands at ``now``.

    With several motions the least advanced one that was neither cancelled nor superseded holds
    the plan; the plan has failed when every live motion has. Drafts are looked at only after the
    consultation: a motion drawn up early does not end it.
    """
    settled = _side_state(facts, now) or _after_the_vote(facts, now)
    if settled is not None:
        return settled
    before = _before_the_vote(facts, now)
    stages = {motion_stage(motion, now) for motion in facts.motions} - {MotionStage.CANCELLED}
    if before is not Stage.DRAFTING:
        stages.discard(MotionStage.DRAFT)
    return next((stage for held, stage in _HELD_BY if held in stages), before)


def require_stage(stage: StrEnum, *allowed: StrEnum) -> None:
    """Refuse (``not_at_this_stage``) unless ``stage`` is one of ``allowed``."""
    if stage not in allowed:
        raise NotNow(
            "not_at_this_stage", stage=str(stage), allowed=tuple(str(one) for one in allowed)
        )


def _check_order(pairs: Iterable[tuple[str, datetime | None]]) -> None:
    latest: tuple[str, datetime] | None = None
    for name, instant in pairs:
        if instant is None:
            continue
        if instant.tzinfo is None:
            raise Refused("instant_without_zone", field=name)
        if latest is not None and instant < latest[1]:
            raise Refused("facts_out_of_order", field=name, earlier=latest[0], later=name)
        latest = (name, instant)


def check_motion_facts(facts: MotionFacts) -> None:
    """Refuse facts no motion can have: an instant before its forerunner, a close not after the
    opening, a count without an outcome."""
    opens, closes = facts.opens_at, facts.closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise Refused("close_before_open", field="closes_at")
    names = ("roll_posted_at", "announced_at", "opens_at", "closes_at", "counted_at")
    _check_order((name, getattr(facts, name)) for name in names)
    if (facts.counted_at is None) != (facts.outcome is None):
        raise Refused("count_without_outcome", field="outcome")


def check_plan_facts(facts: PlanFacts) -> None:
    """Refuse facts no plan can have (``facts_out_of_order``, ``close_before_open``)."""
    opens, closes = facts.consultation_opens_at, facts.consultation_closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise Refused("close_before_open", field="consultation_closes_at")
    names = (
        "menu_published_at",
        "consultation_opens_at",
        "consultation_closes_at",
        "result_posted_at",
        "in_force_at",
        "requirements_issued_at",
        "works_started_at",
        "accepted_at",
        "evaluated_at",
        "maintained_at",
    )
    _check_order((name, getattr(facts, name)) for name in names)
    _check_order((name, getattr(facts, name)) for name in ("suspended_at", "resumed_at"))
    for motion in facts.motions:
        check_motion_facts(motion)


class Actor(StrEnum):
    """Who has to act next."""

    COMMITTEE = "committee"
    HOUSEHOLDS = "households"
    OWNERS = "owners"
    CONTRACTOR = "contractor"
    NOBODY = "nobody"


class Paper(StrEnum):
    """The document that the next step makes, if this program can make it."""

    MENU = "menu"
    HOUSEHOLD_LETTER = "household_letter"
    OBJECTION_ANSWERS = "objection_answers"
    MOTION_TEXT = "motion_text"
    ROLL = "roll"
    NOTICE = "notice"
    BALLOT = "ballot"
    COUNT_RECORD = "count_record"
    RESULT_NOTICE = "result_notice"
    RESOLUTION = "resolution"
    REQUIREMENT_LIST = "requirement_list"
    STATEMENT = "statement"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who acts next, and which paper comes of it; works leave none that is made here."""

    actor: Actor
    paper: Paper


_NEXT: dict[Stage, NextStep] = {
    Stage.COLLECTING_NEEDS: NextStep(Actor.COMMITTEE, Paper.MENU),
    Stage.MENU_PUBLISHED: NextStep(Actor.COMMITTEE, Paper.HOUSEHOLD_LETTER),
    Stage.CONSULTING: NextStep(Actor.HOUSEHOLDS, Paper.OBJECTION_ANSWERS),
    Stage.DRAFTING: NextStep(Actor.COMMITTEE, Paper.ROLL),
    Stage.ROLL_POSTED: NextStep(Actor.COMMITTEE, Paper.NOTICE),
    Stage.NOTICE: NextStep(Actor.COMMITTEE, Paper.BALLOT),
    Stage.VOTING: NextStep(Actor.OWNERS, Paper.BALLOT),
    Stage.CLOSED: NextStep(Actor.COMMITTEE, Paper.COUNT_RECORD),
    Stage.COUNTED: NextStep(Actor.COMMITTEE, Paper.RESULT_NOTICE),
    Stage.RESULT_POSTED: NextStep(Actor.OWNERS, Paper.RESOLUTION),
    Stage.FAILED: NextStep(Actor.COMMITTEE, Paper.MOTION_TEXT),
    Stage.IN_FORCE: NextStep(Actor.COMMITTEE, Paper.REQUIREMENT_LIST),
    Stage.REQUIREMENTS_ISSUED: NextStep(Actor.CONTRACTOR, Paper.NONE),
    Stage.WORKS: NextStep(Actor.CONTRACTOR, Paper.NONE),
    Stage.ACCEPTED: NextStep(Actor.HOUSEHOLDS, Paper.NONE),
    Stage.EVALUATED: NextStep(Actor.COMMITTEE, Paper.NONE),
    Stage.MAINTAINED: NextStep(Actor.NOBODY, Paper.NONE),
    Stage.WITHDRAWN: NextStep(Actor.NOBODY, Paper.NONE),
    Stage.SUSPENDED: NextStep(Actor.COMMITTEE, Paper.STATEMENT),
    Stage.ANNULLED: NextStep(Actor.COMMITTEE, Paper.STATEMENT),
}
_NEXT_OF_MOTION: dict[MotionStage, NextStep] = {
    MotionStage.DRAFT: NextStep(Actor.COMMITTEE, Paper.ROLL),
    MotionStage.ROLL_POSTED: NextStep(Actor.COMMITTEE, Paper.NOTICE),
    MotionStage.NOTICE: NextStep(Actor.COMMITTEE, Paper.BALLOT),
    MotionStage.VOTING: NextStep(Actor.OWNERS, Paper.BALLOT),
    MotionStage.CLOSED: NextStep(Actor.COMMITTEE, Paper.COUNT_RECORD),
    MotionStage.COUNTED: NextStep(Actor.COMMITTEE, Paper.RESULT_NOTICE),
    MotionStage.FAILED: NextStep(Actor.COMMITTEE, Paper.MOTION_TEXT),
    MotionStage.CANCELLED: NextStep(Actor.NOBODY, Paper.NONE),
}


def next_step(stage: Stage | MotionStage) -> NextStep:
    """Who acts next at a plan's or a motion's stage, and the document of that step."""
    return _NEXT[stage] if isinstance(stage, Stage) else _NEXT_OF_MOTION[stage]
