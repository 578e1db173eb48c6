"""Who visits in the access suite, and where each of them is at home.

``REACH`` is written by hand and knows nothing of the program's own check: it says in which of the
three places (own building, another building of the community, another community) a person's
role holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.accounts import OWNERS_ONLY, TABLE, Capacity, Permission, Role


class Place(StrEnum):
    """Where the visited object is, seen from 3幢."""

    OWN = "own building"
    SIBLING = "other building of the same community"
    OTHER = "other community"


OWN, SIBLING, OTHER = Place
HERE = frozenset({OWN, SIBLING})


@dataclass(frozen=True)
class Person:
    """Somebody who visits: the name of the account in ``World``, the role and where it holds."""

    name: str
    role: Role | None
    reach: frozenset[Place]
    capacity: Capacity | None = None

    def holds(self, permission: Permission) -> bool:
        """Whether the role carries the permission at all."""
        if self.role is None or permission not in TABLE[self.role]:
            return False
        return permission not in OWNERS_ONLY or self.capacity is Capacity.OWNER


PEOPLE = (
    Person("nobody", None, frozenset()),
    Person("administrator", Role.ADMINISTRATOR, frozenset(Place)),
    Person("committee", Role.COMMITTEE, HERE),
    Person("other_committee", Role.COMMITTEE, frozenset({OTHER})),
    Person("auditor", Role.AUDITOR, HERE),
    Person("head", Role.STAIRWELL_HEAD, frozenset({OWN})),
    Person("sixth_floor", Role.RESIDENT, frozenset({OWN}), Capacity.OWNER),
    Person("tenant", Role.RESIDENT, frozenset({OWN}), Capacity.TENANT),
    Person("stranger", Role.RESIDENT, frozenset({OTHER}), Capacity.OWNER),
    Person("contractor", Role.CONTRACTOR, frozenset({OWN})),
)
