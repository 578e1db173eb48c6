"""What the bundle of a resolution is made from: its motions with counts, rolls and ballots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor
from models.database import session
from models.plans import Plan
from models.register import Building
from models.resolutions import Resolution, ResolutionMotion
from models.visibility import buildings_visible_to
from models.votes import Ballot, Motion, Roll, RollVoter


def visible_to(actor: Actor, key: str) -> Resolution | None:
    """The resolution of this number or digest, if its building lies in the actor's scope."""
    query = (
        select(Resolution)
        .join(Resolution.plan)
        .join(Plan.building)
        .options(contains_eager(Resolution.plan).contains_eager(Plan.building))
        .where(or_(Resolution.number == key, Resolution.digest == key), buildings_visible_to(actor))
    )
    return session().scalars(query).one_or_none()


def motions_of(resolution_id: int) -> Sequence[Motion]:
    """The motions that a resolution takes up, with plan, building and count, by number."""
    query = (
        select(Motion)
        .join(ResolutionMotion, ResolutionMotion.motion_id == Motion.id)
        .where(ResolutionMotion.resolution_id == resolution_id)
        .options(
            joinedload(Motion.plan).joinedload(Plan.building).joinedload(Building.community),
            joinedload(Motion.counted),
        )
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def newest_rolls(motion_ids: Iterable[int]) -> dict[int, Roll]:
    """Motion id → the roll that holds, with voters, dwellings, owners and representatives."""
    newest = (
        select(func.max(Roll.id))
        .where(Roll.motion_id.in_(list(motion_ids)))
        .group_by(Roll.motion_id)
    )
    query = (
        select(Roll)
        .where(Roll.id.in_(newest))
        .options(
            selectinload(Roll.voters).options(
                selectinload(RollVoter.dwellings),
                selectinload(RollVoter.owners),
                joinedload(RollVoter.representative),
            )
        )
        .execution_options(populate_existing=True)
    )
    return {roll.motion_id: roll for roll in session().scalars(query)}


def ballots_of(motion_ids: Iterable[int]) -> dict[int, list[tuple[int, Ballot]]]:
    """Motion id → (number on the roll, ballot) of every ballot cast, by number, then sequence."""
    query = (
        select(RollVoter.number, Ballot)
        .join(RollVoter, RollVoter.id == Ballot.voter_id)
        .where(Ballot.motion_id.in_(list(motion_ids)))
        .order_by(RollVoter.number, Ballot.sequence)
    )
    found: dict[int, list[tuple[int, Ballot]]] = {}
    for number, ballot in session().execute(query):
        found.setdefault(ballot.motion_id, []).append((number, ballot))
    return found


def keys_used() -> list[str]:
    """The public keys (PEM) that resolutions were signed with, the latest first."""
    query = (
        select(Resolution.public_key)
        .group_by(Resolution.public_key)
        .order_by(func.max(Resolution.id).desc())
    )
    return list(session().scalars(query))
