"""A building with as many voters as a test needs, each signed in; motions open by the real clock.

Made through the models alone: whoever races, crashes and recovers wants two hundred browsers, not
the way that led to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

import clock
from domain.accounts import Actor, Capacity, Role
from domain.menus import ItemClass, Payer
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from domain.voters import VoterKind
from models.accounts import Account, RoleGrant
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.register import Building, Community, Dwelling, Entrance, Owner, Ownership
from models.votes import Motion, Roll, RollDwelling, RollOwner, RollVoter
from services import sessions
from services.transaction import transaction

AREA = 6_000
LONG = timedelta(days=30)
CSRF = "0" * 40


@dataclass(frozen=True)
class Voter:
    """A browser: its number on every roll and what its cookie says."""

    number: int
    cookie: str


class Electorate:
    """One building of one entrance; every dwelling one owner, one account, one sign-in."""

    def __init__(self, app: Flask, size: int) -> None:
        self.app = app
        self.now = clock.now()
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer is not None
        # What a browser would have got with the page: the session's token, and the form's.
        signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
        self.csrf_token = str(signer.dumps(CSRF))
        with app.app_context(), transaction() as session:
            self.session = session
            self._place()
            self.dwellings = [self._dwelling(number) for number in range(1, size + 1)]
            session.flush()
            accounts = [self._account(one) for one in self.dwellings]
            staff = [self._member("林"), self._member("周")]
            session.flush()
            tokens = [
                sessions.begin(session, account, now=self.now, remembered=True)
                for account in accounts
            ]
            session.flush()
            self.first, self.second = (account.actor() for account in staff)
            self.plan_id, self.entrance_id = self.plan.id, self.entrance.id
            self.version_id = self.version.id
            self.lines = [
                (one.id, one.room, one.floor, one.ownerships[0].owner_id) for one in self.dwellings
            ]
        self.voters = [
            Voter(number, str(serializer.dumps(_cookie(token))))
            for number, token in enumerate(tokens, start=1)
        ]
        del self.session, self.dwellings, self.plan, self.entrance, self.version

    def _place(self) -> None:
        community = Community(name="急流新村", city="nanjing", created_at=self.now)
        building = Building(community=community, name="1幢", key="1", sort_key="000001")
        self.entrance = Entrance(building=building, name="1单元", key="1", sort_key="000001")
        self.plan = Plan(building=building, title="一栋一策", created_at=self.now)
        item = MenuItem(
            plan=self.plan,
            position=1,
            item_class=ItemClass.IMPROVE,
            matter=7,
            title="加装电梯",
            unit="set",
            decided_by="entrance",
        )
        option = Option(item=item, position=1)
        self.version = OptionVersion(
            option=option,
            number=1,
            title="电梯",
            quantity=100,
            unit_price=70_000_000,
            payer=Payer.HOUSEHOLDS,
            subsidy={},
            scheme={},
            created_at=self.now,
            published_at=self.now,
        )
        self.community = community
        self.session.add_all([community, building, self.entrance, self.plan, self.version])
        self.session.flush()

    def _dwelling(self, number: int) -> Dwelling:
        owner = Owner(community=self.community, name=f"业主{number:04}", kind=OwnerKind.PERSON)
        dwelling = Dwelling(
            entrance=self.entrance,
            room=f"{number:04}",
            floor=1 + number // 10,
            area=AREA + number,
            area_source=AreaSource.REGISTER,
            tenure=Tenure.PRIVATE,
            occupancy=Occupancy.OWNER,
            ownerships=[Ownership(owner=owner)],
        )
        self.session.add(dwelling)
        return dwelling

    def _account(self, dwelling: Dwelling) -> Account:
        owner = dwelling.ownerships[0].owner
        account = Account(display_name=owner.name, created_at=self.now)
        grant = RoleGrant(
            account=account,
            role=Role.RESIDENT,
            community_id=self.community.id,
            building_id=self.entrance.building_id,
            entrance_id=self.entrance.id,
            dwelling_id=dwelling.id,
            capacity=Capacity.OWNER,
            owner_id=owner.id,
            granted_at=self.now,
        )
        self.session.add_all([account, grant])
        return account

    def _member(self, name: str) -> Account:
        account = Account(display_name=f"居委会 {name}", login=name, created_at=self.now)
        grant = RoleGrant(
            account=account,
            role=Role.COMMITTEE,
            community_id=self.community.id,
            granted_at=self.now,
        )
        self.session.add_all([account, grant])
        return account

    def motion(self, *, closes_in: timedelta = LONG, voters: int | None = None) -> int:
        """A motion open for a day that closes so much later, with the first ``voters``."""
        now = clock.now()
        with self.app.app_context(), transaction() as session:
            last = session.query(Motion.number).order_by(Motion.number.desc()).first()
            motion = Motion(
                plan_id=self.plan_id,
                number=(last[0] if last else 0) + 1,
                option_version_id=self.version_id,
                entrance_id=self.entrance_id,
                title="加装电梯",
                text="同意加装电梯。",
                matter=7,
                channel="in_app",
                drafted_at=now - LONG,
                announced_at=now - LONG,
                notice_days=7,
                opens_at=now - timedelta(days=1),
                closes_at=now + closes_in,
            )
            roll = Roll(motion=motion, version=1, posted_at=now - LONG)
            for number, line in enumerate(self.lines[:voters], start=1):
                roll.voters.append(_on_roll(number, line))
            session.add_all([motion, roll])
            session.flush()
            return motion.id

    def actors(self) -> tuple[Actor, Actor]:
        """The two members of the committee."""
        return self.first, self.second


def _cookie(token: str) -> dict[str, object]:
    return {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": CSRF}


def _on_roll(number: int, line: tuple[int, str, int, int]) -> RollVoter:
    dwelling_id, room, floor, owner_id = line
    return RollVoter(
        number=number,
        area=AREA + number,
        kind=VoterKind.OWNER,
        dwellings=[
            RollDwelling(
                dwelling_id=dwelling_id,
                building="1幢",
                entrance="1单元",
                room=room,
                floor=floor,
                area=AREA + number,
                area_source=AreaSource.REGISTER,
            )
        ],
        owners=[RollOwner(owner_id=owner_id, name=f"业主{number:04}")],
    )


def instant(app: Flask) -> datetime:
    """What the database's clock shows."""
    from models import instants

    with app.app_context(), transaction() as session:
        return instants.now(session)
