"""Queries about motions, rolls, ballots and papers, each through the actor where one asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, subqueryload

from domain.accounts import Actor, Capacity, Role
from domain.receipts import read_code
from models.database import session
from models.mandates import BallotMandate
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Notice, Plan
from models.register import Building, Dwelling, Entrance, Ownership
from models.visibility import buildings_visible_to
from models.votes import (
    Ballot,
    Motion,
    Roll,
    RollDwelling,
    RollVoter,
)

_WITH_PLACE = contains_eager(Motion.plan).contains_eager(Plan.building)
_WITH_OPTION = (
    joinedload(Motion.version)
    .joinedload(OptionVersion.option)
    .joinedload(Option.item)
    .joinedload(MenuItem.plan)
)
# Who may read what is not yet posted.
BEFORE_POSTING = (Role.COMMITTEE, Role.AUDITOR)


def _posted_or_own(actor: Actor) -> ColumnElement[bool]:
    """A draft is the committee's own; with its roll a motion becomes public in the building."""
    own = [
        grant.scope.community
        for grant in actor.grants_of(*BEFORE_POSTING)
        if grant.scope.community is not None
    ]
    posted = exists().where(Roll.motion_id == Motion.id)
    return or_(posted, Building.community_id.in_(own)) if own else posted


def motion_visible_to(actor: Actor, motion_id: int, **_rest: object) -> Motion | None:
    """The motion with its plan, building and entrance, if the actor may know of it."""
    query = (
        select(Motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            _WITH_PLACE.joinedload(Building.community),
            joinedload(Motion.entrance),
        )
        .where(Motion.id == motion_id, buildings_visible_to(actor), _posted_or_own(actor))
    )
    return session().scalar(query)


def motion_in_words(actor: Actor, motion_id: int, **_rest: object) -> Motion | None:
    """``motion_visible_to`` with the option, the count and the motion it redraws, for a page."""
    query = (
        select(Motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            _WITH_PLACE.joinedload(Building.community),
            _WITH_OPTION,
            joinedload(Motion.entrance),
            joinedload(Motion.counted),
            joinedload(Motion.redraws),
        )
        .where(Motion.id == motion_id, buildings_visible_to(actor), _posted_or_own(actor))
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def motions_of_plan(actor: Actor, plan_id: int) -> Sequence[Motion]:
    """The plan's motions that the actor may know of, by number, with what a list shows."""
    query = (
        select(Motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            _WITH_PLACE,
            _WITH_OPTION,
            joinedload(Motion.entrance),
            joinedload(Motion.counted),
            selectinload(Motion.rolls),
        )
        .where(Motion.plan_id == plan_id, buildings_visible_to(actor), _posted_or_own(actor))
        .order_by(Motion.number)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def plan_visible_to(actor: Actor, plan_id: int, **_rest: object) -> Plan | None:
    """The plan with building and community, if it lies in the actor's scope."""
    query = (
        select(Plan)
        .join(Plan.building)
        .options(contains_eager(Plan.building).joinedload(Building.community))
        .where(Plan.id == plan_id, buildings_visible_to(actor))
    )
    return session().scalar(query)


def redrawn_as(motion_ids: Iterable[int]) -> dict[int, Motion]:
    """Motion id → the motion that redraws it, cancelled ones left out."""
    query = select(Motion).where(
        Motion.redraws_id.in_(list(motion_ids)), Motion.cancelled_at.is_(None)
    )
    return {motion.redraws_id: motion for motion in session().scalars(query) if motion.redraws_id}


def version_visible_to(actor: Actor, version_id: int, **_rest: object) -> OptionVersion | None:
    """A published option version with its item and plan."""
    query = (
        select(OptionVersion)
        .join(OptionVersion.option)
        .join(Option.item)
        .join(MenuItem.plan)
        .join(Plan.building)
        .options(
            contains_eager(OptionVersion.option)
            .contains_eager(Option.item)
            .contains_eager(MenuItem.plan)
            .contains_eager(Plan.building)
            .options(joinedload(Building.community), selectinload(Building.entrances))
        )
        .where(
            OptionVersion.id == version_id,
            OptionVersion.published_at.is_not(None),
            buildings_visible_to(actor),
        )
    )
    return session().scalar(query)


def votable_items(plan_id: int) -> Sequence[MenuItem]:
    """The plan's items with something to vote on, with their options and versions."""
    query = (
        select(MenuItem)
        .where(MenuItem.plan_id == plan_id, MenuItem.consult_only.is_(False))
        .options(selectinload(MenuItem.options).selectinload(Option.versions))
        .order_by(MenuItem.position, MenuItem.id)
    )
    return session().scalars(query).all()


def live_motions(option_id: int) -> Sequence[Motion]:
    """The motions about an option that were not cancelled, with their counts."""
    query = (
        select(Motion)
        .join(Motion.version)
        .options(joinedload(Motion.counted))
        .where(OptionVersion.option_id == option_id, Motion.cancelled_at.is_(None))
        .order_by(Motion.id)
    )
    return session().scalars(query).all()


def newest_version(option_id: int) -> OptionVersion | None:
    """The newest published version of an option."""
    query = (
        select(OptionVersion)
        .where(OptionVersion.option_id == option_id, OptionVersion.published_at.is_not(None))
        .order_by(OptionVersion.number.desc())
        .limit(1)
    )
    return session().scalar(query)


def electorate_dwellings(building_id: int, entrance_id: int | None) -> Sequence[Dwelling]:
    """The dwellings that stand in the electorate's house today, with owners and entrance."""
    query = (
        select(Dwelling)
        .join(Dwelling.entrance)
        .options(
            contains_eager(Dwelling.entrance).joinedload(Entrance.building),
            subqueryload(Dwelling.ownerships).joinedload(Ownership.owner),
        )
        .where(Entrance.building_id == building_id, Dwelling.retired_at.is_(None))
        .order_by(Dwelling.id)
        .execution_options(populate_existing=True)
    )
    if entrance_id is not None:
        query = query.where(Entrance.id == entrance_id)
    return session().scalars(query).all()


def rolls_of(motion_id: int) -> Sequence[Roll]:
    """All versions of the motion's roll, without their voters."""
    query = select(Roll).where(Roll.motion_id == motion_id).order_by(Roll.version)
    return session().scalars(query).all()


def newest_roll(motion_id: int) -> Roll | None:
    """The roll that holds, with voters, dwellings, owners and representatives."""
    query = (
        select(Roll)
        .where(Roll.motion_id == motion_id)
        .options(
            # One statement each, however many voters: selectinload asks for 500 at a time.
            subqueryload(Roll.voters).options(
                subqueryload(RollVoter.dwellings),
                subqueryload(RollVoter.owners),
                joinedload(RollVoter.representative),
            )
        )
        .order_by(Roll.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def roll_with_doors(motion_id: int) -> Roll | None:
    """The roll that holds, with its voters and where their dwellings are."""
    query = (
        select(Roll)
        .where(Roll.motion_id == motion_id)
        .options(
            subqueryload(Roll.voters).options(
                subqueryload(RollVoter.dwellings).joinedload(RollDwelling.dwelling),
                joinedload(RollVoter.representative),
            )
        )
        .order_by(Roll.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def owner_ids(actor: Actor) -> list[int]:
    """The owners that the actor is, by the letters redeemed."""
    return sorted(
        {
            grant.owner_id
            for grant in actor.grants_of(Role.RESIDENT)
            if grant.capacity is Capacity.OWNER and grant.owner_id is not None
        }
    )


def _newest_roll_id(motion_id: int) -> ColumnElement[int]:
    return (
        select(Roll.id)
        .where(Roll.motion_id == motion_id)
        .order_by(Roll.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def ballots_of(motion_id: int, voter_ids: Iterable[int] | None = None) -> Sequence[Ballot]:
    """The motion's ballots (of these voters) in the order in which they were cast."""
    query = select(Ballot).where(Ballot.motion_id == motion_id)
    if voter_ids is not None:
        query = query.where(Ballot.voter_id.in_(list(voter_ids)))
    return session().scalars(query.order_by(Ballot.id)).all()


def receipt_visible_to(actor: Actor, receipt: str, **_rest: object) -> Ballot | None:
    """The ballot behind a receipt, for the owner in whose name it was cast, and for whoever cast
    it online by a mandate."""
    query = (
        select(Ballot)
        .join(Ballot.motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            contains_eager(Ballot.motion).options(
                _WITH_PLACE, joinedload(Motion.counted), joinedload(Motion.entrance)
            )
        )
        .where(
            Ballot.receipt == read_code(receipt),
            or_(
                Ballot.owner_id.in_(owner_ids(actor)),
                and_(
                    Ballot.account_id == actor.account_id,
                    Ballot.channel == "in_app",
                    exists().where(BallotMandate.ballot_id == Ballot.id),
                ),
            ),
            buildings_visible_to(actor),
        )
    )
    return session().scalar(query)


def turnout_figures(motion_id: int) -> tuple[int, int, int, int]:
    """Voters with a ballot, all voters, and the same two as areas (0.01 m²); one statement."""
    voted = exists().where(Ballot.motion_id == motion_id, Ballot.voter_id == RollVoter.id)
    row = (
        session()
        .execute(
            select(
                func.count(RollVoter.id).filter(voted),
                func.count(RollVoter.id),
                func.coalesce(func.sum(RollVoter.area).filter(voted), 0),
                func.coalesce(func.sum(RollVoter.area), 0),
            ).where(RollVoter.roll_id == _newest_roll_id(motion_id))
        )
        .one()
    )
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def voter_visible_to(actor: Actor, voter_id: int, **_rest: object) -> RollVoter | None:
    """A head on a roll, with owners, dwellings and the one who acts for it."""
    query = (
        select(RollVoter)
        .join(RollVoter.roll)
        .join(Motion, Motion.id == Roll.motion_id)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            contains_eager(RollVoter.roll)
            .contains_eager(Roll.motion)
            .options(_WITH_PLACE, joinedload(Motion.entrance)),
            selectinload(RollVoter.dwellings),
            selectinload(RollVoter.owners),
            joinedload(RollVoter.representative),
        )
        .where(RollVoter.id == voter_id, buildings_visible_to(actor))
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)


def notices_of(motion_id: int) -> Sequence[Notice]:
    """What was posted about a motion, in order."""
    query = select(Notice).where(Notice.motion_id == motion_id).order_by(Notice.id)
    return session().scalars(query).all()


def voters_by_id(voter_ids: Iterable[int]) -> Sequence[RollVoter]:
    """Heads on a roll with dwellings, owners and representative, by number."""
    query = (
        select(RollVoter)
        .where(RollVoter.id.in_(list(voter_ids)))
        .options(
            selectinload(RollVoter.dwellings),
            selectinload(RollVoter.owners),
            joinedload(RollVoter.representative),
        )
        .order_by(RollVoter.number)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def closed_list(motion_id: int) -> list[tuple[str, str]]:
    """Receipt and commitment of every ballot of the motion."""
    query = select(Ballot.receipt, Ballot.commitment).where(Ballot.motion_id == motion_id)
    return [(row.receipt, row.commitment) for row in session().execute(query)]
