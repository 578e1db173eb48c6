"""Computations beside the lawful count, each marked as what it is and never the outcome.

Follow the majority (从众): 《业主大会和业主委员会指导规则》(建房〔2009〕274号) art. 26 leaves it to
the adopted rules of procedure whether the votes of owners who did not take part are added to the
majority. It is shown only as a second result, with the adopted rule and the proof of delivery.

Two thirds of all: 物权法 76(2), in force from 1 October 2007 to 31 December 2020, wanted two thirds
of all persons and of all area for the fund and for rebuilding. For reading old records only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain import sources
from domain.errors import Refused
from domain.ratios import Figures, Tally, tally
from domain.voters import Voter
from domain.votes import Choice, Count, Vote

PROPERTY_LAW_FROM: Final = date(2007, 10, 1)
CIVIL_CODE_FROM: Final = date(2021, 1, 1)


@dataclass(frozen=True)
class MajorityClause:
    """A follow-the-majority clause: where it was adopted, and voter number → proof of delivery."""

    adopted_in: str
    delivered: Mapping[int, str]


@dataclass(frozen=True)
class FollowedCount:
    """A second computation beside ``lawful``, which alone decides.

    ``followed`` is the choice that leads both in persons and in area, None where none does and
    nothing is added; ``added`` are the silent voters counted along, ``unproven`` those left out
    for want of a proof of delivery.
    """

    lawful: Count
    clause: MajorityClause
    followed: Choice | None
    added: tuple[int, ...]
    unproven: tuple[int, ...]
    tally: Tally


def _leading(count: Count) -> Choice | None:
    def leader(figures: Figures) -> Choice | None:
        ranked = sorted(Choice, key=lambda choice: -getattr(figures, choice))
        first, second = (getattr(figures, choice) for choice in ranked[:2])
        return ranked[0] if first > second else None

    by_persons = leader(count.persons)
    return by_persons if by_persons is leader(count.area) else None


def _with_added(figures: Figures, choice: Choice, added: int) -> Figures:
    parts = {"participating": figures.participating, choice.value: getattr(figures, choice)}
    return replace(figures, **{part: value + added for part, value in parts.items()})


@sources.rule(
    "count.follow_majority",
    source="指导规则 26 / Guiding rules (2009) art. 26",
    says="A follow-the-majority clause is a second, marked result, with rule and proofs named.",
    basis="practice",
)
def follow_the_majority(
    lawful: Count, voters: Sequence[Voter], votes: Mapping[int, Vote], clause: MajorityClause
) -> FollowedCount:
    """What the clause would give: each silent voter with a proof of delivery joins the majority.

    Refuses ``majority_clause_not_adopted`` when no adopted rule is named.
    """
    if not clause.adopted_in.strip():
        raise Refused("majority_clause_not_adopted", field="adopted_in")
    silent = [voter for voter in voters if voter.number not in votes]
    proven = [voter for voter in silent if clause.delivered.get(voter.number, "").strip()]
    followed = _leading(lawful)
    added = proven if followed is not None else []
    persons, area = lawful.persons, lawful.area
    if followed is not None:
        persons = _with_added(persons, followed, len(added))
        area = _with_added(area, followed, sum(voter.area for voter in added))
    known = {voter.number for voter in proven}
    return FollowedCount(
        lawful=lawful,
        clause=clause,
        followed=followed,
        added=tuple(voter.number for voter in added),
        unproven=tuple(voter.number for voter in silent if voter.number not in known),
        tally=tally(lawful.rule, persons, area),
    )


@dataclass(frozen=True)
class OldRecord:
    """How a record from before 2021 reads under the law of its day."""

    persons: bool
    area: bool

    @property
    def adopted(self) -> bool:
        """Two thirds of all persons and of all area agreed."""
        return self.persons and self.area


@sources.rule(
    "count.old_two_thirds",
    source="物权法 76(2), until 31 December 2020 / Property Law art. 76 para. 2",
    says="Records from before 2021: two thirds of all persons and area, 3 × agree >= 2 × total.",
)
def read_old_record(decided_on: date, persons: Figures, area: Figures) -> OldRecord:
    """Whether a decision of that day met two thirds of all.

    Refuses ``old_rule_not_in_force`` (decided_on) outside 1 October 2007 to 31 December 2020.
    """
    if not PROPERTY_LAW_FROM <= decided_on < CIVIL_CODE_FROM:
        raise Refused("old_rule_not_in_force", field="decided_on", decided_on=decided_on)
    return OldRecord(
        persons=3 * persons.agree >= 2 * persons.total, area=3 * area.agree >= 2 * area.total
    )
