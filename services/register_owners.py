"""Who owns what: owners found by name or made, ownership changed, namesakes told apart.

An owner who leaves a dwelling loses the way in with it: the roles held for the dwelling end and
letters not yet used are void; the answers given to menus stay the former owner's. What was decided
keeps the names it was decided with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import Refused
from domain.register_drafts import OwnerDraft, checked_owner
from domain.register_words import owner_kind
from domain.vocabulary import OwnerKind, Tenure
from models import locking
from models.accounts import AccessCode, RoleGrant
from models.base import Base
from models.register import Dwelling, Owner, Ownership
from models.register_queries import owners_named, with_history
from services.accounts_codes import end_residence, part_namesakes
from services.audit import community_chain, record
from services.preferences_owners import owners_changed, told_apart
from services.register_lock import register_transaction

OWNERS = Base.metadata.tables[Owner.__tablename__]


class OwnerBook:
    """The owners of a community by name, made where there is none; of namesakes the first."""

    def __init__(self, session: Session, community_id: int, names: Iterable[str]) -> None:
        self._session = session
        self._community_id = community_id
        self._known = {name: found[0] for name, found in owners_named(community_id, names).items()}

    def owner(self, name: str, tenure: Tenure) -> Owner:
        """The owner of this name."""
        owner = self._known.get(name)
        if owner is None:
            kind = owner_kind(name, tenure)
            owner = Owner(community_id=self._community_id, name=name, kind=kind, distinguisher="")
            self._session.add(owner)
            self._known[name] = owner
        return owner


def set_owners(
    session: Session, dwelling: Dwelling, names: Sequence[str], book: OwnerBook, *, now: datetime
) -> bool:
    """The dwelling belongs to the owners of these names; whether that changed anything.

    Whoever owns it already under one of the names stays, namesake or not. Who owns what is not
    sold is the developer.
    """
    wanted = dict.fromkeys(names)
    before = {held.owner_id for held in dwelling.ownerships}
    leaving = [held for held in dwelling.ownerships if held.owner.name not in wanted]
    staying = {held.owner.name for held in dwelling.ownerships if held not in leaving}
    for held in leaving:
        dwelling.ownerships.remove(held)
    for name in wanted:
        if name not in staying:
            owner = book.owner(name, Tenure(dwelling.tenure))
            dwelling.ownerships.append(Ownership(owner=owner))
    if dwelling.tenure == Tenure.DEVELOPER:
        for held in dwelling.ownerships:
            held.owner.kind = OwnerKind.DEVELOPER
    if leaving:
        session.flush()
        left = [held.owner_id for held in leaving]
        end_residence(session, dwelling.id, left, now=now)
        owners_changed(session, dwelling, before, now=now)
        drop_without_property(session, left)
    return bool(leaving) or len(staying) < len(wanted)


def drop_without_property(session: Session, owner_ids: Iterable[int]) -> None:
    """Owners of nothing, whom nothing else names, are forgotten."""
    ids = list(owner_ids)
    kept = with_history(session, OWNERS, ids)
    for owner_id in ids:
        owner = session.get(Owner, owner_id)
        if owner is not None and owner_id not in kept:
            session.refresh(owner, ["ownerships"])
            if not owner.ownerships:
                session.delete(owner)
    session.flush()


def edit_owner(actor: Actor, owner: Owner, draft: OwnerDraft, *, now: datetime) -> Owner:
    """The owner is called and told apart as in the draft.

    Refuses what ``checked_owner`` refuses and ``owner_exists`` (name).
    """
    draft = checked_owner(draft)
    with register_transaction(owner.community_id) as session:
        owner = locking.locked(session, Owner, owner.id)
        _refuse_namesake(owner.community_id, draft.name, draft.distinguisher, but=owner)
        owner.name, owner.kind = draft.name, draft.kind
        owner.distinguisher = draft.distinguisher
        chain = community_chain(owner.community_id)
        details = {"owner": owner.id}
        record(session, chain, "owner_edited", actor=actor, now=now, details=details)
        return owner


def split_owner(
    actor: Actor,
    owner: Owner,
    dwelling_ids: Iterable[int],
    *,
    into: int | None = None,
    distinguisher: str = "",
    now: datetime,
) -> Owner:
    """These dwellings belong to a namesake: the owner ``into``, or a new one told apart by
    ``distinguisher``. Roles and letters of the dwellings go along, but no account stays with both.

    An owner left without a dwelling is forgotten. Refuses ``split_nothing``, ``split_all`` (a new
    namesake needs somebody to differ from), ``split_unknown``, ``text_missing`` (distinguisher),
    ``owner_exists`` (name), ``owner_already`` (room).
    """
    with register_transaction(owner.community_id) as session:
        owner = locking.locked(session, Owner, owner.id)
        chosen = set(dwelling_ids)
        moving = [held for held in owner.ownerships if held.dwelling_id in chosen]
        if not moving or len(moving) < len(chosen):
            raise Refused("split_nothing", field="dwellings")
        if into is None and len(moving) == len(owner.ownerships):
            raise Refused("split_all", field="dwellings")
        other = _namesake(session, owner, into, distinguisher)
        dwellings = [held.dwelling for held in moving]
        for held in moving:
            _hand_over(session, held, other)
        part_namesakes(session, owner.id, other.id, now=now)
        for dwelling in dwellings:
            told_apart(session, dwelling, owner.id, other.id, now=now)
        chain = community_chain(owner.community_id)
        details = {"owner": owner.id, "into": other.id, "dwellings": sorted(chosen)}
        record(session, chain, "owner_split", actor=actor, now=now, details=details)
        session.flush()
        drop_without_property(session, [owner.id])
        return other


def _namesake(session: Session, owner: Owner, into: int | None, distinguisher: str) -> Owner:
    if into is not None:
        other = session.get(Owner, into)
        same = other is not None and (other.community_id, other.name) == (
            owner.community_id,
            owner.name,
        )
        if other is None or not same or other is owner:
            raise Refused("split_unknown", field="into")
        return other
    draft = checked_owner(OwnerDraft(owner.name, OwnerKind(owner.kind), distinguisher))
    if not draft.distinguisher:
        raise Refused("text_missing", field="distinguisher")
    _refuse_namesake(owner.community_id, owner.name, draft.distinguisher, but=owner)
    other = Owner(
        community_id=owner.community_id,
        name=owner.name,
        kind=owner.kind,
        distinguisher=draft.distinguisher,
    )
    session.add(other)
    session.flush()
    return other


def _hand_over(session: Session, held: Ownership, other: Owner) -> None:
    dwelling = held.dwelling
    session.refresh(dwelling, ["ownerships"])
    if any(also.owner_id == other.id for also in dwelling.ownerships):
        raise Refused("owner_already", field="dwellings", room=dwelling.room)
    leaving_id = held.owner_id
    dwelling.ownerships.remove(held)
    dwelling.ownerships.append(Ownership(owner=other))
    session.flush()
    for table in (RoleGrant, AccessCode):
        session.execute(
            update(table)
            .where(table.dwelling_id == dwelling.id, table.owner_id == leaving_id)
            .values(owner_id=other.id)
        )


def _refuse_namesake(community_id: int, name: str, distinguisher: str, *, but: Owner) -> None:
    for other in owners_named(community_id, [name]).get(name, []):
        if other is not but and other.distinguisher == distinguisher:
            raise Refused("owner_exists", field="distinguisher", name=name)
