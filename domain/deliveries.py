"""Delivery of ballots, voter by voter (送达): reached, not to be found, or refused.

Ours, after 建房〔2009〕274号 art. 19 and court practice: who claims that silence means something
must prove delivery; here silence is never consent, and delivery is recorded all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Refused
from domain.sources import rule


class Delivery(StrEnum):
    """What came of the last try at a voter's door."""

    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: for which voter, what came of it; a later ``sequence`` is a later try."""

    voter: int
    outcome: Delivery
    sequence: int


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """How many voters stand where; ``open`` are those at whose door nobody has been."""

    delivered: int
    undeliverable: int
    refused: int
    open: int

    @property
    def total(self) -> int:
        """All voters."""
        return self.delivered + self.undeliverable + self.refused + self.open


@rule(
    "delivery.last_try",
    source="建房〔2009〕274号 19; how tries at a door are read / our decision",
    says="Of several records of a voter's door the last counts, so that a slip can be put right.",
    basis="ours",
)
def standing(tries: Iterable[Tried]) -> dict[int, Delivery]:
    """Voter → where its ballot stands; who was never visited is left out."""
    return {one.voter: one.outcome for one in sorted(tries, key=lambda one: one.sequence)}


def figures(voters: Iterable[int], tries: Iterable[Tried]) -> DeliveryFigures:
    """The tries in figures, over these voters."""
    stand: Mapping[int, Delivery] = standing(tries)
    outcomes = [stand.get(voter) for voter in voters]
    return DeliveryFigures(
        delivered=outcomes.count(Delivery.DELIVERED),
        undeliverable=outcomes.count(Delivery.UNDELIVERABLE),
        refused=outcomes.count(Delivery.REFUSED),
        open=outcomes.count(None),
    )


def check_try(outcome: str, place: str) -> Delivery:
    """The outcome; refuses ``delivery_unknown``, and ``posting_place_missing`` where the ballot
    could not be delivered and it is not said where the notice to that voter was posted."""
    if outcome not in tuple(Delivery):
        raise Refused("delivery_unknown", field="outcome")
    if outcome == Delivery.UNDELIVERABLE and not place.strip():
        raise Refused("posting_place_missing", field="place")
    return Delivery(outcome)
