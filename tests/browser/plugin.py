"""What the run says where there is no Chromium: skipped, never passed, and so in its last line."""

from __future__ import annotations

import os
import shutil

import pytest

# The same browser without a window is a third faster.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
NAMES += ("google-chrome", "google-chrome-stable")
REASON = "no Chromium found"


def chromium() -> str | None:
    """The path of this machine's Chromium, or of the one named by ``LOUYI_CHROMIUM``."""
    if "LOUYI_CHROMIUM" in os.environ:
        return shutil.which(os.environ["LOUYI_CHROMIUM"])
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class BrowserTests:
    """Skips what needs a browser where there is none, and remembers that it did."""

    def __init__(self) -> None:
        self.skipped = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if chromium() is not None:
            return
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=REASON))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # Reports come to the process that talks to the terminal, from workers too.
        if report.skipped and "browser" in report.keywords and REASON in str(report.longrepr):
            self.skipped += 1


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(BrowserTests(), "browser-tests")


def pytest_unconfigure(config: pytest.Config) -> None:
    """After everything else has been said, say what did not run."""
    watched = config.pluginmanager.get_plugin("browser-tests")
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and isinstance(watched, BrowserTests) and watched.skipped:
        terminal.write_line(f"{watched.skipped} browser tests did not run: {REASON}")
