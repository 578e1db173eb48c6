"""Named queries about prepared publications. Each contains the actor or what was loaded by it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain.accounts import Actor, Role
from domain.publications import Kind
from models.accounts import Account, RoleGrant
from models.database import session
from models.plans import Plan
from models.publications import Publication
from models.register import Building, Community
from models.visibility import buildings_visible_to


def visible_to(actor: Actor, publication_id: int) -> Publication | None:
    """The prepared publication, if its building lies in a scope of the actor's."""
    query = (
        select(Publication)
        .join(Publication.plan)
        .join(Plan.building)
        .where(Publication.id == publication_id, buildings_visible_to(actor))
        .options(
            joinedload(Publication.plan).joinedload(Plan.building).joinedload(Building.community),
            joinedload(Publication.motion),
            joinedload(Publication.preparer),
        )
    )
    return session().execute(query).scalar_one_or_none()


def waiting(plan_id: int, kind: Kind, motion_id: int | None = None) -> Publication | None:
    """What of this kind waits for its second person now."""
    query = select(Publication).where(
        Publication.plan_id == plan_id,
        Publication.kind == kind,
        Publication.outcome.is_(None),
    )
    if motion_id is not None:
        query = query.where(Publication.motion_id == motion_id)
    return session().execute(query).scalars().first()


def all_waiting(plan_ids: Iterable[int]) -> list[Publication]:
    """Everything of these plans that waits for its second person, the oldest first."""
    query = (
        select(Publication)
        .where(Publication.plan_id.in_(list(plan_ids)), Publication.outcome.is_(None))
        .options(joinedload(Publication.motion), joinedload(Publication.preparer))
        .order_by(Publication.prepared_at, Publication.id)
    )
    return list(session().execute(query).scalars())


def sent_back(plan_id: int, kind: Kind, motion_id: int | None = None) -> Publication | None:
    """The newest of this kind that has ended, if it was sent back: its reason is shown."""
    query = (
        select(Publication)
        .where(Publication.plan_id == plan_id, Publication.kind == kind)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    if motion_id is not None:
        query = query.where(Publication.motion_id == motion_id)
    newest = session().execute(query).scalar_one_or_none()
    return newest if newest is not None and newest.outcome == "sent_back" else None


def committee_of(community: Community) -> list[Account]:
    """The members of the community's committee, by name."""
    query = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.COMMITTEE,
            RoleGrant.community_id == community.id,
            RoleGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.display_name, Account.id)
    )
    return list(session().execute(query).scalars().unique())
