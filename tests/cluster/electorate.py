"""A community with three buildings that vote at the same time, and the sign-ins of their owners."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

import clock
import config
from app import create_app
from domain.accounts import Capacity, Role
from extensions import db
from models.accounts import Account, RoleGrant
from models.register import Building
from models.votes import Motion
from services import audit, sessions, votes
from services.transaction import transaction
from tests import menus_world, two_people, votes_world
from tests.conftest import TestClock
from tests.world import World

BUILDINGS = ("21", "22", "23")
ENTRANCES, FLOORS = 4, 6
# The building votes on its stairwell lights.
OPTION = menus_world.LED


@dataclass(frozen=True)
class SignedIn:
    """An owner's browser: the session cookie, and the motion it is asked about."""

    cookie: str
    motion: int


class Electorate:
    """The program in this process, on the same database and secrets as the application nodes."""

    def __init__(self, env: Mapping[str, str]) -> None:
        # The driver reads the password's file from this process's environment, and only there.
        os.environ["PGPASSFILE"] = env["PGPASSFILE"]
        self.app: Flask = create_app(config.from_environment(env))
        self.chains: list[int] = []

    def knows(self, path: str) -> bool:
        """Whether the program has a page at this path."""
        return any(rule.rule == path for rule in self.app.url_map.iter_rules())

    def gather(self) -> list[SignedIn]:
        """Roster, menu, announced motions that have opened, and every owner signed in."""
        past = TestClock()
        past.move_to(clock.now() - timedelta(days=90))
        with self.app.app_context():
            world = World(past)
            self._build(world)
            motions = [self._open_motion(world, building) for building in self.buildings]
            return [self._sign_in(*pair) for pair in self._owners(motions)]

    def _build(self, world: World) -> None:
        self.buildings: list[Building] = []
        with transaction() as session:
            world.session = session
            for key in BUILDINGS:
                building = world._building(world.community, f"{key}幢", key)
                for number in range(1, ENTRANCES + 1):
                    owner = f"住户{key}-{number}-"
                    floors = [((f"{owner}{f}a",), (f"{owner}{f}b",)) for f in range(FLOORS)]
                    world._entrance(building, f"{number}单元", str(number), floors)
                self.buildings.append(building)

    def _open_motion(self, world: World, building: Building) -> Motion:
        """Announced in the past, open since, until long after the drill."""
        world.clock.move_to(clock.now() - timedelta(days=80))  # type: ignore[attr-defined]
        plan = menus_world.published_menu(world, building=building)
        assert plan.consultation_closes_at is not None
        world.clock.move_to(plan.consultation_closes_at)  # type: ignore[attr-defined]
        motion = votes_world.posted_motion(world, plan, option=OPTION)
        opens_at = votes.earliest_opening(motion, now=world.clock()).at
        assert opens_at < clock.now()
        two_people.announce(
            world.actor(world.committee),
            motion,
            opens_at=opens_at,
            closes_at=clock.now() + timedelta(days=30),
            now=world.clock(),
        )
        self.chains.append(plan.id)
        return motion

    def _owners(self, motions: list[Motion]) -> list[tuple[Account, Motion]]:
        with transaction() as session:
            found = []
            for building, motion in zip(self.buildings, motions, strict=True):
                for entrance in building.entrances:
                    for dwelling in entrance.dwellings:
                        owner = dwelling.ownerships[0].owner
                        account = Account(display_name=owner.name, created_at=clock.now())
                        grant = RoleGrant(
                            account=account,
                            role=Role.RESIDENT,
                            community_id=building.community_id,
                            building_id=building.id,
                            entrance_id=entrance.id,
                            dwelling_id=dwelling.id,
                            capacity=Capacity.OWNER,
                            owner_id=owner.id,
                            granted_at=clock.now(),
                        )
                        session.add_all([account, grant])
                        found.append((account, motion))
        return found

    def _sign_in(self, account: Account, motion: Motion) -> SignedIn:
        """As after a letter's code: a sign-in on the server, its token in the signed cookie."""
        with transaction() as session:
            token = sessions.begin(session, account, now=clock.now(), remembered=True)
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        content = {"_user_id": token, "_fresh": True, "_permanent": True}
        return SignedIn(signer.dumps(content), motion.id)

    def leave(self) -> None:
        """No connection of this process is left open."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def faults_of_the_chains(self) -> list[int | None]:
        """For each plan's audit log the first entry that does not follow; None where all do."""
        with self.app.app_context():
            return [audit.check(audit.plan_chain(plan)).fault for plan in self.chains]
