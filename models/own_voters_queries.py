"""Queries about the heads behind which an actor stands, for several motions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from models.database import session
from models.heads import heads_of
from models.mandates import Mandate
from models.votes import Ballot, PaperEntry, PaperSheet, Roll, RollVoter


def voters_of(motion_ids: Collection[int], owners: Sequence[int]) -> dict[RollVoter, list[Mandate]]:
    """The heads on the newest rolls of these motions for which one of these owners stands or holds
    a mandate, by motion and number, each with all mandates for it that are not withdrawn.

    One statement: a person's first page asks it, of few heads with few people each.
    """
    newest = (
        select(Roll.motion_id, func.max(Roll.version).label("version"))
        .where(Roll.motion_id.in_(list(motion_ids)))
        .group_by(Roll.motion_id)
        .subquery()
    )
    live = (Mandate.voter_id == RollVoter.id) & Mandate.withdrawn_at.is_(None)
    query = (
        select(RollVoter, Mandate)
        .join(RollVoter.roll)
        .join(newest, (newest.c.motion_id == Roll.motion_id) & (newest.c.version == Roll.version))
        .outerjoin(Mandate, live)
        .where(RollVoter.id.in_(heads_of(owners)))
        .options(
            contains_eager(RollVoter.roll),
            joinedload(RollVoter.dwellings),
            joinedload(RollVoter.owners),
            joinedload(RollVoter.representative),
        )
        .order_by(Roll.motion_id, RollVoter.number, Mandate.id)
        .execution_options(populate_existing=True)
    )
    found: dict[RollVoter, list[Mandate]] = defaultdict(list)
    for voter, mandate in session().execute(query).unique():
        found[voter] += [mandate] if mandate is not None else []
    return found


def ballots_of(voter_ids: Iterable[int]) -> Sequence[Ballot]:
    """The ballots of these heads in the order in which they were cast."""
    query = select(Ballot).where(Ballot.voter_id.in_(list(voter_ids))).order_by(Ballot.id)
    return session().scalars(query).all()


@dataclass(frozen=True)
class Slip:
    """A paper ballot of a head that came back: its number, who signed, and whether two people have
    read it; never what it says, only whether it is ``invalid``."""

    voter_id: int
    number: int
    owner_id: int
    invalid: bool
    entered_at: datetime
    confirmed_at: datetime | None


def slips_of(voter_ids: Iterable[int]) -> list[Slip]:
    """The paper ballots of these heads that were entered and not rejected."""
    query = (
        select(
            PaperEntry.voter_id,
            PaperSheet.number,
            PaperEntry.owner_id,
            PaperEntry.choice == "invalid",
            PaperEntry.entered_at,
            PaperEntry.confirmed_at,
        )
        .join(PaperSheet, PaperSheet.id == PaperEntry.sheet_id)
        .where(PaperEntry.voter_id.in_(list(voter_ids)), PaperEntry.rejected_at.is_(None))
        .order_by(PaperEntry.id)
    )
    return [Slip(*row) for row in session().execute(query)]
