"""One's own data: seen and taken along, corrected on request, erased as far as the law lets it.

Source: 个人信息保护法 (PIPL) arts. 44-47: to know, to copy, to have corrected, to have erased. What
evidence is kept for, and until when, is said by ``domain/privacy.py``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts import STAFF, Actor, Capacity, Role
from domain.errors import NotNow, NotYours, Refused
from domain.periods import ZONE
from domain.privacy import ERASED, Hold, Reason, RequestKind, check_request
from domain.quantities import format_money
from models import accounts_queries, locking
from models import privacy_queries as queries
from models.accounts import Account, RoleGrant
from models.audit import AuditEntry
from models.audit_queries import actors_of
from models.objections import Objection
from models.plans import Plan
from models.preferences import AnswerSheet, FormerSheet
from models.privacy import PrivacyRequest
from services import audit, privacy_records, purging, sessions
from services.preferences_owners import tenant_left
from services.transaction import transaction

FORMAT = "louyi-own-data-1"


@dataclass(frozen=True)
class Look:
    """That somebody looked at what single households said: when, what, in which plan, who.

    ``staff`` is the name of somebody who acts for the community; of a neighbour only that it was
    one.
    """

    at: datetime
    action: str
    plan: Plan
    staff: str


@dataclass(frozen=True)
class Kept:
    """A plan with something of the actor's in it, and why that is kept."""

    plan: Plan
    hold: Hold


@dataclass(frozen=True)
class OwnData:
    """What the page shows."""

    account: Account
    roles: Sequence[RoleGrant]
    kept: tuple[Kept, ...]
    looks: tuple[Look, ...]
    sheets: Sequence[AnswerSheet]
    former: Sequence[FormerSheet]
    objections: Sequence[Objection]
    ballots: Sequence[Any]
    letters: Sequence[Any]
    requests: Sequence[PrivacyRequest]


def own(actor: Actor, *, now: datetime) -> OwnData:
    """All that is kept about the actor, with the reason and who has looked at it."""
    plans = queries.own_plans(actor)
    held = purging.holds(now=now, plan_ids=[plan.id for plan in plans])
    sheets = queries.own_sheets(actor)
    return OwnData(
        account=accounts_queries.account(actor),
        roles=queries.own_roles(actor),
        kept=tuple(Kept(plan, held[plan.id]) for plan in plans),
        looks=_looks(plans, sheets),
        sheets=sheets,
        former=queries.own_former_sheets(actor),
        objections=queries.own_objections(actor),
        ballots=queries.own_ballots(actor),
        letters=queries.own_letters(actor),
        requests=queries.own_requests(actor),
    )


def _looks(plans: Sequence[Plan], sheets: Sequence[AnswerSheet]) -> tuple[Look, ...]:
    """Looks at plans of the actor's building since there has been something to see."""
    by_chain = {audit.plan_chain(plan.id): plan for plan in plans}
    begun = [plan.menu_published_at for plan in plans if plan.menu_published_at]
    begun += [sheet.started_at for sheet in sheets]
    if not begun:
        return ()
    entries = list(queries.looks_at([plan.id for plan in plans], since=min(begun)))
    people = actors_of(entries)
    return tuple(
        Look(entry.at, entry.action, by_chain[entry.chain], _staff_name(entry, people))
        for entry in entries
    )


def _staff_name(entry: AuditEntry, people: dict[int, Account]) -> str:
    account = people.get(entry.account_id) if entry.account_id is not None else None
    if account is None or not {Role(grant.role) for grant in account.grants} & STAFF:
        return ""
    return account.display_name


# --- taking it along ----------------------------------------------------------------------------


def export(actor: Actor, *, now: datetime) -> str:
    """The same as JSON: everything of the actor's own, and of nobody else's."""
    data = own(actor, now=now)
    sheets: tuple[AnswerSheet | FormerSheet, ...] = (*data.sheets, *data.former)
    items, options = queries.titles_of({sheet.plan_id for sheet in sheets})
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": _at(now),
            "account": {
                "number": data.account.id,
                "name": data.account.display_name,
                "login": data.account.login,
                "has_password": data.account.password_hash is not None,
                "since": _at(data.account.created_at),
            },
            "roles": [_role(grant) for grant in data.roles],
            "sign_ins": [
                {"from": _at(one.started_at), "to": _at(one.ended_at or one.expires_at)}
                for one in queries.own_sign_ins(actor)
            ],
            "letters": [_letter(one) for one in data.letters],
            "answers": [_sheet(sheet, items, options) for sheet in sheets],
            "objections": [_objection(one) for one in data.objections],
            "ballots": [_ballot(one) for one in data.ballots],
            **privacy_records.of_actor(actor),
            "looked_at": [_look(one) for one in data.looks],
            "kept": [_kept(one) for one in data.kept],
            "requests": [_request(one) for one in data.requests],
        },
        ensure_ascii=False,
        indent=1,
    )


def _look(one: Look) -> dict[str, object]:
    return {"at": _at(one.at), "what": one.action, "plan": one.plan.id, "who": one.staff}


def _kept(one: Kept) -> dict[str, object]:
    return {
        "plan": one.plan.id,
        "title": one.plan.title,
        "why": str(one.hold.reason),
        "until": _at(one.hold.until),
    }


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(ZONE).isoformat(timespec="seconds")


def _door(dwelling: Any) -> str | None:
    return f"{dwelling.entrance.name} {dwelling.room}" if dwelling else None


def _role(grant: RoleGrant) -> dict[str, object]:
    places = (grant.community, grant.building, grant.entrance, grant.company)
    return {
        "role": str(grant.role),
        "capacity": grant.capacity,
        "where": [place.name for place in places if place is not None],
        "room": grant.dwelling.room if grant.dwelling else None,
        "owner": grant.owner_id,
        "from": _at(grant.granted_at),
        "to": _at(grant.ended_at),
    }


def _letter(code: Any) -> dict[str, object]:
    return {
        "for": _door(code.dwelling),
        "capacity": code.capacity,
        "issued": _at(code.issued_at),
        "good_until": _at(code.expires_at),
        "used": _at(code.used_at),
        "replaced": _at(code.revoked_at),
    }


def _sheet(
    sheet: AnswerSheet | FormerSheet, items: dict[int, str], options: dict[int, str]
) -> dict[str, object]:
    former = {"yours_until": _at(sheet.ended_at)} if isinstance(sheet, FormerSheet) else {}
    return {
        **former,
        "plan": sheet.plan_id,
        "building": sheet.plan.building.name,
        "for": _door(sheet.dwelling),
        "capacity": sheet.capacity,
        "begun": _at(sheet.started_at),
        "changed": _at(sheet.updated_at),
        "sent": _at(sheet.sent_at),
        "receipt": sheet.receipt,
        "answers": [
            {
                "item": items.get(one.item_id),
                "stance": one.stance,
                "reason": one.reason,
                "none_of_these": one.none_of_these,
                "most_yuan": None if one.max_pay is None else format_money(one.max_pay),
                "order": [options.get(ranked.option_id) for ranked in one.rankings],
            }
            for one in sheet.answers
        ],
    }


def _objection(objection: Objection) -> dict[str, object]:
    return {
        "plan": objection.plan_id,
        "item": objection.item.title,
        "ground": objection.ground,
        "text": objection.body,
        "raised": _at(objection.submitted_at),
        "answer": objection.answer,
        "answered": _at(objection.answered_at),
        "outcome": objection.outcome,
        "yours_until": _at(objection.former_since),
    }


def _ballot(ballot: Any) -> dict[str, object]:
    return {
        "motion": ballot.motion.title,
        "plan": ballot.motion.plan_id,
        "voter": ballot.voter.number,
        "rooms": [f"{one.entrance} {one.room}" for one in ballot.voter.dwellings],
        "choice": ballot.choice,
        "channel": ballot.channel,
        "cast": _at(ballot.cast_at),
        "sequence": ballot.sequence,
        "receipt": ballot.receipt,
        "commitment": ballot.commitment,
        "nonce": ballot.nonce,
    }


def _request(one: PrivacyRequest) -> dict[str, object]:
    return {
        "kind": one.kind,
        "text": one.text,
        "asked": _at(one.submitted_at),
        "answer": one.answer,
        "answered": _at(one.answered_at),
    }


# --- asking for a correction --------------------------------------------------------------------


def ask(actor: Actor, text: str, *, form_key: str, now: datetime) -> list[PrivacyRequest]:
    """The committee of each community the actor lives in is asked to correct something.

    The same form sent again asks once. Refuses ``request_empty``, ``request_long`` (limit),
    ``request_nowhere`` to somebody who lives in no community, ``requests_waiting`` when five wait.
    """
    cleaned = check_request(text)
    places = sorted({g.scope.community for g in actor.grants if g.scope.community is not None})
    if not places:
        raise Refused("request_nowhere")
    with transaction() as session:
        own_account = locking.locked(session, Account, actor.account_id or 0)
        known = queries.own_requests(actor)
        keys = {f"{form_key}:{place}": place for place in places}
        again = [one for one in known if one.form_key in keys]
        if again:
            return again
        if sum(one.answered_at is None for one in known) >= 5:
            raise NotNow("requests_waiting")
        return [
            _store(session, actor, own_account.id, place, RequestKind.CORRECTION, cleaned, key, now)
            for key, place in keys.items()
        ]


def _store(
    session: Session,
    actor: Actor,
    account_id: int,
    community_id: int,
    kind: RequestKind,
    text: str,
    form_key: str,
    now: datetime,
) -> PrivacyRequest:
    made = PrivacyRequest(
        community_id=community_id,
        account_id=account_id,
        kind=kind,
        text=text,
        form_key=form_key,
        submitted_at=now,
    )
    session.add(made)
    session.flush()
    chain = audit.community_chain(community_id)
    details = {"request": made.id, "kind": str(kind)}
    audit.record(session, chain, "request_made", actor=actor, now=now, details=details)
    return made


def answer(actor: Actor, asked: PrivacyRequest, text: str, *, now: datetime) -> PrivacyRequest:
    """The committee has answered; what it changes in the register is recorded there.

    Refuses ``request_empty``, ``request_long`` (limit), 409 ``request_answered``.
    """
    cleaned = check_request(text)
    with transaction() as session:
        asked = locking.locked(session, PrivacyRequest, asked.id)
        if asked.answered_at is not None:
            if asked.answer == cleaned and asked.answered_by == actor.account_id:
                return asked
            raise NotNow("request_answered")
        asked.answer, asked.answered_at, asked.answered_by = cleaned, now, actor.account_id
        chain = audit.community_chain(asked.community_id)
        details = {"request": asked.id}
        audit.record(session, chain, "request_answered", actor=actor, now=now, details=details)
    return asked


# --- erasure ------------------------------------------------------------------------------------


def erase(actor: Actor, *, form_key: str, now: datetime) -> None:
    """The actor's account is closed and all of it that the law does not keep is gone.

    Every sign-in ends. Answers and objections of plans whose year is over go now, those of others
    when it is (``purging``); the names on rolls likewise. Refuses ``erase_with_role`` to whoever
    acts for a community, and ``not_yours`` without an account.
    """
    if actor.account_id is None:
        raise NotYours("not_yours")
    if any(grant.role is not Role.RESIDENT for grant in actor.grants):
        raise Refused("erase_with_role")
    with transaction() as session:
        account = locking.locked(session, Account, actor.account_id)
        if account.disabled_at is not None:
            return
        places = {g.scope.community for g in actor.grants if g.scope.community is not None}
        held = purging.holds(now=now)
        over = [plan for plan, hold in held.items() if hold.reason is Reason.OVER]
        mine = [sheet.id for sheet in queries.own_sheets(actor) if sheet.plan_id in over]
        purging.erase_answers(session, AnswerSheet.id.in_(mine))
        left = FormerSheet.account_id == account.id
        purging.erase_former(session, left & FormerSheet.plan_id.in_(over))
        own_ones = Objection.account_id == account.id
        purging.erase_objections(session, own_ones & Objection.plan_id.in_(over), now)
        for grant in session.query(RoleGrant).filter_by(account_id=account.id, ended_at=None):
            grant.ended_at = now
            if grant.capacity == Capacity.TENANT:
                tenant_left(session, grant, now=now)
        sessions.end_all(session, account.id, now=now)
        session.flush()
        for place in sorted(places):
            made = _store(
                session,
                actor,
                account.id,
                place,
                RequestKind.ERASURE,
                ERASED,
                f"{form_key}:{place}",
                now,
            )
            made.answer, made.answered_at = ERASED, now
        session.flush()
        purging.close_account(session, account.id, now=now)
