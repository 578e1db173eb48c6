"""The rules of the second factor: how long a confirmation lasts, which codes are taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.codes import grouped, new_code
from domain.errors import Refused
from domain.second_factor import (
    CodeKind,
    confirmed_until,
    is_confirmed,
    read_factor_code,
    step_of,
    steps_accepted,
)

NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def test_a_confirmation_holds_for_a_quarter_of_an_hour_and_not_an_instant_longer():
    until = confirmed_until(NOW)
    assert until == NOW + timedelta(minutes=15)
    assert is_confirmed(until, until - timedelta(microseconds=1))
    assert not is_confirmed(until, until)
    assert not is_confirmed(None, NOW)


def test_a_step_is_thirty_seconds_and_one_on_either_side_is_taken():
    assert step_of(datetime.fromtimestamp(59, UTC)) == 1
    assert step_of(datetime.fromtimestamp(60, UTC)) == 2
    step = step_of(NOW)
    assert steps_accepted(NOW, None) == (step - 1, step, step + 1)


def test_no_code_is_taken_twice_nor_an_older_one_after_it():
    step = step_of(NOW)
    assert steps_accepted(NOW, step) == (step + 1,)
    assert steps_accepted(NOW, step - 1) == (step, step + 1)
    assert steps_accepted(NOW, step + 1) == ()


def test_what_is_typed_is_read_as_people_type_it():
    code = new_code(lambda signs: signs[7])
    assert read_factor_code(" 123 456 ") == (CodeKind.PHONE, "123456")
    assert read_factor_code("１２３４５６") == (CodeKind.PHONE, "123456")
    assert read_factor_code(grouped(code).lower()) == (CodeKind.RECOVERY, code)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "factor_code_empty"), (" - ", "factor_code_empty"), ("12345", "factor_code_shape")]
    + [(typed, "factor_code_shape") for typed in ("1234567", "abcdef", "٣٣٣٣٣٣", "ACEFHJKM2345")],
)
def test_what_can_be_no_code_is_told_apart_and_never_counted(typed, why):
    with pytest.raises(Refused) as refused:
        read_factor_code(typed)
    assert refused.value.code == why
