"""Which rolls name an owner who owns the dwelling no more, and which new owners have no letter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, union
from sqlalchemy.orm import aliased

from domain.accounts import Capacity
from models.accounts import AccessCode, RoleGrant
from models.database import session
from models.register import Building, Dwelling, Entrance, Ownership
from models.votes import Motion, Roll, RollDwelling, RollOwner, RollVoter


class OnRoll(NamedTuple):
    """A dwelling on the newest roll of a motion, and when that was posted.

    ``owner_id``: the owner named there whom the reader was when it was posted; 0 where the reader
    owns the dwelling now and is not named.
    """

    motion_id: int
    plan_id: int
    posted_at: datetime
    entrance: str
    room: str
    owner_id: int


_OTHER = aliased(Roll)


def _rows(owner: ColumnElement[int]) -> Select[int, int, datetime, str, str, int]:
    newer = exists().where(_OTHER.motion_id == Roll.motion_id, _OTHER.version > Roll.version)
    return (
        select(
            Roll.motion_id,
            Motion.plan_id,
            Roll.posted_at,
            RollDwelling.entrance,
            RollDwelling.room,
            owner.label("owner_id"),
        )
        .join(Motion, Motion.id == Roll.motion_id)
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .join(RollDwelling, RollDwelling.voter_id == RollVoter.id)
        .where(~newer)
    )


def rolls_after_a_sale(
    account_id: int,
    motion_ids: Collection[int] = (),
    dwelling_ids: Collection[int] = (),
    owner_ids: Collection[int] = (),
) -> list[OnRoll]:
    """What rolls say otherwise than the register, for one reader, in one statement.

    Dwellings that somebody else owns now, for which a roll names an owner the account was; and
    ``dwelling_ids`` where a roll of ``motion_ids`` names none of ``owner_ids``.
    """
    was = aliased(RoleGrant)
    owns = exists().where(
        Ownership.dwelling_id == was.dwelling_id, Ownership.owner_id == was.owner_id
    )
    sold = (
        _rows(RollOwner.__table__.c.owner_id)
        .join(RollOwner, RollOwner.voter_id == RollVoter.id)
        .join(
            was,
            and_(was.owner_id == RollOwner.owner_id, was.dwelling_id == RollDwelling.dwelling_id),
        )
        .where(was.account_id == account_id, was.ended_at.is_not(None), ~owns)
    )
    named = exists().where(
        RollOwner.voter_id == RollVoter.id, RollOwner.owner_id.in_(list(owner_ids))
    )
    bought = _rows(literal(0)).where(
        Roll.motion_id.in_(list(motion_ids)),
        RollDwelling.dwelling_id.in_(list(dwelling_ids)),
        ~named,
    )
    # Nothing running or owned: half of the question is enough.
    asked = union(sold, bought) if motion_ids and dwelling_ids else sold
    return sorted(OnRoll._make(row) for row in session().execute(asked))


class WithoutLetter(NamedTuple):
    """A dwelling whose new owner has had no letter."""

    building_id: int
    building: str
    entrance: str
    room: str


def _changed_hands() -> ColumnElement[bool]:
    """The dwelling once had a letter or a role for an owner who owns it no more."""
    owned = aliased(Ownership)

    def left(table: type[AccessCode] | type[RoleGrant]) -> ColumnElement[bool]:
        owns = exists().where(owned.dwelling_id == Dwelling.id, owned.owner_id == table.owner_id)
        return exists().where(
            table.dwelling_id == Dwelling.id,
            table.capacity == Capacity.OWNER,
            table.owner_id.is_not(None),
            ~owns,
        )

    return or_(left(AccessCode), left(RoleGrant))


def _comes_in(now: datetime) -> ColumnElement[bool]:
    """The owner is in, or has a letter out that still opens."""
    inside = exists().where(
        RoleGrant.dwelling_id == Dwelling.id,
        RoleGrant.owner_id == Ownership.owner_id,
        RoleGrant.ended_at.is_(None),
    )
    letter = exists().where(
        AccessCode.dwelling_id == Dwelling.id,
        AccessCode.owner_id == Ownership.owner_id,
        AccessCode.used_at.is_(None),
        AccessCode.revoked_at.is_(None),
        AccessCode.expires_at > now,
    )
    return or_(inside, letter)


def new_owners_without_letter(
    community_ids: Collection[int], *, now: datetime
) -> list[WithoutLetter]:
    """The dwellings that changed hands, of whose present owners one can not come in."""
    query = (
        select(Building.id, Building.name, Entrance.name, Dwelling.room)
        .select_from(Dwelling)
        .join(Dwelling.entrance)
        .join(Entrance.building)
        .where(
            Building.community_id.in_(list(community_ids)),
            Dwelling.counts,
            Dwelling.retired_at.is_(None),
            _changed_hands(),
            exists()
            .where(Ownership.dwelling_id == Dwelling.id, ~_comes_in(now))
            .correlate(Dwelling),
        )
        .order_by(Building.sort_key, Entrance.sort_key, Dwelling.floor, Dwelling.room)
    )
    return [WithoutLetter._make(row) for row in session().execute(query)]
