"""On the first page: what a change of owners means for a vote whose roll is frozen already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Actor, Capacity, Role
from domain.plans import MotionStage, motion_stage
from models import home_owners_queries as queries
from models.home_owners_queries import OnRoll, WithoutLetter
from models.votes import Motion
from models.votes_queries import owner_ids
from services.home import Standing
from services.plans import recorded_motions

# From the day a roll is posted until its vote has closed.
_RUNNING = (MotionStage.ROLL_POSTED, MotionStage.NOTICE, MotionStage.VOTING)


@dataclass(frozen=True)
class Bought:
    """The reader's dwellings stand on the roll with who owned them when it was posted."""

    motion: Motion
    rooms: tuple[str, ...]
    posted_at: datetime


@dataclass(frozen=True)
class Sold:
    """The reader is still the voter for these rooms; ``comes_in``: the ballot is on this page."""

    motion: Motion
    rooms: tuple[str, ...]
    posted_at: datetime
    comes_in: bool


def changed_hands(
    actor: Actor, known: Sequence[Standing], *, now: datetime
) -> tuple[list[Bought], list[Sold]]:
    """The running motions on which somebody else votes for a dwelling of the reader's, and those on
    which the reader votes for a dwelling that is somebody else's now."""
    if actor.account_id is None:
        return [], []
    motions = {motion.id: motion for place in known for motion in place.motions_at(now, *_RUNNING)}
    doors = [
        grant.scope.dwelling
        for grant in actor.grants_of(Role.RESIDENT)
        if grant.capacity is Capacity.OWNER and grant.scope.dwelling is not None
    ]
    present = owner_ids(actor)
    rows = queries.rolls_after_a_sale(actor.account_id, motions.keys(), doors, present)
    bought = _by_motion(row for row in rows if not row.owner_id)
    sold = _by_motion(row for row in rows if row.owner_id)
    return (
        [Bought(motions[key], _rooms(own), own[0].posted_at) for key, own in bought.items()],
        _sold(sold, set(present), now) if sold else [],
    )


def _sold(rows: dict[int, list[OnRoll]], present: set[int], now: datetime) -> list[Sold]:
    recorded = recorded_motions({row.plan_id for own in rows.values() for row in own})
    return [
        Sold(
            one.motion,
            _rooms(rows[one.motion.id]),
            rows[one.motion.id][0].posted_at,
            any(row.owner_id in present for row in rows[one.motion.id]),
        )
        for motions in recorded.values()
        for one in motions
        if one.motion.id in rows and motion_stage(one.facts, now) in _RUNNING
    ]


def _by_motion(found: Iterable[OnRoll]) -> dict[int, list[OnRoll]]:
    rows: dict[int, list[OnRoll]] = {}
    for row in found:
        rows.setdefault(row.motion_id, []).append(row)
    return rows


def _rooms(rows: Iterable[OnRoll]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{row.entrance}{row.room}" for row in rows))


def without_letter(actor: Actor, *, now: datetime) -> list[WithoutLetter]:
    """The dwellings of the committee's communities whose new owner has had no letter."""
    places = {
        grant.scope.community
        for grant in actor.grants_of(Role.COMMITTEE)
        if grant.scope.community is not None
    }
    return queries.new_owners_without_letter(places, now=now) if places else []
