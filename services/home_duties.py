"""On the first page: votes by mandate, rounds from door to door, official results and papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Actor
from domain.papers import box_ends_at
from domain.plans import MotionStage
from models import home_duties_queries as queries
from models import paper_boxes
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


@dataclass(frozen=True)
class PaperDuty:
    """What of a motion's paper ballots waits: the box to be closed by ``box_until`` (``mine``: the
    reader has typed the numbers), slips to be read by the reader as second person, slips that two
    people read differently."""

    motion: Motion
    plan: Plan
    box_until: datetime | None
    mine: bool
    to_confirm: int
    differing: int


def _motions(
    known: Sequence[Standing], now: datetime, *stages: MotionStage
) -> dict[int, tuple[Motion, Plan]]:
    return {
        motion.id: (motion, place.plan)
        for place in known
        for motion in place.motions_at(now, *stages)
    }


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


def papers(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[PaperDuty]:
    """Paper ballots that wait for the reader: a second reading, an entry anew, the box."""
    open_ = _motions(known, now, MotionStage.VOTING, MotionStage.CLOSED)
    found = paper_boxes.waiting_of(open_.keys()) if open_ else {}
    duties = [_paper_duty(actor, *open_[key], waits, now) for key, waits in found.items()]
    return [one for one in duties if one.box_until or one.to_confirm or one.differing]


def _paper_duty(
    actor: Actor, motion: Motion, plan: Plan, waits: paper_boxes.Waiting, now: datetime
) -> PaperDuty:
    until = None
    if not waits.boxed and motion.closes_at is not None and motion.closes_at <= now:
        ends_at = box_ends_at(motion.closes_at, motion.box_hours)
        until = ends_at if now < ends_at else None
    return PaperDuty(
        motion,
        plan,
        box_until=until,
        mine=waits.first_read_by is not None and waits.first_read_by == actor.account_id,
        to_confirm=sum(by != actor.account_id for by in waits.second_reader),
        differing=waits.differing,
    )
