"""The result of an authority's own voting platform (官方电子表决平台), and what it amounts to here.

Some cities ask that online votes run on the authority's platform. Its document is then the source
of the count, together with the paper ballots entered in this program. Ours: docs/decisions/0019.
Areas are in 0.01 m².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Refused
from domain.ratios import Figures, Matter, tally
from domain.sources import rule
from domain.voters import Voter
from domain.votes import INVALID, Choice, Count, Vote, count


class Form(StrEnum):
    """What the platform's document gives: totals only, or the ballot of each voter."""

    TOTALS = "totals"
    BALLOTS = "ballots"


class Papers(StrEnum):
    """What the document with totals says about the paper ballots: counted in, or left out."""

    INCLUDED = "included"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Part:
    """Persons and area (0.01 m²) of one answer."""

    persons: int
    area: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What the platform's document says of each answer."""

    agree: Part
    against: Part
    abstain: Part

    @property
    def persons(self) -> int:
        """All persons who took part on the platform."""
        return sum(getattr(self, choice).persons for choice in Choice)

    @property
    def area(self) -> int:
        """The area of all of them."""
        return sum(getattr(self, choice).area for choice in Choice)


@rule(
    "platform.one_ballot",
    source="民法典 278, 解释 9 / Civil Code art. 278; who votes twice has one ballot",
    says="On the platform's list and on paper: the valid paper counts, an invalid one does not.",
    basis="ours",
)
def combined(listed: Mapping[int, Vote], cast: Mapping[int, Vote]) -> dict[int, Vote]:
    """Voter number → the one vote that counts; ``cast`` is what was entered here on paper."""
    said = dict(listed)
    for voter, vote in cast.items():
        if vote is not INVALID or said.get(voter, INVALID) is INVALID:
            said[voter] = vote
    return said


def check_totals(totals: Totals, voters: Sequence[Voter], votes: Mapping[int, Vote]) -> None:
    """Nothing, when the roll allows these totals beside ``votes``, the papers not in them.

    Refuses ``platform_figure_negative``, ``platform_persons_without_area`` (of an answer) and
    ``platform_exceeds_roll`` (persons, area: what the roll leaves).
    """
    for choice in Choice:
        part: Part = getattr(totals, choice)
        if part.persons < 0 or part.area < 0:
            raise Refused("platform_figure_negative", field=f"{choice}_persons")
        if bool(part.persons) != bool(part.area):
            raise Refused("platform_persons_without_area", field=f"{choice}_area")
    free = [voter for voter in voters if votes.get(voter.number, INVALID) is INVALID]
    area = sum(voter.area for voter in free)
    # The areas of so many voters are at most those of the largest, at least those of the smallest.
    ordered = sorted(voter.area for voter in free)
    persons = totals.persons
    fits = persons <= len(free) and (
        sum(ordered[:persons]) <= totals.area <= sum(ordered[len(ordered) - persons :])
    )
    if not fits:
        raise Refused("platform_exceeds_roll", field="form", persons=len(free), area=area)


@rule(
    "platform.totals",
    source="民法典 278; city rules on voting platforms / Civil Code art. 278",
    says="Totals count as the document states them; papers are added only if it leaves them out.",
    basis="ours",
)
def count_totals(
    by: Matter, voters: Sequence[Voter], totals: Totals, votes: Mapping[int, Vote]
) -> Count:
    """The count of the platform's totals and of ``votes``, the papers that are not in them.

    Refuses what ``check_totals`` and ``domain.votes.count`` refuse.
    """
    check_totals(totals, voters, votes)
    papers = count(by, voters, votes)
    tallied = tally(
        by.rule,
        _added(papers.persons, {c: getattr(totals, c).persons for c in Choice}),
        _added(papers.area, {c: getattr(totals, c).area for c in Choice}),
    )
    return Count(**vars(tallied), matter=by, disputed=papers.disputed, invalid=papers.invalid)


def _added(figures: Figures, more: Mapping[Choice, int]) -> Figures:
    return Figures(
        total=figures.total,
        participating=figures.participating + sum(more.values()),
        agree=figures.agree + more[Choice.AGREE],
        against=figures.against + more[Choice.AGAINST],
        abstain=figures.abstain + more[Choice.ABSTAIN],
        disputed=figures.disputed,
        invalid=figures.invalid,
    )
