"""The statements of a cast, made once when the program starts: building one takes longer than
sending it. They go over the connection and bring plain columns, no objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Function,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
)

from domain.accounts import Actor, Scope
from domain.votes import Mark
from models import instants
from models.audit import AuditEntry
from models.database import glance
from models.mandates import BallotMandate, Mandate
from models.plans import Plan
from models.register import Building
from models.visibility import sees_building
from models.votes import (
    Ballot,
    Motion,
    MotionCount,
    PaperEntry,
    Representative,
    Roll,
    RollOwner,
    RollVoter,
)
from models.votes_queries import BEFORE_POSTING, heads_of


@dataclass(frozen=True)
class VotedOn:
    """A motion as a cast needs it: what it is and where, nothing of what it says."""

    id: int
    plan_id: int
    scope: Scope


_VOTED_ON = (
    select(
        Motion.id,
        Motion.plan_id,
        Plan.building_id,
        Building.community_id,
        exists().where(Roll.motion_id == Motion.id).label("posted"),
    )
    .join(Plan, Plan.id == Motion.plan_id)
    .join(Building, Building.id == Plan.building_id)
    .where(Motion.id == bindparam("motion"))
)


def voted_on(actor: Actor, motion_id: int, **_rest: object) -> VotedOn | None:
    """What ``motion_visible_to`` finds, as plain values."""
    row = next(iter(glance(_VOTED_ON, {"motion": motion_id})), None)
    if row is None or not sees_building(actor, row.community_id, row.building_id):
        return None
    if not row.posted and not any(
        grant.scope.community == row.community_id for grant in actor.grants_of(*BEFORE_POSTING)
    ):
        return None
    return VotedOn(row.id, row.plan_id, Scope(row.community_id, row.building_id))


_TIMES = (
    Motion.announced_at,
    Motion.opens_at,
    Motion.closes_at,
    Motion.cancelled_at,
    Motion.channel,
)
# The write transaction of SQLite is the lock already.
_LOCK = select(*_TIMES).where(Motion.id == bindparam("motion")).with_for_update()
# The inner select is carried out first, so that the order is always row, then chain.
_LOCKED = _LOCK.cte("locked").prefix_with("MATERIALIZED")
_LOCK_BOTH = select(
    *_LOCKED.c,
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("chain"), 0)),
)
_ADD = insert(Ballot).inline()
_APPEND = insert(AuditEntry).inline()
# Both rows in one journey, since the locks are held that long. SQLite knows no INSERT in a WITH.
_ENTRY = tuple(column.name for column in AuditEntry.__table__.c if column.name != "id")
_ADD_BOTH = _ADD.add_cte(
    insert(AuditEntry).values({name: bindparam(f"entry_{name}") for name in _ENTRY}).cte("entry")
)


def lock(connection: Connection, motion_id: int, chain: str) -> Any:
    """The motion's times, read under its lock and that of the audit chain."""
    if connection.dialect.name != "postgresql":
        return connection.execute(_LOCK, {"motion": motion_id}).one()
    return connection.execute(_LOCK_BOTH, {"motion": motion_id, "chain": chain}).one()


_MANDATE_OF_OWNER = and_(
    Mandate.voter_id == RollVoter.id,
    Mandate.owner_id == RollOwner.owner_id,
    Mandate.withdrawn_at.is_(None),
)


# What stands about a head on the newest roll: its last ballot, its paper.
_OWN = (Ballot.motion_id == bindparam("motion"), Ballot.voter_id == RollVoter.id)
_LAST = select(func.max(Ballot.sequence)).where(*_OWN).scalar_subquery()
_PAPER = exists().where(
    PaperEntry.motion_id == bindparam("motion"),
    PaperEntry.voter_id == RollVoter.id,
    PaperEntry.confirmed_at.is_not(None),
    PaperEntry.choice != Mark.INVALID,
)


def _chain_head() -> tuple[ColumnElement[int], ColumnElement[str]]:
    chain = bindparam("chain", type_=String)
    seq = select(func.max(AuditEntry.seq)).where(AuditEntry.chain == chain).scalar_subquery()
    digest = select(AuditEntry.digest).where(AuditEntry.chain == chain, AuditEntry.seq == seq)
    return seq.label("seq"), digest.scalar_subquery().label("digest")


def _everything(clock: Function[Any]) -> Select[Any]:
    motion = bindparam("motion", type_=Integer)
    keys: Any = bindparam("keys", expanding=True)
    newest = select(func.max(Roll.version)).where(Roll.motion_id == motion).scalar_subquery()
    sent = exists().where(Ballot.motion_id == motion, Ballot.form_key.in_(keys))
    counted = exists().where(MotionCount.motion_id == motion)
    columns: list[Any] = [
        RollVoter.id,
        RollVoter.number,
        RollOwner.owner_id,
        Representative.owner_id.label("representative"),
        func.coalesce(_LAST, 0).label("last"),
        _PAPER.label("paper"),
        sent.label("sent"),
        counted.label("counted"),
        *_chain_head(),
        Mandate.id.label("mandate_id"),
        Mandate.kind.label("mandate_kind"),
        Mandate.holder.label("mandate_holder"),
        Mandate.holder_owner_id.label("mandate_holder_owner"),
        # Read once for all rows, when the locks are held.
        select(clock).scalar_subquery().label("instant"),
    ]
    return (
        select(*columns)
        .select_from(Roll)
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .join(RollOwner, RollOwner.voter_id == RollVoter.id)
        .outerjoin(Representative, Representative.voter_id == RollVoter.id)
        .outerjoin(Mandate, _MANDATE_OF_OWNER)
        .where(Roll.motion_id == motion, Roll.version == newest)
        .order_by(RollVoter.number, RollOwner.owner_id)
    )


_HEADS = heads_of(bindparam("owners", expanding=True)).subquery("heads")
_CLOCKS = {"postgresql": instants.POSTGRESQL, "sqlite": instants.SQLITE}
_OWN_HEADS = {
    name: _everything(clock).join(_HEADS, _HEADS.c.voter_id == RollVoter.id)
    for name, clock in _CLOCKS.items()
}
# A form names the head that it is for, which is found by the roll's own key however long the roll.
_NAMED_HEADS = {
    name: _everything(clock).where(RollVoter.number.in_(bindparam("numbers", expanding=True)))
    for name, clock in _CLOCKS.items()
}


def rows_of_heads(
    connection: Connection, motion_id: int, chain: str, keys: Sequence[str], numbers: Sequence[int]
) -> Sequence[Row[Any]]:
    """All that casts for these heads have to know, one row for each owner behind them.

    ``sent`` says whether any of the keys was sent before.
    """
    wanted = {"motion": motion_id, "chain": chain, "keys": keys, "numbers": numbers}
    return connection.execute(_NAMED_HEADS[connection.dialect.name], wanted).all()


def rows_of_owners(
    connection: Connection, motion_id: int, chain: str, key: str, owners: Sequence[int]
) -> Sequence[Row[Any]]:
    """The same of the heads of these owners, and of those whose mandate they hold."""
    wanted = {"motion": motion_id, "chain": chain, "keys": [key], "owners": owners}
    return connection.execute(_OWN_HEADS[connection.dialect.name], wanted).all()


def add(
    connection: Connection,
    ballots: Sequence[Mapping[str, object]],
    entries: Sequence[Mapping[str, object]],
) -> None:
    """Write the ballots and their audit entries."""
    if connection.dialect.name == "postgresql":
        both = [
            {**ballot, **{f"entry_{name}": value for name, value in entry.items()}}
            for ballot, entry in zip(ballots, entries, strict=True)
        ]
        connection.execute(_ADD_BOTH, both if len(both) > 1 else both[0])
    else:
        connection.execute(_APPEND, entries)
        connection.execute(_ADD, ballots)


def add_mandate(connection: Connection, receipt: str, mandate_id: int) -> None:
    """Write by which mandate the ballot with this receipt was cast."""
    named = select(Ballot.id, literal(mandate_id)).where(Ballot.receipt == receipt)
    connection.execute(insert(BallotMandate).from_select(["ballot_id", "mandate_id"], named))
