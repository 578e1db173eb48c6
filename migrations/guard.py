"""No migration while a vote is open, unless it says of itself that it is safe.

A migration that rewrites a table holds a lock for as long as it takes: casts wait, and at the close
some come too late. One that only adds (expand first, contract later) says so by a line in its
file, ``safe_while_voting = True``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, inspect, or_, select

from models import instants
from models.votes import Motion

MARK = "safe_while_voting"


class VoteIsOpen(Exception):
    """A migration was refused; nothing was changed."""


def check(connection: Connection, steps: Iterable[Any]) -> None:
    """Refuse the steps by ``VoteIsOpen`` when a vote is open and one of them is not marked safe."""
    unsafe = [
        step.revision.revision
        for step in steps
        if getattr(step, "revision", None) is not None
        and not getattr(step.revision.module, MARK, False)
    ]
    if not unsafe or not inspect(connection).has_table(Motion.__tablename__):
        return
    motions = Motion.__table__
    now = instants.of(connection)
    # Only columns of the first revision: the table is not yet as the models say.
    closes_at = connection.execute(
        select(motions.c.closes_at)
        .where(
            motions.c.announced_at.is_not(None),
            motions.c.opens_at <= now,
            motions.c.closes_at > now,
            or_(motions.c.cancelled_at.is_(None), motions.c.cancelled_at > now),
        )
        .order_by(motions.c.closes_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if closes_at is not None:
        raise VoteIsOpen(
            f"A vote is open until {closes_at.isoformat()}, and the migration "
            f"{', '.join(unsafe)} is not marked {MARK}. Nothing was changed; migrate after the "
            "close."
        )
