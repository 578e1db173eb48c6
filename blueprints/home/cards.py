"""A card of the first page: one thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from models.plans import Plan

# Beyond this many of one kind the rest is counted, not listed.
MOST = 8


@dataclass(frozen=True)
class Card:
    """One thing to do. ``lines`` are further sentences; ``money`` are (what, fen) of one's own."""

    title: str
    url: str
    action: str
    lines: tuple[str, ...] = ()
    money: tuple[tuple[str, int], ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    ranges_title: str = ""
    # Further steps on the same thing, as links and as buttons that act at once.
    links: tuple[tuple[str, str], ...] = ()
    posts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """Cards under one heading; the first ones need none."""

    title: str
    cards: tuple[Card, ...]


def where_it_is(plan: Plan) -> str:
    """The line under a card's title."""
    return plan.building.name
