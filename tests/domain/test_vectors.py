"""Published votes, floor tables and subsidies of ``tests/data/vectors.json``, each by its name."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from domain.costs import Scheme, SchemeKind, share
from domain.exact import yuan_text
from domain.other_counts import read_old_record
from domain.quantities import parse_area
from domain.ratios import Figures, Outcome, Rule, tally
from domain.schemes import Within
from domain.subsidies import parse_subsidy, subsidy_amount
from domain.voters import Dwelling

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text("utf-8"))
RULES = {"three_quarters": Rule.SPECIAL, "majority": Rule.ORDINARY}


def named(group: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in VECTORS[group]]


def figures(given: dict[str, Any], base: str) -> Figures | None:
    if f"total_{base}" not in given:
        return None
    read = parse_area if base == "area" else int
    return Figures(*(read(given[f"{part}_{base}"]) for part in ("total", "part", "agree")))


@pytest.mark.parametrize("case", named("votes"))
def test_a_published_vote_counts_as_published(case: dict[str, Any]) -> None:
    given = case["input"]
    persons = figures(given, "persons")
    assert persons is not None
    result = tally(RULES[given["rule"]], persons, figures(given, "area"))
    found = {
        "quorum_persons": result.quorum_persons,
        "quorum_area": result.quorum_area,
        "approve_persons": result.approval_persons,
        "approve_area": result.approval_area,
        "passed": result.outcome is Outcome.ADOPTED,
    }
    assert {key: found[key] for key in case["expect"]} == case["expect"]


@pytest.mark.rule("count.old_two_thirds")
def test_guangzhou44_met_the_old_rule_that_asked_two_thirds_of_all() -> None:
    persons = Figures(44, 44, 32)
    assert read_old_record(date(2019, 6, 1), persons, persons).adopted
    assert not tally(Rule.SPECIAL, persons).approval_persons


def building(floors: int, per_floor: int) -> list[Dwelling]:
    return [
        Dwelling(f"{floor}{door:02d}", "3幢", "1单元", f"{floor}{door:02d}", floor, 6000)
        for floor in range(1, floors + 1)
        for door in range(1, per_floor + 1)
    ]


def tables(case: dict[str, Any]) -> list[Scheme]:
    """The case's floor table in every kind that must come to the same for equal dwellings."""
    numbers = dict(enumerate(map(Fraction, case["coef_by_floor"]), start=1))
    schemes = [
        Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, numbers),
        Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.EQUAL, numbers),
        Scheme(SchemeKind.COEFFICIENT_TIMES_AREA, floors=numbers),
    ]
    if sum(numbers.values()) == 100:
        each = {floor: value / case["households_per_floor"] for floor, value in numbers.items()}
        schemes += [
            Scheme(SchemeKind.FLOOR_PERCENT, Within.AREA, numbers),
            Scheme(SchemeKind.HOUSEHOLD_PERCENT, floors=each),
        ]
    return schemes


@pytest.mark.parametrize("case", named("cost"))
@pytest.mark.rule("costs.floor_coefficient")
@pytest.mark.rule("costs.floor_percent")
@pytest.mark.rule("costs.household_percent")
@pytest.mark.rule("costs.coefficient_times_area")
def test_a_published_floor_table_gives_the_published_household_shares(case: dict[str, Any]) -> None:
    net = case["net_yuan"] * 100
    dwellings = building(len(case["coef_by_floor"]), case["households_per_floor"])
    for scheme in tables(case):
        shares = share(net, dwellings, scheme)
        assert sum(own.amount for own in shares) == net
        for own in shares:
            expected = case["household_yuan_exact"][own.dwelling.floor - 1]
            assert yuan_text(own.exact) == expected
            assert abs(own.amount - own.exact) < 1


@pytest.mark.parametrize("case", named("cost"))
def test_a_published_floor_table_gives_the_published_floor_shares_to_the_fen(
    case: dict[str, Any],
) -> None:
    numbers = dict(enumerate(map(Fraction, case["coef_by_floor"]), start=1))
    assert sum(numbers.values()) == Fraction(case["coef_sum"])
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, numbers)
    shares = share(case["net_yuan"] * 100, building(len(numbers), 1), scheme)
    assert [own.amount for own in shares] == case["floor_fen"]


def subsidy_of(city: dict[str, Any]) -> dict[str, object]:
    if city["rule"] == "by floors":
        amounts = {str(floors): str(amount) for floors, amount in city["cases"]}
        return {"kind": "by_floors", "amounts": amounts}
    assert city["rule"] == "min(40% of works, 280000)"
    return {"kind": "percent_capped", "percent": "40", "cap": "280000"}


@pytest.mark.parametrize(
    "city", [pytest.param(city, id=city["city"]) for city in VECTORS["subsidy"]]
)
@pytest.mark.rule("costs.subsidy")
def test_a_published_subsidy_is_what_the_city_pays(city: dict[str, Any]) -> None:
    subsidy = parse_subsidy(subsidy_of(city))
    for given, yuan in city["cases"]:
        by_floors = city["rule"] == "by floors"
        price, floors = (100_000_000, given) if by_floors else (given * 100, 6)
        assert subsidy_amount(subsidy, price, floors) == yuan * 100
