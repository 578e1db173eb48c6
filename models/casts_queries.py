"""The statements of a cast, made once when the program starts: building one takes longer than
sending it. They go over the connection and bring plain columns, no objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
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
    or_,
    select,
)

from domain.votes import Mark
from models import instants
from models.audit import AuditEntry
from models.mandates import BallotMandate, Mandate
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

_TIMES = (
    Motion.announced_at,
    Motion.opens_at,
    Motion.closes_at,
    Motion.cancelled_at,
    Motion.channel,
)
_ROW = select(*_TIMES).where(Motion.id == bindparam("motion")).with_for_update()
# The write transaction of SQLite is the lock already.
_LOCK = _ROW.add_columns(instants.SQLITE.label("instant"))
# The inner select is carried out first, so that the order is always row, then chain, and the clock
# is read when both are held.
_LOCKED = _ROW.cte("locked").prefix_with("MATERIALIZED")
_LOCK_BOTH = select(
    *_LOCKED.c,
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("chain"), 0)),
    instants.POSTGRESQL.label("instant"),
)
_ADD = insert(Ballot).inline()
_APPEND = insert(AuditEntry).inline()
# Both rows in one journey, since the locks are held that long. SQLite knows no INSERT in a WITH.
_ENTRY = tuple(column.name for column in AuditEntry.__table__.c if column.name != "id")
_ADD_BOTH = _ADD.add_cte(
    insert(AuditEntry).values({name: bindparam(f"entry_{name}") for name in _ENTRY}).cte("entry")
)


def lock(connection: Connection, motion_id: int, chain: str) -> Any:
    """The motion's times and the instant, read under its lock and that of the audit chain."""
    if connection.dialect.name != "postgresql":
        return connection.execute(_LOCK, {"motion": motion_id}).one()
    return connection.execute(_LOCK_BOTH, {"motion": motion_id, "chain": chain}).one()


_MANDATE_OF_OWNER = and_(
    Mandate.voter_id == RollVoter.id,
    Mandate.owner_id == RollOwner.owner_id,
    Mandate.withdrawn_at.is_(None),
)


def _everything(*narrowed: ColumnElement[bool]) -> Select[Any]:
    motion, chain = bindparam("motion", type_=Integer), bindparam("chain", type_=String)
    owners: Any = bindparam("owners", expanding=True)
    newest = select(func.max(Roll.version)).where(Roll.motion_id == motion).scalar_subquery()
    own = (Ballot.motion_id == motion, Ballot.voter_id == RollVoter.id)
    last = select(func.max(Ballot.sequence)).where(*own).scalar_subquery()
    paper = exists().where(
        PaperEntry.motion_id == motion,
        PaperEntry.voter_id == RollVoter.id,
        PaperEntry.confirmed_at.is_not(None),
        PaperEntry.choice != Mark.INVALID,
    )
    sent = exists().where(Ballot.motion_id == motion, Ballot.form_key == bindparam("form_key"))
    counted = exists().where(MotionCount.motion_id == motion)
    head = select(func.max(AuditEntry.seq)).where(AuditEntry.chain == chain).scalar_subquery()
    digest = select(AuditEntry.digest).where(AuditEntry.chain == chain, AuditEntry.seq == head)
    return (
        select(
            RollVoter.id,
            RollVoter.number,
            RollOwner.owner_id,
            Representative.owner_id.label("representative"),
            func.coalesce(last, 0).label("last"),
            paper.label("paper"),
            sent.label("sent"),
            counted.label("counted"),
            head.label("seq"),
            digest.scalar_subquery().label("digest"),
            Mandate.id.label("mandate_id"),
            Mandate.kind.label("mandate_kind"),
            Mandate.holder.label("mandate_holder"),
            Mandate.holder_owner_id.label("mandate_holder_owner"),
        )
        .select_from(Roll)
        .join(RollVoter, RollVoter.roll_id == Roll.id)
        .join(RollOwner, RollOwner.voter_id == RollVoter.id)
        .outerjoin(Representative, Representative.voter_id == RollVoter.id)
        .outerjoin(Mandate, _MANDATE_OF_OWNER)
        .where(
            Roll.motion_id == motion,
            Roll.version == newest,
            or_(RollOwner.owner_id.in_(owners), Mandate.holder_owner_id.in_(owners)),
            *narrowed,
        )
        .order_by(RollVoter.number, RollOwner.owner_id)
    )


_ALL_HEADS = _everything()
# A form names the head that it is for, which is found by the roll's own key however long the roll.
_ONE_HEAD = _everything(RollVoter.number == bindparam("number"))


def rows(
    connection: Connection,
    motion_id: int,
    chain: str,
    *,
    owners: Sequence[int],
    form_key: str,
    voter: int | None,
) -> Sequence[Row[Any]]:
    """All that a cast has to know, one row for each of these owners on the roll (of that head)."""
    wanted = {"motion": motion_id, "chain": chain, "form_key": form_key, "owners": owners}
    if voter is None:
        return connection.execute(_ALL_HEADS, wanted).all()
    return connection.execute(_ONE_HEAD, wanted | {"number": voter}).all()


def add(connection: Connection, ballot: Mapping[str, object], entry: Mapping[str, object]) -> None:
    """Write the ballot and its audit entry."""
    if connection.dialect.name == "postgresql":
        both = {f"entry_{name}": value for name, value in entry.items()}
        connection.execute(_ADD_BOTH, {**ballot, **both})
    else:
        connection.execute(_APPEND, entry)
        connection.execute(_ADD, ballot)


def add_mandate(connection: Connection, receipt: str, mandate_id: int) -> None:
    """Write by which mandate the ballot with this receipt was cast."""
    named = select(Ballot.id, literal(mandate_id)).where(Ballot.receipt == receipt)
    connection.execute(insert(BallotMandate).from_select(["ballot_id", "mandate_id"], named))
