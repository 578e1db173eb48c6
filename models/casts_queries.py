"""The statements of a cast: compiled once for each engine (``models.prepared``), sent over the
connection of its transaction, and bringing plain columns, no objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Engine,
    Insert,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    true,
)

from domain.accounts import Actor, Scope
from domain.votes import Mark
from models import instants
from models.audit import AuditEntry
from models.audit_queries import APPEND
from models.database import engine
from models.heads import by_name, heads_of, names_of_owners
from models.links import POSTGRESQL, Link, Values
from models.mandates import BallotMandate, Mandate
from models.plans import Plan
from models.prepared import Asked, Prepared, among, rows
from models.register import Building
from models.sign_ins_queries import OF_SEVERAL
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
from models.votes_queries import BEFORE_POSTING


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
_WHERE = Prepared(lambda _engine: _VOTED_ON)


@lru_cache(maxsize=8)
def _posted(engine: Engine) -> dict[int, VotedOn]:
    """Where the motions are whose roll is posted: that is so for good. Nothing else about a motion
    is kept from one request to the next."""
    del engine
    return {}


def forget() -> None:
    """Whoever puts another database in the place of this one says so."""
    _posted.cache_clear()


def known(motion_id: int, **_rest: object) -> VotedOn | None:
    """The motion, if it is one whose roll is posted and that was asked for before: whoever sees its
    building may see it (``seen_by``)."""
    return _posted(engine()).get(motion_id)


def seen_by(actor: Actor, motion: VotedOn) -> bool:
    """Whether ``voted_on`` finds this known motion for the actor."""
    where = motion.scope
    assert where.community is not None
    assert where.building is not None
    return sees_building(actor, where.community, where.building)


def voted_on(actor: Actor, motion_id: int, **_rest: object) -> VotedOn | None:
    """What ``motion_visible_to`` finds, as plain values."""
    found = known(motion_id)
    if found is None:
        row = next(iter(_WHERE.glance({"motion": motion_id})), None)
        if row is None:
            return None
        found = VotedOn(row.id, row.plan_id, Scope(row.community_id, row.building_id))
        if row.posted:
            _posted(engine())[motion_id] = found
        elif not any(
            grant.scope.community == row.community_id for grant in actor.grants_of(*BEFORE_POSTING)
        ):
            return None
    return found if seen_by(actor, found) else None


def _lock_both(_engine: str) -> Select[*tuple[Any, ...]]:
    # The inner select is carried out first, so that the order is always row, then chain.
    row = select(Motion.id).where(Motion.id == bindparam("motion")).with_for_update()
    chain: Any = func.pg_advisory_xact_lock(func.hashtextextended(bindparam("chain"), 0))
    return select(row.cte("locked").prefix_with("MATERIALIZED").c.id, chain.label("chain"))


# On PostgreSQL. The write transaction of SQLite is the lock already.
_LOCK = Prepared(_lock_both)


_MANDATE_OF_OWNER = and_(
    Mandate.voter_id == RollVoter.id,
    Mandate.owner_id == RollOwner.owner_id,
    Mandate.withdrawn_at.is_(None),
)


# What stands about a head on the newest roll: its last ballot, and the paper of each of its owners.
_OWN = (Ballot.motion_id == bindparam("motion"), Ballot.voter_id == RollVoter.id)
_LAST = select(func.max(Ballot.sequence)).where(*_OWN).scalar_subquery()
_PAPER = exists().where(
    PaperEntry.motion_id == bindparam("motion"),
    PaperEntry.voter_id == RollVoter.id,
    PaperEntry.owner_id == RollOwner.owner_id,
    PaperEntry.confirmed_at.is_not(None),
    PaperEntry.choice != Mark.INVALID,
)


_TIMES = (
    Motion.announced_at,
    Motion.opens_at,
    Motion.closes_at,
    Motion.cancelled_at,
    Motion.channel,
)


def _chain_head() -> Subquery:
    of_chain = AuditEntry.chain == bindparam("chain", type_=String)
    entries = select(AuditEntry.seq, AuditEntry.digest).where(of_chain)
    return entries.order_by(AuditEntry.seq.desc()).limit(1).subquery("head")


def _everything(engine: str) -> Select[Any]:
    motion = bindparam("motion", type_=Integer)
    rolls = select(Roll.id).where(Roll.motion_id == motion)
    newest = rolls.order_by(Roll.version.desc()).limit(1).scalar_subquery()
    sent = exists().where(Ballot.motion_id == motion, among(engine, Ballot.form_key, "keys"))
    counted = exists().where(MotionCount.motion_id == motion)
    clock = instants.POSTGRESQL if engine == POSTGRESQL else instants.SQLITE
    head = _chain_head()
    columns: list[Any] = [
        *_TIMES,
        RollVoter.id,
        RollVoter.number,
        RollOwner.owner_id,
        Representative.owner_id.label("representative"),
        func.coalesce(_LAST, 0).label("last"),
        _PAPER.label("paper"),
        sent.label("sent"),
        counted.label("counted"),
        head.c.seq,
        head.c.digest,
        Mandate.id.label("mandate_id"),
        Mandate.kind.label("mandate_kind"),
        Mandate.holder.label("mandate_holder"),
        Mandate.holder_owner_id.label("mandate_holder_owner"),
        # Read once for all rows, when the locks are held.
        select(clock).scalar_subquery().label("instant"),
    ]
    return (
        select(*columns)
        .select_from(RollVoter)
        .join(Motion, Motion.id == motion)
        .join(RollOwner, RollOwner.voter_id == RollVoter.id)
        .outerjoin(Representative, Representative.voter_id == RollVoter.id)
        .outerjoin(Mandate, _MANDATE_OF_OWNER)
        .outerjoin(head, true())
        .where(RollVoter.roll_id == newest)
    )


@lru_cache(maxsize=32)
def _of_owners(count: int) -> Prepared:
    heads = heads_of(names_of_owners(count)).subquery("heads")
    return Prepared(
        lambda engine: _everything(engine).join(heads, heads.c.voter_id == RollVoter.id)
    )


# All that casts for these heads have to know, one row for each owner behind them in whatever order,
# the motion's times in each; ``sent`` says whether any of the keys was sent before. A form names
# the head that it is for, which is found by the roll's own key however long the roll.
HEADS = Prepared(
    lambda engine: _everything(engine).where(among(engine, RollVoter.number, "numbers"))
)
SENT = Prepared(
    lambda _engine: select(
        Ballot.account_id, Ballot.choice, Ballot.receipt, Ballot.cast_at, Ballot.sequence
    ).where(Ballot.motion_id == bindparam("motion"), Ballot.form_key == bindparam("key"))
)


def heads_of_owners(link: Link, wanted: Values, owners: Sequence[int]) -> Sequence[Any]:
    """The same of the heads of these owners, and of those whose mandate they hold."""
    named = by_name(owners)
    return _of_owners(len(named)).rows(link, {**wanted, **named})


def locked(
    link: Link, wanted: Values, claimed: Values | None = None
) -> tuple[Sequence[Any], Sequence[Any]]:
    """The ``HEADS``, read under the motion's lock and that of the audit chain; and what the
    sign-ins that are ``claimed`` open (``sign_ins_queries.OF_SEVERAL``)."""
    held = {"motion": wanted["motion"], "chain": wanted["chain"]}
    locks: list[Asked] = [(_LOCK, held)] if link.engine.dialect.name == POSTGRESQL else []
    if claimed is None:
        return HEADS.rows(link, wanted, locks), ()
    heads, opened = rows(link, [(HEADS, wanted), (OF_SEVERAL, claimed)], locks)
    return heads, opened


_BALLOT, _ENTRY = (
    tuple(column.name for column in table.__table__.c if column.name != "id")
    for table in (Ballot, AuditEntry)
)
# What the entry says too, by the column of the ballot.
_SAID = {"seq": "audit_seq", "digest": "audit_digest", "at": "cast_at", "account_id": "account_id"}


def _add(engine: str) -> Insert:
    if engine != POSTGRESQL:
        return insert(Ballot).inline()
    # Both rows in one statement, and each value once. SQLite knows no INSERT in a WITH.
    ballot: dict[str, Any] = {name: bindparam(f"ballot_{name}") for name in _BALLOT}
    entry = {
        name: ballot[_SAID[name]] if name in _SAID else bindparam(f"entry_{name}")
        for name in _ENTRY
    }
    return insert(Ballot).inline().values(ballot).add_cte(insert(AuditEntry).values(entry).cte("e"))


_ADD = Prepared(_add)
_BY_MANDATE = Prepared(
    lambda _engine: insert(BallotMandate).from_select(
        ["ballot_id", "mandate_id"],
        select(Ballot.id, bindparam("mandate", type_=Integer)).where(
            Ballot.receipt == bindparam("receipt")
        ),
    )
)


def written(engine: str, ballot: Values, entry: Values, mandate_id: int | None) -> list[Asked]:
    """What writes a ballot with its audit entry, and by which mandate it was cast."""
    if engine == POSTGRESQL:
        both = {f"ballot_{name}": value for name, value in ballot.items()}
        both.update((f"entry_{name}", value) for name, value in entry.items())
        writes: list[Asked] = [(_ADD, both)]
    else:
        writes = [(APPEND, entry), (_ADD, ballot)]
    if mandate_id is not None:
        writes.append((_BY_MANDATE, {"receipt": ballot["receipt"], "mandate": mandate_id}))
    return writes
