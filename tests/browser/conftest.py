"""A real Chromium, one per run; a fresh profile per person; every page it shows is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.live import Live, copied, empty_database, told_database
from tests.browser.plugin import chromium
from tests.browser.reader import Reader
from tests.browser.routes import RouteList

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's story, told once; modules work on copies of it."""
    return told_database(tmp_path_factory.mktemp("told"))


def _serving(folder: Path) -> Iterator[Live]:
    live = Live(folder)
    try:
        yield live
    finally:
        live.end()


@pytest.fixture(scope="module")
def live(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The program with the demo's story in it, for one module's tests."""
    yield from _serving(copied(told, tmp_path_factory.mktemp("live")))


@pytest.fixture(scope="session")
def pages(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RouteList]:
    """Every page there is, found once, in a program that is looked at and not changed."""
    for live in _serving(copied(told, tmp_path_factory.mktemp("pages"))):
        yield RouteList(live)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The program just installed: no community, nobody in it."""
    yield from _serving(empty_database(tmp_path_factory.mktemp("fresh")))


@pytest.fixture
def read(browser: Browser) -> Iterator[Callable[..., Reader]]:
    """``read(live, account, …)`` is somebody's browser; what it saw is judged at the end."""
    opened: list[Reader] = []

    def open_(live: Live, *args: object, **options: object) -> Reader:
        reader = Reader(browser, live, *args, **options)  # type: ignore[arg-type]
        opened.append(reader)
        return reader

    yield open_
    faults = [fault for reader in opened for fault in reader.close()]
    assert not faults, "\n".join(faults)
