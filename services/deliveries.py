"""Delivery of ballots at the doors, recorded on the spot by committee or stairwell head.

Whoever records sees which doors have been reached and never what was said there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor, Permission
from domain.deliveries import (
    Delivery,
    DeliveryFigures,
    Tried,
    check_try,
    figures,
    standing,
)
from domain.errors import NotYours, Refused, Stale
from domain.plans import MotionStage
from domain.votes import Mark
from models import deliveries as queries
from models import instants, votes_queries
from models.deliveries import Delivery as DeliveryRow
from models.own_voters_queries import ballots_of
from models.votes import Ballot, Motion, RollVoter
from services import motions
from services.audit import plan_chain, record
from services.ballots import vote_of
from services.transaction import transaction

DELIVERABLE = frozenset({MotionStage.NOTICE, MotionStage.VOTING, MotionStage.CLOSED})
LONGEST = 200


def _tries(rows: Iterable[DeliveryRow]) -> list[Tried]:
    return [Tried(row.voter_id, Delivery(row.outcome), row.sequence) for row in rows]


def figures_of(motion_id: int, voter_ids: Sequence[int]) -> DeliveryFigures:
    """Where the deliveries to these voters stand."""
    return figures(voter_ids, _tries(queries.deliveries_of(motion_id)))


@dataclass(frozen=True)
class Door:
    """A voter at its door: where it stands, None when nobody has been there; ``disputed`` when its
    co-owners have answered differently, which never says how."""

    voter: RollVoter
    entrance: str
    rooms: str
    outcome: Delivery | None
    last: DeliveryRow | None
    disputed: bool = False


def covers(actor: Actor, motion: Motion, voter: RollVoter) -> bool:
    """Whether one of the voter's doors lies in the part of the house the actor goes round."""
    place = motion.plan.scope
    entrances = {one.dwelling.entrance_id for one in voter.dwellings}
    return any(
        grant.allows(Permission.TRACK_REACH)
        and grant.scope.community in (None, place.community)
        and grant.scope.building in (None, place.building)
        and (grant.scope.entrance is None or grant.scope.entrance in entrances)
        for grant in actor.grants
    )


def doors(actor: Actor, motion: Motion) -> list[Door]:
    """The voters of the newest roll whose doors the actor goes round, in the roll's order."""
    roll = votes_queries.roll_with_doors(motion.id)
    rows = queries.deliveries_of(motion.id)
    stand = standing(_tries(rows))
    last = {row.voter_id: row for row in rows}
    own = [voter for voter in (roll.voters if roll else []) if covers(actor, motion, voter)]
    disputed = _disputed(own)
    return [
        _door(voter, stand.get(voter.id), last.get(voter.id), disputed=voter.id in disputed)
        for voter in own
    ]


def _disputed(voters: Sequence[RollVoter]) -> set[int]:
    """Those of the voters (by id) whose ballots differ and whom nobody has settled."""
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    for ballot in ballots_of([voter.id for voter in voters]):
        ballots[ballot.voter_id].append(ballot)
    return {v.id for v in voters if vote_of(v, ballots.get(v.id, [])) is Mark.DISPUTED}


def _door(
    voter: RollVoter, outcome: Delivery | None, last: DeliveryRow | None, *, disputed: bool
) -> Door:
    ordered = sorted(voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room))
    rooms = "、".join(f"{one.entrance}{one.room}" for one in ordered)
    return Door(voter, ordered[0].entrance, rooms, outcome, last, disputed)


def note(
    actor: Actor,
    motion: Motion,
    number: int,
    outcome: str,
    *,
    now: datetime,
    place: str = "",
    with_whom: str = "",
) -> DeliveryRow:
    """One more try at the door of the voter with this number on the roll is on record.

    Refuses ``delivery_unknown``, ``posting_place_missing``, ``statement_line_too_long`` (most),
    ``door_not_yours``, ``motion_not_at_this_stage``, ``roll_superseded``.
    """
    wanted = check_try(outcome, place)
    for name, text in (("place", place), ("with_whom", with_whom)):
        if len(text.strip()) > LONGEST:
            raise Refused("statement_line_too_long", field=name, most=LONGEST)
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        now = instants.now(session)
        motions.require(motion, now, DELIVERABLE)
        roll = votes_queries.roll_with_doors(motion.id)
        voter = next((one for one in roll.voters if one.number == number), None) if roll else None
        if voter is None:
            raise Stale("roll_superseded")
        if not covers(actor, motion, voter):
            raise NotYours("door_not_yours")
        last = session.scalar(
            select(func.max(DeliveryRow.sequence)).where(DeliveryRow.voter_id == voter.id)
        )
        made = DeliveryRow(
            motion_id=motion.id,
            voter_id=voter.id,
            sequence=(last or 0) + 1,
            outcome=wanted.value,
            place=place.strip(),
            with_whom=with_whom.strip(),
            at=now,
            account_id=actor.account_id,
        )
        session.add(made)
        record(
            session,
            plan_chain(motion.plan_id),
            "delivery_noted",
            actor=actor,
            now=now,
            details={"motion": motion.id, "voter": voter.number, "outcome": wanted.value},
        )
    return made


def settle(
    session: Session, actor: Actor, motion: Motion, voter_ids: Iterable[int], *, now: datetime
) -> None:
    """Inside the caller's transaction, with the motion locked: whose slip came back has been
    reached, so that nobody goes to that door again."""
    rows = queries.deliveries_of(motion.id)
    stand = standing(_tries(rows))
    last = {row.voter_id: row.sequence for row in rows}
    wanted = [one for one in voter_ids if stand.get(one) is not Delivery.DELIVERED]
    for voter in votes_queries.voters_by_id(wanted):
        session.add(
            DeliveryRow(
                motion_id=motion.id,
                voter_id=voter.id,
                sequence=last.get(voter.id, 0) + 1,
                outcome=Delivery.DELIVERED.value,
                place="",
                with_whom="",
                at=now,
                account_id=actor.account_id,
            )
        )
        record(
            session,
            plan_chain(motion.plan_id),
            "delivery_settled",
            actor=actor,
            now=now,
            details={"motion": motion.id, "voter": voter.number},
        )
