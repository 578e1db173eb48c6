"""The audit chain: how an event is written and linked, and how a chain is checked.

Source: trust.md §1.9, ours: ``sha256(seq, previous, canonical event)``. The chain alone protects
against nobody who can rewrite it whole; its head printed on notices and receipts does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.canonical import canonical

GENESIS = "0" * 64


def canonical_event(
    action: str, at: datetime, account_id: int | None, details: Mapping[str, object]
) -> str:
    """The event as canonical JSON: sorted keys, no blanks, UTC to the microsecond, no floats."""
    event = {
        "action": action,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": account_id,
        "details": dict(details),
    }
    return canonical(event)


def link(seq: int, previous: str, event: str) -> str:
    """The digest of entry ``seq``: SHA-256 over its number, the digest before it and the event."""
    return hashlib.sha256(f"{seq}\n{previous}\n{event}".encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """An entry as stored."""

    seq: int
    previous: str
    event: str
    digest: str


def first_fault(entries: Iterable[Entry], *, head: tuple[int, str] | None = None) -> int | None:
    """The number of the first entry that does not follow from those before it, or ``None``.

    ``head`` is an earlier (number, digest) taken from a notice or a receipt: the chain must still
    contain it.
    """
    previous, expected = GENESIS, 1
    seen_head = head is None
    for entry in entries:
        whole = (
            entry.seq == expected
            and entry.previous == previous
            and entry.digest == link(entry.seq, entry.previous, entry.event)
        )
        if not whole:
            return expected
        if head is not None and entry.seq == head[0]:
            if entry.digest != head[1]:
                return entry.seq
            seen_head = True
        previous, expected = entry.digest, expected + 1
    return None if seen_head else expected
