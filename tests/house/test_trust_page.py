"""The list of what people must be able to trust: what is kept of a run, and what is said of it."""

from __future__ import annotations

import json

import pytest

from tools import trust_page

MEASURED = {"date": "2026-09-01", "machine": "2 cores"}


def entry(id: str, *, control: bool = False, outcome: str = "passed", value: int = 1) -> dict:
    return {
        "marks": [{"id": id, "control": control}],
        "outcome": outcome,
        "figures": [[["casts", value]]],
        "seconds": 1.0,
    }


@pytest.fixture
def listed(monkeypatch, tmp_path):
    """Two properties, the second with a control; nothing kept yet."""
    tests = [(trust_page.Path("tests/test_a.py"), name, False) for name in ("test_one", "test_two")]
    found = {
        "5.4": trust_page.Property("5.4", "Failover.", "0 lost", True, tests=tests),
        "5.7": trust_page.Property("5.7", "Restart.", "0 lost", False, tests=tests),
    }
    monkeypatch.setattr(trust_page, "properties", lambda: found)
    monkeypatch.setattr(trust_page, "KEPT", tmp_path / "figures.json")


def kept(**entries: dict) -> None:
    text = {f"tests/test_a.py::{node}": one | MEASURED for node, one in entries.items()}
    trust_page.KEPT.write_text(json.dumps(text))


def test_a_run_replaces_its_own_figures_and_leaves_the_others(listed):
    before = {
        "tests/test_a.py::test_one[a]": entry("5.4"),
        "tests/test_a.py::test_two": entry("5.7"),
    }
    run = {"tests/test_a.py::test_one[b]": entry("5.4", value=2)}
    after = trust_page.merged(before, run, MEASURED)
    assert sorted(after) == ["tests/test_a.py::test_one[b]", "tests/test_a.py::test_two"]
    assert after["tests/test_a.py::test_one[b]"]["date"] == "2026-09-01"


def test_a_test_that_failed_or_is_gone_has_no_figure(listed):
    before = {"tests/test_a.py::test_one": entry("5.4"), "tests/test_a.py::test_gone": entry("5.7")}
    run = {"tests/test_a.py::test_one": entry("5.4", outcome="failed")}
    assert trust_page.merged(before, run, MEASURED) == {}


def test_the_figures_of_a_file_that_is_marked_as_a_whole_stay(listed):
    found = trust_page.properties()
    found["5.7"].files.append(trust_page.Path("tests/test_b.py"))
    before = {"tests/test_b.py::test_any[sqlite]": entry("5.7")}
    assert trust_page.merged(before, {}, MEASURED) == before
    ran = {"tests/test_b.py::test_any[sqlite]": entry("5.7", outcome="failed")}
    assert trust_page.merged(before, ran, MEASURED) == {}


def test_what_the_run_did_not_try_is_said_to_be_kept_with_its_day(listed):
    kept(test_two=entry("5.7", value=9))
    run = {
        "tests/test_a.py::test_one": entry("5.4"),
        "tests/test_a.py::test_control": entry("5.4", control=True),
    }
    lines, whole = trust_page.report(run)
    assert whole
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["shown", "kept"]
    assert {"figure: casts 9", "measured: 2026-09-01"} <= {line.strip() for line in lines}


def test_a_failure_is_not_covered_by_kept_figures(listed):
    kept(test_two=entry("5.7"))
    lines, whole = trust_page.report({"tests/test_a.py::test_two": entry("5.7", outcome="failed")})
    assert not whole
    assert "not passed: tests/test_a.py::test_two" in [line.strip() for line in lines]


def test_without_its_control_a_property_is_not_shown(listed):
    lines, whole = trust_page.report({"tests/test_a.py::test_one": entry("5.4")})
    assert not whole
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["NOT", "NOT"]
    assert "no negative control has run" in [line.strip() for line in lines]


@pytest.mark.parametrize(("outcome", "state"), [("passed", "passed"), ("failed", "NOT")])
def test_a_part_is_judged_by_what_it_tried(listed, outcome, state):
    run = {"tests/test_a.py::test_one": entry("5.4", outcome=outcome)}
    lines, whole = trust_page.report(run, part=True)
    assert whole == (outcome == "passed")
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [state]


def test_the_page_is_what_the_generator_writes():
    assert trust_page.PAGE.read_text("utf-8") == trust_page.page(), (
        "docs/trust.md is stale: run python -m tools.trust_page"
    )


def test_every_property_has_a_test_and_the_control_it_asks_for():
    assert trust_page.gaps() == []


def test_what_the_benchmark_measured_stays_until_it_is_measured_again(listed):
    name = "bench/bench_trust.py::cast_p95"
    before = {f"{name}[sqlite]": entry("5.4"), f"{name}[postgresql]": entry("5.4")}
    of_tests = {"tests/test_a.py::test_two": entry("5.7")}
    assert sorted(trust_page.merged(before, of_tests, MEASURED)) == sorted(before | of_tests)
    again = {f"{name}[sqlite]": entry("5.4", outcome="failed")}
    after = trust_page.merged(before, again, MEASURED)
    assert after.keys() == before.keys()
    assert after[f"{name}[sqlite]"]["outcome"] == "failed"


def test_a_target_that_the_benchmark_missed_is_said_wherever_its_figure_is(listed, monkeypatch):
    node = "bench/bench_trust.py::cast_p95[sqlite]"
    missed = {node: entry("5.7", outcome="failed") | MEASURED}
    monkeypatch.setattr(trust_page, "kept_figures", lambda: missed)
    lines, whole = trust_page.report({})
    assert not whole
    assert "the target was missed when it was last measured" in [line.strip() for line in lines]
    assert "**The target is missed.**" in trust_page.page()
