"""What a vote would take: an outlook from answers given before it, and needs from turnout alone.

Source: ours. A household's answer (意愿) is never a vote, so an outlook is a forecast and is to be
shown as one. Need and can accept are counted as likely agreement, oppose as a likely vote against,
everything else as open. Heads are those of ``domain/voters.py``, never dwellings; the ratios are
those of ``domain/ratios.py``. While a vote is open its result is sealed: from the turnout follows
only what quorum still lacks and how many of those taking part will have to agree.

Persons are heads, areas hundredths of a square metre.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.preferences import ItemAnswerDraft, Stance
from domain.ratios import Figures, Missing, Rule, missing, short_by
from domain.sources import rule
from domain.voters import Voter


@rule(
    "forecast.option_stance",
    source="ours",
    says="An item's answer holds for the option named first; later ones are accepted, others open.",
    basis="ours",
)
def stance_on(said: ItemAnswerDraft, option: int) -> Stance | None:
    """What an answer about an item says of one of its options; ``None`` when it says nothing.

    Who opposes the item, or finds that none of its options suits, opposes each of them. Who wants
    the item and ranked options needs the first one, can accept the other ranked ones, and is
    indifferent to those left out; without a ranking the word on the item holds for every option.
    """
    if said.stance is Stance.OPPOSE or said.none_of_these:
        return Stance.OPPOSE
    wanted = said.stance in (Stance.NEED, Stance.ACCEPT)
    if not wanted or not said.ranking or said.ranking[0] == option:
        return said.stance
    return Stance.ACCEPT if option in said.ranking else Stance.INDIFFERENT


class Lean(StrEnum):
    """How a head would probably vote."""

    AGREE = "agree"
    AGAINST = "against"
    OPEN = "open"


LEANS: Mapping[Stance, Lean] = {
    Stance.NEED: Lean.AGREE,
    Stance.ACCEPT: Lean.AGREE,
    Stance.OPPOSE: Lean.AGAINST,
}


@rule(
    "forecast.lean",
    source="ours",
    says="A head leans as its dwellings that say so; when they differ, or say nothing, it is open.",
    basis="ours",
)
def lean_of(stances: Iterable[Stance | None]) -> Lean:
    """How one head leans, from the stances of all its dwellings."""
    leans = {LEANS[stance] for stance in stances if stance is not None and stance in LEANS}
    return leans.pop() if len(leans) == 1 else Lean.OPEN


@dataclass(frozen=True, slots=True)
class Base:
    """One base of an outlook, persons or area; every number in its own unit.

    ``must_change``: were everybody who is open to agree, what of those against would still have to
    agree instead; 0 when it can be reached without.
    """

    rule: Rule
    figures: Figures

    @property
    def open(self) -> int:
        """What has not said whether it is for or against."""
        return self.figures.silent

    @property
    def lacking(self) -> Missing:
        """What the likely answers lack for quorum and approval."""
        return missing(self.rule, self.figures)

    @property
    def must_agree(self) -> int:
        """What of those that must at least join must agree; 0: joining is enough.

        Never more than ``lacking.joining``. Whatever joins beyond that may change it.
        """
        part = self.figures.participating + self.lacking.joining
        return short_by(self.rule, self.figures.agree, part)

    @property
    def must_change(self) -> int:
        """What would have to move from against to agreement."""
        return short_by(self.rule, self.figures.agree + self.open, self.figures.total)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a vote would probably stand; nothing of it is a vote."""

    persons: Base
    area: Base

    @property
    def reachable(self) -> bool:
        """Whether it would be adopted were everybody who is open to take part and agree."""
        return self.persons.lacking.reachable and self.area.lacking.reachable

    @property
    def likely(self) -> bool:
        """Whether it would be adopted if those who are open stayed away."""
        return self.persons.lacking.joining == 0 and self.area.lacking.joining == 0


def _figures(parts: Mapping[Lean, int]) -> Figures:
    agree, against = parts[Lean.AGREE], parts[Lean.AGAINST]
    return Figures(
        total=sum(parts.values()), participating=agree + against, agree=agree, against=against
    )


@rule(
    "forecast.outlook",
    source="ours, with the ratios of 民法典 278 / Civil Code art. 278",
    says="Likely agreement and opposition take part, open heads do not; weighed as in the count.",
    basis="ours",
)
def outlook(
    by: Rule, voters: Sequence[Voter], stances: Mapping[str | int, Stance | None]
) -> Outlook:
    """The outlook of ``voters`` from what their dwellings said (dwelling key → stance)."""
    persons, area = dict.fromkeys(Lean, 0), dict.fromkeys(Lean, 0)
    for voter in voters:
        lean = lean_of(stances.get(dwelling.key) for dwelling in voter.dwellings)
        persons[lean] += 1
        area[lean] += voter.area
    return Outlook(Base(by, _figures(persons)), Base(by, _figures(area)))


@dataclass(frozen=True, slots=True)
class Sealed:
    """One base of an open vote: what takes part so far, and nothing of how it voted."""

    rule: Rule
    participating: int
    total: int

    @property
    def quorum(self) -> int:
        """What must still take part."""
        return missing(self.rule, Figures(self.total, self.participating, 0)).quorum

    @property
    def must_agree(self) -> int:
        """What must agree of those that will take part: now, or when quorum is just reached."""
        return short_by(self.rule, 0, self.participating + self.quorum)
