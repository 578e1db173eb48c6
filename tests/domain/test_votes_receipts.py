"""Receipts: codes that can be read aloud, commitments that hide the choice and hold it fast."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.receipts import ALPHABET, Sealed, commitment, list_digest, read_code, receipt_code

BALLOT = Sealed(
    receipt="7K3F-9Q2M-XW4T-BD6H",
    motion=1,
    voter=5,
    person=12,
    choice="agree",
    sequence=1,
    channel="in_app",
    cast_at=datetime(2026, 9, 20, 1, 2, 3, 4, tzinfo=UTC),
)


@given(st.binary(min_size=16, max_size=16))
@settings(max_examples=50)
def test_a_code_is_four_groups_of_signs_nobody_confuses(random):
    code = receipt_code(random)
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set("01IOLU") & set(ALPHABET)


def test_different_random_bytes_give_different_codes():
    codes = {receipt_code(number.to_bytes(16, "big")) for number in range(2000)}
    assert len(codes) == 2000


@pytest.mark.parametrize(
    "typed", ["7k3f9q2mxw4tbd6h", "7K3F 9Q2M XW4T BD6H", " 7k3f-9q2m xw4t-BD6H"]
)
def test_a_code_is_found_however_it_is_typed(typed):
    assert read_code(typed) == BALLOT.receipt


def test_what_is_no_code_stays_as_it_is():
    assert read_code("../etc") == "../etc"


@pytest.mark.rule("votes.commitment")
@pytest.mark.parametrize(
    "changed",
    [
        {"receipt": "7K3F-9Q2M-XW4T-BD6J"},
        {"motion": 2},
        {"voter": 6},
        {"person": 13},
        {"choice": "against"},
        {"sequence": 2},
        {"channel": "paper"},
        {"cast_at": BALLOT.cast_at + timedelta(microseconds=1)},
    ],
)
@pytest.mark.trust("1.8")
def test_a_commitment_holds_every_part_of_the_ballot(changed):
    assert commitment(replace(BALLOT, **changed), "nonce") != commitment(BALLOT, "nonce")


@pytest.mark.rule("votes.commitment")
def test_with_another_nonce_the_same_ballot_looks_different():
    assert commitment(BALLOT, "one") != commitment(BALLOT, "two")


def test_a_commitment_does_not_depend_on_the_zone_the_time_is_written_in():
    from domain.periods import ZONE

    here = replace(BALLOT, cast_at=BALLOT.cast_at.astimezone(ZONE))
    assert commitment(here, "nonce") == commitment(BALLOT, "nonce")


def test_the_digest_of_a_list_does_not_depend_on_its_order():
    one, two = ("A", "1"), ("B", "2")
    assert list_digest([one, two]) == list_digest([two, one])
    assert list_digest([one]) != list_digest([one, two])
