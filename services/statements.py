"""Stating that a resolution is suspended, in force again, annulled or withdrawn.

The resolution stays as it was issued. The statement is a new document that names its digest, is
signed, and from then on stands at the top of the resolution's page and in its bundle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.periods import local_day
from domain.statements import (
    ENDED,
    Standing,
    StatementDraft,
    StatementFrame,
    check,
    document,
    standing,
)
from models.resolutions import Resolution
from models.statements import Statement, statements_of
from services import audit, signing


def check_now(resolution: Resolution, draft: StatementDraft, *, now: datetime) -> None:
    """Refuse what ``domain.statements.check`` refuses of what was stated until now."""
    earlier = statements_of([resolution.id])[resolution.id]
    check(draft, [one.act for one in earlier], today=local_day(now))


def shown(resolution: Resolution, draft: StatementDraft) -> dict[str, object]:
    """Everything that it would say, its instant left out: what a second person reads."""
    earlier = statements_of([resolution.id])[resolution.id]
    return {
        "number": resolution.number,
        "corrects": resolution.digest,
        "previous": earlier[-1].digest if earlier else None,
        "statement": asdict(draft),
    }


def issue_within(
    session: Session,
    actor: Actor,
    resolution: Resolution,
    draft: StatementDraft,
    people: Mapping[str, int | None],
    now: datetime,
) -> Statement:
    """Inside the caller's transaction: the statement is signed, recorded, and holds from now on.

    For ``services.publications`` alone, which sees to it that two people did it (``people``), holds
    the plan, and has checked everything by ``check_now`` once more.
    """
    earlier = statements_of([resolution.id])[resolution.id]
    chain = audit.plan_chain(resolution.plan_id)
    audit.lock(session, chain)
    made = _signed(actor, resolution, draft, earlier, now)
    session.add(made)
    session.flush()
    audit.record(
        session,
        chain,
        "resolution.stated",
        actor=actor,
        now=now,
        details={
            "resolution": resolution.id,
            "kind": made.act,
            "digest": made.digest,
            **people,
        },
    )
    return made


def _signed(
    actor: Actor,
    resolution: Resolution,
    draft: StatementDraft,
    earlier: Sequence[Statement],
    now: datetime,
) -> Statement:
    head = audit.head(audit.plan_chain(resolution.plan_id))
    frame = StatementFrame(
        number=resolution.number,
        corrects=resolution.digest,
        sequence=len(earlier) + 1,
        previous=earlier[-1].digest if earlier else None,
        issued_at=now,
        audit_seq=head.seq,
        audit_digest=head.digest,
    )
    plain: Any = document(frame, draft)
    text = rfc8785.dumps(plain).decode()
    key = signing.current()
    return Statement(
        resolution_id=resolution.id,
        sequence=frame.sequence,
        act=plain["act"],
        authority=plain["authority"],
        document_number=plain["document"],
        document_date=draft.document_date,
        reason=plain["reason"],
        issued_at=now,
        issued_by=actor.account_id,
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        signature=key.sign_statement(text),
        public_key=key.public_pem,
    )


def standing_of(statements: Iterable[Statement]) -> Standing:
    """How a resolution stands by these statements, in order."""
    return standing(one.act for one in statements)


def has_ended(acts: Iterable[str]) -> bool:
    """Whether these acts, in order, ended the resolution for good."""
    return standing(acts) in ENDED


def bundle_file(statements: Sequence[Statement]) -> bytes:
    """``statements.json`` of a bundle: each document with its signature and key."""
    return rfc8785.dumps(
        [
            {
                "document": json.loads(one.document),
                "signature": one.signature,
                "public_key": one.public_key,
            }
            for one in statements
        ]
    )
