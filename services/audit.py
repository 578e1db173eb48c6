"""Writing the audit log: always inside the transaction of the act it records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.audit import GENESIS, canonical_event, first_fault, link
from domain.errors import Refused
from models import audit_queries, links
from models.audit import AuditEntry
from models.database import session as current_session
from models.prepared import send


@dataclass(frozen=True)
class Head:
    """The last entry of a chain: what is printed on notices and receipts."""

    seq: int
    digest: str


PLAN_CHAIN = "plan:"


def plan_chain(plan_id: int) -> str:
    """The chain of one plan."""
    return f"{PLAN_CHAIN}{plan_id}"


def community_chain(community_id: int) -> str:
    """The chain of one community: its register, accounts and codes."""
    return f"community:{community_id}"


SYSTEM_CHAIN = "system"


def head(chain: str) -> Head:
    """The last entry of the chain; number 0 with the all-zero digest when it is empty."""
    row = (
        current_session()
        .execute(
            select(AuditEntry.seq, AuditEntry.digest)
            .where(AuditEntry.chain == chain)
            .order_by(AuditEntry.seq.desc())
            .limit(1)
        )
        .first()
    )
    return Head(row.seq, row.digest) if row else Head(0, GENESIS)


def lock(session: Session, chain: str) -> None:
    """Until the transaction ends nobody else appends to the chain.

    On SQLite the write transaction itself is that lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(chain, 0))))


def record(
    session: Session,
    chain: str,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, object],
    after: Head | None = None,
) -> Head:
    """Append an event to the chain and return its new head.

    Must be called inside ``transaction()``. ``details`` holds ids and figures, never a name, phone,
    code or choice. ``after`` saves the look-up of a head that the caller has read itself, under a
    lock on the chain (``lock``).
    """
    if after is None:
        lock(session, chain)
    values = entry(chain, action, actor=actor, now=now, details=details, after=after or head(chain))
    send(links.of(session.connection()), [(audit_queries.APPEND, values)])
    return head_of(values)


def entry(
    chain: str,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, object],
    after: Head,
) -> dict[str, Any]:
    """The row of an event that follows ``after``, for whoever writes it together with another."""
    event = canonical_event(action, now, actor.account_id, details)
    return {
        "chain": chain,
        "seq": after.seq + 1,
        "at": now,
        "account_id": actor.account_id,
        "action": action,
        "event": event,
        "previous": after.digest,
        "digest": link(after.seq + 1, after.digest, event),
    }


def head_of(values: Mapping[str, Any]) -> Head:
    """What the chain's head is once this row is written."""
    return Head(values["seq"], values["digest"])


# How much of a digest must be typed for it to say anything.
SHORTEST_DIGEST = 8


@dataclass(frozen=True)
class Checked:
    """What a check of a chain found: ``fault`` is the first entry that does not follow."""

    entries: int
    head: Head
    fault: int | None


def read_head(number: str, digest: str) -> Head:
    """An earlier head as typed from a notice or receipt; the digest may be its beginning.

    Refuses ``head_number`` and ``head_digest`` (shortest).
    """
    plain = "".join(digest.split()).lower()
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:12]) < 10**9):
        raise Refused("head_number", field="number")
    if len(plain) < SHORTEST_DIGEST or not set(plain) <= set("0123456789abcdef"):
        raise Refused("head_digest", field="digest", shortest=SHORTEST_DIGEST)
    return Head(int(number), plain)


def check(chain: str, *, known: Head | None = None) -> Checked:
    """Go through the chain from its beginning: every entry must follow from those before it.

    With ``known``, a head printed earlier, the chain must still contain it; else the fault is the
    entry that differs, or the number after the last when the chain has become shorter.
    """
    entries = list(audit_queries.entries_of(chain))
    last = Head(entries[-1].seq, entries[-1].digest) if entries else Head(0, GENESIS)
    expected = None
    if known is not None:
        found = next((e.digest for e in entries if e.seq == known.seq), "")
        whole = found if found.startswith(known.digest) else known.digest
        expected = (known.seq, whole)
    return Checked(len(entries), last, first_fault(entries, head=expected))
