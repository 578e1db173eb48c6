"""What a run shows of the properties people must be able to trust.

A test that shows a property is marked with its id, ``@pytest.mark.trust("1.1")``, its negative
control with ``control=True``; what it measured it says through the fixture ``figure``. The plugin
gathers both from all workers. ``--trust FILE`` writes them as JSON; ``make trust`` prints them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# The long form, by ``make hard``; the short form runs with every other test.
HARD = bool(os.environ.get("LOUYI_HARD"))
Figure = Callable[..., None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """``figure("ballots", 200, "doubles", 0)``: what was measured, as name and value in turn."""

    def say(*parts: object) -> None:
        pairs = [list(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
        request.node.user_properties.append(("figure", pairs))

    return say


def marks_of(item: pytest.Item) -> list[dict[str, Any]]:
    """The properties an item is marked with."""
    return [
        {"id": id, "control": bool(mark.kwargs.get("control"))}
        for mark in item.iter_markers("trust")
        for id in mark.args
    ]


class TrustRun:
    """Remembers, for every marked test, its outcome and its figures."""

    def __init__(self, target: Path | None) -> None:
        self.target = target
        self.shown: dict[str, dict[str, Any]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if marks := marks_of(item):
                # Reports of workers carry this to the process that writes.
                item.user_properties.append(("trust", marks))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        marks = next((value for name, value in report.user_properties if name == "trust"), None)
        # What was skipped (a long form, a tool that is not there) has shown nothing either way.
        if marks is None or report.skipped or (report.when != "call" and report.passed):
            return
        figures = [value for name, value in report.user_properties if name == "figure"]
        entry = {"marks": marks, "outcome": report.outcome, "figures": figures}
        self.shown[report.nodeid] = entry | {"seconds": round(report.duration, 1)}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.target is not None and not hasattr(session.config, "workerinput"):
            text = json.dumps(self.shown, ensure_ascii=False, indent=1, sort_keys=True)
            self.target.write_text(text + "\n", "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--trust FILE``: where the run writes what it showed."""
    parser.addoption("--trust", metavar="FILE", type=Path, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(TrustRun(config.getoption("--trust")), "trust-run")
