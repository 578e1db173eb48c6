"""A failed motion that nobody means to draw up anew is put away, and can be taken up again."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Actor
from domain.plans import MotionStage
from models import instants
from models.put_away import PutAway, lying
from models.votes import Motion
from services import motions
from services.audit import plan_chain, record
from services.transaction import transaction


def put_away(actor: Actor, motion: Motion, *, now: datetime) -> None:
    """The failed motion is asked about on no first page any more; done already, nothing changes.

    Its result stays where it is. Refuses ``motion_not_at_this_stage`` (stage).
    """
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        now = instants.now(session)
        motions.require(motion, now, {MotionStage.FAILED})
        if lying(motion.id) is not None:
            return
        session.add(PutAway(motion_id=motion.id, put_away_at=now, put_away_by=actor.account_id))
        record(
            session,
            plan_chain(motion.plan_id),
            "motion_put_away",
            actor=actor,
            now=now,
            details={"motion": motion.id},
        )


def take_up(actor: Actor, motion: Motion, *, now: datetime) -> None:
    """The motion lies with the committee's tasks again; if it was not put away nothing changes."""
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        now = instants.now(session)
        found = lying(motion.id)
        if found is None:
            return
        found.taken_up_at, found.taken_up_by = now, actor.account_id
        record(
            session,
            plan_chain(motion.plan_id),
            "motion_taken_up",
            actor=actor,
            now=now,
            details={"motion": motion.id},
        )
