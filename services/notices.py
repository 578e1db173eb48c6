"""Public notices (公示): computing their periods by the city's days, and posting them.

A notice carries the number and digest of the plan's audit chain at its posting: whoever has the
notice can later tell whether the log was rewritten.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.cities import CityProfile
from domain.periods import Period, local_day, period
from models.plans import Notice, Plan
from services.audit import Head
from services.reference import reference


def city_of(plan: Plan) -> CityProfile:
    """The profile of the city in which the plan's building stands."""
    return reference().city(plan.building.community.city)


def period_from(plan: Plan, days: int, *, now: datetime) -> Period:
    """The period of ``days`` days (counted as the city counts) that begins with a posting now."""
    kind = city_of(plan).period_kind.value
    return period(local_day(now), days, reference().calendar, kind)


def post(
    session: Session,
    plan: Plan,
    kind: str,
    *,
    actor: Actor,
    days: int,
    head: Head,
    now: datetime,
    motion_id: int | None = None,
    place: str = "",
) -> Notice:
    """Inside the caller's transaction: post a notice for ``days`` days, anchored to ``head``."""
    notice = Notice(
        plan_id=plan.id,
        motion_id=motion_id,
        kind=kind,
        posted_at=now,
        days=days,
        ends_at=period_from(plan, days, now=now).ends_at,
        place=place,
        posted_by=actor.account_id,
        audit_seq=head.seq,
        audit_digest=head.digest,
    )
    session.add(notice)
    return notice
