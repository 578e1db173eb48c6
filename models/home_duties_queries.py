"""What the first page asks about doors and official results, for all motions at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Subquery, exists, func, or_, select, true

from domain.accounts import Actor, Permission
from models.database import session
from models.deliveries import Delivery
from models.platforms import PlatformResult
from models.register import Building, Dwelling, Entrance
from models.votes import Roll, RollDwelling, RollVoter


def _newest(motion_ids: Collection[int]) -> Subquery:
    return (
        select(Roll.motion_id, func.max(Roll.version).label("version"))
        .where(Roll.motion_id.in_(list(motion_ids)))
        .group_by(Roll.motion_id)
        .subquery()
    )


def doors_of(actor: Actor, motion_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Motion → (voters in the actor's part, those at whose door somebody has been)."""
    parts = [
        Entrance.id == grant.scope.entrance
        if grant.scope.entrance is not None
        else Building.id == grant.scope.building
        if grant.scope.building is not None
        else Building.community_id == grant.scope.community
        if grant.scope.community is not None
        else true()
        for grant in actor.grants
        if grant.allows(Permission.TRACK_REACH)
    ]
    newest = _newest(motion_ids)
    tried = exists().where(Delivery.voter_id == RollVoter.id)
    query = (
        select(Roll.motion_id, RollVoter.id, tried)
        .join(newest, (newest.c.motion_id == Roll.motion_id) & (newest.c.version == Roll.version))
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .join(RollDwelling, RollDwelling.voter_id == RollVoter.id)
        .join(Dwelling, Dwelling.id == RollDwelling.dwelling_id)
        .join(Entrance, Entrance.id == Dwelling.entrance_id)
        .join(Building, Building.id == Entrance.building_id)
        .where(or_(*parts))
        .distinct()
    )
    found: dict[int, tuple[int, int]] = {}
    for motion, _voter, reached in session().execute(query) if parts and motion_ids else ():
        whole, done = found.get(motion, (0, 0))
        found[motion] = (whole + 1, done + bool(reached))
    return found


def waiting_results(motion_ids: Collection[int]) -> Sequence[PlatformResult]:
    """Results of official platforms that one person has entered and nobody confirmed."""
    query = (
        select(PlatformResult)
        .where(
            PlatformResult.motion_id.in_(list(motion_ids)),
            PlatformResult.confirmed_at.is_(None),
            PlatformResult.rejected_at.is_(None),
        )
        .order_by(PlatformResult.id)
    )
    return session().scalars(query).all()
