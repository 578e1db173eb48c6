"""On the first page: votes by mandate, rounds from door to door, official results to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Actor, NoVote, why_no_vote
from domain.plans import MotionStage
from models import home_duties_queries as queries
from models.home_queries import owner_ids
from models.plans import Plan
from models.votes import Motion
from services.home import Standing

IN_APP = "in_app"


@dataclass(frozen=True)
class ByMandate:
    """A voter for whom the reader may answer now; ``voted``: there is a ballot already."""

    motion: Motion
    plan: Plan
    number: int
    rooms: str
    voted: bool


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


@dataclass(frozen=True)
class OthersVote:
    """A vote in the reader's building for which the reader is not asked, and why."""

    motion: Motion
    plan: Plan
    why: NoVote


def others_votes(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[OthersVote]:
    """The votes announced or open in the reader's building in which the reader has none."""
    running = _motions(known, now, MotionStage.NOTICE, MotionStage.VOTING)
    return [
        OthersVote(motion, plan, why)
        for motion, plan in running.values()
        if (why := why_no_vote(actor, motion.electorate)) is not None
    ]


def by_mandate(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[ByMandate]:
    """For whom the reader may vote here, by mandates that stand."""
    running = {
        key: pair
        for key, pair in _motions(known, now, MotionStage.VOTING).items()
        if pair[0].channel == IN_APP
    }
    owners = owner_ids(actor)
    if not running or not owners:
        return []
    return [
        ByMandate(
            *running[motion_id],
            number=voter.number,
            rooms="、".join(
                f"{one.entrance}{one.room}"
                for one in sorted(voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room))
            ),
            voted=voted,
        )
        for motion_id, voter, voted in queries.held_mandates(running.keys(), owners)
    ]


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
