"""Queries about one's own records that are no answers: mandates, doors, papers, lists, releases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from domain.accounts import Actor, Role
from models.database import session
from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.paper_boxes import LatePaper
from models.platforms import PlatformResult
from models.publications import Publication
from models.second_factor import RecoveryCode, SecondFactor
from models.votes import Motion, PaperEntry, PaperSheet, Roll, RollOwner, RollVoter


def _owners(actor: Actor) -> list[int]:
    return [g.owner_id for g in actor.grants_of(Role.RESIDENT) if g.owner_id is not None]


def _voters(actor: Actor) -> Select[int]:
    return select(RollOwner.voter_id).where(RollOwner.owner_id.in_(_owners(actor)))


def own_mandates(actor: Actor) -> Sequence[Mandate]:
    """Mandates that the actor gave or holds, as owner."""
    owners = _owners(actor)
    query = (
        select(Mandate)
        .where(or_(Mandate.owner_id.in_(owners), Mandate.holder_owner_id.in_(owners)))
        .options(
            joinedload(Mandate.motion), joinedload(Mandate.voter).selectinload(RollVoter.dwellings)
        )
        .order_by(Mandate.id)
    )
    return session().scalars(query).all()


def own_deliveries(actor: Actor) -> Sequence[Row[Delivery, str]]:
    """Each try to deliver to a voter the actor belongs to, with the motion's title."""
    query = (
        select(Delivery, Motion.title)
        .join(Motion, Motion.id == Delivery.motion_id)
        .where(Delivery.voter_id.in_(_voters(actor)))
        .order_by(Delivery.id)
    )
    return session().execute(query).all()


def own_papers(actor: Actor) -> Sequence[Row[PaperDetail, PaperEntry, str]]:
    """More of each paper signed in the actor's name, with its entry and the motion's title."""
    query = (
        select(PaperDetail, PaperEntry, Motion.title)
        .join(PaperEntry, PaperEntry.id == PaperDetail.entry_id)
        .join(Motion, Motion.id == PaperEntry.motion_id)
        .where(PaperEntry.owner_id.in_(_owners(actor)))
        .order_by(PaperEntry.id)
    )
    return session().execute(query).all()


def own_late_papers(actor: Actor) -> Sequence[Row[LatePaper, int, str]]:
    """Each slip of a voter the actor belongs to that came late, with its number and the motion's
    title."""
    query = (
        select(LatePaper, PaperSheet.number, Motion.title)
        .join(PaperSheet, PaperSheet.id == LatePaper.sheet_id)
        .join(Motion, Motion.id == LatePaper.motion_id)
        .where(PaperSheet.voter_id.in_(_voters(actor)))
        .order_by(LatePaper.sheet_id)
    )
    return session().execute(query).all()


def own_lists(actor: Actor) -> Sequence[Row[PlatformResult, str, int]]:
    """Each list of an authority's platform about a motion the actor is on the roll of, with the
    motion's title and the number of the actor's voter."""
    query = (
        select(PlatformResult, Motion.title, RollVoter.number)
        .join(Motion, Motion.id == PlatformResult.motion_id)
        .join(Roll, Roll.motion_id == Motion.id)
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .where(RollVoter.id.in_(_voters(actor)))
        .order_by(PlatformResult.id, RollVoter.number)
    )
    return session().execute(query).all()


def own_publications(actor: Actor) -> Sequence[Publication]:
    """What the actor has prepared, released, sent back."""
    mine = (Publication.prepared_by == actor.account_id, Publication.ended_by == actor.account_id)
    return session().scalars(select(Publication).where(or_(*mine)).order_by(Publication.id)).all()


def own_factor(actor: Actor) -> tuple[SecondFactor | None, int]:
    """The actor's second factor, and how many recovery codes are left."""
    known = select(SecondFactor).where(SecondFactor.account_id == actor.account_id)
    left = select(func.count()).where(
        RecoveryCode.account_id == actor.account_id, RecoveryCode.used_at.is_(None)
    )
    return session().scalar(known), session().scalar(left) or 0
