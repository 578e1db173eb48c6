"""Named queries about people, companies and household letters. Each contains the actor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor, Capacity, Permission, Role
from domain.codes import LetterState, letter_state
from domain.vocabulary import Occupancy
from models.accounts import AccessCode, Account, Company, RoleGrant
from models.database import session
from models.register import Building, Community, Dwelling, Entrance, Ownership
from models.visibility import buildings_visible_to, communities_visible_to

STAFF_ROLES = (Role.COMMITTEE, Role.AUDITOR, Role.STAIRWELL_HEAD)


# --- places ---------------------------------------------------------------------------------


def community_visible_to(actor: Actor, community_id: int) -> Community | None:
    """The community, if the actor holds a role somewhere in it."""
    query = select(Community).where(Community.id == community_id, communities_visible_to(actor))
    return session().execute(query).scalar_one_or_none()


def communities_with(actor: Actor, permission: Permission) -> list[Community]:
    """The communities in which the actor holds the permission, by name."""
    query = select(Community).where(communities_visible_to(actor)).order_by(Community.name)
    return [c for c in session().execute(query).scalars() if actor.may(permission, c.scope)]


def building_visible_to(actor: Actor, building_id: int) -> Building | None:
    """The building with its community and entrances, if it lies in a scope of the actor's."""
    query = (
        select(Building)
        .where(Building.id == building_id, buildings_visible_to(actor))
        .options(joinedload(Building.community), selectinload(Building.entrances))
    )
    return session().execute(query).scalar_one_or_none()


def places_of(community: Community) -> list[Building]:
    """The buildings of a community with their entrances: where a stairwell head may be."""
    query = (
        select(Building)
        .where(Building.community_id == community.id)
        .order_by(Building.sort_key)
        .options(selectinload(Building.entrances))
    )
    return list(session().execute(query).scalars())


# --- people ---------------------------------------------------------------------------------


def company_visible_to(actor: Actor, company_id: int) -> Company | None:
    """The company, if the community that keeps it is one of the actor's."""
    company = session().get(Company, company_id)
    if company is None or not _within_reach(actor, company.community_id):
        return None
    return company


def companies_of(community: Community) -> list[Company]:
    """The companies that the community keeps, by name."""
    query = select(Company).where(Company.community_id == community.id).order_by(Company.name)
    return list(session().execute(query).scalars())


def grant_visible_to(actor: Actor, grant_id: int) -> RoleGrant | None:
    """The role that is held, if the community it belongs to is one of the actor's."""
    grant = session().get(
        RoleGrant,
        grant_id,
        options=[joinedload(RoleGrant.company), joinedload(RoleGrant.account)],
    )
    if grant is None or not _within_reach(actor, grant.scope.community):
        return None
    return grant


def _within_reach(actor: Actor, community_id: int | None) -> bool:
    if community_id is None:
        return any(grant.role is Role.ADMINISTRATOR for grant in actor.grants)
    return community_visible_to(actor, community_id) is not None


def _live_grants() -> Select[RoleGrant]:
    return (
        select(RoleGrant)
        .join(RoleGrant.account)
        .where(RoleGrant.ended_at.is_(None), Account.disabled_at.is_(None))
        .options(contains_eager(RoleGrant.account))
        .order_by(Account.display_name, RoleGrant.id)
    )


def staff_of(community: Community) -> list[RoleGrant]:
    """Roles now held in the community by committee members, auditors and stairwell heads."""
    query = _live_grants().where(
        RoleGrant.community_id == community.id, RoleGrant.role.in_(STAFF_ROLES)
    )
    query = query.options(joinedload(RoleGrant.building), joinedload(RoleGrant.entrance))
    return list(session().execute(query).scalars())


def contractors_of(community: Community) -> list[RoleGrant]:
    """Roles now held by the people of the community's companies."""
    query = (
        _live_grants()
        .join(RoleGrant.company)
        .where(Company.community_id == community.id)
        .options(contains_eager(RoleGrant.company))
    )
    return list(session().execute(query).scalars())


def communities_with_committee() -> list[tuple[Community, list[RoleGrant]]]:
    """Every community with its committee members: what the administrator looks after."""
    query = _live_grants().where(RoleGrant.role == Role.COMMITTEE)
    grants = list(session().execute(query).scalars())
    places = session().execute(select(Community).order_by(Community.name)).scalars()
    return [(place, [g for g in grants if g.community_id == place.id]) for place in places]


def account(actor: Actor) -> Account:
    """The actor's own account, with its roles."""
    query = (
        select(Account).where(Account.id == actor.account_id).options(selectinload(Account.grants))
    )
    return session().execute(query).scalar_one()


def roles_of(actor: Actor) -> list[RoleGrant]:
    """The roles the actor holds now, with the places they are held in."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.account_id == actor.account_id, RoleGrant.ended_at.is_(None))
        .options(
            joinedload(RoleGrant.company),
            joinedload(RoleGrant.community),
            joinedload(RoleGrant.building),
            joinedload(RoleGrant.entrance),
            joinedload(RoleGrant.dwelling),
        )
        .order_by(RoleGrant.id)
    )
    return list(session().execute(query).scalars())


# --- household letters ----------------------------------------------------------------------


@dataclass(frozen=True)
class Recipient:
    """Whom one letter is for: a co-owner of a dwelling, or its tenant."""

    dwelling_id: int
    capacity: Capacity
    owner_id: int | None = None

    @property
    def key(self) -> str:
        """The recipient as the value of a tick box."""
        return f"{self.dwelling_id}-{self.owner_id or 'tenant'}"


@dataclass(frozen=True)
class LetterRow:
    """A letter as the committee's list shows it."""

    recipient: Recipient
    entrance_id: int
    room: str
    floor: int
    # The owner's name; empty for a tenant.
    name: str
    state: LetterState
    issued_at: datetime | None
    expires_at: datetime | None
    # The role of whoever came in with it, to be ended from the list.
    grant_id: int | None


def dwelling_recipients(dwelling: Dwelling) -> list[tuple[Recipient, str]]:
    """Every co-owner by name, then the tenant where the dwelling is let; with their names."""
    owners = sorted((o.owner for o in dwelling.ownerships), key=lambda owner: owner.name)
    found = [(Recipient(dwelling.id, Capacity.OWNER, owner.id), owner.name) for owner in owners]
    if dwelling.occupancy == Occupancy.LET:
        found.append((Recipient(dwelling.id, Capacity.TENANT), ""))
    return found


def households(where: ColumnElement[bool], *more: ColumnElement[bool]) -> list[Dwelling]:
    """The households that meet the conditions, in walking order, with their owners.

    Garages and what else does not count are no households; nor is what is no longer in use.
    """
    query = (
        select(Dwelling)
        .join(Dwelling.entrance)
        .join(Entrance.building)
        .where(where, *more, Dwelling.retired_at.is_(None), Dwelling.counts.is_(True))
        .order_by(Building.sort_key, Entrance.sort_key, Dwelling.floor, Dwelling.room)
        .options(
            contains_eager(Dwelling.entrance)
            .contains_eager(Entrance.building)
            .joinedload(Building.community),
            selectinload(Dwelling.ownerships).joinedload(Ownership.owner),
        )
    )
    return list(session().execute(query).unique().scalars())


def recipient_of(row: AccessCode | RoleGrant) -> Recipient:
    """Whom a code or a resident's role is for."""
    if row.dwelling_id is None or row.capacity is None:
        raise ValueError("only a resident's role belongs to a dwelling")
    return Recipient(row.dwelling_id, Capacity(row.capacity), row.owner_id)


def residents_of(dwelling_ids: Iterable[int]) -> dict[Recipient, RoleGrant]:
    """Who is in now, by recipient, for these dwellings."""
    query = select(RoleGrant).where(
        RoleGrant.role == Role.RESIDENT,
        RoleGrant.ended_at.is_(None),
        RoleGrant.dwelling_id.in_(list(dwelling_ids)),
    )
    return {recipient_of(grant): grant for grant in session().execute(query).scalars()}


def open_codes(dwelling_ids: Iterable[int]) -> dict[Recipient, AccessCode]:
    """The codes neither used nor revoked of these dwellings; some may have expired."""
    query = select(AccessCode).where(
        AccessCode.dwelling_id.in_(list(dwelling_ids)),
        AccessCode.used_at.is_(None),
        AccessCode.revoked_at.is_(None),
    )
    return {recipient_of(code): code for code in session().execute(query).scalars()}


class Printed(NamedTuple):
    """The last letters that were printed for a building: when, by whom, how many."""

    at: datetime
    by: str | None
    number: int


def last_printed(building_id: int) -> Printed | None:
    """When letters of the building were last printed, whatever has become of them."""
    query = (
        select(AccessCode.issued_at, Account.display_name, func.count())
        .join(Dwelling, Dwelling.id == AccessCode.dwelling_id)
        .join(Entrance, Entrance.id == Dwelling.entrance_id)
        .outerjoin(Account, Account.id == AccessCode.issued_by)
        .where(Entrance.building_id == building_id)
        .group_by(AccessCode.issued_at, AccessCode.issued_by, Account.display_name)
        .order_by(AccessCode.issued_at.desc())
        .limit(1)
    )
    row = session().execute(query).first()
    return Printed(*row) if row else None


def letter_rows(dwellings: Sequence[Dwelling], *, now: datetime) -> list[LetterRow]:
    """The letters of these dwellings and how far each has come."""
    ids = [dwelling.id for dwelling in dwellings]
    residents, codes = residents_of(ids), open_codes(ids)
    rows = []
    for dwelling in dwellings:
        for recipient, name in dwelling_recipients(dwelling):
            code, grant = codes.get(recipient), residents.get(recipient)
            rows.append(
                LetterRow(
                    recipient=recipient,
                    entrance_id=dwelling.entrance_id,
                    room=dwelling.room,
                    floor=dwelling.floor,
                    name=name,
                    state=letter_state(
                        reached=grant is not None,
                        issued=code.issued_at if code else None,
                        expires=code.expires_at if code else None,
                        now=now,
                    ),
                    issued_at=code.issued_at if code else None,
                    expires_at=code.expires_at if code else None,
                    grant_id=grant.id if grant else None,
                )
            )
    return rows
