"""Shares in percent: rounded half up by whole numbers, never against the verdict beside them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shares import Said, beside_a_verdict, drawn_share, percent_text, rounded_share

TWO_THIRDS, THREE_QUARTERS, HALF = Fraction(2, 3), Fraction(3, 4), Fraction(1, 2)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (4, 11, "36.4"),
        (7, 11, "63.6"),
        (2, 3, "66.7"),
        (1, 3, "33.3"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (11, 11, "100.0"),
        (0, 11, "0.0"),
        (0, 0, "0.0"),
    ],
)
def test_b7f_a_share_is_rounded_half_up_and_not_cut(part, whole, text):
    assert percent_text(part, whole) == text


def test_b7f_as_many_decimals_as_asked_for():
    assert [percent_text(2, 3, places) for places in (0, 1, 2)] == ["67", "66.7", "66.67"]
    assert rounded_share(1, 200) == 1


@pytest.mark.rule("shares.beside_a_verdict")
@pytest.mark.parametrize(
    ("part", "whole", "threshold", "included", "said"),
    [
        # 66.66 of 100 rounds to 67 and is not two thirds.
        (6666, 10000, TWO_THIRDS, True, Said.UNDER),
        (6667, 10000, TWO_THIRDS, True, Said.NUMBER),
        (6600, 10000, TWO_THIRDS, True, Said.NUMBER),
        # 74.9 % is never shown as 75 % beside "not reached"; exactly 3/4 is reached.
        (749, 1000, THREE_QUARTERS, True, Said.UNDER),
        (750, 1000, THREE_QUARTERS, True, Said.NUMBER),
        # 50.2 % is more than half, though it rounds to 50; exactly half is not more.
        (502, 1000, HALF, False, Said.OVER),
        (500, 1000, HALF, False, Said.NUMBER),
        (498, 1000, HALF, False, Said.NUMBER),
    ],
)
def test_b7f_what_is_not_reached_never_shows_as_reached(part, whole, threshold, included, said):
    shown = Fraction(rounded_share(part, whole), 100)
    exact = Fraction(part, whole)
    reached = exact >= threshold if included else exact > threshold
    found = beside_a_verdict(shown, threshold, included=included, reached=reached)
    assert found is said
    length = drawn_share(shown, threshold, found)
    if not reached:
        assert length <= 1000 * threshold
    elif included:
        assert length >= int(1000 * threshold)
    else:
        assert length > 1000 * threshold


@given(st.integers(1, 10**6), st.data(), st.sampled_from([0, 1, 2]))
def test_b7f_rounding_is_never_off_by_more_than_half_a_step(whole, data, places):
    part = data.draw(st.integers(0, whole))
    off = Fraction(rounded_share(part, whole, places)) - Fraction(100 * 10**places * part, whole)
    assert -Fraction(1, 2) < off <= Fraction(1, 2)
