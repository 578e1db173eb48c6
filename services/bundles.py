"""Signed bundles of a resolution, for anyone to check (docs/bundle.md, trust.md §1.7).

The public bundle holds what was published and its signature. The full one adds counts, rolls and
ballots, by room and without names, of those motions whose signed file the reader may open; that it
was opened is put on record.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import rfc8785

from documents.bundles import zip_bytes
from domain.accounts import Actor, Role
from domain.errors import NotYours
from models import audit_queries
from models import bundles_queries as queries
from models.resolutions import Resolution
from models.statements import statements_of
from models.votes import Ballot, Motion
from services import audit
from services.counts import roll_document, sees_exact
from services.statements import bundle_file
from services.transaction import transaction


def public_bundle(resolution: Resolution) -> bytes:
    """The ZIP archive with the resolution, its signature, the key, and what was stated since."""
    return zip_bytes(_signed_files(resolution), made_at=resolution.issued_at)


def may_open(actor: Actor, motion: Motion) -> bool:
    """Whether the actor may see how the motion was voted on, room by room: an owner of its
    electorate, the committee, or the auditor."""
    audits = any(grant.scope.contains(motion.scope) for grant in actor.grants_of(Role.AUDITOR))
    return audits or sees_exact(actor, motion)


def motions_open_to(actor: Actor, resolution: Resolution) -> list[Motion]:
    """The motions of the resolution whose roll and ballots the actor may see."""
    return [one for one in queries.motions_of(resolution.id) if may_open(actor, one)]


def full_bundle(actor: Actor, resolution: Resolution, *, now: datetime) -> bytes:
    """The ZIP archive with counts, rolls and ballots as far as the actor may see them.

    Refuses ``signed_file_not_yours`` when that is none.
    """
    with transaction() as session:
        motions = queries.motions_of(resolution.id)
        opened = [motion.id for motion in motions if may_open(actor, motion)]
        if not opened:
            raise NotYours("signed_file_not_yours")
        audit.record(
            session,
            audit.plan_chain(resolution.plan_id),
            "signed_file_opened",
            actor=actor,
            now=now,
            details={"resolution": resolution.id, "motions": opened},
        )
        files = _signed_files(resolution) | _evidence(motions, opened)
        made_at = resolution.issued_at
    return zip_bytes(files, made_at=made_at)


def _signed_files(resolution: Resolution) -> dict[str, bytes]:
    files = {
        "resolution.json": resolution.document.encode(),
        "signature": resolution.signature.encode(),
        "public_key": resolution.public_key.encode(),
    }
    stated = statements_of([resolution.id])[resolution.id]
    return files | ({"statements.json": bundle_file(stated)} if stated else {})


def _evidence(motions: Sequence[Motion], opened: Sequence[int]) -> dict[str, bytes]:
    """One element for each motion; null where the reader may not see it."""
    rolls, ballots = queries.newest_rolls(opened), queries.ballots_of(opened)
    counted: list[Any] = []
    listed: list[Any] = []
    cast: list[Any] = []
    for motion in motions:
        shown = motion.id in opened and motion.counted is not None
        counted.append(json.loads(motion.counted.document) if shown and motion.counted else None)
        listed.append(roll_document(rolls[motion.id]) if shown else None)
        lines = ballots.get(motion.id, [])
        cast.append([_ballot(number, one) for number, one in lines] if shown else None)
    return {
        "counts.json": rfc8785.dumps(counted),
        "roll.json": rfc8785.dumps(listed),
        "ballots.json": rfc8785.dumps(cast),
    }


def _ballot(number: int, ballot: Ballot) -> dict[str, Any]:
    return {
        "cast_at": ballot.cast_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "channel": ballot.channel,
        "choice": ballot.choice,
        "commitment": ballot.commitment,
        "nonce": ballot.nonce,
        "person": ballot.owner_id,
        "receipt": ballot.receipt,
        "sequence": ballot.sequence,
        "voter": number,
    }


def audit_lines(chain: str) -> list[str]:
    """The audit chain as JSON, one entry a line, as docs/bundle.md says."""
    return [
        json.dumps(
            {
                "seq": entry.seq,
                "previous": entry.previous,
                "event": entry.event,
                "digest": entry.digest,
            },
            ensure_ascii=False,
        )
        for entry in audit_queries.entries_of(chain)
    ]
