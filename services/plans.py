"""Plans of buildings: begun, posted, extended; and the recorded facts their stage follows from.

Ours: the consultation opens with the publication of the menu; a building has one menu at a time
that is not published yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused
from domain.menus import MAX_LINE
from domain.periods import Period, local_day, period
from domain.plans import MotionFacts, PlanFacts, Stage, plan_stage, require_stage
from domain.statements import of_plan
from models import locking
from models.menus import MenuItem
from models.plans import Notice, Plan
from models.plans_queries import motions_of, resolutions_of
from models.register import Building
from models.votes import Motion
from services.audit import Head, head, plan_chain, record
from services.reference import reference
from services.transaction import transaction

NOTICE_KINDS = ("menu", "roll", "vote", "result", "resolution")
SIDE_STAGES = frozenset({Stage.WITHDRAWN, Stage.SUSPENDED, Stage.ANNULLED})
# Until a motion of the plan is posted nobody outside has acted on more than a wish.
WITHDRAWABLE = (
    Stage.COLLECTING_NEEDS,
    Stage.MENU_PUBLISHED,
    Stage.CONSULTING,
    Stage.DRAFTING,
    Stage.SUSPENDED,
)


@dataclass(frozen=True)
class Recorded:
    """A motion and what is recorded of it."""

    motion: Motion
    facts: MotionFacts


def recorded_motions(plan_ids: Iterable[int]) -> dict[int, list[Recorded]]:
    """Plan id → its motions with their facts; one statement for all plans."""
    listed = list(plan_ids)
    motions: dict[int, list[Recorded]] = {plan_id: [] for plan_id in listed}
    rows = motions_of(listed)
    redrawn = {motion.redraws_id: motion.drafted_at for motion, _, _ in rows if motion.redraws_id}
    for motion, counted, posted_at in rows:
        facts = MotionFacts(
            roll_posted_at=posted_at,
            announced_at=motion.announced_at,
            opens_at=motion.opens_at,
            closes_at=motion.closes_at,
            counted_at=counted.counted_at if counted else None,
            outcome=counted.outcome if counted else None,
            cancelled_at=motion.cancelled_at,
            superseded_at=redrawn.get(motion.id),
        )
        motions[motion.plan_id].append(Recorded(motion, facts))
    return motions


def facts_of(
    plans: Iterable[Plan], motions: Mapping[int, Sequence[Recorded]] | None = None
) -> dict[int, PlanFacts]:
    """Plan id → what is recorded of it; two statements for however many plans, one where the
    ``motions`` are known."""
    listed = list(plans)
    ids = [plan.id for plan in listed]
    if motions is None:
        motions = recorded_motions(ids) if ids else {}
    resolutions = resolutions_of(ids) if ids else {}
    found: dict[int, PlanFacts] = {}
    for plan in listed:
        own = of_plan(
            resolutions.get(plan.id, []),
            (one.motion.drafted_at for one in motions[plan.id] if not one.motion.cancelled_at),
        )
        found[plan.id] = PlanFacts(
            menu_published_at=plan.menu_published_at,
            consultation_opens_at=plan.menu_published_at,
            consultation_closes_at=plan.consultation_closes_at,
            motions=tuple(recorded.facts for recorded in motions[plan.id]),
            result_posted_at=own.result_posted_at,
            in_force_at=own.in_force_at,
            requirements_issued_at=own.requirements_issued_at,
            works_started_at=plan.works_started_at,
            accepted_at=plan.accepted_at,
            evaluated_at=plan.evaluated_at,
            maintained_at=plan.maintained_at,
            withdrawn_at=plan.withdrawn_at,
            suspended_at=plan.suspended_at or own.suspended_at,
            annulled_at=plan.annulled_at or own.annulled_at,
        )
    return found


def facts(plan: Plan) -> PlanFacts:
    """What is recorded of one plan."""
    return facts_of([plan])[plan.id]


def stage(plan: Plan, now: datetime) -> Stage:
    """Where the plan stands at ``now``."""
    return plan_stage(facts(plan), now)


def locked(session: Session, plan: Plan) -> Plan:
    """The plan as it is now, held until the transaction ends."""
    return locking.locked(session, Plan, plan.id)


def checked_title(title: str) -> str:
    """The title trimmed; refuses ``plan_title_missing``, ``plan_title_too_long`` (most)."""
    cleaned = " ".join(title.split())
    if not cleaned:
        raise Refused("plan_title_missing", field="title")
    if len(cleaned) > MAX_LINE:
        raise Refused("plan_title_too_long", field="title", most=MAX_LINE)
    return cleaned


def create(actor: Actor, building: Building, *, title: str, now: datetime) -> Plan:
    """The building has a plan whose menu can be composed; asked again with its title, the same.

    Refuses ``plan_being_composed`` (building) while another menu of the building is not published.
    """
    cleaned = checked_title(title)
    with transaction() as session:
        place = session.get_one(Building, building.id, with_for_update=True)
        open_plan = unpublished(session, place.id)
        if open_plan is not None:
            if open_plan.title == cleaned and open_plan.created_by == actor.account_id:
                return open_plan
            raise NotNow("plan_being_composed", field="building", building=place.name)
        return begin(session, actor, place, cleaned, now)


def unpublished(session: Session, building_id: int) -> Plan | None:
    """The plan of the building whose menu is still being composed."""
    return session.scalar(
        select(Plan).where(
            Plan.building_id == building_id,
            Plan.menu_published_at.is_(None),
            Plan.withdrawn_at.is_(None),
            Plan.annulled_at.is_(None),
        )
    )


def begin(session: Session, actor: Actor, building: Building, title: str, now: datetime) -> Plan:
    """A new plan, inside the caller's transaction."""
    profile = reference().city(building.community.city)
    plan = Plan(
        building=building,
        title=title,
        created_at=now,
        created_by=actor.account_id,
        threshold=max(5, profile.disclosure_households.value),
    )
    session.add(plan)
    session.flush()
    record(
        session,
        plan_chain(plan.id),
        "plan_created",
        actor=actor,
        now=now,
        details={"building": building.id},
    )
    return plan


def posting_period(plan: Plan, days: int, now: datetime) -> Period:
    """The period of a notice posted now, counted as the plan's city counts.

    Refuses ``days_out_of_range`` (days, most), ``calendar_year_unknown`` (year).
    """
    known = reference()
    kind = known.city(plan.building.community.city).period_kind.value
    return period(local_day(now), days, known.calendar, kind)


def posted(
    plan: Plan, kind: str, span: Period, place: str, anchor: Head, actor: Actor, now: datetime
) -> Notice:
    """The notice row of a posting; the caller adds it and has written the audit entry."""
    return Notice(
        plan_id=plan.id,
        kind=kind,
        posted_at=now,
        days=span.days,
        ends_at=span.ends_at,
        place=" ".join(place.split())[:MAX_LINE],
        posted_by=actor.account_id,
        audit_seq=anchor.seq,
        audit_digest=anchor.digest,
    )


def post_notice(
    actor: Actor, plan: Plan, *, kind: str, days: int, place: str, now: datetime
) -> Notice:
    """A further posting of the plan is on record, with where it hangs and its period.

    The same posting recorded twice on one day is one. Refuses ``notice_kind_unknown``,
    ``notice_place_missing``, ``days_out_of_range``.
    """
    if kind not in NOTICE_KINDS:
        raise Refused("notice_kind_unknown", field="kind")
    where = " ".join(place.split())[:MAX_LINE]
    if not where:
        raise Refused("notice_place_missing", field="place")
    with transaction() as session:
        plan = locked(session, plan)
        span = posting_period(plan, days, now)
        for earlier in session.scalars(
            select(Notice).where(Notice.plan_id == plan.id, Notice.kind == kind)
        ):
            same = (earlier.place, earlier.days) == (where, days)
            if same and local_day(earlier.posted_at) == span.posted:
                return earlier
        anchor = record(
            session,
            plan_chain(plan.id),
            "notice_posted",
            actor=actor,
            now=now,
            details={"kind": kind, "days": days, "ends_at": span.ends_at.isoformat()},
        )
        notice = posted(plan, kind, span, where, anchor, actor, now)
        session.add(notice)
        return notice


def extend_consultation(
    actor: Actor, plan: Plan, *, days: int, place: str, now: datetime
) -> Notice:
    """The consultation closes later: ``days`` days from today, announced by a new notice.

    Refuses ``not_at_this_stage`` unless the plan is consulting, ``consultation_not_longer``
    (closes_at) when that is not later than before, ``days_out_of_range``.
    """
    with transaction() as session:
        plan = locked(session, plan)
        require_stage(stage(plan, now), Stage.CONSULTING)
        span = posting_period(plan, days, now)
        before = plan.consultation_closes_at
        if before is not None and span.ends_at <= before:
            raise Refused("consultation_not_longer", field="days", closes_at=before)
        plan.consultation_closes_at = span.ends_at
        anchor = record(
            session,
            plan_chain(plan.id),
            "consultation_extended",
            actor=actor,
            now=now,
            details={"days": days, "ends_at": span.ends_at.isoformat()},
        )
        notice = posted(plan, "menu", span, place, anchor, actor, now)
        session.add(notice)
        return notice


def withdrawable(facts: PlanFacts, now: datetime) -> bool:
    """Whether the plan may still be given up; what a resolution has decided, the owners or a court
    end by a statement about it."""
    return plan_stage(facts, now) in WITHDRAWABLE and facts.result_posted_at is None


def withdraw(actor: Actor, plan: Plan, *, now: datetime) -> None:
    """The plan is given up; refuses ``not_at_this_stage`` once it is being voted on or decided."""
    with transaction() as session:
        plan = locked(session, plan)
        if plan.withdrawn_at is not None:
            return
        if not withdrawable(facts(plan), now):
            require_stage(stage(plan, now))
        plan.withdrawn_at = now
        record(session, plan_chain(plan.id), "plan_withdrawn", actor=actor, now=now, details={})


def audit_head(plan: Plan) -> Head:
    """The last entry of the plan's audit chain."""
    return head(plan_chain(plan.id))


def items_in(session: Session, plan_id: int) -> bool:
    """Whether anything was put on the plan's menu."""
    return (
        session.scalar(select(MenuItem.id).where(MenuItem.plan_id == plan_id).limit(1)) is not None
    )
