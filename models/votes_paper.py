"""Queries about printed ballots and what was read from them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, subqueryload

from domain.accounts import Actor
from models.database import session
from models.plans import Plan
from models.visibility import buildings_visible_to
from models.votes import Motion, PaperSheet, RollVoter

_WITH_PLACE = contains_eager(Motion.plan).contains_eager(Plan.building)


def paper_sheets(motion_id: int) -> Sequence[PaperSheet]:
    """The motion's printed ballots with their voter's dwellings and owners and their entries."""
    query = (
        select(PaperSheet)
        .where(PaperSheet.motion_id == motion_id)
        .options(
            joinedload(PaperSheet.voter).options(
                subqueryload(RollVoter.dwellings), subqueryload(RollVoter.owners)
            ),
            subqueryload(PaperSheet.entries),
        )
        .order_by(PaperSheet.number)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def sheet_visible_to(
    actor: Actor, motion_id: int, number: int, **_rest: object
) -> PaperSheet | None:
    """A printed ballot by its number, with its motion, voter and entries."""
    query = (
        select(PaperSheet)
        .join(PaperSheet.motion)
        .join(Motion.plan)
        .join(Plan.building)
        .options(
            contains_eager(PaperSheet.motion).options(_WITH_PLACE, joinedload(Motion.entrance)),
            joinedload(PaperSheet.voter).options(
                selectinload(RollVoter.dwellings), selectinload(RollVoter.owners)
            ),
            selectinload(PaperSheet.entries),
        )
        .where(
            PaperSheet.motion_id == motion_id,
            PaperSheet.number == number,
            buildings_visible_to(actor),
        )
        .execution_options(populate_existing=True)
    )
    return session().scalar(query)
