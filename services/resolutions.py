"""Issuing a building's resolution, and issuing it to contractors.

The document is drawn up from the recorded counts and the frozen texts, written once as RFC 8785
canonical JSON with its SHA-256, and set as PDF once; nothing of it is computed again afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from documents.resolution import draft_pdf, resolution_pdf
from domain.accounts import Actor
from domain.errors import NotNow, Refused
from domain.periods import Period
from domain.resolutions import LATER, effective
from domain.statements import Standing
from models import locking
from models import resolutions_queries as queries
from models.accounts import Company
from models.plans import Notice, Plan
from models.resolutions import RequirementIssue, Resolution, ResolutionMotion
from models.statements import statements_of
from services import audit, signing
from services.resolutions_drafts import Preview, draft, drawn_up
from services.statements import standing_of
from services.transaction import transaction

# Where the resolution with this digest is to be read; ``None`` where the program has no address.
Address = Callable[[str], str]


def content(resolution: Resolution) -> dict[str, Any]:
    """The stored document as plain values; an older form lacks nothing a reader asks for."""
    plain: dict[str, Any] = json.loads(resolution.document)
    return {**LATER, **plain}


def digest_of(text: str) -> str:
    """SHA-256 over the canonical document, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def issue_within(
    session: Session,
    actor: Actor,
    plan: Plan,
    found: Preview,
    people: Mapping[str, int | None],
    now: datetime,
    address: Address | None,
) -> Resolution:
    """Inside the caller's transaction: the building has its resolution, posted for its notice
    period, in force after it.

    For ``services.publications`` alone, which sees to it that two people did it (``people``) and
    holds the plan. Takes up every adopted motion of the plan that no earlier one has taken up. The
    print leads back to ``address``.
    """
    chain = audit.plan_chain(plan.id)
    audit.lock(session, chain)
    plain: Any = drawn_up(plan, found, audit.head(chain), now)
    text = rfc8785.dumps(plain).decode()
    digest, key = digest_of(text), signing.current()
    resolution = Resolution(
        plan_id=plan.id,
        sequence=queries.next_sequence(plan.building_id),
        number=found.number,
        issued_at=now,
        issued_by=actor.account_id,
        in_force_at=found.posting.ends_at,
        document=text,
        digest=digest,
        signature=key.sign(text),
        public_key=key.public_pem,
        pdf=resolution_pdf(
            plain, digest, key.fingerprint, made_at=now, page=address(digest) if address else None
        ),
    )
    _store(session, resolution, found)
    head = audit.record(
        session,
        chain,
        "resolution.issued",
        actor=actor,
        now=now,
        details={"resolution": resolution.id, "digest": resolution.digest, **people},
    )
    session.add(_notice(plan, found.posting, head, actor, now))
    return resolution


def drafted(plan: Plan, found: Preview, *, now: datetime) -> bytes:
    """The print of what would be issued now, marked as a draft on every page; changes nothing."""
    plain: Any = draft(plan, found, now=now)
    return draft_pdf(plain, signing.current().fingerprint, made_at=now)


def _store(session: Session, resolution: Resolution, found: Preview) -> None:
    session.add(resolution)
    session.flush()
    numbers = {decided.number for decided in found.content.adopted}
    for motion in queries.motions_for_document(resolution.plan_id):
        if motion.number in numbers:
            session.add(ResolutionMotion(resolution_id=resolution.id, motion_id=motion.id))


def _notice(plan: Plan, posting: Period, head: audit.Head, actor: Actor, now: datetime) -> Notice:
    return Notice(
        plan_id=plan.id,
        kind="resolution",
        posted_at=now,
        days=posting.days,
        ends_at=posting.ends_at,
        posted_by=actor.account_id,
        audit_seq=head.seq,
        audit_digest=head.digest,
    )


def require_handing_over(resolution: Resolution, company: Company, *, now: datetime) -> None:
    """Refuse what ``issue_requirements`` refuses; asked before anybody confirms, and again then."""
    if company.community_id != resolution.plan.building.community_id:
        raise Refused("company_of_another_community", field="company")
    if not effective(resolution.in_force_at, now):
        raise NotNow("resolution_not_in_force", since=resolution.in_force_at)
    if standing_of(statements_of([resolution.id])[resolution.id]) is not Standing.VALID:
        raise NotNow("resolution_does_not_stand")


def issue_requirements(
    actor: Actor, resolution: Resolution, company: Company, *, now: datetime
) -> RequirementIssue:
    """The contractor sees the requirement list of this resolution from now on.

    Doing it twice changes nothing. Refuses ``resolution_not_in_force`` (since) during its notice
    period, ``resolution_does_not_stand`` when it is suspended, annulled or withdrawn, and
    ``company_of_another_community``.
    """
    with transaction() as session:
        locking.locked(session, Plan, resolution.plan_id)
        locking.locked(session, Resolution, resolution.id)
        require_handing_over(resolution, company, now=now)
        for issued in queries.issues_of(resolution.id):
            if issued.company_id == company.id:
                return issued
        made = RequirementIssue(
            resolution_id=resolution.id,
            company_id=company.id,
            issued_at=now,
            issued_by=actor.account_id,
        )
        session.add(made)
        session.flush()
        audit.record(
            session,
            audit.plan_chain(resolution.plan_id),
            "requirements.issued",
            actor=actor,
            now=now,
            details={"resolution": resolution.id, "company": company.id},
        )
    return made
