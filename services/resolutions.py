"""Issuing a building's resolution, and issuing it to contractors.

The document is drawn up from the recorded counts and the frozen texts, written once as RFC 8785
canonical JSON with its SHA-256, and set as PDF once; nothing of it is computed again afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from documents.resolution import resolution_pdf
from domain.accounts import Actor
from domain.errors import NotNow, Refused
from domain.periods import Period, local_day, period
from domain.resolutions import (
    AdoptedOption,
    DecidedMotion,
    Frame,
    NotAdopted,
    ObjectionLine,
    check_issuable,
    document,
    effective,
    number_of,
    shares_by_floor,
    year_of,
)
from domain.statements import Standing
from models import locking
from models import resolutions_queries as queries
from models.accounts import Company
from models.menus import MenuItem
from models.objections import Objection
from models.plans import Notice, Plan
from models.resolutions import RequirementIssue, Resolution, ResolutionMotion
from models.statements import statements_of
from models.votes import Motion
from services import audit, costs, demand, signing
from services.reference import reference
from services.statements import standing_of
from services.transaction import transaction

ADOPTED = "adopted"


@dataclass(frozen=True)
class Preview:
    """What a resolution issued now would say, before it is issued."""

    number: str
    adopted: tuple[DecidedMotion, ...]
    not_adopted: tuple[NotAdopted, ...]
    undecided: int
    posting: Period


def content(resolution: Resolution) -> dict[str, Any]:
    """The stored document as plain values."""
    plain: dict[str, Any] = json.loads(resolution.document)
    return plain


def digest_of(text: str) -> str:
    """SHA-256 over the canonical document, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def preview(plan: Plan, *, now: datetime) -> Preview:
    """What would be issued now; changes nothing."""
    motions = queries.motions_for_document(plan.id)
    taken_up = queries.motions_taken_up(plan.id)
    objections = queries.objections_for_document(plan.id)
    adopted = tuple(
        _decided(motion, objections)
        for motion in motions
        if motion.counted and motion.counted.outcome == ADOPTED and motion.id not in taken_up
    )
    community = plan.building.community
    city = reference().city(community.city)
    sequence = queries.next_sequence(plan.building_id)
    return Preview(
        number=number_of(community.name, plan.building.name, year_of(now), sequence),
        adopted=adopted,
        not_adopted=_not_adopted(queries.items_for_document(plan.id), motions),
        undecided=sum(_is_undecided(motion) for motion in motions),
        posting=period(
            local_day(now),
            city.result_posting_days.value,
            reference().calendar,
            city.period_kind.value,
        ),
    )


def ready(plan: Plan, *, now: datetime) -> Preview:
    """What a resolution issued now would take up; refuses ``motions_undecided`` (count) and
    ``nothing_adopted``.
    """
    draft = preview(plan, now=now)
    check_issuable(adopted=len(draft.adopted), undecided=draft.undecided)
    return draft


def shown(plan: Plan, draft: Preview) -> dict[str, object]:
    """Everything that it would say, its dates left out: what a second person reads."""
    return {
        "number": draft.number,
        "adopted": [asdict(motion) for motion in draft.adopted],
        "not_adopted": [asdict(one) for one in draft.not_adopted],
        "days": draft.posting.days,
        "demand": demand.published_rows(plan),
    }


def issue_within(
    session: Session,
    actor: Actor,
    plan: Plan,
    draft: Preview,
    people: Mapping[str, int | None],
    now: datetime,
) -> Resolution:
    """Inside the caller's transaction: the building has its resolution, posted for its notice
    period, in force after it.

    For ``services.publications`` alone, which sees to it that two people did it (``people``) and
    holds the plan. Takes up every adopted motion of the plan that no earlier one has taken up.
    """
    chain = audit.plan_chain(plan.id)
    audit.lock(session, chain)
    frame = _frame(plan, draft, audit.head(chain), now)
    plain: Any = document(frame, draft.adopted, draft.not_adopted, demand.published_rows(plan))
    text = rfc8785.dumps(plain).decode()
    key = signing.current()
    resolution = Resolution(
        plan_id=plan.id,
        sequence=queries.next_sequence(plan.building_id),
        number=draft.number,
        issued_at=now,
        issued_by=actor.account_id,
        in_force_at=draft.posting.ends_at,
        document=text,
        digest=digest_of(text),
        signature=key.sign(text),
        public_key=key.public_pem,
        pdf=resolution_pdf(plain, digest_of(text), key.fingerprint, made_at=now),
    )
    _store(session, resolution, draft)
    head = audit.record(
        session,
        chain,
        "resolution.issued",
        actor=actor,
        now=now,
        details={"resolution": resolution.id, "digest": resolution.digest, **people},
    )
    session.add(_notice(plan, draft.posting, head, actor, now))
    return resolution


def _store(session: Session, resolution: Resolution, draft: Preview) -> None:
    session.add(resolution)
    session.flush()
    numbers = {decided.number for decided in draft.adopted}
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


def _frame(plan: Plan, draft: Preview, head: audit.Head, now: datetime) -> Frame:
    community = plan.building.community
    city = reference().city(community.city)
    return Frame(
        community=community.name,
        building=plan.building.name,
        city=community.city,
        number=draft.number,
        issued_at=now,
        notice_days=draft.posting.days,
        in_force_at=draft.posting.ends_at,
        policy=plan.policy,
        threshold=plan.threshold,
        exact_areas=city.exact_areas_posted.value,
        audit_seq=head.seq,
        audit_digest=head.digest,
    )


def _is_undecided(motion: Motion) -> bool:
    return motion.announced_at is not None and not (motion.counted or motion.cancelled_at)


def _decided(motion: Motion, objections: Sequence[Objection]) -> DecidedMotion:
    roll, counted, version = motion.roll, motion.counted, motion.version
    if roll is None or counted is None or motion.opens_at is None or motion.closes_at is None:
        raise Refused("motion_not_counted", motion=motion.number)
    return DecidedMotion(
        number=motion.number,
        title=motion.title,
        text=motion.text,
        matter=motion.matter,
        entrance=motion.entrance.name if motion.entrance else None,
        opened_at=motion.opens_at,
        closed_at=motion.closes_at,
        count=json.loads(counted.document),
        count_digest=counted.digest,
        option=_option(motion),
        shares=shares_by_floor(
            (dwelling.floor, dwelling.share or 0)
            for voter in roll.voters
            for dwelling in voter.dwellings
        ),
        objections=tuple(
            ObjectionLine(one.ground, one.outcome or "open", one.outcome_note)
            for one in objections
            if one.item_id == version.option.item_id and one.option_id in (None, version.option_id)
        ),
    )


def _option(motion: Motion) -> AdoptedOption:
    version = motion.version
    item = version.option.item
    bill = costs.price(version)
    return AdoptedOption(
        item=item.title,
        item_class=item.item_class,
        title=version.title,
        version=version.number,
        specification=version.specification,
        unit=item.unit,
        quantity=version.quantity,
        unit_price=version.unit_price,
        price=bill.total,
        subsidy=bill.subsidy,
        net=bill.net,
        payer=version.payer,
        scheme=version.scheme,
        location=version.location,
        requires=version.requires,
        excludes=version.excludes,
        constraints=version.constraints,
    )


def _not_adopted(items: Sequence[MenuItem], motions: Sequence[Motion]) -> tuple[NotAdopted, ...]:
    """Every published option that no counted motion has adopted, and why."""
    outcomes: dict[int, list[str]] = {}
    for motion in motions:
        if motion.counted:
            outcomes.setdefault(motion.version.option_id, []).append(motion.counted.outcome)
    left = []
    for item in items:
        for option in item.options:
            held = outcomes.get(option.id, [])
            if option.published is None or ADOPTED in held:
                continue
            not_voted = "consulted_only" if item.consult_only else "not_voted"
            reason = held[-1] if held else not_voted
            left.append(NotAdopted(item.title, option.published.title, reason))
    return tuple(left)


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
