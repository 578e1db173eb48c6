"""The states of an objection and what closing it needs."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from domain.objections import (
    ObjectionOutcome,
    ObjectionState,
    check_close,
    check_text,
    state,
)

OUT, S = ObjectionOutcome, ObjectionState


def test_the_state_follows_from_what_was_recorded():
    assert state(answered=False, outcome=None) is S.SUBMITTED
    assert state(answered=True, outcome=None) is S.ANSWERED
    assert state(answered=False, outcome=OUT.WITHDRAWN) is S.CLOSED
    assert state(answered=True, outcome=OUT.MEDIATED) is S.CLOSED


@pytest.mark.rule("objections.close")
@pytest.mark.parametrize(
    ("current", "outcome", "note", "has_version", "code"),
    [
        (S.CLOSED, OUT.MEDIATED, "", False, "objection_closed"),
        (S.ANSWERED, OUT.WITHDRAWN, "", False, "withdrawal_not_yours"),
        (S.SUBMITTED, OUT.MEDIATED, "", False, "objection_not_answered"),
        (S.ANSWERED, OUT.ACCEPTED, "", False, "objection_version_missing"),
        (S.ANSWERED, OUT.UNRESOLVED, "  ", False, "objection_note_missing"),
    ],
)
def test_what_closing_refuses(current, outcome, note, has_version, code):
    with pytest.raises(Refused, match=code):
        check_close(current, outcome, note=note, has_version=has_version)


@pytest.mark.rule("objections.close")
def test_what_closing_allows():
    check_close(S.ANSWERED, OUT.ACCEPTED, note="", has_version=True)
    check_close(S.ANSWERED, OUT.MEDIATED, note="", has_version=False)
    check_close(S.ANSWERED, OUT.UNRESOLVED, note="各执一词", has_version=False)


def test_a_text_is_trimmed_and_must_hold_something():
    assert check_text("  暗 \n", field="body") == "暗"
    with pytest.raises(Refused, match="objection_text_missing"):
        check_text("\n", field="body")
    with pytest.raises(Refused, match="objection_text_too_long"):
        check_text("暗" * 4001, field="body")
