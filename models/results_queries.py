"""What the page of a decided motion is drawn from, in plain columns: one prepared statement.

It says everything about the motion that may differ from one moment to the next, so that what was
drawn of it before can be shown again, and what the reader's own lines on the roll say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Subquery, bindparam, exists, func, select

from domain.accounts import Actor, Scope
from domain.plans import DECIDED, MotionFacts, motion_stage
from models.heads import by_name, heads_of, names_of_owners
from models.menus import OptionVersion
from models.plans import Notice, Plan
from models.prepared import Prepared, among
from models.register import Building, Community, Entrance
from models.resolutions import Resolution, ResolutionMotion
from models.statements import Statement
from models.visibility import sees_building
from models.votes import (
    Ballot,
    Motion,
    MotionCount,
    Representative,
    Roll,
    RollDwelling,
    RollOwner,
    RollVoter,
)
from models.votes_queries import owner_ids

_REDRAWN = Motion.__table__.alias("redrawn")


def _own(count: int) -> Subquery:
    """The lines of the reader's owners, and of those whose mandate they hold."""
    heads = heads_of(names_of_owners(count)).subquery("heads")
    return (
        select(
            Roll.motion_id,
            RollVoter.id.label("head"),
            RollVoter.number.label("place"),
            RollDwelling.entrance.label("of_entrance"),
            RollDwelling.floor,
            RollDwelling.room,
            RollDwelling.area,
            RollDwelling.share,
            Representative.owner_id.label("representative"),
            select(func.count(RollOwner.owner_id))
            .where(RollOwner.voter_id == RollVoter.id)
            .scalar_subquery()
            .label("owners"),
        )
        .select_from(heads)
        .join(RollVoter, RollVoter.id == heads.c.voter_id)
        .join(Roll, Roll.id == RollVoter.roll_id)
        .join(RollDwelling, RollDwelling.voter_id == RollVoter.id)
        .outerjoin(Representative, Representative.voter_id == RollVoter.id)
        .where(
            Roll.motion_id == bindparam("motion"),
            Roll.version
            == select(func.max(Roll.version))
            .where(Roll.motion_id == bindparam("motion"))
            .scalar_subquery(),
        )
        .subquery("own")
    )


# What the page rests on and what may still be said of the decision.
_FACTS = (
    Motion.id,
    Motion.revision,
    Motion.title,
    Motion.number,
    Motion.cancelled_at,
    Motion.entrance_id,
    Entrance.name.label("entrance"),
    Plan.id.label("plan_id"),
    Plan.title.label("plan"),
    Plan.building_id,
    Building.name.label("building"),
    Building.community_id,
    Community.city,
    OptionVersion.number.label("version"),
    MotionCount.counted_at,
    MotionCount.outcome,
    MotionCount.digest,
    Resolution.number.label("resolution"),
    select(func.count(Notice.id))
    .where(Notice.motion_id == Motion.id)
    .scalar_subquery()
    .label("notices"),
    exists()
    .where(_REDRAWN.c.redraws_id == Motion.id, _REDRAWN.c.cancelled_at.is_(None))
    .label("redrawn"),
    exists().where(Statement.resolution_id == Resolution.id).label("stated"),
)


@lru_cache(maxsize=32)
def _settled(count: int) -> Prepared:
    """The statement for readers who are so many owners."""
    own = _own(count)
    wanted = (
        select(*_FACTS, *(column for column in own.c if column.name != "motion_id"))
        .join(Plan, Plan.id == Motion.plan_id)
        .join(Building, Building.id == Plan.building_id)
        .join(Community, Community.id == Building.community_id)
        .join(OptionVersion, OptionVersion.id == Motion.option_version_id)
        .join(MotionCount, MotionCount.motion_id == Motion.id)
        .outerjoin(Entrance, Entrance.id == Motion.entrance_id)
        .outerjoin(ResolutionMotion, ResolutionMotion.motion_id == Motion.id)
        .outerjoin(Resolution, Resolution.id == ResolutionMotion.resolution_id)
        .outerjoin(own, own.c.motion_id == Motion.id)
        .where(Motion.id == bindparam("motion"))
        .order_by(own.c.place, own.c.of_entrance, own.c.floor, own.c.room)
    )
    return Prepared(lambda _engine: wanted)


@dataclass(frozen=True)
class OwnLine:
    """A head on the roll as its own people read it: its dwellings as (entrance and room, area in
    0.01 m², share in fen), and those who answered for it with what they said."""

    number: int
    dwellings: tuple[tuple[str, int, int | None], ...]
    representative: int | None
    ballots: tuple[Any, ...]


@dataclass(frozen=True)
class Settled:
    """A motion that is decided, and of whose decision nothing has been said since.

    ``facts`` is all that its page rests on and that is not frozen with the motion; ``own`` the
    lines of the reader's owners on its roll, which are no part of what it is.
    """

    id: int
    city: str | None
    scope: Scope
    entrance_id: int | None
    facts: tuple[Any, ...]
    own: tuple[OwnLine, ...] = field(compare=False)

    @property
    def electorate(self) -> Scope:
        """Whose it was to decide."""
        return replace(self.scope, entrance=self.entrance_id)


def settled(actor: Actor, motion_id: int, now: datetime) -> Settled | None:
    """The motion, if the actor may know of it and it is decided; None when it was drawn up anew or
    cancelled, or a statement was made about its resolution: then more is to be said of it."""
    owners = by_name(owner_ids(actor))
    rows = _settled(len(owners)).glance({"motion": motion_id, **owners})
    row = rows[0] if rows else None
    if row is None or not sees_building(actor, row.community_id, row.building_id):
        return None
    facts = MotionFacts(counted_at=row.counted_at, outcome=row.outcome)
    if row.cancelled_at or row.redrawn or row.stated or motion_stage(facts, now) not in DECIDED:
        return None
    scope = Scope(row.community_id, row.building_id)
    own = _own_lines(motion_id, rows) if row.head is not None else ()
    return Settled(row.id, row.city, scope, row.entrance_id, row[: len(_FACTS)], own)


_BALLOTS = Prepared(
    lambda engine: select(
        Ballot.voter_id, Ballot.owner_id, Ballot.choice, Ballot.sequence, Ballot.channel
    ).where(Ballot.motion_id == bindparam("motion"), among(engine, Ballot.voter_id, "heads"))
)


def _own_lines(motion_id: int, rows: Sequence[Any]) -> tuple[OwnLine, ...]:
    """Head by head. The ballots of one are read only where several people could have answered."""
    heads: dict[int, list[Any]] = {}
    for row in rows:
        heads.setdefault(row.head, []).append(row)
    shared = [head for head, lines in heads.items() if lines[0].owners > 1]
    ballots: dict[int, list[Any]] = {head: [] for head in heads}
    if shared:
        for ballot in _BALLOTS.glance({"motion": motion_id, "heads": shared}):
            ballots[ballot.voter_id].append(ballot)
    return tuple(
        OwnLine(
            lines[0].place,
            tuple((f"{line.of_entrance}{line.room}", line.area, line.share) for line in lines),
            lines[0].representative,
            tuple(ballots[head]),
        )
        for head, lines in heads.items()
    )
