"""On the first page: rounds from door to door, official results to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Actor
from domain.plans import MotionStage
from models import home_duties_queries as queries
from models.plans import Plan
from models.votes import Motion
from services.home import Standing


@dataclass(frozen=True)
class Round:
    """The ballots of a motion to bring to the doors of the reader's part; ``done`` of ``whole``."""

    motion: Motion
    plan: Plan
    whole: int
    done: int


@dataclass(frozen=True)
class Result:
    """A platform's result that waits for its second person; ``mine``: the reader entered it."""

    motion: Motion
    plan: Plan
    mine: bool


def _motions(
    known: Sequence[Standing], now: datetime, *stages: MotionStage
) -> dict[int, tuple[Motion, Plan]]:
    return {
        motion.id: (motion, place.plan)
        for place in known
        for motion in place.motions_at(now, *stages)
    }


def rounds(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[Round]:
    """The ballots to bring to the doors of the reader's part, until the vote closes."""
    open_ = _motions(known, now, MotionStage.NOTICE, MotionStage.VOTING)
    found = queries.doors_of(actor, open_.keys()) if open_ else {}
    return [
        Round(*pair, *found[motion_id]) for motion_id, pair in open_.items() if motion_id in found
    ]


def results(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[Result]:
    """Official results that wait to be typed a second time."""
    closed = _motions(known, now, MotionStage.CLOSED)
    if not closed:
        return []
    return [
        Result(*closed[one.motion_id], mine=one.entered_by == actor.account_id)
        for one in queries.waiting_results(closed.keys())
    ]
