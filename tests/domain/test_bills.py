"""A bill: the subsidy first, low-income reductions borne by it, and the way to each amount."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.costs import Bill, Scheme, SchemeKind, Within, bill, explain
from domain.errors import Refused
from domain.voters import Dwelling
from tests.domain.buildings import BY_AREA, EQUAL, GUANGZHOU, bills, stairwell

PARTS = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])

FIVE = stairwell([6000], [6000], [6000], [6000], [6000])
HALF = {FIVE[4].key: Fraction(1, 2)}


@pytest.mark.rule("costs.reductions")
def test_the_subsidy_bears_a_reduction_and_the_households_pay_the_net_cost() -> None:
    shared = bill(1000_00, 100_00, FIVE, EQUAL, HALF)
    # 1000 is divided by five, 200 each; the subsidy gives its 100 for the half of one of them.
    assert (shared.set_aside, shared.shared, shared.net) == (100_00, 1000_00, 900_00)
    assert [own.amount for own in shared.shares] == [200_00] * 4 + [100_00]


@pytest.mark.rule("costs.reductions")
def test_what_the_subsidy_has_left_lowers_everyones_cost() -> None:
    shared = bill(1000_00, 550_00, FIVE, EQUAL, HALF)
    assert (shared.set_aside, shared.shared) == (50_00, 500_00)
    assert [own.amount for own in shared.shares] == [100_00] * 4 + [50_00]


@pytest.mark.rule("costs.reductions")
def test_a_reduction_that_the_subsidy_cannot_bear_is_refused_with_what_it_would_take() -> None:
    with pytest.raises(Refused) as refused:
        bill(1000_00, 99_99, FIVE, EQUAL, HALF)
    assert refused.value.code == "reductions_exceed_subsidy"
    assert refused.value.params == {"needed": 100_00, "subsidy": 99_99}


@pytest.mark.rule("costs.reductions")
def test_everything_waived_is_borne_by_a_subsidy_of_the_whole_price() -> None:
    everyone = {dwelling.key: Fraction(1) for dwelling in FIVE}
    shared = bill(1000_00, 1000_00, FIVE, EQUAL, everyone)
    assert [own.amount for own in shared.shares] == [0] * 5
    assert shared.set_aside == 1000_00


@pytest.mark.rule("costs.reductions")
@pytest.mark.parametrize(
    ("key", "part", "code"),
    [
        ("nobody", "1/2", "reduction_unknown_dwelling"),
        (FIVE[1].key, "3/2", "reduction_out_of_range"),
        (FIVE[1].key, "-1/2", "reduction_out_of_range"),
        (FIVE[0].key, "1/2", "reduction_on_receipt"),
    ],
)
def test_reductions_that_make_no_sense_are_refused(key: str, part: str, code: str) -> None:
    table = {floor: Fraction(floor - 2) for floor in range(1, 6)}
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, floors=table)
    with pytest.raises(Refused, match=code):
        bill(1000, 500, FIVE, scheme, {key: Fraction(part)})


def steps_of(shared: Bill, key: str | int) -> list[tuple[str, Mapping[str, int | str]]]:
    return [(step.code, step.params) for step in explain(shared, key)]


def test_each_step_from_the_price_to_the_amount_is_told() -> None:
    dwellings = stairwell(*[[6000, 6000]] * 6)
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, GUANGZHOU)
    shared = bill(700_000_00, 300_000_00, dwellings, scheme)
    assert steps_of(shared, "3幢/1单元/402") == [
        ("price", {"amount": 700_000_00}),
        ("subsidy", {"amount": 300_000_00}),
        ("shared", {"exact": "400000.0000"}),
        (
            "floor_coefficient",
            {"floor": 4, "coefficient": "1.1", "sum": "5.1", "exact": "86274.5098"},
        ),
        ("within_area", {"area": 6000, "floor_area": 12000, "exact": "43137.2549"}),
        ("pays", {"amount": 4313726}),
    ]


def test_a_reduction_is_told_with_what_the_subsidy_set_aside_for_it() -> None:
    shared = bill(1000_00, 550_00, FIVE, EQUAL, HALF)
    assert steps_of(shared, FIVE[4].key)[2:] == [
        ("set_aside", {"exact": "50.0000"}),
        ("shared", {"exact": "500.0000"}),
        ("equal", {"dwellings": 5, "exact": "100.0000"}),
        ("reduction", {"part": "0.5", "exact": "50.0000"}),
        ("pays", {"amount": 50_00}),
    ]
    assert steps_of(shared, FIVE[0].key)[-1] == ("pays", {"amount": 100_00})


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        (BY_AREA, [("area", {"area": 2000, "total_area": 8000, "exact": "25.0000"})]),
        (
            Scheme(SchemeKind.HOUSEHOLD_PERCENT, floors={1: Fraction(50), 2: Fraction(0)}),
            [("household_percent", {"floor": 1, "percent": "50", "exact": "50.0000"})],
        ),
        (
            Scheme(SchemeKind.FLOOR_PERCENT, Within.EQUAL, {1: Fraction(60), 2: Fraction(40)}),
            [
                ("floor_percent", {"floor": 1, "percent": "60", "exact": "60.0000"}),
                ("within_equal", {"dwellings": 2, "exact": "30.0000"}),
            ],
        ),
        (
            Scheme(SchemeKind.COEFFICIENT_TIMES_AREA, floors={1: Fraction(1, 2), 2: Fraction(2)}),
            [
                (
                    "coefficient_times_area",
                    {
                        "floor": 1,
                        "coefficient": "0.5",
                        "area": 2000,
                        "weight": "1000",
                        "sum": "10000",
                        "exact": "10.0000",
                    },
                )
            ],
        ),
    ],
)
def test_every_kind_of_scheme_tells_its_own_figures(
    scheme: Scheme, told: list[tuple[str, dict[str, int | str]]]
) -> None:
    shared = bill(100_00, 0, stairwell([2000, 2000], [4000]), scheme)
    assert steps_of(shared, "3幢/1单元/101")[3:-1] == told


def test_the_last_step_says_who_receives_and_who_pays_nothing() -> None:
    table = {1: Fraction(-1), 2: Fraction(0), 3: Fraction(3)}
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, floors=table)
    shared = bill(200_00, 0, stairwell([1], [1], [1]), scheme)
    last = [explain(shared, own.dwelling.key)[-1] for own in shared.shares]
    assert [(step.code, step.params["amount"]) for step in last] == [
        ("receives", 100_00),
        ("pays_nothing", 0),
        ("pays", 300_00),
    ]
    with pytest.raises(Refused, match="dwelling_unknown"):
        explain(shared, "nobody")


@given(bills(), st.lists(PARTS, min_size=28, max_size=28), st.integers(0, 100))
@settings(max_examples=200)
def test_with_reductions_the_households_pay_price_less_subsidy_and_the_steps_end_there(
    given: tuple[int, list[Dwelling], Scheme], parts: list[Fraction], percent: int
) -> None:
    price, dwellings, scheme = given
    subsidy = price * percent // 100
    waived = {d.key: part for d, part in zip(dwellings, parts, strict=False) if part}
    try:
        shared = bill(price, subsidy, dwellings, scheme, waived)
    except Refused as refused:
        assert refused.code in {
            "shares_sum_not_positive",
            "reductions_exceed_subsidy",
            "reduction_on_receipt",
        }
        return
    assert sum(own.amount for own in shared.shares) == price - subsidy
    assert 0 <= shared.set_aside <= subsidy
    total = sum(shared.weights)
    for own, weight in zip(shared.shares, shared.weights, strict=True):
        gross = shared.shared * Fraction(weight, total)
        exact = gross * (1 - waived.get(own.dwelling.key, Fraction(0)))
        assert abs(own.amount - exact) < 1
        assert explain(shared, own.dwelling.key)[-1].params["amount"] == abs(own.amount)
