"""What each dwelling pays by each kind of scheme, to the fen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.costs import Scheme, SchemeKind, Within, share
from domain.errors import Refused
from domain.subsidies import net_cost
from domain.voters import Dwelling
from tests.domain.buildings import BY_AREA, EQUAL, GUANGZHOU, bills, flat, stairwell


def amounts(net: int, dwellings: Sequence[Dwelling], scheme: Scheme) -> list[int]:
    return [own.amount for own in share(net, dwellings, scheme)]


@pytest.mark.rule("costs.by_area")
def test_without_an_agreement_everyone_pays_by_area() -> None:
    assert amounts(300_00, stairwell([5000, 10000]), BY_AREA) == [100_00, 200_00]


@pytest.mark.rule("costs.equal")
def test_equal_means_the_same_whatever_the_area() -> None:
    assert amounts(300_00, stairwell([5000, 10000]), EQUAL) == [150_00, 150_00]


@pytest.mark.rule("costs.floor_coefficient")
def test_a_floors_part_does_not_grow_with_its_number_of_dwellings() -> None:
    table = {1: Fraction(1), 2: Fraction(2)}
    three_below = stairwell([5000, 5000, 5000], [6000])
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, table)
    assert amounts(900_00, three_below, scheme) == [100_00, 100_00, 100_00, 600_00]


@pytest.mark.rule("costs.floor_coefficient")
def test_inside_a_floor_the_agreement_says_by_area_or_equally() -> None:
    floors = stairwell([5000, 15000])
    table = {1: Fraction(1)}
    by_area = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, table)
    equally = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.EQUAL, table)
    assert amounts(400_00, floors, by_area) == [100_00, 300_00]
    assert amounts(400_00, floors, equally) == [200_00, 200_00]


@pytest.mark.rule("costs.floor_percent")
def test_percentages_of_floors_are_percentages_of_the_net_cost() -> None:
    scheme = Scheme(
        SchemeKind.FLOOR_PERCENT, Within.EQUAL, {1: Fraction(20), 2: Fraction(80), 3: Fraction(0)}
    )
    assert amounts(100_00, stairwell([1, 1], [1], [1]), scheme) == [10_00, 10_00, 80_00, 0]


@pytest.mark.rule("costs.coefficient_times_area")
def test_coefficient_times_area_weighs_each_dwelling() -> None:
    scheme = Scheme(
        SchemeKind.COEFFICIENT_TIMES_AREA, floors={1: Fraction(1, 2), 2: Fraction(3, 2)}
    )
    assert amounts(700_00, stairwell([4000, 4000], [2000]), scheme) == [200_00, 200_00, 300_00]


@pytest.mark.rule("costs.household_percent")
def test_percentages_of_households_are_each_households_own() -> None:
    scheme = Scheme(SchemeKind.HOUSEHOLD_PERCENT, floors={1: Fraction(10), 2: Fraction(80)})
    assert amounts(100_00, stairwell([1, 9], [5]), scheme) == [10_00, 10_00, 80_00]


@pytest.mark.rule("costs.household_percent")
@pytest.mark.rule("costs.floor_percent")
@pytest.mark.parametrize(
    ("kind", "total"), [(SchemeKind.HOUSEHOLD_PERCENT, "150"), (SchemeKind.FLOOR_PERCENT, "99.5")]
)
def test_percentages_that_do_not_make_a_hundred_in_this_building_are_refused(
    kind: SchemeKind, total: str
) -> None:
    table = {SchemeKind.HOUSEHOLD_PERCENT: 50, SchemeKind.FLOOR_PERCENT: Fraction(199, 2)}
    with pytest.raises(Refused) as refused:
        share(100, stairwell([1, 1, 1]), Scheme(kind, floors={1: Fraction(table[kind])}))
    assert refused.value.code == "percent_not_hundred"
    assert refused.value.params["total"] == total


@pytest.mark.rule("costs.floor_percent")
def test_a_percentage_of_a_floor_that_the_building_lacks_goes_to_nobody_and_is_refused() -> None:
    scheme = Scheme(SchemeKind.FLOOR_PERCENT, floors={1: Fraction(90), 2: Fraction(10)})
    with pytest.raises(Refused, match="percent_not_hundred"):
        share(100, stairwell([1]), scheme)


@pytest.mark.rule("costs.floor_coefficient")
def test_a_longer_table_fits_a_lower_building_and_a_shorter_one_does_not() -> None:
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, floors=GUANGZHOU)
    assert sum(amounts(100, stairwell([1], [1]), scheme)) == 100
    with pytest.raises(Refused) as refused:
        share(100, stairwell(*[[1]] * 8), scheme)
    assert (refused.value.code, refused.value.params["floor"]) == ("scheme_floor_missing", 8)


@pytest.mark.rule("costs.floor_coefficient")
def test_a_negative_ground_floor_receives() -> None:
    table = {1: Fraction(-1), 2: Fraction(3)}
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, Within.AREA, table)
    assert amounts(200_00, stairwell([1], [1]), scheme) == [-100_00, 300_00]


@pytest.mark.parametrize("table", [(0, 0), (-1, 1), (-2, 1)])
def test_a_table_by_which_nobody_would_pay_is_refused(table: tuple[int, int]) -> None:
    floors = {1: Fraction(table[0]), 2: Fraction(table[1])}
    for kind in (SchemeKind.FLOOR_COEFFICIENT, SchemeKind.COEFFICIENT_TIMES_AREA):
        with pytest.raises(Refused, match="shares_sum_not_positive"):
            share(100, stairwell([7], [7]), Scheme(kind, floors=floors))


@pytest.mark.parametrize(
    ("net", "dwellings", "code"),
    [
        (-1, stairwell([1]), "net_negative"),
        (1, [], "no_dwellings"),
        (1, stairwell([1, 0]), "area_not_positive"),
        (1, [*stairwell([1]), *stairwell([1])], "dwelling_twice"),
    ],
)
def test_what_cannot_be_shared_is_refused(net: int, dwellings: list[Dwelling], code: str) -> None:
    with pytest.raises(Refused, match=code):
        share(net, dwellings, BY_AREA)


@pytest.mark.rule("costs.largest_remainder")
def test_of_equal_remainders_the_lower_floor_and_then_the_lower_room_pays_the_fen() -> None:
    dwellings = [flat("201"), flat("110"), flat("102"), flat("109")]
    assert amounts(1, dwellings, EQUAL) == [0, 0, 1, 0]
    assert amounts(2, dwellings, EQUAL) == [0, 0, 1, 1], "109 before 110"
    assert amounts(3, dwellings, EQUAL) == [0, 1, 1, 1], "201 last"
    doors = [Dwelling(door, "3幢", "1单元", door, 1, 6000) for door in ("10", "9")]
    assert amounts(1, doors, EQUAL) == [0, 1], "door 9 before door 10"


@pytest.mark.rule("costs.largest_remainder")
def test_of_equal_doors_in_two_entrances_the_first_entrance_pays_the_fen() -> None:
    dwellings = [flat("101", entrance="2单元"), flat("101", entrance="1单元")]
    assert amounts(1, dwellings, EQUAL) == [0, 1]


@pytest.mark.rule("costs.largest_remainder")
def test_the_larger_remainder_comes_before_the_lower_floor() -> None:
    # Exactly 1.2, 1.3 and 2.5 fen.
    assert amounts(5, stairwell([12], [13], [25]), BY_AREA) == [1, 1, 3]


@pytest.mark.rule("costs.largest_remainder")
def test_who_does_not_pay_gets_no_fen_of_the_rest() -> None:
    scheme = Scheme(SchemeKind.FLOOR_COEFFICIENT, floors=GUANGZHOU)
    dwellings = stairwell(*[[6235, 5890]] * 6)
    for net in range(50):
        assert amounts(net, dwellings, scheme)[:2] == [0, 0]


@pytest.mark.rule("costs.subsidy_first")
def test_the_subsidy_is_subtracted_before_anything_is_shared() -> None:
    assert net_cost(700_000_00, 300_000_00) == 400_000_00


@pytest.mark.rule("costs.subsidy_first")
@pytest.mark.parametrize(
    ("price", "subsidy", "code"),
    [(1, 2, "subsidy_exceeds_price"), (-1, 0, "price_negative"), (1, -1, "subsidy_negative")],
)
def test_a_price_and_a_subsidy_that_do_not_fit_are_refused(
    price: int, subsidy: int, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        net_cost(price, subsidy)


@given(bills(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_shares_add_up_nobody_is_off_by_a_fen_and_order_never_matters(
    given: tuple[int, list[Dwelling], Scheme], chance: random.Random
) -> None:
    net, dwellings, scheme = given
    try:
        shares = share(net, dwellings, scheme)
    except Refused as refused:
        assert refused.code == "shares_sum_not_positive"
        return
    assert [own.dwelling for own in shares] == dwellings
    assert sum(own.amount for own in shares) == net
    assert sum(own.exact for own in shares) == net
    assert all(abs(own.amount - own.exact) < 1 for own in shares)
    shuffled = share(net, chance.sample(dwellings, len(dwellings)), scheme)
    assert sorted(shuffled, key=str) == sorted(shares, key=str)
