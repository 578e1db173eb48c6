"""Who may do what: roles, permissions, and the one table that joins them.

A role is held in a scope (a community, a building, an entrance, a dwelling, a company). *Who may*
is decided here; *when* one may is a stage and decided by the rule of the noun. ``docs/access.md``
is printed from ``TABLE``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.sources import rule


class Role(StrEnum):
    """What somebody is, inside a scope. The administrator has no vote."""

    ADMINISTRATOR = "administrator"
    COMMITTEE = "committee"
    STAIRWELL_HEAD = "stairwell_head"
    RESIDENT = "resident"
    CONTRACTOR = "contractor"
    AUDITOR = "auditor"


class Capacity(StrEnum):
    """In what capacity a resident answers for a dwelling: only an owner votes."""

    OWNER = "owner"
    TENANT = "tenant"


class Permission(StrEnum):
    """What a view asks for. One word per act, named after what is done."""

    MANAGE_SYSTEM = "manage_system"
    SEE_COMMUNITY = "see_community"
    EDIT_REGISTER = "edit_register"
    SEE_NAMES = "see_names"
    ISSUE_CODES = "issue_codes"
    MANAGE_PEOPLE = "manage_people"
    SEE_PLAN = "see_plan"
    COMPOSE_MENU = "compose_menu"
    ANSWER_MENU = "answer_menu"
    SEE_ANSWERS = "see_answers"
    SEE_DEMAND = "see_demand"
    RAISE_OBJECTION = "raise_objection"
    ANSWER_OBJECTION = "answer_objection"
    DRAFT_MOTION = "draft_motion"
    RUN_VOTE = "run_vote"
    CAST_BALLOT = "cast_ballot"
    ENTER_PAPER = "enter_paper"
    OPEN_SIGNED_FILE = "open_signed_file"
    ISSUE_RESOLUTION = "issue_resolution"
    RELEASE = "release"
    ISSUE_REQUIREMENTS = "issue_requirements"
    SEE_REQUIREMENTS = "see_requirements"
    READ_AUDIT = "read_audit"
    TRACK_REACH = "track_reach"


P = Permission
TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset({P.MANAGE_SYSTEM, P.SEE_COMMUNITY, P.READ_AUDIT}),
    Role.COMMITTEE: frozenset(
        {
            P.SEE_COMMUNITY,
            P.EDIT_REGISTER,
            P.SEE_NAMES,
            P.ISSUE_CODES,
            P.MANAGE_PEOPLE,
            P.SEE_PLAN,
            P.COMPOSE_MENU,
            P.SEE_ANSWERS,
            P.SEE_DEMAND,
            P.ANSWER_OBJECTION,
            P.DRAFT_MOTION,
            P.RUN_VOTE,
            P.ENTER_PAPER,
            P.ISSUE_RESOLUTION,
            P.RELEASE,
            P.ISSUE_REQUIREMENTS,
            P.READ_AUDIT,
            P.TRACK_REACH,
        }
    ),
    # The stairwell head knocks at doors: sees who has been reached, never what they answered.
    Role.STAIRWELL_HEAD: frozenset({P.SEE_PLAN, P.SEE_DEMAND, P.TRACK_REACH}),
    Role.RESIDENT: frozenset(
        {
            P.SEE_PLAN,
            P.ANSWER_MENU,
            P.RAISE_OBJECTION,
            P.SEE_DEMAND,
            P.CAST_BALLOT,
            P.OPEN_SIGNED_FILE,
        }
    ),
    Role.CONTRACTOR: frozenset({P.SEE_REQUIREMENTS}),
    Role.AUDITOR: frozenset({P.SEE_COMMUNITY, P.SEE_PLAN, P.SEE_DEMAND, P.READ_AUDIT}),
}
del P

# A tenant answers and objects but never votes; the signed file is for owners of the electorate.
OWNERS_ONLY = frozenset({Permission.CAST_BALLOT, Permission.OPEN_SIGNED_FILE})
STAFF = frozenset({Role.ADMINISTRATOR, Role.COMMITTEE, Role.AUDITOR})


@dataclass(frozen=True)
class Scope:
    """Where something is: the chain of ids from the community down, as far as it goes.

    ``Scope(community=1, building=2)`` is a building; the empty scope is the whole system.
    """

    community: int | None = None
    building: int | None = None
    entrance: int | None = None
    dwelling: int | None = None
    company: int | None = None

    def contains(self, other: Scope) -> bool:
        """Whether ``other`` is this scope or lies inside it."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in (
                (self.community, other.community),
                (self.building, other.building),
                (self.entrance, other.entrance),
                (self.dwelling, other.dwelling),
                (self.company, other.company),
            )
        )


@dataclass(frozen=True)
class Grant:
    """A role held in a scope; a resident's also names the capacity and, for an owner, the owner."""

    role: Role
    scope: Scope
    capacity: Capacity | None = None
    owner_id: int | None = None

    def allows(self, permission: Permission) -> bool:
        """Whether the role (and the capacity) carries the permission at all."""
        if permission not in TABLE[self.role]:
            return False
        return permission not in OWNERS_ONLY or self.capacity is Capacity.OWNER


@dataclass(frozen=True)
class Actor:
    """Whoever acts: an account with its grants. Nobody signed in is ``ANONYMOUS``."""

    account_id: int | None
    display_name: str = ""
    grants: tuple[Grant, ...] = field(default=())

    @property
    def is_staff(self) -> bool:
        return any(grant.role in STAFF for grant in self.grants)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def grants_of(self, *roles: Role) -> tuple[Grant, ...]:
        """The grants with one of these roles."""
        return tuple(grant for grant in self.grants if grant.role in roles)

    def may(self, permission: Permission, where: Scope) -> bool:
        """Whether a grant carries the permission and covers the place.

        A resident's grant is narrower than the building whose plan it lets them see: it covers
        every place on the way up to the community as well.
        """
        return any(grant.allows(permission) and _covers(grant, where) for grant in self.grants)

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether any grant carries the permission, wherever it is held."""
        return any(grant.allows(permission) for grant in self.grants)


def _covers(grant: Grant, where: Scope) -> bool:
    if grant.scope.contains(where):
        return True
    return grant.role in (Role.RESIDENT, Role.STAIRWELL_HEAD) and where.contains(grant.scope)


ANONYMOUS = Actor(account_id=None)


class NoVote(StrEnum):
    """Why somebody who lives in a building is asked for no vote: rents, or owns elsewhere in it."""

    TENANT = "tenant"
    ELSEWHERE = "elsewhere"


@rule(
    "accounts.no_vote",
    source="民法典 278 / Civil Code art. 278: the owners decide together",
    says="A tenant has no vote, nor has an owner whose homes all lie outside the electorate.",
)
def why_no_vote(actor: Actor, electorate: Scope) -> NoVote | None:
    """Why a resident of the building has no vote there.

    ``None`` for whoever owns a home in the electorate (the roll says whether it is on it) and for
    whoever does not live in the building.
    """
    building = replace(electorate, entrance=None)
    own = [one for one in actor.grants_of(Role.RESIDENT) if building.contains(one.scope)]
    owned = [one for one in own if one.capacity is Capacity.OWNER]
    if not own or any(electorate.contains(one.scope) for one in owned):
        return None
    return NoVote.ELSEWHERE if owned else NoVote.TENANT
