"""The people of the benchmark: a compound with a small and a large building, counted and open.

Register and sign-ins are written in bulk, since nothing is measured of them; motions, rolls,
announcements, counts and the ballots behind them come from the program's own services.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts import Actor, Capacity, Role
from domain.menus import DecidedBy, ItemClass, Payer
from domain.receipts import Sealed, receipt_code
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from models import votes_queries
from models.accounts import Account, RoleGrant, SignIn
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.register import Building, Community, Dwelling, Entrance, Owner, Ownership
from models.votes import Motion
from services import publications, sessions, votes
from services.ballots import add_ballot
from services.transaction import transaction

TITLE = "加装电梯"
TEXT = "同意在本楼加装电梯，按所附方案分摊费用，施工期间早七点前、晚七点后不施工。"
SMALL, LARGE = 24, 6000
PER_FLOOR = 10
# Who reads the result of a counted building.
READERS = 200


@dataclass(frozen=True)
class Settled:
    """What was set up: dwellings → (counted motion, tokens of readers); the voters of the open one
    as (token, owner, number on the roll)."""

    counted: dict[int, tuple[int, list[str]]]
    open_motion: int
    open_plan: int
    voters: list[tuple[str, int, int]]


@dataclass(frozen=True)
class _House:
    building: Building
    owners: list[int]
    accounts: list[int]
    tokens: list[str]


def settle(now: datetime, voters: int) -> Settled:
    """Fill the empty database of the session that is bound; voting is open at ``now``."""
    long_ago = now - timedelta(days=80)
    with transaction() as session:
        community = Community(name="工人新村", city="default", address="", created_at=long_ago)
        session.add(community)
        session.flush()
        two = [_member(session, community, at=long_ago) for _ in range(2)]
        houses = [
            _house(session, community, number, dwellings, long_ago)
            for number, dwellings in enumerate((SMALL, LARGE, voters), start=1)
        ]
        versions = [_published(session, house.building, long_ago) for house in houses]
    committee = tuple(account.actor() for account in two)
    counted = {}
    for size, house, version in zip((SMALL, LARGE), houses, versions, strict=False):
        motion = _announced(committee, version, long_ago, days=7)
        _vote(motion, house)
        votes.count(committee[0], motion, now=motion.closes_at)
        counted[size] = (motion.id, house.tokens[:READERS])
    motion = _announced(committee, versions[2], long_ago, days=120)
    roll = votes_queries.newest_roll(motion.id)
    assert roll is not None
    tokens = dict(zip(houses[2].owners, houses[2].tokens, strict=True))
    people = [
        (tokens[owned.owner_id], owned.owner_id, voter.number)
        for voter in roll.voters
        for owned in voter.owners
    ]
    return Settled(counted, motion.id, motion.plan_id, people)


def _member(session: Session, community: Community, *, at: datetime) -> Account:
    """A member of the committee; two of them publish."""
    account = Account(display_name="居委会", created_at=at)
    grant = RoleGrant(
        account=account, role=Role.COMMITTEE, community_id=community.id, granted_at=at
    )
    session.add(grant)
    return account


def _house(
    session: Session, community: Community, number: int, dwellings: int, at: datetime
) -> _House:
    building = Building(
        community_id=community.id, name=f"{number}幢", key=str(number), sort_key=f"{number:06d}"
    )
    session.add(building)
    session.flush()
    entrance = Entrance(building_id=building.id, name="1单元", key="1", sort_key="000001")
    session.add(entrance)
    session.flush()
    rooms = [_dwelling(entrance.id, place) for place in range(dwellings)]
    owners = [
        Owner(community_id=community.id, name=f"{number}幢业主{place}", kind=OwnerKind.PERSON)
        for place in range(dwellings)
    ]
    accounts = [Account(display_name=owner.name, created_at=at) for owner in owners]
    session.add_all([*rooms, *owners, *accounts])
    session.flush()
    tokens = [secrets.token_urlsafe(32) for _ in rooms]
    for room, owner, account, token in zip(rooms, owners, accounts, tokens, strict=True):
        session.add(Ownership(dwelling_id=room.id, owner_id=owner.id))
        session.add(_resident(building, room, owner.id, account.id, at))
        session.add(
            SignIn(
                account_id=account.id,
                token_hash=sessions.digest(token),
                started_at=at,
                expires_at=at + sessions.HOUSEHOLD_LASTS,
            )
        )
    session.flush()
    ids = [owner.id for owner in owners]
    return _House(building, ids, [account.id for account in accounts], tokens)


def _dwelling(entrance_id: int, place: int) -> Dwelling:
    floor, door = divmod(place, PER_FLOOR)
    return Dwelling(
        entrance_id=entrance_id,
        room=f"{floor + 1}{door + 1:02d}",
        floor=floor + 1,
        area=6000 + 10 * (place % 97),
        area_source=AreaSource.REGISTER,
        tenure=Tenure.PRIVATE,
        occupancy=Occupancy.OWNER,
    )


def _resident(
    building: Building, room: Dwelling, owner_id: int, account_id: int, at: datetime
) -> RoleGrant:
    return RoleGrant(
        account_id=account_id,
        role=Role.RESIDENT,
        community_id=building.community_id,
        building_id=building.id,
        entrance_id=room.entrance_id,
        dwelling_id=room.id,
        capacity=Capacity.OWNER,
        owner_id=owner_id,
        granted_at=at,
    )


def _published(session: Session, building: Building, at: datetime) -> OptionVersion:
    plan = Plan(
        building_id=building.id,
        title="一栋一策",
        created_at=at,
        bands=[[1, 6]],
        menu_published_at=at,
        consultation_closes_at=at + timedelta(days=1),
    )
    session.add(plan)
    session.flush()
    item = MenuItem(
        plan_id=plan.id,
        position=1,
        item_class=ItemClass.IMPROVE,
        matter=7,
        title=TITLE,
        unit="台",
        decided_by=DecidedBy.BUILDING,
    )
    session.add(item)
    session.flush()
    option = Option(item_id=item.id, position=1)
    session.add(option)
    session.flush()
    version = OptionVersion(
        option_id=option.id,
        number=1,
        title="贴墙井道电梯",
        quantity=1_00,
        unit_price=700_000_00,
        payer=Payer.HOUSEHOLDS,
        subsidy={"kind": "fixed", "amount": "300000.00"},
        scheme={"kind": "area"},
        created_at=at,
        published_at=at,
    )
    session.add(version)
    session.flush()
    return version


def _announced(
    committee: tuple[Actor, ...], version: OptionVersion, at: datetime, *, days: int
) -> Motion:
    """A motion of the whole building whose notice ran, open for so many days."""
    actor, other = committee
    at += timedelta(days=2)
    motion = votes.draft(actor, version, entrance=None, title=TITLE, text=TEXT, matter=7, now=at)
    votes.post_roll(actor, motion, now=at)
    opens_at = votes.earliest_opening(motion, now=at).at
    closes_at = opens_at + timedelta(days=days)
    waiting = publications.prepare_vote(
        other, motion, opens_at=opens_at, closes_at=closes_at, now=at
    )
    publications.release(actor, waiting, now=at)
    return motion


def _vote(motion: Motion, house: _House) -> None:
    """Nine of ten agree, one is against; all in one transaction, nothing is measured here."""
    assert motion.opens_at is not None
    accounts = dict(zip(house.owners, house.accounts, strict=True))
    with transaction() as session:
        roll = votes_queries.newest_roll(motion.id)
        assert roll is not None
        head = None
        for voter in roll.voters:
            owner = voter.owners[0].owner_id
            sealed = Sealed(
                receipt=receipt_code(secrets.token_bytes(16)),
                motion=motion.id,
                voter=voter.number,
                person=owner,
                choice="agree" if voter.number % 10 else "against",
                sequence=1,
                channel="in_app",
                cast_at=motion.opens_at,
            )
            head = add_ballot(
                session,
                Actor(accounts[owner]),
                motion,
                sealed,
                voter_id=voter.id,
                form_key=sealed.receipt,
                after=head,
            )
