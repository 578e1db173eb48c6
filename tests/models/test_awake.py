"""Waiting awake for an answer: only for a moment, and only while answers come soon."""

from __future__ import annotations

import socket
from time import perf_counter_ns

import pytest

from models import awake
from models.awake import LAST, LATE, MOMENT, Awake


@pytest.fixture
def ends(monkeypatch):
    monkeypatch.setattr(awake, "POSSIBLE", True)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_an_answer_that_is_there_is_not_waited_for(ends):
    ours, theirs = ends
    theirs.send(b"x")
    far = perf_counter_ns() + 3600 * 10**9
    # Would last an hour if it looked at the clock alone.
    Awake(ours.fileno()).wait(far)
    assert ours.recv(1) == b"x"


def test_a_closed_connection_ends_the_wait(ends):
    ours, theirs = ends
    theirs.close()
    Awake(ours.fileno()).wait(perf_counter_ns() + 3600 * 10**9)
    assert ours.recv(1) == b""


def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_a_moment(ends):
    ours, _theirs = ends
    asked = perf_counter_ns()
    Awake(ours.fileno()).wait(asked)
    assert perf_counter_ns() - asked >= MOMENT


def test_it_is_worth_it_until_answers_come_late_and_again_when_they_have_come_soon(ends):
    ours, _theirs = ends
    waiting = Awake(ours.fileno())

    def soon() -> None:
        waiting.note(perf_counter_ns())

    def late() -> None:
        waiting.note(perf_counter_ns() - 2 * MOMENT)

    for _ in range(LATE):
        assert waiting.is_worth_it()
        late()
    assert waiting.is_worth_it()
    late()
    assert not waiting.is_worth_it()
    for _ in range(LAST - LATE - 1):
        soon()
        assert not waiting.is_worth_it()
    soon()
    assert waiting.is_worth_it()


def test_with_one_processor_nobody_waits_awake(ends, monkeypatch):
    monkeypatch.setattr(awake, "POSSIBLE", False)
    assert not Awake(ends[0].fileno()).is_worth_it()
