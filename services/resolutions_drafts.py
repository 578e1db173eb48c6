"""What a building's resolution would say now, drawn up from recorded counts and frozen texts.

The draft that two people read is made here by the same function as the document that is issued;
only its dates and the audit log's last entry are those of the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refused
from domain.periods import Period, local_day, period
from domain.resolutions import (
    AdoptedOption,
    Content,
    DecidedMotion,
    FailedMotion,
    Frame,
    NotAdopted,
    ObjectionLine,
    OtherObjection,
    check_issuable,
    document,
    number_of,
    shares_by_floor,
    year_of,
)
from models import resolutions_queries as queries
from models.menus import MenuItem
from models.objections import Objection
from models.plans import Plan
from models.votes import Motion
from services import audit, costs, demand
from services.reference import reference

ADOPTED = "adopted"
# What of a document follows from the moment at which it is issued, not from what was decided.
OF_THE_DAY = ("issued_at", "in_force_at", "audit")


@dataclass(frozen=True)
class Preview:
    """What a resolution issued now would say, before it is issued."""

    number: str
    content: Content
    undecided: int
    posting: Period


def preview(plan: Plan, *, now: datetime) -> Preview:
    """What would be issued now; changes nothing."""
    community = plan.building.community
    city = reference().city(community.city)
    motions = queries.motions_for_document(plan.id)
    sequence = queries.next_sequence(plan.building_id)
    return Preview(
        number=number_of(community.name, plan.building.name, year_of(now), sequence),
        content=_content(plan, motions),
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
    found = preview(plan, now=now)
    check_issuable(adopted=len(found.content.adopted), undecided=found.undecided)
    return found


def drawn_up(plan: Plan, found: Preview, head: audit.Head, now: datetime) -> dict[str, object]:
    """The document of a resolution issued at this moment, after this entry of the audit log."""
    return document(_frame(plan, found, head, now), found.content)


def draft(plan: Plan, found: Preview, *, now: datetime) -> dict[str, object]:
    """The document as it would be issued now; changes nothing."""
    return drawn_up(plan, found, audit.head(audit.plan_chain(plan.id)), now)


def shown(plan: Plan, found: Preview, *, now: datetime) -> dict[str, object]:
    """Everything that it would say, but for what follows from the day: what two people read."""
    plain = draft(plan, found, now=now)
    return {key: value for key, value in plain.items() if key not in OF_THE_DAY}


def sections(content: Content) -> tuple[str, ...]:
    """The parts of the draft that the second person ticks one by one, in their order."""
    return (
        "frame",
        *(f"motion-{motion.number}" for motion in content.adopted),
        "failed",
        "rest",
        "notes",
        "print",
    )


def _content(plan: Plan, motions: Sequence[Motion]) -> Content:
    taken_up = queries.motions_taken_up(plan.id)
    objections = queries.objections_for_document(plan.id)
    adopted = [m for m in motions if m.counted and m.counted.outcome == ADOPTED]
    failed = [m for m in motions if m.counted and m.counted.outcome != ADOPTED]
    return Content(
        adopted=tuple(_decided(m, objections) for m in adopted if m.id not in taken_up),
        failed=tuple(_failed(motion, objections) for motion in failed),
        not_adopted=_not_adopted(queries.items_for_document(plan.id), motions),
        objections=_elsewhere(objections, (*adopted, *failed)),
        demand=demand.published_rows(plan),
    )


def _frame(plan: Plan, found: Preview, head: audit.Head, now: datetime) -> Frame:
    community = plan.building.community
    city = reference().city(community.city)
    return Frame(
        community=community.name,
        building=plan.building.name,
        city=community.city,
        number=found.number,
        issued_at=now,
        notice_days=found.posting.days,
        in_force_at=found.posting.ends_at,
        policy=plan.policy,
        threshold=plan.threshold,
        exact_areas=city.exact_areas_posted.value,
        audit_seq=head.seq,
        audit_digest=head.digest,
    )


def _is_undecided(motion: Motion) -> bool:
    return motion.announced_at is not None and not (motion.counted or motion.cancelled_at)


def _decided(motion: Motion, objections: Sequence[Objection]) -> DecidedMotion:
    roll, counted = motion.roll, motion.counted
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
        objections=tuple(_line(one) for one in objections if _concerns(one, motion)),
    )


def _failed(motion: Motion, objections: Sequence[Objection]) -> FailedMotion:
    counted, version = motion.counted, motion.version
    if counted is None or motion.opens_at is None or motion.closes_at is None:
        raise Refused("motion_not_counted", motion=motion.number)
    return FailedMotion(
        number=motion.number,
        title=motion.title,
        text=motion.text,
        matter=motion.matter,
        entrance=motion.entrance.name if motion.entrance else None,
        item=version.option.item.title,
        option=version.title,
        version=version.number,
        opened_at=motion.opens_at,
        closed_at=motion.closes_at,
        count=json.loads(counted.document),
        count_digest=counted.digest,
        objections=tuple(_line(one) for one in objections if _concerns(one, motion)),
    )


def _concerns(objection: Objection, motion: Motion) -> bool:
    """Whether the objection is to what the motion put to the vote: its option or its item."""
    option = motion.version.option
    return objection.item_id == option.item_id and objection.option_id in (None, option.id)


def _line(objection: Objection) -> ObjectionLine:
    return ObjectionLine(objection.ground, objection.outcome or "open", objection.outcome_note)


def _elsewhere(
    objections: Sequence[Objection], counted: Iterable[Motion]
) -> tuple[OtherObjection, ...]:
    """The objections to what was not voted on: a resolution lists every one."""
    listed = tuple(counted)
    return tuple(
        OtherObjection(one.item.title, _line(one))
        for one in objections
        if not any(_concerns(one, motion) for motion in listed)
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
