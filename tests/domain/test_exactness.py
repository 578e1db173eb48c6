"""10,000 random cases of each rule against a second, independent computation: no difference.

The second computation is written from the law's words with fractions, and for shares by handing
out the fen one at a time; it uses nothing of the rules but their results. Two in three cases lie
at a threshold or one unit to either side of it.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.costs import Scheme, SchemeKind, Within, share
from domain.other_counts import read_old_record
from domain.ratios import Figures, Outcome, Rule, quorate, tally
from domain.subsidies import Subsidy, SubsidyKind, subsidy_amount
from domain.voters import Dwelling, voters_from
from domain.votes import Choice, Mark, Vote, count

CASES = 10_000
HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)


def near(chance: random.Random, threshold: Fraction, of: int) -> int:
    """A number from 0 to ``of``: mostly the threshold, one unit less, or one unit more."""
    at = threshold * of
    drawn = chance.choice(
        [at.__floor__() - 1, at.__floor__(), at.__ceil__(), at.__ceil__() + 1]
        + [chance.randint(0, of)] * 2
    )
    return min(max(drawn, 0), of)


def base(chance: random.Random, most: int, approval: Fraction) -> Figures:
    total = chance.randint(1, most)
    # Multiples of twelve have exact thirds, quarters and halves.
    total += -total % 12 if chance.random() < HALF else 0
    part = near(chance, TWO_THIRDS, total) if chance.random() < HALF else total
    return Figures(total, part, near(chance, approval, part))


def expected(figures: Figures, rule: Rule) -> tuple[bool, bool]:
    enough = Fraction(figures.participating, figures.total) >= TWO_THIRDS
    if not figures.participating:
        # 3/4 of nobody is nobody, and nobody has agreed to anything.
        return enough, False
    agreeing = Fraction(figures.agree, figures.participating)
    return enough, agreeing >= THREE_QUARTERS if rule is Rule.SPECIAL else agreeing > HALF


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.rule("count.special")
@pytest.mark.rule("count.ordinary")
@pytest.mark.rule("count.outcome")
def test_ten_thousand_tallies_agree_with_the_law_in_fractions(rule: Rule) -> None:
    chance = random.Random(f"tally {rule}")
    threshold = THREE_QUARTERS if rule is Rule.SPECIAL else HALF
    seen: Counter[Outcome | None] = Counter()
    for _ in range(CASES):
        persons, area = base(chance, 3000, threshold), base(chance, 10**9, threshold)
        result = tally(rule, persons, area)
        (enough_persons, agreed_persons), (enough_area, agreed_area) = (
            expected(figures, rule) for figures in (persons, area)
        )
        assert (result.quorum_persons, result.quorum_area) == (enough_persons, enough_area)
        assert (result.approval_persons, result.approval_area) == (agreed_persons, agreed_area)
        if not (enough_persons and enough_area):
            outcome = Outcome.NOT_QUORATE
        else:
            outcome = Outcome.ADOPTED if agreed_persons and agreed_area else Outcome.REJECTED
        assert result.outcome is outcome
        seen[outcome] += 1
    assert min(seen[outcome] for outcome in Outcome) > 500, "every outcome is well represented"


@pytest.mark.rule("count.quorum")
def test_ten_thousand_quorums_agree_with_two_thirds_as_a_fraction() -> None:
    chance = random.Random("quorum")
    for _ in range(CASES):
        total = chance.randint(1, 10**9)
        part = near(chance, TWO_THIRDS, total)
        assert quorate(part, total) == (Fraction(part, total) >= TWO_THIRDS)


@pytest.mark.rule("count.old_two_thirds")
def test_ten_thousand_old_records_agree_with_two_thirds_of_all_as_a_fraction() -> None:
    chance = random.Random("old")
    for _ in range(CASES):
        persons, area = (
            Figures(total, total, near(chance, TWO_THIRDS, total))
            for total in (chance.randint(1, 3000), chance.randint(1, 10**9))
        )
        read = read_old_record(date(2015, 1, 1), persons, area)
        assert read.persons == (Fraction(persons.agree, persons.total) >= TWO_THIRDS)
        assert read.area == (Fraction(area.agree, area.total) >= TWO_THIRDS)


AREAS = (6000, 5890, 7108)


def electorate(chance: random.Random) -> list[Dwelling]:
    names = "甲乙丙丁戊己庚辛"
    return [
        Dwelling(
            key=number,
            building="3幢",
            entrance="1单元",
            room=f"{number // 4 + 1}0{number % 4 + 1}",
            floor=number // 4 + 1,
            area=chance.choice([6000, chance.randint(1, 20000)]),
            owners=frozenset(chance.sample(names, chance.choice([0, 1, 1, 1, 2]))),
            developer_unsold=chance.random() < Fraction(1, 12),
            counts=chance.random() < Fraction(11, 12),
        )
        for number in range(chance.randint(1, 14))
    ]


def second_count(
    dwellings: list[Dwelling], votes: dict[str, Vote]
) -> dict[str, tuple[int, Decimal]]:
    """Persons and m² by what they said, from heads found by comparing every pair of dwellings."""
    heads: list[list[Dwelling]] = []
    for dwelling in (d for d in dwellings if d.counts):
        for head in heads:
            both_unsold = head[0].developer_unsold and dwelling.developer_unsold
            neither = not head[0].developer_unsold and not dwelling.developer_unsold
            if both_unsold or (neither and dwelling.owners and head[0].owners == dwelling.owners):
                head.append(dwelling)
                break
        else:
            heads.append([dwelling])
    said: dict[str, tuple[int, Decimal]] = {}
    for head in heads:
        word = next((votes[str(d.key)].value for d in head if str(d.key) in votes), "silent")
        persons, area = said.get(word, (0, Decimal(0)))
        said[word] = persons + 1, area + sum((Decimal(d.area) for d in head), Decimal(0)) / 100
    return said


@pytest.mark.rule("voters.one_buyer")
@pytest.mark.rule("voters.developer")
@pytest.mark.rule("count.ballots")
def test_ten_thousand_electorates_count_like_heads_found_pair_by_pair() -> None:
    chance = random.Random("electorates")
    for _ in range(CASES):
        dwellings = electorate(chance)
        voters = voters_from(dwellings)
        if not voters:
            continue
        votes = {
            voter.number: chance.choice([*Choice, Choice.AGREE, *Mark])
            for voter in voters
            if chance.random() < Fraction(5, 6)
        }
        said = second_count(
            dwellings,
            {str(d.key): votes[v.number] for v in voters for d in v.dwellings if v.number in votes},
        )
        result = count(Rule.SPECIAL, voters, votes)
        for word in ("agree", "against", "abstain", "disputed", "invalid", "silent"):
            persons, area = said.get(word, (0, Decimal(0)))
            assert getattr(result.persons, word) == persons
            assert Decimal(getattr(result.area, word)) / 100 == area
        taking_part = [said.get(w, (0, Decimal(0))) for w in (*Choice, "disputed")]
        assert result.persons.participating == sum(persons for persons, _ in taking_part)
        assert Decimal(result.area.participating) / 100 == sum(area for _, area in taking_part)


def second_exact(net: int, dwellings: list[Dwelling], scheme: Scheme) -> list[Fraction]:
    """Each exact share from the words of the scheme, floor by floor."""
    own = [scheme.floors.get(d.floor, Fraction(1)) for d in dwellings]
    area = sum(d.area for d in dwellings)
    if scheme.kind is SchemeKind.AREA:
        return [Fraction(net * d.area, area) for d in dwellings]
    if scheme.kind is SchemeKind.EQUAL:
        return [Fraction(net, len(dwellings)) for _ in dwellings]
    if scheme.kind is SchemeKind.HOUSEHOLD_PERCENT:
        return [net * percent / 100 for percent in own]
    if scheme.kind is SchemeKind.COEFFICIENT_TIMES_AREA:
        weighted = [c * d.area for c, d in zip(own, dwellings, strict=True)]
        return [net * weight / sum(weighted) for weight in weighted]
    floors = {d.floor for d in dwellings}
    whole = Fraction(100)
    if scheme.kind is SchemeKind.FLOOR_COEFFICIENT:
        whole = sum((scheme.floors[floor] for floor in floors), Fraction(0))
    exact = []
    for dwelling, number in zip(dwellings, own, strict=True):
        beside = [d for d in dwellings if d.floor == dwelling.floor]
        part = Fraction(1, len(beside))
        if scheme.within is Within.AREA:
            part = Fraction(dwelling.area, sum(d.area for d in beside))
        exact.append(net * number / whole * part)
    return exact


def handed_out(net: int, dwellings: list[Dwelling], exact: list[Fraction]) -> list[int]:
    """Whole fen: everyone's rounded down, then one at a time to whoever is furthest below."""
    amounts = [share.__floor__() for share in exact]
    while sum(amounts) < net:
        behind = [
            (amount - share, d.floor, int(d.room), place)
            for place, (amount, share, d) in enumerate(zip(amounts, exact, dwellings, strict=True))
        ]
        amounts[min(behind)[-1]] += 1
    return amounts


def random_scheme(chance: random.Random, kind: SchemeKind, dwellings: list[Dwelling]) -> Scheme:
    floors = Counter(d.floor for d in dwellings)
    while True:
        table = {floor: Fraction(chance.randint(-10, 30), 10) for floor in floors}
        if kind in (SchemeKind.FLOOR_PERCENT, SchemeKind.HOUSEHOLD_PERCENT):
            last = max(floors)
            each = floors if kind is SchemeKind.HOUSEHOLD_PERCENT else dict.fromkeys(floors, 1)
            others = [table[floor] * each[floor] for floor in floors if floor != last]
            table[last] = (100 - sum(others, Fraction(0))) / each[last]
        if kind is SchemeKind.COEFFICIENT_TIMES_AREA:
            total = sum(table[d.floor] * d.area for d in dwellings)
        else:
            total = sum(table.values(), Fraction(0))
        if total > 0 or kind in (SchemeKind.AREA, SchemeKind.EQUAL):
            return Scheme(kind, chance.choice(list(Within)), table)


@pytest.mark.parametrize("kind", SchemeKind)
@pytest.mark.rule("costs.by_area")
@pytest.mark.rule("costs.equal")
@pytest.mark.rule("costs.largest_remainder")
def test_ten_thousand_bills_agree_with_fen_handed_out_one_at_a_time(kind: SchemeKind) -> None:
    chance = random.Random(f"shares {kind}")
    for _ in range(CASES):
        dwellings = [
            Dwelling(room, "3幢", "1单元", f"{room}", room // 100, chance.choice(AREAS))
            for room in chance.sample(range(101, 404), chance.randint(1, 6))
        ]
        scheme = random_scheme(chance, kind, dwellings)
        net = chance.choice([chance.randint(0, 50), chance.randint(0, 10**8)])
        exact = second_exact(net, dwellings, scheme)
        shares = share(net, dwellings, scheme)
        assert [own.exact for own in shares] == exact
        assert [own.amount for own in shares] == handed_out(net, dwellings, exact)


@pytest.mark.rule("costs.subsidy")
def test_ten_thousand_capped_percentages_agree_with_decimals() -> None:
    chance = random.Random("subsidy")
    for _ in range(CASES):
        price, cap = chance.randint(0, 10**9), chance.randint(0, 3 * 10**8)
        tenths = chance.randint(0, 1000)
        subsidy = Subsidy(SubsidyKind.PERCENT_CAPPED, percent=Fraction(tenths, 10), cap=cap)
        paid = min(int(Decimal(price) * tenths / 1000), cap)
        assert subsidy_amount(subsidy, price, 6) == paid
