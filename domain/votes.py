"""The lawful count: what a voter's answers amount to, and what the ballots decide.

Sources: 民法典 278(2); 最高人民法院《建筑物区分所有权》解释 arts. 8, 9; 《业主大会和业主委员会
指导规则》art. 25. Silence is not taking part and never consent; a disputed ballot takes part and
agrees to nothing; an invalid ballot neither votes nor takes part. The ratios themselves stand in
``domain/ratios.py`` (and can be had from here), what other rules would give beside the lawful
count in ``domain/other_counts.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain import sources
from domain.errors import Refused
from domain.quantities import format_area
from domain.ratios import (
    Figures,
    Law,
    Matter,
    Missing,
    Outcome,
    Rule,
    Tally,
    approved,
    missing,
    quorate,
    rule_of,
    short_by,
    tally,
)
from domain.voters import Voter

__all__ = [
    "DISPUTED",
    "INVALID",
    "Answer",
    "Choice",
    "Count",
    "Figures",
    "Law",
    "Mark",
    "Matter",
    "Missing",
    "Outcome",
    "Rule",
    "Tally",
    "Vote",
    "approved",
    "count",
    "missing",
    "quorate",
    "rule_of",
    "short_by",
    "standing",
    "tally",
]


class Choice(StrEnum):
    """What a ballot can say."""

    AGREE = "agree"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Mark(StrEnum):
    """What becomes of a ballot that says nothing that counts."""

    DISPUTED = "disputed"
    INVALID = "invalid"


Vote = Choice | Mark
DISPUTED: Final = Mark.DISPUTED
INVALID: Final = Mark.INVALID


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a motion for one voter, in the name of ``person``; later ``sequence`` is later.

    ``paper``: it was given on a signed slip. ``person`` is whoever ``voters.acts_in_name_of`` says,
    so a proxy's answer is its principal's.
    """

    voter: int
    person: str
    choice: Choice
    sequence: int
    paper: bool = False


@sources.rule(
    "count.paper_prevails",
    source="one voter, one counted ballot, domain.md 2 / our decision",
    says="A person's paper prevails over that person's online answers, whichever came first.",
    basis="ours",
)
@sources.rule(
    "count.revote",
    source="how ballots are replaced / our decision",
    says="A ballot may be replaced until the close; each person's last answer counts.",
    basis="ours",
)
@sources.rule(
    "count.disputed",
    source="指导规则 25 / Guiding rules (2009) art. 25",
    says="Co-owners who differ make the ballot disputed; their representative's answer settles it.",
    basis="practice",
)
def standing(answers: Iterable[Answer], representative: str | None = None) -> Vote | None:
    """What one voter's answers amount to; None without any, ``DISPUTED`` when people differ.

    The order in which different people answered, and on what, changes nothing.
    """
    latest: dict[str, Answer] = {}
    for answer in answers:
        known = latest.get(answer.person)
        if known is None or (answer.paper, answer.sequence) > (known.paper, known.sequence):
            latest[answer.person] = answer
    if representative is not None and representative in latest:
        return latest[representative].choice
    choices = {answer.choice for answer in latest.values()}
    if len(choices) > 1:
        return DISPUTED
    return choices.pop() if choices else None


@dataclass(frozen=True)
class Count(Tally):
    """A tally of ballots against a roll; ``disputed`` and ``invalid`` list voter numbers."""

    area: Figures
    quorum_area: bool
    approval_area: bool
    outcome: Outcome
    matter: Matter | None = None
    disputed: tuple[int, ...] = ()
    invalid: tuple[int, ...] = ()

    @property
    def missing_area(self) -> Missing:
        """What is lacking in area (0.01 m²)."""
        return missing(self.rule, self.area)

    def to_json(
        self,
        *,
        disputed: Sequence[object] | None = None,
        invalid: Sequence[object] | None = None,
        unknown: Sequence[object] = (),
    ) -> dict[str, object]:
        """The published form: areas as text in m²; the lists may be given in the reader's words."""
        keys = ("total", "participating", "agree", "against", "abstain")
        return {
            "matter": None if self.matter is None else int(self.matter),
            "rule": self.rule.value,
            "outcome": self.outcome.value,
            "persons": {key: getattr(self.persons, key) for key in keys},
            "area": {key: format_area(getattr(self.area, key)) for key in keys},
            "quorum": {"persons": self.quorum_persons, "area": self.quorum_area},
            "approval": {"persons": self.approval_persons, "area": self.approval_area},
            "short_by": {
                "persons": self.missing_persons.agreement,
                "area": format_area(self.missing_area.agreement),
            },
            "disputed": list(self.disputed if disputed is None else disputed),
            "invalid": list(self.invalid if invalid is None else invalid),
            "unknown": list(unknown),
        }


def _sorted_by_vote(
    voters: Sequence[Voter], votes: Mapping[int, Vote]
) -> dict[Vote | None, list[int]]:
    """The areas of the voters by what they voted; None collects the silent."""
    areas: dict[Vote | None, list[int]] = {vote: [] for vote in (*Choice, *Mark, None)}
    vote_of = votes.get
    try:
        for voter in voters:
            areas[vote_of(voter.number)].append(voter.area)
    except KeyError as error:
        raise Refused("vote_unknown", field="choice", value=error.args[0]) from None
    if len(voters) - len(areas[None]) != len(votes):
        strangers = sorted(set(votes) - {voter.number for voter in voters})
        raise Refused("voter_not_on_roll", field="voter", voters=strangers)
    return areas


def _figures(numbers: Mapping[Vote | None, int]) -> Figures:
    agree, against, abstain, disputed, invalid = (numbers[vote] for vote in (*Choice, *Mark))
    return Figures(
        total=sum(numbers.values()),
        participating=agree + against + abstain + disputed,
        agree=agree,
        against=against,
        abstain=abstain,
        disputed=disputed,
        invalid=invalid,
    )


@sources.rule(
    "count.ballots",
    source="民法典 278(2), 解释 8, 9 / Civil Code art. 278 para. 2; interpretation arts. 8, 9",
    says="Abstaining and disputed take part, silent and invalid do not; the roll gives the weight.",
)
def count(by: Matter | Rule, voters: Sequence[Voter], votes: Mapping[int, Vote]) -> Count:
    """The count of ``votes`` (by voter number) over the roll ``voters``; who has none is silent.

    Refuses ``voter_not_on_roll`` (voters), ``vote_unknown`` (value), ``electorate_empty``.
    """
    areas = _sorted_by_vote(voters, votes)
    rule = by.rule if isinstance(by, Matter) else by
    tallied = tally(
        rule,
        _figures({vote: len(group) for vote, group in areas.items()}),
        _figures({vote: sum(group) for vote, group in areas.items()}),
    )
    listed = {
        mark: tuple(sorted(number for number, vote in votes.items() if vote == mark))
        for mark in Mark
        if areas[mark]
    }
    return Count(
        **vars(tallied),
        matter=by if isinstance(by, Matter) else None,
        disputed=listed.get(DISPUTED, ()),
        invalid=listed.get(INVALID, ()),
    )
