"""What would it take: each option and electorate, before the vote and while it is open.

Before the vote the outlook comes from the households' answers and is a forecast, never a count.
While a vote is open, and until it is counted, its result is sealed: only the turnout is read here.
Area in 0.01 m².
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.forecast import Outlook, Sealed, outlook
from domain.menus import DecidedBy
from domain.plans import DECIDED, MotionStage, motion_stage
from domain.ratios import Rule, rule_of
from domain.voters import voters_from
from models import desk_queries
from models.desk_queries import GroundRow, TurnoutRow
from models.votes import Motion
from services.desk import Desk, Household, Offer
from services.desk_demand import FloorOpposition, opposition
from services.plans import Recorded, recorded_motions

SEALED = frozenset({MotionStage.VOTING, MotionStage.CLOSED})


@dataclass(frozen=True)
class Turnout:
    """An open vote, or a closed one not yet counted, by what is known of it."""

    persons: Sealed
    area: Sealed


@dataclass(frozen=True)
class Electorate:
    """The building, or one entrance, and what adopting the option there would take.

    ``outlook`` before the vote, ``turnout`` from its opening until the count, neither once it is
    decided. ``motion`` is the one on this option that is not cancelled, with its stage.
    """

    entrance_id: int | None
    name: str
    rule: Rule
    motion: Motion | None
    stage: MotionStage | None
    outlook: Outlook | None
    turnout: Turnout | None
    opposition: tuple[FloorOpposition, ...]


@dataclass(frozen=True)
class OptionForecast:
    """An option and its electorates."""

    offer: Offer
    electorates: tuple[Electorate, ...]


def _electorates(desk: Desk, offer: Offer) -> dict[int | None, str]:
    if offer.item.decided_by == DecidedBy.ENTRANCE:
        return dict(desk.house.entrances.items())
    return {None: desk.plan.building.name}


def _live(desk: Desk, now: datetime) -> dict[tuple[int, int | None], tuple[Recorded, MotionStage]]:
    """The newest motion not cancelled, by option and entrance."""
    option_of = {
        version.id: offer.option.id for offer in desk.offers for version in offer.option.versions
    }
    found: dict[tuple[int, int | None], tuple[Recorded, MotionStage]] = {}
    for one in recorded_motions([desk.plan.id])[desk.plan.id]:
        option = option_of.get(one.motion.option_version_id)
        at = motion_stage(one.facts, now)
        if option is not None and at is not MotionStage.CANCELLED:
            found[option, one.motion.entrance_id] = (one, at)
    return found


def _turnout(rule: Rule, row: TurnoutRow) -> Turnout:
    return Turnout(Sealed(rule, row.persons, row.total), Sealed(rule, row.area, row.total_area))


def _outlook(rule: Rule, households: list[Household], offer: Offer) -> Outlook:
    voters = voters_from(one.part for one in households)
    return outlook(rule, voters, {one.part.key: one.stance(offer) for one in households})


@dataclass(frozen=True)
class _Known:
    """What is looked up once for all options of the page."""

    desk: Desk
    motions: dict[tuple[int, int | None], tuple[Recorded, MotionStage]]
    turnouts: dict[int, TurnoutRow]
    objections: list[GroundRow]

    def electorate(self, offer: Offer, entrance_id: int | None, name: str) -> Electorate:
        own = [
            one for one in self.desk.households if entrance_id in (None, one.dwelling.entrance_id)
        ]
        recorded, at = self.motions.get((offer.option.id, entrance_id), (None, None))
        motion = recorded.motion if recorded else None
        rule = rule_of(motion.matter if motion else offer.item.matter)
        row = self.turnouts.get(motion.id) if motion else None
        known = at in SEALED or at in DECIDED
        return Electorate(
            entrance_id,
            name,
            rule,
            motion,
            at,
            outlook=None if known else _outlook(rule, own, offer),
            turnout=_turnout(rule, row) if row else None,
            opposition=opposition(own, offer, self.objections, entrance_id),
        )


def forecasts(desk: Desk, *, now: datetime) -> tuple[OptionForecast, ...]:
    """For every option that is voted on, what its adoption would take in each electorate."""
    motions = _live(desk, now)
    open_votes = [one.motion.id for one, at in motions.values() if at in SEALED]
    known = _Known(
        desk, motions, desk_queries.turnouts(open_votes), desk_queries.grounds_of(desk.plan.id)
    )
    return tuple(
        OptionForecast(
            offer,
            tuple(
                known.electorate(offer, entrance_id, name)
                for entrance_id, name in _electorates(desk, offer).items()
            ),
        )
        for offer in desk.votable
    )
