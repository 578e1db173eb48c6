"""The code of a letter: written so that it is read right, typed in any way, slips told apart."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import codes
from domain.errors import Refused
from domain.passwords import read_login, read_password

GOOD = codes.new_code(random.Random(7).choice)
signs = st.sampled_from(codes.SIGNS)
made = st.integers(0, 2**32).map(lambda seed: codes.new_code(random.Random(seed).choice))


def refusal(typed: str) -> str:
    with pytest.raises(Refused) as refused:
        codes.read_code(typed)
    return refused.value.code


@pytest.mark.trust("2.4")
def test_a_code_has_twelve_signs_that_no_two_eyes_confuse():
    assert len(GOOD) == 12
    assert not set(codes.SIGNS) & set("0O1ILDQUV")
    assert not set(codes.SIGNS) & set(map(chr, codes.LOOK_ALIKES))
    assert len(set(codes.SIGNS)) == 23


def test_a_code_is_printed_in_three_groups():
    assert codes.grouped("ACEFHJKM2345") == "ACEF-HJKM-2345"


@given(made)
def test_every_code_is_read_back_however_it_is_typed(code):
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in codes.grouped(code))
    for typed in (code, code.lower(), codes.grouped(code), f" {code[:5]} {code[5:]}\n", full_width):
        assert codes.read_code(typed) == code
    assert codes.read_code(codes.grouped(code).replace("-", "——")) == code


def test_signs_that_look_alike_are_read_as_the_one_that_occurs():
    code = next(
        found
        for found in (codes.new_code(random.Random(seed).choice) for seed in range(10_000))
        if {"8", "5", "2", "6"} <= set(found)
    )
    swapped = code.translate(str.maketrans("8526", "BSZG"))
    assert codes.read_code(swapped) == code


@given(made, st.integers(0, 11), signs)
def test_one_wrong_sign_is_told_apart_from_a_wrong_code(code, place, sign):
    typed = code[:place] + sign + code[place + 1 :]
    assert typed == code or refusal(typed) == "code_mistyped"


@given(made, st.integers(0, 11), st.integers(0, 11))
def test_two_signs_that_changed_places_are_told_apart_too(code, one, other):
    typed = list(code)
    typed[one], typed[other] = typed[other], typed[one]
    assert "".join(typed) == code or refusal("".join(typed)) == "code_mistyped"


def test_what_cannot_be_a_code_is_refused_with_its_reason():
    assert refusal(" - ") == "code_empty"
    assert refusal(GOOD[:11]) == "code_length"
    assert refusal(GOOD + "2") == "code_length"
    assert refusal("O" + GOOD[1:]) == "code_sign"
    assert refusal("工人新村") == "code_sign"


def test_a_code_works_through_the_end_of_its_ninetieth_day_in_china():
    issued = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
    assert codes.last_day(codes.expiry(issued)).isoformat() == "2026-11-30"
    assert codes.expiry(issued) == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


def test_a_keyed_hash_depends_on_key_and_purpose():
    key, other = codes.derive_key("a" * 32), codes.derive_key("b" * 32)
    assert codes.keyed_hash(key, "code", GOOD) != codes.keyed_hash(other, "code", GOOD)
    assert codes.keyed_hash(key, "code", GOOD) != codes.keyed_hash(key, "login", GOOD)
    assert GOOD not in codes.keyed_hash(key, "code", GOOD)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("short", "password_short"),
        ("1234567890", "password_short"),
        ("ababababababab", "password_simple"),
        ("my login is lin-lin!", "password_has_login"),
        ("x1y2z3" * 40, "password_long"),
    ],
)
@pytest.mark.trust("2.5")
def test_a_weak_password_is_refused_with_its_reason(typed, code):
    with pytest.raises(Refused) as refused:
        read_password(typed, "lin-lin")
    assert refused.value.code == code


def test_a_sentence_in_chinese_is_a_password():
    assert read_password("我家阳台上有三盆月季花开了", "lin") == "我家阳台上有三盆月季花开了"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ab", "login_length"),
        ("x" * 41, "login_length"),
        ("a b c", "login_signs"),
        ("<script>", "login_signs"),
        ("13912345678", "login_is_phone"),
        ("8613912345678", "login_is_phone"),
        ("１３９１２３４５６７８", "login_is_phone"),
    ],
)
def test_what_cannot_be_a_login_is_refused_with_its_reason(typed, code):
    with pytest.raises(Refused) as refused:
        read_login(typed)
    assert refused.value.code == code


def test_a_login_is_compared_in_one_form():
    assert read_login(" Ｌin.Zhang ") == "lin.zhang"
