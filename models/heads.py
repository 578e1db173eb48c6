"""Heads on rolls by the owners who stand behind them, for queries that look from the owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Integer, bindparam, select, union

from models.mandates import Mandate
from models.votes import RollOwner


def heads_of(owners: Sequence[Any]) -> CompoundSelect[Any]:
    """The heads, of any roll, behind which one of these owners stands or for which it holds a
    mandate. A union, so that each half is found by its own index: an OR goes through the roll."""
    return union(
        select(RollOwner.voter_id).where(RollOwner.owner_id.in_(owners)),
        select(Mandate.voter_id).where(
            Mandate.holder_owner_id.in_(owners), Mandate.withdrawn_at.is_(None)
        ),
    )


def by_name(owners: Sequence[int]) -> dict[str, int]:
    """The values of ``names_of_owners``; whoever is no owner asks for number 0, which nobody is."""
    return {f"owner{place}": owner for place, owner in enumerate(owners or [0])}


def names_of_owners(count: int) -> list[BindParameter[int]]:
    """A name for each owner that a reader is. There are few, so prepared statements are made for
    each number of them: a plan for a list of any length goes through the whole roll."""
    return [bindparam(f"owner{place}", type_=Integer) for place in range(count)]
