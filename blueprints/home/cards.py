"""A card of the first page: one thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from models.plans import Plan


@dataclass(frozen=True)
class Card:
    """One thing to do. ``lines`` are further sentences; ``money`` are (what, fen) of one's own."""

    title: str
    url: str
    action: str
    lines: tuple[str, ...] = ()
    money: tuple[tuple[str, int], ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()


def where_it_is(plan: Plan) -> str:
    """The line under a card's title."""
    return plan.building.name
