"""Named queries about the audit log: which chains an actor may read, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import joinedload, selectinload

from domain.accounts import Actor, Permission, Role, Scope
from domain.audit import Entry
from models.accounts import Account
from models.audit import AuditEntry
from models.database import session
from models.plans import Plan
from models.prepared import Prepared
from models.register import Building, Community
from models.visibility import buildings_visible_to, communities_visible_to

SYSTEM = "system"
# Sent without the detour over an object: nobody reads the entry again.
APPEND = Prepared(lambda _engine: insert(AuditEntry).inline())


@dataclass(frozen=True)
class Chain:
    """One chain: what it is about and where that is."""

    name: str
    scope: Scope
    community: Community | None = None
    plan: Plan | None = None
    entries: int = 0
    last_at: datetime | None = None


def visible_to(actor: Actor, chain: str) -> Chain | None:
    """The chain of this name (``system``, ``community:3``, ``plan:7``), if the actor sees it."""
    kind, _colon, number = chain.partition(":")
    if chain == SYSTEM:
        rules = any(grant.role is Role.ADMINISTRATOR for grant in actor.grants)
        return Chain(SYSTEM, Scope()) if rules else None
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    if kind == "community":
        return _of_community(actor, int(number))
    return _of_plan(actor, int(number)) if kind == "plan" else None


def _of_community(actor: Actor, number: int) -> Chain | None:
    query = select(Community).where(Community.id == number, communities_visible_to(actor))
    found = session().execute(query).scalar_one_or_none()
    return Chain(f"community:{number}", found.scope, community=found) if found else None


def _of_plan(actor: Actor, number: int) -> Chain | None:
    query = (
        select(Plan)
        .join(Plan.building)
        .where(Plan.id == number, buildings_visible_to(actor))
        .options(joinedload(Plan.building).joinedload(Building.community))
    )
    found = session().execute(query).scalar_one_or_none()
    return Chain(f"plan:{number}", found.scope, plan=found) if found else None


def chains_of(actor: Actor) -> list[Chain]:
    """The chains the actor may read: the system's, then each community's with its plans'."""
    system = visible_to(actor, SYSTEM)
    places = select(Community).where(communities_visible_to(actor)).order_by(Community.name)
    plans = (
        select(Plan)
        .join(Plan.building)
        .where(buildings_visible_to(actor))
        .order_by(Building.sort_key, Plan.id)
        .options(joinedload(Plan.building))
    )
    of_plans = [
        Chain(f"plan:{plan.id}", plan.scope, plan=plan)
        for plan in session().execute(plans).scalars()
    ]
    found = [system] if system else []
    for place in session().execute(places).scalars():
        found.append(Chain(f"community:{place.id}", place.scope, community=place))
        found += [chain for chain in of_plans if chain.scope.community == place.id]
    return _with_sizes([c for c in found if actor.may(Permission.READ_AUDIT, c.scope)])


def _with_sizes(chains: list[Chain]) -> list[Chain]:
    sizes = {
        chain: (entries, last)
        for chain, entries, last in session().execute(
            select(AuditEntry.chain, func.count(), func.max(AuditEntry.at))
            .where(AuditEntry.chain.in_([chain.name for chain in chains]))
            .group_by(AuditEntry.chain)
        )
    }
    return [
        Chain(c.name, c.scope, c.community, c.plan, *sizes.get(c.name, (0, None))) for c in chains
    ]


def size_of(chain: str) -> int:
    """How many entries the chain has."""
    query = select(func.count()).where(AuditEntry.chain == chain)
    return session().execute(query).scalar_one()


def page_of(chain: str, *, page: int, size: int) -> list[AuditEntry]:
    """A page of the chain, newest first; pages count from 1."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.chain == chain)
        .order_by(AuditEntry.seq.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return list(session().execute(query).scalars())


def entries_of(chain: str) -> Iterator[Entry]:
    """The whole chain from its beginning, as it is stored."""
    query = (
        select(AuditEntry.seq, AuditEntry.previous, AuditEntry.event, AuditEntry.digest)
        .where(AuditEntry.chain == chain)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    for seq, previous, event, digest in session().execute(query):
        yield Entry(seq, previous, event, digest)


def actors_of(entries: list[AuditEntry]) -> dict[int, Account]:
    """The accounts behind the entries, with their roles."""
    ids = {entry.account_id for entry in entries if entry.account_id is not None}
    query = select(Account).where(Account.id.in_(ids)).options(selectinload(Account.grants))
    return {account.id: account for account in session().execute(query).scalars()}


def last_time(chain: str, action: str) -> datetime | None:
    """When this was last done, by the chain; None when it never was."""
    query = select(func.max(AuditEntry.at)).where(
        AuditEntry.chain == chain, AuditEntry.action == action
    )
    return session().scalar(query)
