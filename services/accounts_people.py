"""Staff, stairwell heads, contractors and administrators: given a role, and relieved of it.

Whoever is given an account gets a first password, shown once to whoever made the account and good
for a fortnight; until its owner has chosen another the account can do nothing (``Account.actor``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import ANONYMOUS, Actor, Capacity, Permission, Role
from domain.errors import NotYours, Refused
from domain.passwords import normal_login, read_login, read_password
from models import locking
from models.accounts import Account, Company, RoleGrant
from models.register import Building, Community, Entrance
from services import accounts_passwords as passwords
from services import audit, second_factor, sessions
from services.accounts_entry import login_is_free
from services.accounts_records import record_own
from services.preferences_owners import tenant_left
from services.transaction import transaction

FIRST_PASSWORD_LASTS = timedelta(days=14)
MAX_NAME = 60
# Roles that a committee may give, besides a contractor's and a stairwell head's.
STAFF = frozenset({Role.COMMITTEE, Role.AUDITOR})


@dataclass(frozen=True)
class FirstPassword:
    """What is shown once to whoever made the account."""

    account: Account
    login: str
    password: str


def create_staff(
    actor: Actor, community: Community, *, role: Role, name: str, login: str, now: datetime
) -> FirstPassword:
    """A committee member or auditor of the community, with a first password.

    Refuses ``name_empty``, ``login_taken`` and what ``read_login`` refuses; ``not_yours`` outside
    the actor's communities.
    """
    _must(actor, Permission.MANAGE_PEOPLE, community)
    if role not in STAFF:
        raise Refused("role_unknown", field="role")
    grant = RoleGrant(role=role, community_id=community.id, granted_at=now)
    return _create(actor, grant, name=name, login=login, now=now)


def create_head(
    actor: Actor, place: Building | Entrance, *, name: str, login: str, now: datetime
) -> FirstPassword:
    """A stairwell head of an entrance or a building, with a first password; refuses as above."""
    _must(actor, Permission.MANAGE_PEOPLE, place)
    scope = place.scope
    grant = RoleGrant(
        role=Role.STAIRWELL_HEAD,
        community_id=scope.community,
        building_id=scope.building,
        entrance_id=scope.entrance,
        granted_at=now,
    )
    return _create(actor, grant, name=name, login=login, now=now)


def create_company(actor: Actor, community: Community, *, name: str, now: datetime) -> Company:
    """A contractor that the community works with; refuses ``name_empty``, ``company_taken``."""
    _must(actor, Permission.MANAGE_PEOPLE, community)
    name = _read_name(name)
    with transaction() as session:
        audit.lock(session, "companies")
        query = select(Company.id).where(Company.community_id == community.id, Company.name == name)
        if session.execute(query).first() is not None:
            raise Refused("company_taken", field="name")
        company = Company(community_id=community.id, name=name, created_at=now)
        session.add(company)
        session.flush()
        audit.record(
            session,
            audit.community_chain(community.id),
            "company_created",
            actor=actor,
            now=now,
            details={"company": company.id},
        )
    return company


def create_contractor(
    actor: Actor, company: Company, *, name: str, login: str, now: datetime
) -> FirstPassword:
    """Somebody who sees what is issued to the company; refuses as ``create_staff``."""
    _must(actor, Permission.MANAGE_PEOPLE, company)
    grant = RoleGrant(role=Role.CONTRACTOR, company_id=company.id, granted_at=now)
    return _create(actor, grant, name=name, login=login, now=now)


def renew_first_password(actor: Actor, grant: RoleGrant, *, now: datetime) -> FirstPassword:
    """The account of this role gets a new first password; its sign-ins are over.

    For whoever has forgotten theirs. Refuses ``role_own``, ``role_ended``, ``role_elsewhere`` when
    the account also holds a role that the actor does not look after, and ``letter_instead`` for a
    household.
    """
    _must_manage(actor, grant)
    with transaction() as session:
        grant, account, login = _account_managed(session, actor, grant)
        password = _give_first_password(account, now=now)
        sessions.end_all(session, account.id, now=now)
        _record(session, actor, grant, "first_password_renewed", now=now)
    return FirstPassword(account, login, password)


def reset_second_factor(actor: Actor, grant: RoleGrant, *, now: datetime) -> None:
    """The account of this role has no second factor and enrols anew; its sign-ins are over.

    For whoever has lost phone and recovery codes. Refuses as ``renew_first_password``.
    """
    _must_manage(actor, grant)
    with transaction() as session:
        grant, account, _login = _account_managed(session, actor, grant)
        second_factor.forget(session, account.id, now=now)
        _record(session, actor, grant, "second_factor_reset", now=now)


def _account_managed(
    session: Session, actor: Actor, grant: RoleGrant
) -> tuple[RoleGrant, Account, str]:
    """The role and its account, locked, and its login: somebody else's, all of it in our hands."""
    grant = session.get_one(RoleGrant, grant.id, populate_existing=True)
    account = locking.locked(session, Account, grant.account_id)
    if account.id == actor.account_id:
        raise Refused("role_own")
    if grant.ended_at is not None or account.disabled_at is not None:
        raise Refused("role_ended")
    if grant.role == Role.RESIDENT or account.login is None:
        raise Refused("letter_instead")
    live = [held for held in account.grants if held.ended_at is None]
    if not all(_manages(actor, held) for held in live):
        raise Refused("role_elsewhere")
    return grant, account, account.login


def end_role(actor: Actor, grant: RoleGrant, *, now: datetime) -> None:
    """The role is over and every sign-in of its account with it.

    Refuses ``role_own`` (nobody locks themselves out) and ``role_ended``.
    """
    _must_manage(actor, grant)
    with transaction() as session:
        grant = locking.locked(session, RoleGrant, grant.id)
        if grant.account_id == actor.account_id:
            raise Refused("role_own")
        if grant.ended_at is not None:
            raise Refused("role_ended")
        grant.ended_at = now
        sessions.end_all(session, grant.account_id, now=now)
        if grant.capacity == Capacity.TENANT:
            tenant_left(session, grant, now=now)
        _record(session, actor, grant, "role_ended", now=now)


# --- the administrator ----------------------------------------------------------------------


def create_first_member(
    actor: Actor, *, community_name: str, name: str, login: str, now: datetime
) -> FirstPassword:
    """A committee member of the community of that name, which is made if there is none.

    For the administrator; refuses as ``create_staff``.
    """
    if not actor.may_anywhere(Permission.MANAGE_SYSTEM):
        raise NotYours("not_yours")
    community_name = _read_name(community_name, field="community_name")
    with transaction() as session:
        audit.lock(session, "communities")
        query = select(Community).where(Community.name == community_name)
        community = session.execute(query).scalar_one_or_none()
        if community is None:
            community = Community(name=community_name, created_at=now)
            session.add(community)
            session.flush()
            _record_community(session, actor, community, now=now)
        grant = RoleGrant(role=Role.COMMITTEE, community_id=community.id, granted_at=now)
        return _store(session, actor, grant, name=name, login=login, now=now)


def create_administrator(*, name: str, login: str, password: str, now: datetime) -> Account:
    """An administrator, who has no vote, with this password; refuses as ``create_staff`` does."""
    name, login = _read_name(name), read_login(login)
    protected = passwords.protect(read_password(password, login))
    with transaction() as session:
        audit.lock(session, "logins")
        if not login_is_free(login):
            raise Refused("login_taken", field="login")
        account = Account(display_name=name, login=login, password_hash=protected, created_at=now)
        grant = RoleGrant(account=account, role=Role.ADMINISTRATOR, granted_at=now)
        session.add_all([account, grant])
        session.flush()
        _record(session, ANONYMOUS, grant, "role_given", now=now)
    return account


def reset_by_operator(login: str, *, now: datetime) -> None:
    """Whoever runs the machine takes the second factor off a login: the last way back in.

    Refuses ``login_unknown``.
    """
    with transaction() as session:
        account = session.scalars(
            select(Account).where(Account.login == normal_login(login))
        ).one_or_none()
        if account is None:
            raise Refused("login_unknown", field="login")
        second_factor.forget(session, account.id, now=now)
        record_own(session, account.id, "second_factor_reset", now=now)


# --- within ---------------------------------------------------------------------------------


def _must(
    actor: Actor, permission: Permission, place: Community | Building | Entrance | Company
) -> None:
    if not actor.may(permission, place.scope):
        raise NotYours("not_yours")


def _manages(actor: Actor, grant: RoleGrant) -> bool:
    if actor.may_anywhere(Permission.MANAGE_SYSTEM):
        return grant.role in (Role.COMMITTEE, Role.ADMINISTRATOR)
    return grant.scope.community is not None and actor.may(Permission.MANAGE_PEOPLE, grant.scope)


def _must_manage(actor: Actor, grant: RoleGrant) -> None:
    if not _manages(actor, grant):
        raise NotYours("not_yours")


def _read_name(typed: str, *, field: str = "name") -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused("name_empty", field=field)
    if len(name) > MAX_NAME:
        raise Refused("name_long", field=field, longest=MAX_NAME)
    return name


def _give_first_password(account: Account, *, now: datetime) -> str:
    password = passwords.first_password()
    account.password_hash = passwords.protect(password)
    account.initial_until = now + FIRST_PASSWORD_LASTS
    return password


def _create(
    actor: Actor, grant: RoleGrant, *, name: str, login: str, now: datetime
) -> FirstPassword:
    with transaction() as session:
        return _store(session, actor, grant, name=name, login=login, now=now)


def _store(
    session: Session, actor: Actor, grant: RoleGrant, *, name: str, login: str, now: datetime
) -> FirstPassword:
    name, login = _read_name(name), read_login(login)
    audit.lock(session, "logins")
    if not login_is_free(login):
        raise Refused("login_taken", field="login")
    account = Account(display_name=name, login=login, created_at=now)
    password = _give_first_password(account, now=now)
    grant.account = account
    session.add_all([account, grant])
    session.flush()
    _record(session, actor, grant, "role_given", now=now)
    return FirstPassword(account, login, password)


def _record(
    session: Session, actor: Actor, grant: RoleGrant, action: str, *, now: datetime
) -> None:
    community = grant.company.community_id if grant.company else grant.community_id
    chain = audit.SYSTEM_CHAIN if community is None else audit.community_chain(community)
    details = {"role": str(grant.role), "account": grant.account_id, "grant": grant.id}
    audit.record(session, chain, action, actor=actor, now=now, details=details)


def _record_community(
    session: Session, actor: Actor, community: Community, *, now: datetime
) -> None:
    details = {"community": community.id}
    for chain in (audit.SYSTEM_CHAIN, audit.community_chain(community.id)):
        audit.record(session, chain, "community_added", actor=actor, now=now, details=details)
