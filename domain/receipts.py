"""Receipts of ballots: what a voter is handed, and how it is tied to the choice without saying it.

Source: ours. The commitment is SHA-256 over the canonical ballot and a random nonce that stays with
the stored ballot: whoever holds the receipt sees that the ballot is on the closed list and that it
was not exchanged, and nobody who sees a receipt learns the choice. It is no proof against whoever
runs the program and can rewrite everything; the head of the audit chain printed beside it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.canonical import canonical
from domain.sources import rule

# Without 0, 1, I, L, O and U: read aloud over the telephone, no two of these are confused.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a commitment covers; ``voter`` is the number on the roll, ``person`` who answered."""

    receipt: str
    motion: int
    voter: int
    person: int
    choice: str
    sequence: int
    channel: str
    cast_at: datetime


def receipt_code(random: bytes) -> str:
    """A receipt's code such as ``7K3F-9Q2M-XW4T-BD6H`` from random bytes (16 or more)."""
    value = int.from_bytes(random, "big")
    signs = []
    for _ in range(GROUPS * GROUP):
        value, place = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[place])
    text = "".join(signs)
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read_code(text: str) -> str:
    """A receipt's code as somebody typed it, in the form it is stored; any other text as it is."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(signs) != GROUPS * GROUP:
        return text
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


@rule(
    "votes.commitment",
    source="receipts, which no law states / our decision",
    says="A receipt commits to the ballot by SHA-256 with a nonce and never shows the choice.",
    basis="ours",
)
def commitment(ballot: Sealed, nonce: str) -> str:
    """The SHA-256, in hexadecimal, of the ballot with its nonce."""
    plain = {
        "cast_at": ballot.cast_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "channel": ballot.channel,
        "choice": ballot.choice,
        "motion": ballot.motion,
        "nonce": nonce,
        "person": ballot.person,
        "receipt": ballot.receipt,
        "sequence": ballot.sequence,
        "voter": ballot.voter,
    }
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def list_digest(ballots: Iterable[tuple[str, str]]) -> str:
    """The digest of a closed list of (receipt, commitment), whatever order they come in."""
    return hashlib.sha256(canonical(sorted(map(list, ballots))).encode()).hexdigest()
