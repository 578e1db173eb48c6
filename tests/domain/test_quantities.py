"""Amounts as this program writes them: one way for storing, one for reading."""

from __future__ import annotations

import pytest

from domain.quantities import MAX_MONEY, format_money, grouped_money


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("0.00", "0.00"),
        ("999.99", "999.99"),
        ("1000.00", "1,000.00"),
        ("143137.26", "143,137.26"),
        ("-1000.01", "-1,000.01"),
        ("1000000.00", "1,000,000.00"),
    ],
)
def test_a_stored_amount_is_read_in_groups_of_three(stored, read):
    assert grouped_money(stored) == read


def test_grouping_what_is_grouped_changes_nothing_and_sums_may_be_large():
    assert grouped_money("143,137.26") == "143,137.26"
    assert grouped_money(format_money(10 * MAX_MONEY)) == format_money(10 * MAX_MONEY, grouped=True)
