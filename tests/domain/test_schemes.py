"""Schemes and subsidies as configuration: what is read, what is refused, by which key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.exact import number_text, read_floor, read_number, yuan_text
from domain.schemes import Scheme, SchemeKind, Within, parse_scheme
from domain.subsidies import Subsidy, SubsidyKind, parse_subsidy, subsidy_amount


def refusal(plain: Mapping[str, object], parse: object = parse_scheme) -> tuple[str, object]:
    with pytest.raises(Refused) as refused:
        parse(plain)  # type: ignore[operator]
    return refused.value.code, refused.value.params.get("key")


def test_a_scheme_is_read_with_exact_numbers() -> None:
    scheme = parse_scheme(
        {
            "kind": "floor_coefficient",
            "within": "equal",
            "floors": {"-1": "-1", "1": 0, "2": Decimal("0.5"), "3": "1/3", "4": "+1.10"},
        }
    )
    assert scheme == Scheme(
        SchemeKind.FLOOR_COEFFICIENT,
        Within.EQUAL,
        {
            -1: Fraction(-1),
            1: Fraction(0),
            2: Fraction(1, 2),
            3: Fraction(1, 3),
            4: Fraction(11, 10),
        },
    )


def test_within_is_by_area_as_the_law_has_it_unless_the_scheme_says_otherwise() -> None:
    scheme = parse_scheme({"kind": "floor_coefficient", "floors": {"1": "1"}})
    assert scheme.within is Within.AREA


@pytest.mark.parametrize(
    ("plain", "code", "key"),
    [
        ({}, "scheme_kind_unknown", "kind"),
        ({"kind": "by_feeling"}, "scheme_kind_unknown", "kind"),
        ({"kind": ["area"]}, "scheme_kind_unknown", "kind"),
        ({"kind": "area", "within": "luck"}, "scheme_within_unknown", "within"),
        ({"kind": "area", "wihtin": "area"}, "scheme_key_unknown", "wihtin"),
        ({"kind": "floor_percent"}, "scheme_floors_missing", "floors"),
        ({"kind": "floor_percent", "floors": {}}, "scheme_floors_missing", "floors"),
        ({"kind": "floor_percent", "floors": [1]}, "scheme_floors_not_table", "floors"),
        ({"kind": "floor_percent", "floors": {"one": "1"}}, "floor_unreadable", "floors"),
        ({"kind": "floor_percent", "floors": {"1.5": "1"}}, "floor_unreadable", "floors"),
        ({"kind": "floor_percent", "floors": {"1": "1", "01": "2"}}, "floor_twice", "floors"),
        ({"kind": "floor_percent", "floors": {"1": "a lot"}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": "1/0"}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": "1e9"}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": True}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": None}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": 0.1}}, "number_unreadable", "floors.1"),
        ({"kind": "floor_percent", "floors": {"1": "١"}}, "number_unreadable", "floors.1"),
    ],
)
def test_a_scheme_that_cannot_be_read_is_refused_by_key(
    plain: dict[str, object], code: str, key: str
) -> None:
    assert refusal(plain) == (code, key)


NUMBERS = st.one_of(
    st.decimals(-(10**6), 10**6, places=4, allow_nan=False).map(Fraction),
    st.fractions(-1000, 1000, max_denominator=1000),
)


@given(
    st.builds(
        Scheme,
        st.sampled_from(SchemeKind),
        st.sampled_from(Within),
        st.dictionaries(st.integers(-3, 40), NUMBERS, min_size=1, max_size=8),
    )
)
def test_a_scheme_written_down_reads_back_the_same(scheme: Scheme) -> None:
    assert parse_scheme(scheme.to_dict()) == scheme


@given(NUMBERS)
def test_a_number_written_down_reads_back_exactly(number: Fraction) -> None:
    assert read_number(number_text(number), "x") == number


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("-0.5", "-0.5"), ("1.10", "1.1"), ("100/3", "100/3"), ("-7/7", "-1")],
)
def test_numbers_are_shown_as_people_write_them(number: str, text: str) -> None:
    assert number_text(Fraction(number)) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (Fraction(0), "0.0000"),
        (Fraction(1), "0.0100"),
        (Fraction(-1, 1000), "0.0000"),
        (Fraction(-1615384615, 1000), "-16153.8462"),
        (Fraction(1, 200), "0.0001"),
        (Fraction(99999999, 100), "9999.9999"),
        (Fraction(99999999999, 100000), "10000.0000"),
    ],
)
def test_exact_amounts_are_shown_in_yuan_to_four_decimals(fen: Fraction, text: str) -> None:
    assert yuan_text(fen) == text


def test_floors_are_whole_numbers() -> None:
    assert [read_floor(value) for value in ("-1", " 7 ", 12)] == [-1, 7, 12]
    with pytest.raises(Refused, match="floor_unreadable"):
        read_floor(True)


SUBSIDIES = [
    {"kind": "none"},
    {"kind": "fixed", "amount": "200000.00"},
    {"kind": "by_floors", "amounts": {"4": "160000.00", "5": "180000.00"}},
    {"kind": "percent_capped", "percent": "40", "cap": "280000.00"},
]


@pytest.mark.rule("costs.subsidy")
@pytest.mark.parametrize("plain", SUBSIDIES, ids=lambda plain: plain["kind"])
def test_a_subsidy_written_down_reads_back_the_same(plain: dict[str, object]) -> None:
    assert parse_subsidy(plain).to_dict() == plain


@pytest.mark.rule("costs.subsidy")
def test_each_formula_pays_what_it_says() -> None:
    paid = [subsidy_amount(parse_subsidy(plain), 600_000_01, 5) for plain in SUBSIDIES]
    assert paid == [0, 200_000_00, 180_000_00, 240_000_00]


@pytest.mark.rule("costs.subsidy")
def test_a_building_height_without_an_amount_is_refused_not_guessed() -> None:
    with pytest.raises(Refused) as refused:
        subsidy_amount(parse_subsidy(SUBSIDIES[2]), 1, 6)
    assert (refused.value.code, refused.value.params) == ("subsidy_floors_unknown", {"floors": 6})


@pytest.mark.parametrize(
    ("plain", "code", "key"),
    [
        ({"kind": "generous"}, "subsidy_kind_unknown", "kind"),
        ({}, "subsidy_kind_unknown", "kind"),
        ({"kind": "none", "amount": "1"}, "subsidy_key_unknown", "amount"),
        ({"kind": "fixed"}, "subsidy_key_missing", "amount"),
        ({"kind": "fixed", "amount": "much"}, "subsidy_money_unreadable", "amount"),
        ({"kind": "fixed", "amount": True}, "subsidy_money_unreadable", "amount"),
        ({"kind": "fixed", "amount": "-1"}, "subsidy_negative", "amount"),
        ({"kind": "by_floors", "amounts": {}}, "subsidy_amounts_missing", "amounts"),
        ({"kind": "by_floors", "amounts": {"4": "x"}}, "subsidy_money_unreadable", "amounts.4"),
        ({"kind": "by_floors", "amounts": {"4": 1, "04": 2}}, "floor_twice", "amounts"),
        ({"kind": "by_floors", "amounts": {"four": 1}}, "floor_unreadable", "floors"),
        ({"kind": "percent_capped", "percent": "140", "cap": 1}, "percent_out_of_range", "percent"),
        ({"kind": "percent_capped", "percent": "?", "cap": 1}, "number_unreadable", "percent"),
    ],
)
def test_a_subsidy_that_cannot_be_read_is_refused_by_key(
    plain: dict[str, object], code: str, key: str
) -> None:
    assert refusal(plain, parse_subsidy) == (code, key)


def test_a_subsidy_of_nothing_is_the_default_shape() -> None:
    assert parse_subsidy({"kind": "none"}) == Subsidy(SubsidyKind.NONE)
