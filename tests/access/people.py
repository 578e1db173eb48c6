"""Who visits in the access suite, and where each of them is at home.

The reach of a role is written by hand and knows nothing of the program's own check: it says in
which of the three places (own building, another building of the community, another community) it
holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.accounts import OWNERS_ONLY, TABLE, Capacity, Permission, Role
from models.accounts import Account, RoleGrant
from services.transaction import transaction
from tests.world import World


class Place(StrEnum):
    """Where the visited object is, seen from 3幢."""

    OWN = "own building"
    SIBLING = "other building of the same community"
    OTHER = "other community"


OWN, SIBLING, OTHER = Place
HERE = frozenset({OWN, SIBLING})


@dataclass(frozen=True)
class Held:
    """A role, and the places in which it holds."""

    role: Role
    reach: frozenset[Place]
    capacity: Capacity | None = None

    def carries(self, permission: Permission) -> bool:
        """Whether the role carries the permission at all."""
        if permission not in TABLE[self.role]:
            return False
        return permission not in OWNERS_ONLY or self.capacity is Capacity.OWNER


@dataclass(frozen=True)
class Person:
    """Somebody who visits: the name of the account, and the roles held; nobody holds none."""

    name: str
    held: tuple[Held, ...] = ()

    @property
    def is_nobody(self) -> bool:
        """Whether this is a browser that is not signed in."""
        return not self.held

    def carries(self, permission: Permission) -> bool:
        """Whether any role carries the permission, wherever."""
        return any(held.carries(permission) for held in self.held)


def _one(name: str, role: Role, *reach: Place, capacity: Capacity | None = None) -> Person:
    return Person(name, (Held(role, frozenset(reach), capacity),))


OWNER_HERE = Held(Role.RESIDENT, frozenset({OWN}), Capacity.OWNER)
PEOPLE = (
    Person("nobody"),
    _one("administrator", Role.ADMINISTRATOR, *Place),
    _one("committee", Role.COMMITTEE, OWN, SIBLING),
    _one("other_committee", Role.COMMITTEE, OTHER),
    _one("auditor", Role.AUDITOR, OWN, SIBLING),
    _one("head", Role.STAIRWELL_HEAD, OWN),
    Person("sixth_floor", (OWNER_HERE,)),
    _one("tenant", Role.RESIDENT, OWN, capacity=Capacity.TENANT),
    _one("stranger", Role.RESIDENT, OTHER, capacity=Capacity.OWNER),
    _one("contractor", Role.CONTRACTOR, OWN),
    # Sees 3幢 as an owner, and holds the committee's permissions, but somewhere else.
    Person("works_elsewhere", (OWNER_HERE, Held(Role.COMMITTEE, frozenset({OTHER})))),
)


def works_elsewhere(world: World, now: datetime) -> Account:
    """An owner in 3幢 who is in the committee of 幸福里."""
    dwelling = world.dwelling("502")
    scope = dwelling.scope
    with transaction() as session:
        account = Account(display_name="孙立新", login="sun", created_at=now)
        resident = RoleGrant(
            account=account,
            role=Role.RESIDENT,
            community_id=scope.community,
            building_id=scope.building,
            entrance_id=scope.entrance,
            dwelling_id=scope.dwelling,
            capacity=Capacity.OWNER,
            owner_id=world.owner("孙立新").id,
            granted_at=now,
        )
        committee = RoleGrant(
            account=account,
            role=Role.COMMITTEE,
            community_id=world.other_community.id,
            granted_at=now,
        )
        session.add_all([account, resident, committee])
    return account
