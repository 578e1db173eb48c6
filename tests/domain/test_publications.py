"""The rule of two people: who may release, send back and take back what was prepared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.errors import NotNow, NotYours, Refused
from domain.publications import (
    REASON_LENGTH,
    Kind,
    Outcome,
    check_preparer,
    check_read,
    check_second,
    digest_of,
    read_reason,
    unread,
)

LIN, ZHOU = 7, 8


@pytest.mark.trust("2.5")
def test_nobody_releases_what_they_prepared_themselves():
    check_second(LIN, ZHOU, None)
    for actor in (LIN, None):
        with pytest.raises(NotYours) as refused:
            check_second(LIN, actor, None)
        assert refused.value.code == "second_person_needed"


@pytest.mark.parametrize("outcome", [outcome.value for outcome in Outcome])
def test_what_has_ended_has_ended(outcome):
    for check, actor in ((check_second, ZHOU), (check_preparer, LIN)):
        with pytest.raises(NotNow) as refused:
            check(LIN, actor, outcome)
        assert refused.value.code == "publication_done"


def test_only_whoever_prepared_it_takes_it_back():
    check_preparer(LIN, LIN, None)
    with pytest.raises(NotYours) as refused:
        check_preparer(LIN, ZHOU, None)
    assert refused.value.code == "publication_of_other"


def test_the_digest_is_of_what_is_shown_and_of_nothing_else():
    at = datetime(2026, 9, 1, tzinfo=UTC)
    shown = {"kind": Kind.MENU, "days": 10, "at": at, "bands": ((1, 2), (3, 6))}
    assert digest_of(shown) == digest_of(dict(reversed(shown.items())))
    assert digest_of(shown) == digest_of(shown | {"bands": [[1, 2], [3, 6]]})
    for changed in ({"days": 11}, {"at": at.replace(hour=1)}, {"bands": ((1, 3), (4, 6))}):
        assert digest_of(shown) != digest_of(shown | changed)


def test_a_reason_is_there_and_not_endless():
    assert read_reason("  请改\n日期 ") == "请改 日期"
    for typed, code in (
        ("  ", "send_back_reason_missing"),
        ("长" * (REASON_LENGTH + 1), "send_back_reason_long"),
    ):
        with pytest.raises(Refused) as refused:
            read_reason(typed)
        assert refused.value.code == code


def test_b5_every_part_has_to_be_ticked_and_what_has_no_parts_needs_no_tick():
    parts = ("frame", "motion-1", "failed")
    check_read(parts, ["failed", "motion-1", "frame", "unknown"])
    check_read((), [])
    with pytest.raises(Refused) as refused:
        check_read(parts, ["motion-1", "motion-1"])
    assert (refused.value.code, refused.value.params["missing"]) == ("sections_unread", 2)
    assert unread(parts, ["motion-1"]) == ("frame", "failed")
