"""我的一票: all that a household has said about a plan, and what became of it, at any time.

Each motion on whose roll it stands, from the cast to the resolution; what it answered to the menu;
its objections. The page works before the vote as after the year; what was erased it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.accounts import Actor, Capacity
from domain.own_ballot import Reached, Step, Together, way
from domain.plans import MotionStage
from domain.statements import Standing, standing
from models import audit_queries, objections_queries, votes_queries
from models import own_voters_queries as queries
from models.home_queries import own_dwellings
from models.mandates import Mandate, kinds_of_ballots
from models.objections import Objection
from models.own_voters_queries import Slip
from models.plans import Plan
from models.preferences import AnswerSheet
from models.preferences_queries import menu_of, own_sheets
from models.register import Dwelling
from models.resolutions_queries import taken_up
from models.statements import acts_of_motions
from models.votes import Ballot, Motion
from services import motions
from services.audit import plan_chain
from services.ballots import set_aside
from services.boxes import counted_papers
from services.own_voters import OwnVoter, own_voters_on
from services.preferences import capacities


@dataclass(frozen=True)
class OwnBallot:
    """One head of the reader's on a motion, how far its ballot has come, the paper ballots that
    came back for it (``late``: the numbers of those that the count left out), and by what mandates
    its ballots were cast (ballot id → mandate)."""

    own: OwnVoter
    way: tuple[tuple[Step, Reached], ...]
    slips: tuple[Slip, ...]
    by_mandate: dict[int, Mandate]
    late: frozenset[int] = frozenset()

    @property
    def choice(self) -> str | None:
        """The reader's own answer; nobody's who does not act for the voter."""
        own = self.own
        return own.latest.choice if own.latest is not None and own.person is not None else None

    @property
    def earlier(self) -> Sequence[Ballot]:
        """The ballots that the person's newest replaced, the newest of them first."""
        return self.own.mine[-2::-1]


@dataclass(frozen=True)
class OwnMotion:
    """A motion on whose roll the reader stands, its heads there, and what it went into."""

    motion: Motion
    stage: MotionStage
    ballots: tuple[OwnBallot, ...]
    resolution: str | None
    stands: Standing

    @property
    def counted_at(self) -> datetime | None:
        """When it was counted."""
        return self.motion.counted.counted_at if self.motion.counted else None


@dataclass(frozen=True)
class OwnAnswers:
    """A home of the reader's, and what it answered to each item (title, stance or nothing)."""

    door: Dwelling
    capacity: Capacity
    sheet: AnswerSheet | None
    said: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class OwnPage:
    """The whole page. ``erased_at``: when what had its time was erased."""

    plan: Plan
    votes: tuple[OwnMotion, ...]
    answers: tuple[OwnAnswers, ...]
    objections: tuple[Objection, ...]
    erased_at: datetime | None


def own_page(actor: Actor, plan: Plan, *, now: datetime) -> OwnPage:
    """All that is the reader's own in this plan at ``now``."""
    return OwnPage(
        plan=plan,
        votes=_votes(actor, plan, now),
        answers=_answers(actor, plan),
        objections=tuple(objections_queries.own_objections(actor.account_id, [plan.id])),
        erased_at=audit_queries.last_time(plan_chain(plan.id), "plan_data_erased"),
    )


def _votes(actor: Actor, plan: Plan, now: datetime) -> tuple[OwnMotion, ...]:
    known = {motion.id: motion for motion in votes_queries.motions_of_plan(actor, plan.id)}
    aside = {motion.id: set_aside(motion) for motion in known.values()}
    own = own_voters_on(actor, known.keys(), aside=frozenset().union(*aside.values()))
    late = {one: counted_papers(known[one]).excluded for one in own if aside[one]}
    heads = [one for found in own.values() for one in found]
    slips = queries.slips_of([one.voter.id for one in heads]) if heads else []
    by_mandate = kinds_of_ballots(b.id for one in heads for b in one.mine) if heads else {}
    resolved = taken_up(own.keys()) if own else {}
    acts = acts_of_motions(resolved.keys()) if resolved else {}
    return tuple(
        OwnMotion(
            motion=motion,
            stage=(stage := motions.stage(motion, now)),
            ballots=tuple(
                replace(
                    _ballot(one, stage, slips, by_mandate, resolved=motion.id in resolved),
                    late=late.get(motion.id, frozenset()),
                )
                for one in own[motion.id]
            ),
            resolution=resolved.get(motion.id),
            stands=standing(acts.get(motion.id, ())),
        )
        for motion in known.values()
        if motion.id in own
    )


def _ballot(
    own: OwnVoter,
    stage: MotionStage,
    slips: Sequence[Slip],
    by_mandate: dict[int, Mandate],
    *,
    resolved: bool,
) -> OwnBallot:
    # Until the close the reader's own answer is missing even where a co-owner has answered.
    ended = stage is not MotionStage.VOTING or own.stands is Together.REPRESENTED
    return OwnBallot(
        own=own,
        way=way(stage, cast=bool(own.mine) or (own.others and ended), resolved=resolved),
        slips=tuple(one for one in slips if one.voter_id == own.voter.id),
        by_mandate=by_mandate,
    )


def _answers(actor: Actor, plan: Plan) -> tuple[OwnAnswers, ...]:
    held = capacities(actor, plan)
    sheets = {(one.dwelling_id, one.capacity): one for one in own_sheets(actor, [plan.id])}
    titles = {item.id: item.title for item in menu_of([plan.id])} if sheets else {}
    return tuple(
        OwnAnswers(door, held[door.id], sheet, _said(titles, sheet))
        for door in own_dwellings(held.keys())
        for sheet in (sheets.get((door.id, held[door.id])),)
    )


def _said(titles: dict[int, str], sheet: AnswerSheet | None) -> tuple[tuple[str, str | None], ...]:
    if sheet is None:
        return ()
    stances = {answer.item_id: answer.stance for answer in sheet.answers}
    return tuple((title, stances.get(item)) for item, title in titles.items())
