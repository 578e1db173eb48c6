"""Bad input of every kind: an answer in words, never a crash (trust.md §3.6)."""

from __future__ import annotations

import pytest

from tests.trust import HARD
from tests.trust.fuzzing import Fuzzer
from tests.world import World

# On each of the two engines.
REQUESTS = 10_000 if HARD else 250
SEED = 20260901


@pytest.fixture
def fuzzer(place, app, clock) -> Fuzzer:
    """A fuzzer on this engine; the database is its own."""

    def renew() -> World:
        place.reset()
        return World(clock)

    return Fuzzer(app, renew, SEED)


@pytest.mark.trust("3.6")
def test_no_request_however_odd_makes_the_program_fail(fuzzer, figure):
    report = fuzzer.run(REQUESTS)
    figure("requests", report.requests, "× 500", len(report.faults))
    assert len(fuzzer.forms) > 60
    assert report.faults == []


@pytest.mark.trust("3.6", control=True)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_fuzzer_notices_a_view_that_fails(fuzzer, app, monkeypatch, figure):
    def fails(**_arguments: object) -> str:
        raise ValueError("not caught")

    for endpoint in app.view_functions:
        if endpoint.startswith(("plans.", "register.")):
            monkeypatch.setitem(app.view_functions, endpoint, fails)
    report = fuzzer.run(200)
    figure("faults seen", len(report.faults))
    assert report.faults and all(fault.endswith("→ 500") for fault in report.faults)
