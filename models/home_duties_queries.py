"""What the first page asks about doors and official results, for all motions at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Subquery, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from domain.accounts import Actor, Permission
from models.database import session
from models.deliveries import Delivery
from models.menus import Option, OptionVersion
from models.platforms import PlatformResult
from models.register import Building, Dwelling, Entrance
from models.votes import Motion, Roll, RollDwelling, RollVoter


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


class OptionState(NamedTuple):
    """The option a motion speaks of: its item, its newest published version, whether it stands."""

    option_id: int
    item_id: int
    newest: int | None
    withdrawn: bool


def options_of(motion_ids: Collection[int]) -> dict[int, OptionState]:
    """Motion → its option; ``newest`` is the number of a version newer than the motion's."""
    newer = aliased(OptionVersion)
    newest = (
        select(func.max(newer.number))
        .where(
            newer.option_id == OptionVersion.option_id,
            newer.published_at.is_not(None),
            newer.number > OptionVersion.number,
        )
        .scalar_subquery()
    )
    query = (
        select(Motion.id, Option.id, Option.item_id, newest, Option.withdrawn_at.is_not(None))
        .join(OptionVersion, OptionVersion.id == Motion.option_version_id)
        .join(Option, Option.id == OptionVersion.option_id)
        .where(Motion.id.in_(list(motion_ids)))
    )
    return {
        row[0]: OptionState(row[1], row[2], row[3], bool(row[4]))
        for row in session().execute(query)
    }


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
