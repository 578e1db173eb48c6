"""Household letters: issuing their one-time codes, and coming in with one.

Whom a code lets in (ours): a code belongs to a co-owner of a dwelling, or to the tenant of one.
It opens the account that already holds that place, wherever there is one: for an owner the account
of that same owner (equal by the register, so that the buyer of two flats has one account and the
second letter adds the second flat to it), for a tenant the account of the dwelling's present
tenant. Else a new account is made. Somebody else who happens to be signed in on the same phone is
signed out first: two spouses share a phone, never an account.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from domain.accounts import ANONYMOUS, Actor, Capacity, Permission, Role
from domain.codes import expiry, keyed_hash, new_code, read_code
from domain.errors import NotYours, Refused
from models.accounts import AccessCode, Account, RoleGrant
from models.accounts_queries import (
    Recipient,
    dwelling_recipients,
    households,
    open_codes,
    residents_of,
)
from models.register import Building, Dwelling, Entrance, Owner, Ownership
from services import accounts_tries as tries
from services import audit, sessions
from services.accounts_entry import Entered
from services.preferences_owners import tenant_left
from services.transaction import transaction


@dataclass(frozen=True)
class Letter:
    """A letter to be printed now: its code cannot be read again afterwards."""

    community: str
    building: str
    entrance: str
    room: str
    capacity: Capacity
    # The owner's name; empty for a tenant.
    addressee: str
    code: str
    expires_at: datetime


# --- issuing --------------------------------------------------------------------------------


def issue_codes(
    actor: Actor, dwellings: Iterable[Dwelling], *, key: bytes, now: datetime
) -> tuple[Letter, ...]:
    """Letters for every co-owner, and the tenant where let, of these dwellings not yet reached."""
    ids = [dwelling.id for dwelling in dwellings]
    loaded = households(Dwelling.id.in_(ids))
    residents, codes = residents_of(ids), open_codes(ids)
    waiting = [
        recipient
        for dwelling in loaded
        for recipient, _name in dwelling_recipients(dwelling)
        if recipient not in residents and not _is_out(codes.get(recipient), now)
    ]
    return issue_letters(actor, waiting, key=key, now=now) if waiting else ()


def issue_letters(
    actor: Actor,
    recipients: Sequence[Recipient],
    *,
    key: bytes,
    now: datetime,
    batch: str = "",
    replace: bool = False,
) -> tuple[Letter, ...]:
    """A letter with a fresh code for each recipient, in walking order.

    A code already out is revoked, and whoever is in by it is signed out everywhere and loses the
    password chosen with it; that needs ``replace``, else ``letters_out`` (count) is refused.
    Letters of the same ``batch`` (a form sent twice) are printed already: without ``replace``
    ``letters_printed`` (at) is refused. Refuses ``letters_none``, ``letters_unknown``, and
    ``not_yours`` outside the actor's buildings.
    """
    wanted = set(recipients)
    ids = {recipient.dwelling_id for recipient in wanted}
    if not wanted:
        raise Refused("letters_none", field="recipients")
    with transaction() as session:
        # Letters are issued one batch after another, so that no two codes are live at once.
        audit.lock(session, "letters")
        dwellings = households(Dwelling.id.in_(ids))
        known = {recipient for d in dwellings for recipient, _name in dwelling_recipients(d)}
        places = {d.entrance.building for d in dwellings}
        if not all(actor.may(Permission.ISSUE_CODES, place.scope) for place in places):
            raise NotYours("not_yours")
        if not wanted <= known:
            raise Refused("letters_unknown", field="recipients")
        replaced = _revoke(session, wanted, ids, now=now, batch=batch, replace=replace)
        letters = [
            _issue(session, actor, dwelling, recipient, name, key=key, now=now, batch=batch)
            for dwelling in dwellings
            for recipient, name in dwelling_recipients(dwelling)
            if recipient in wanted
        ]
        for community in sorted({place.community_id for place in places}):
            audit.record(
                session,
                audit.community_chain(community),
                "letters_issued",
                actor=actor,
                now=now,
                details={
                    "dwellings": [
                        d.id for d in dwellings if d.entrance.building.community_id == community
                    ],
                    "letters": len(letters),
                    "replaced": replaced,
                },
            )
    return tuple(letters)


def _is_out(code: AccessCode | None, now: datetime) -> bool:
    return code is not None and now < code.expires_at


def _revoke(
    session: Session,
    wanted: set[Recipient],
    dwelling_ids: set[int],
    *,
    now: datetime,
    batch: str,
    replace: bool,
) -> int:
    """Take back what is out; returns how many letters and sign-ins that were."""
    codes = {r: c for r, c in open_codes(dwelling_ids).items() if r in wanted}
    residents = {r: g for r, g in residents_of(dwelling_ids).items() if r in wanted}
    same = {r for r, c in codes.items() if batch and c.batch == batch}
    if same and not replace:
        raise Refused("letters_printed", field="replace", at=max(codes[r].issued_at for r in same))
    out = {r for r, c in codes.items() if _is_out(c, now)}
    if (out or residents) and not replace:
        raise Refused("letters_out", field="replace", count=len(out | residents.keys()))
    for code in codes.values():
        code.revoked_at = now
    for grant in residents.values():
        account = session.get_one(Account, grant.account_id, with_for_update=True)
        account.password_hash = account.initial_until = None
        sessions.end_all(session, account.id, now=now)
    # The old codes must be gone before the new ones come: one live code per recipient.
    session.flush()
    return len(out | residents.keys())


def _issue(
    session: Session,
    actor: Actor,
    dwelling: Dwelling,
    recipient: Recipient,
    name: str,
    *,
    key: bytes,
    now: datetime,
    batch: str,
) -> Letter:
    code = new_code(secrets.choice)
    session.add(
        AccessCode(
            dwelling_id=dwelling.id,
            capacity=recipient.capacity,
            owner_id=recipient.owner_id,
            code_hash=keyed_hash(key, "code", code),
            batch=batch,
            issued_at=now,
            issued_by=actor.account_id,
            expires_at=expiry(now),
        )
    )
    building = dwelling.entrance.building
    return Letter(
        community=building.community.name,
        building=building.name,
        entrance=dwelling.entrance.name,
        room=dwelling.room,
        capacity=recipient.capacity,
        addressee=name,
        code=code,
        expires_at=expiry(now),
    )


# --- coming in ------------------------------------------------------------------------------


class AlreadyIn(Refused):
    """The account that asks is the one that this code let in before."""


def redeem(
    typed: str, *, key: bytes, now: datetime, remembered: bool = False, by: Actor = ANONYMOUS
) -> Entered:
    """The code is used up and its household signed in.

    ``AlreadyIn`` when ``by``, who asks, is the account that this very code let in before: nothing
    is used or counted. Refuses what ``read_code`` refuses of a code that cannot be one;
    ``code_wrong`` alike for a code that is unknown, used, revoked or expired, or whose owner has
    sold; ``too_many_tries`` (minutes).
    """
    code_hash = keyed_hash(key, "code", read_code(typed))
    entered = None
    tries.knock(tries.CODES, code_hash, now=now)
    with transaction() as session:
        tries.admit(session, tries.CODES, code_hash, now=now)
        code, still_owns = session.execute(_find(code_hash)).one_or_none() or (None, False)
        if code is not None and _is_usable(code, still_owns, now):
            account = _account_of(session, code, now=now)
            code.used_at, code.used_by = now, account.id
            token = sessions.begin(session, account, now=now, remembered=remembered)
            _record_entry(session, code, account, now=now)
            entered = Entered(account, token)
        elif code is not None and code.used_by is not None and code.used_by == by.account_id:
            raise AlreadyIn("code_used_by_you", field="code")
        else:
            tries.note(session, tries.CODES, code_hash, now=now)
    if entered is None:
        raise Refused("code_wrong", field="code")
    return entered


def _find(code_hash: str) -> Select[AccessCode, bool]:
    # One statement whether the code is known or not, so that all take the same time; so whether
    # its owner still owns the flat is asked here as well.
    owns = exists().where(
        Ownership.dwelling_id == AccessCode.dwelling_id, Ownership.owner_id == AccessCode.owner_id
    )
    return (
        select(AccessCode, or_(AccessCode.owner_id.is_(None), owns))
        .where(AccessCode.code_hash == code_hash)
        .options(
            joinedload(AccessCode.dwelling)
            .joinedload(Dwelling.entrance)
            .joinedload(Entrance.building)
            .joinedload(Building.community)
        )
        .with_for_update(of=AccessCode)
        .execution_options(populate_existing=True)
    )


def _is_usable(code: AccessCode, still_owns: bool, now: datetime) -> bool:
    """Whoever has sold the flat since the letter went out is let in no more."""
    is_open = code.used_at is None and code.revoked_at is None and now < code.expires_at
    return is_open and code.dwelling.retired_at is None and still_owns


def _account_of(session: Session, code: AccessCode, *, now: datetime) -> Account:
    query = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.RESIDENT,
            RoleGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
        .limit(1)
    )
    if code.owner_id is not None:
        query = query.where(RoleGrant.owner_id == code.owner_id)
    else:
        query = query.where(
            RoleGrant.dwelling_id == code.dwelling_id, RoleGrant.capacity == Capacity.TENANT
        )
    account = session.execute(query).scalar_one_or_none()
    if account is None:
        account = Account(display_name=_name(session, code), created_at=now)
        session.add(account)
        session.flush()
    held = {grant.dwelling_id for grant in account.grants if grant.ended_at is None}
    if code.dwelling_id not in held:
        account.grants.append(_grant(code, now))
        session.flush()
    return account


def _name(session: Session, code: AccessCode) -> str:
    if code.owner_id is not None:
        return session.get_one(Owner, code.owner_id).name
    entrance = code.dwelling.entrance
    return f"{entrance.building.name} {entrance.name} {code.dwelling.room}"


def _grant(code: AccessCode, now: datetime) -> RoleGrant:
    scope = code.dwelling.scope
    return RoleGrant(
        role=Role.RESIDENT,
        community_id=scope.community,
        building_id=scope.building,
        entrance_id=scope.entrance,
        dwelling_id=scope.dwelling,
        capacity=code.capacity,
        owner_id=code.owner_id,
        granted_at=now,
    )


def _record_entry(session: Session, code: AccessCode, account: Account, *, now: datetime) -> None:
    community = code.dwelling.entrance.building.community_id
    audit.record(
        session,
        audit.community_chain(community),
        "letter_used",
        actor=account.actor(),
        now=now,
        details={"dwelling": code.dwelling_id, "letter": code.id},
    )


# --- going out ------------------------------------------------------------------------------


def end_residence(
    session: Session, dwelling_id: int, owner_ids: Collection[int] | None, *, now: datetime
) -> None:
    """Inside the caller's transaction: former owners (``None``: everybody) are out of the dwelling.

    Their roles there end with all their sign-ins, and letters still out are revoked.
    """
    grants = [RoleGrant.dwelling_id == dwelling_id, RoleGrant.ended_at.is_(None)]
    codes = [
        AccessCode.dwelling_id == dwelling_id,
        AccessCode.used_at.is_(None),
        AccessCode.revoked_at.is_(None),
    ]
    if owner_ids is not None:
        grants.append(RoleGrant.owner_id.in_(owner_ids))
        codes.append(AccessCode.owner_id.in_(owner_ids))
    for grant in session.execute(select(RoleGrant).where(*grants)).scalars():
        _end(session, grant, now)
    session.execute(update(AccessCode).where(*codes).values(revoked_at=now))


def part_namesakes(session: Session, owner_id: int, other_id: int, *, now: datetime) -> None:
    """Inside the caller's transaction: no account stands for both of two owners told apart.

    Taken for one buyer they may have shared an account; it stays the first owner's, and the other
    needs a new letter.
    """
    first = select(RoleGrant.account_id).where(
        RoleGrant.owner_id == owner_id, RoleGrant.ended_at.is_(None)
    )
    shared = select(RoleGrant).where(
        RoleGrant.owner_id == other_id,
        RoleGrant.ended_at.is_(None),
        RoleGrant.account_id.in_(first),
    )
    for grant in session.execute(shared).scalars():
        _end(session, grant, now)


def _end(session: Session, grant: RoleGrant, now: datetime) -> None:
    grant.ended_at = now
    sessions.end_all(session, grant.account_id, now=now)
    if grant.capacity == Capacity.TENANT:
        tenant_left(session, grant, now=now)
