"""The audit chain: a whole one passes; each of a hundred falsified ones is found by an old head."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.audit import GENESIS, Entry, canonical_event, first_fault, link

START = datetime(2026, 9, 1, 1, 7, 23, 481637, tzinfo=UTC)
LENGTH = 40
# The head that somebody has on paper; entries follow it.
KNOWN = 30
FALSIFIED = 100


def chained(events, previous=GENESIS, first=1):
    """The entries of these events, linked as the program links them."""
    entries = []
    for seq, event in enumerate(events, start=first):
        digest = link(seq, previous, event)
        entries.append(Entry(seq, previous, event, digest))
        previous = digest
    return entries


def log(length=LENGTH):
    return chained(
        canonical_event("ballot_cast", START + timedelta(minutes=n), n, {"motion": 1, "number": n})
        for n in range(1, length + 1)
    )


WHOLE = log()
HEAD = (KNOWN, WHOLE[KNOWN - 1].digest)


def changed_event(entries, at, rng):
    """One event says something else; its digest is left, or made to fit it."""
    entry = entries[at]
    event = entry.event.replace('"motion":1', f'"motion":{rng.randrange(2, 9)}')
    digest = link(entry.seq, entry.previous, event) if rng.random() < 0.5 else entry.digest
    entries[at] = replace(entry, event=event, digest=digest)
    return entries


def dropped(entries, at, rng):
    """One entry is gone."""
    return entries[:at] + entries[at + 1 :]


def dropped_and_closed_up(entries, at, rng):
    """One entry is gone and everything after it is numbered and linked anew."""
    events = [entry.event for entry in entries[at + 1 :]]
    previous = entries[at].previous
    return entries[:at] + chained(events, previous, at + 1)


def inserted_and_closed_up(entries, at, rng):
    """An entry is slipped in and everything after it is numbered and linked anew."""
    event = canonical_event("ballot_cast", START, rng.randrange(9), {"motion": 1})
    events = [event, *(entry.event for entry in entries[at:])]
    return entries[:at] + chained(events, entries[at].previous, at + 1)


def rewritten(entries, at, rng):
    """One event says something else and everything from it on is linked anew."""
    entries = changed_event(entries, at, rng)
    return entries[:at] + chained([e.event for e in entries[at:]], entries[at].previous, at + 1)


def swapped(entries, at, rng):
    """Two neighbours change places."""
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    return entries


def swapped_and_closed_up(entries, at, rng):
    """Two neighbours change places and everything from there on is linked anew."""
    entries = swapped(entries, at, rng)
    events = [entry.event for entry in entries[at:]]
    return entries[:at] + chained(events, WHOLE[at].previous, at + 1)


def cut_off(entries, at, rng):
    """The log ends before the known head."""
    return entries[:at]


def doubled(entries, at, rng):
    """One entry stands twice."""
    return entries[: at + 1] + entries[at:]


def another_digest(entries, at, rng):
    """One digest is another."""
    digest = entries[at].digest
    sign = "0" if digest[5] != "0" else "1"
    entries[at] = replace(entries[at], digest=digest[:5] + sign + digest[6:])
    return entries


WAYS = (
    changed_event,
    dropped,
    dropped_and_closed_up,
    inserted_and_closed_up,
    rewritten,
    swapped,
    swapped_and_closed_up,
    cut_off,
    doubled,
    another_digest,
)
# What is linked anew throughout, or merely shorter, is a chain like any other.
SEEN_ONLY_WITH_A_HEAD = (
    dropped_and_closed_up,
    inserted_and_closed_up,
    rewritten,
    swapped_and_closed_up,
    cut_off,
)


def falsified(way, number):
    rng = random.Random(number)
    return way(list(WHOLE), rng.randrange(KNOWN - 1), rng)


def test_a_whole_log_passes_with_and_without_an_earlier_head():
    assert first_fault(WHOLE) is None
    assert first_fault(WHOLE, head=HEAD) is None
    assert first_fault([]) is None


@pytest.mark.trust("1.9")
def test_every_one_of_a_hundred_falsified_logs_is_found_given_an_earlier_head(figure):
    cases = [(way, number) for way in WAYS for number in range(FALSIFIED // len(WAYS))]
    assert len(cases) == FALSIFIED
    missed = []
    for way, number in cases:
        entries = falsified(way, number)
        assert entries != WHOLE
        if first_fault(entries, head=HEAD) is None:
            missed.append((way.__name__, number))
    figure("falsified logs", len(cases), "found", len(cases) - len(missed))
    assert missed == []


@pytest.mark.parametrize("way", SEEN_ONLY_WITH_A_HEAD)
@pytest.mark.trust("1.9", control=True)
def test_it_is_the_head_on_paper_that_protects_against_rewriting(way):
    # The control: without a head the same logs pass.
    for number in range(10):
        assert first_fault(falsified(way, number)) is None


def test_what_was_written_after_the_known_head_is_not_protected_by_it():
    later = chained(["{}"], WHOLE[KNOWN - 1].digest, KNOWN + 1)
    assert first_fault(WHOLE[:KNOWN] + later, head=HEAD) is None


def test_the_fault_is_the_first_entry_that_does_not_follow():
    entries = list(WHOLE)
    entries[11] = replace(entries[11], event="{}")
    entries[20] = replace(entries[20], event="{}")
    assert first_fault(entries, head=HEAD) == 12
    assert first_fault(WHOLE[: KNOWN - 5], head=HEAD) == KNOWN - 4
    assert first_fault(dropped_and_closed_up(list(WHOLE), 3, random), head=HEAD) == KNOWN


def test_an_event_is_written_in_one_way_only():
    east = timezone(timedelta(hours=8))
    here = canonical_event("x", START, None, {"b": 1, "a": "工"})
    there = canonical_event("x", START.astimezone(east), None, {"a": "工", "b": 1})
    assert here == there
    assert here == (
        '{"account":null,"action":"x","at":"2026-09-01T01:07:23.481637+00:00",'
        '"details":{"a":"工","b":1}}'
    )
