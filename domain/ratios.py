"""The four ratios: which rule decides a matter, what meets it, and what is still lacking.

Sources: 民法典 278 (matters, participation, approval), 1259 (以上 includes the number, 过半数 does
not: exactly half fails). Persons are whole numbers, areas hundredths of a square metre; every
ratio is compared by cross-multiplied integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Final

from domain import sources
from domain.errors import Refused


class Rule(StrEnum):
    """What a matter needs among those taking part: three quarters, or more than half."""

    SPECIAL = "special"
    ORDINARY = "ordinary"

    @property
    def law(self) -> Law:
        """The thresholds of this rule and where they stand."""
        return LAWS[self]


@dataclass(frozen=True)
class Law:
    """A rule's thresholds: ``quorum`` of all, ``approval`` of those taking part, and its source.

    ``approval_included``: whether exactly the threshold suffices (以上) or not (过半数).
    """

    quorum: Fraction
    approval: Fraction
    approval_included: bool
    source_zh: str
    source_en: str


TWO_THIRDS: Final = Fraction(2, 3)
LAWS: Final[Mapping[Rule, Law]] = {
    Rule.SPECIAL: Law(
        TWO_THIRDS,
        Fraction(3, 4),
        True,
        "《民法典》第二百七十八条第二款：第六项至第八项，参与表决的专有部分面积和人数都有四分之三以上同意",
        "Civil Code art. 278 para. 2: items 6 to 8, at least three quarters of those taking part, "
        "by area and by heads",
    ),
    Rule.ORDINARY: Law(
        TWO_THIRDS,
        Fraction(1, 2),
        False,
        "《民法典》第二百七十八条第二款：其他各项，参与表决的专有部分面积和人数都过半数同意",
        "Civil Code art. 278 para. 2: other items, more than half of those taking part, by area "
        "and by heads",
    ),
}


class Matter(IntEnum):
    """What owners decide together: the items of Civil Code art. 278 para. 1, by their number."""

    RULES_OF_PROCEDURE = 1  # 制定和修改业主大会议事规则
    COVENANT = 2  # 制定和修改管理规约
    COMMITTEE = 3  # 选举业主委员会或者更换业主委员会成员
    MANAGER = 4  # 选聘和解聘物业服务企业或者其他管理人
    USE_FUND = 5  # 使用建筑物及其附属设施的维修资金
    RAISE_FUND = 6  # 筹集建筑物及其附属设施的维修资金
    REBUILD = 7  # 改建、重建建筑物及其附属设施（加装电梯）
    CHANGE_USE = 8  # 改变共有部分的用途或者利用共有部分从事经营活动
    OTHER = 9  # 有关共有和共同管理权利的其他重大事项

    @property
    def rule(self) -> Rule:
        """The rule this matter is decided by."""
        return rule_of(self)


@sources.rule(
    "count.matters",
    source="民法典 278 / Civil Code art. 278",
    says="Items 6 to 8 are special matters; items 1 to 5 and 9 are ordinary ones.",
)
def rule_of(matter: int) -> Rule:
    """The rule of one of the nine matters; refuses ``matter_unknown`` (value)."""
    if matter not in range(1, 10):
        raise Refused("matter_unknown", field="matter", value=matter)
    return Rule.SPECIAL if 6 <= matter <= 8 else Rule.ORDINARY


class Outcome(StrEnum):
    """How a count ends."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NOT_QUORATE = "not_quorate"


@sources.rule(
    "count.quorum",
    source="民法典 278(2), 1259 / Civil Code arts. 278 para. 2, 1259",
    says="At least two thirds of all persons and of all area take part: 3 × part >= 2 × total.",
)
def quorate(participating: int, total: int) -> bool:
    """Whether enough take part, in persons or in area."""
    return 3 * participating >= 2 * total


@sources.rule(
    "count.special",
    source="民法典 278(2), 1259 / Civil Code arts. 278 para. 2, 1259",
    says="A special matter needs at least 3/4 of persons and of area: 4 × agree >= 3 × part.",
)
@sources.rule(
    "count.ordinary",
    source="民法典 278(2), 1259 / Civil Code arts. 278 para. 2, 1259",
    says="An ordinary matter needs more than half of persons and of area: 2 × agree > part.",
)
def approved(rule: Rule, agree: int, participating: int) -> bool:
    """Whether enough of those taking part agree, in persons or in area; where nobody takes part
    there is nothing of which that could be said, and nothing is approved."""
    if rule is Rule.SPECIAL:
        return participating > 0 and 4 * agree >= 3 * participating
    return 2 * agree > participating


@sources.rule(
    "count.short_by",
    source="民法典 278(2) solved for agreement / Civil Code art. 278 para. 2",
    says="Short by: the least further agreement, among those taking part, that meets the rule.",
)
def short_by(rule: Rule, agree: int, participating: int) -> int:
    """Persons, or hundredths of m², that would have to agree as well; 0 when approved."""
    needed = -(-3 * participating // 4) if rule is Rule.SPECIAL else participating // 2 + 1
    return max(0, needed - agree)


@sources.rule(
    "count.percent",
    source="how percentages are written / our decision",
    says="Percentages have two decimals, rounded half up by whole numbers, never cut.",
    basis="ours",
)
def percent_hundredths(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in hundredths of a per cent, halves up; None of nothing."""
    return None if whole == 0 else (20_000 * part + whole) // (2 * whole)


@dataclass(frozen=True, slots=True)
class Figures:
    """One base of a count (persons, or area in 0.01 m²).

    Where only totals are known, the parts of ``participating`` beyond ``agree`` may be left at 0.
    """

    total: int
    participating: int
    agree: int
    against: int = 0
    abstain: int = 0
    disputed: int = 0
    invalid: int = 0

    @property
    def silent(self) -> int:
        """What has given no ballot at all."""
        return self.total - self.participating - self.invalid


@dataclass(frozen=True, slots=True)
class Missing:
    """What one base still lacks, with nobody changing a vote already given.

    ``quorum``: what must still take part. ``agreement``: see ``short_by``. ``joining``: what must
    join, all of it agreeing, for quorum and approval together. ``reachable``: whether that can
    still happen, if all who are silent or invalid join and all disputes end in agreement.
    """

    quorum: int
    agreement: int
    joining: int
    reachable: bool


@sources.rule(
    "count.missing",
    source="民法典 278(2) solved for participation / Civil Code art. 278 para. 2",
    says="What quorum and approval still lack, and whether those not yet counted could bring it.",
)
def missing(rule: Rule, figures: Figures) -> Missing:
    """What this base lacks under ``rule``, in its own unit."""
    agree, part, total = figures.agree, figures.participating, figures.total
    quorum = max(0, -(-2 * total // 3) - part)
    # 4(a+x) >= 3(p+x) gives x >= 3p - 4a; 2(a+x) > p+x gives x > p - 2a.
    approval = 3 * part - 4 * agree if rule is Rule.SPECIAL else part - 2 * agree + 1
    most = figures.silent + figures.invalid
    return Missing(
        quorum=quorum,
        agreement=short_by(rule, agree, part),
        joining=max(quorum, approval, 0),
        reachable=approved(rule, agree + figures.disputed + most, part + most),
    )


@dataclass(frozen=True)
class Tally:
    """The four ratios and what they decide; everything about area is None where area is unknown."""

    rule: Rule
    persons: Figures
    area: Figures | None
    quorum_persons: bool
    quorum_area: bool | None
    approval_persons: bool
    approval_area: bool | None
    outcome: Outcome | None

    @property
    def missing_persons(self) -> Missing:
        """What is lacking in persons."""
        return missing(self.rule, self.persons)

    @property
    def missing_area(self) -> Missing | None:
        """What is lacking in area (0.01 m²)."""
        return None if self.area is None else missing(self.rule, self.area)

    @property
    def reachable(self) -> bool:
        """Whether the motion can still be adopted, nobody changing a vote already given."""
        area = self.missing_area
        return self.missing_persons.reachable and (area is None or area.reachable)


def _check(figures: Figures, base: str) -> None:
    if figures.total <= 0:
        raise Refused("electorate_empty", base=base)
    parts = (figures.agree, figures.against, figures.abstain, figures.disputed)
    if (
        min(*parts, figures.invalid, figures.silent) < 0
        or sum(parts) > figures.participating
        or figures.participating > figures.total
    ):
        raise Refused("figures_impossible", base=base)


def _outcome(quorum: Sequence[bool | None], approval: Sequence[bool | None]) -> Outcome | None:
    if False in quorum:
        return Outcome.NOT_QUORATE
    if None in quorum or None in approval:
        return None
    return Outcome.ADOPTED if all(approval) else Outcome.REJECTED


@sources.rule(
    "count.outcome",
    source="民法典 278(2) / Civil Code art. 278 para. 2",
    says="Adopted when quorum and approval hold in persons and area; without quorum, no decision.",
)
def tally(rule: Rule, persons: Figures, area: Figures | None = None) -> Tally:
    """The count of these figures; ``outcome`` is None where unknown area could still decide.

    Refuses ``electorate_empty`` and ``figures_impossible`` (base: persons or area).
    """
    _check(persons, "persons")
    if area is not None:
        _check(area, "area")
    quorum = [None if b is None else quorate(b.participating, b.total) for b in (persons, area)]
    approval = [
        None if b is None else approved(rule, b.agree, b.participating) for b in (persons, area)
    ]
    return Tally(
        rule=rule,
        persons=persons,
        area=area,
        quorum_persons=bool(quorum[0]),
        quorum_area=quorum[1],
        approval_persons=bool(approval[0]),
        approval_area=approval[1],
        outcome=_outcome(quorum, approval),
    )
