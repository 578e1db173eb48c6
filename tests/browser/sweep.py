"""Looks at one page as a whole: axe by day and by night, nothing too wide, nothing too heavy.

axe judges by the success criteria of WCAG 2.0, 2.1 and 2.2, levels A and AA.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.reader import Reader
from tests.browser.routes import STRANGER, RouteList, Visit
from tests.trust import HARD

Scheme = Literal["light", "dark"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = """async (only) => {
  const found = await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], preload: false,
    rules: { "target-size": { enabled: true } },
  });
  return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) =>
    `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > room + 1 && !e.closest(".tablebox, svg"));
  return wide.slice(-3).map((e) => `${e.tagName} .${e.className}`).concat("the page");
}"""
HOUSEHOLD_BYTES = 60_000
HOUSEHOLD_REQUESTS = 3


@dataclass
class Weight:
    """What a first load took over the wire."""

    bytes: int = 0
    requests: int = 0


class Scale:
    """Weighs loads as the browser receives them, headers included, with an empty cache.

    A load is what one document asked for: the icon of the page before may arrive during it.
    """

    def __init__(self, session: CDPSession) -> None:
        self.load = Weight()
        self.document = ""
        self.asked_by: dict[str, str] = {}
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._add)

    def _asked(self, event: dict[str, str]) -> None:
        # The browser names every load by the request for its document.
        self.asked_by[event["requestId"]] = event["loaderId"]
        if event["requestId"] == event["loaderId"] != self.document:
            self.document = event["loaderId"]
            self.load = Weight()

    def _add(self, event: dict[str, Any]) -> None:
        if self.asked_by.get(event["requestId"]) == self.document:
            self.load.bytes += int(event["encodedDataLength"])
            self.load.requests += 1


def judged(page: Page, scheme: Scheme = "light") -> Iterator[str]:
    """What is wrong with how the page looks by day ("light") or by night ("dark").

    Both in the long form; by the other light only colours differ.
    """
    yield from (f"too wide: {part}" for part in page.evaluate(TOO_WIDE))
    page.emulate_media(color_scheme=scheme)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE, {"type": "tag", "values": WCAG})
    yield from (f"{scheme}: {fault}" for fault in found)
    if HARD:
        other: Scheme = "light" if scheme == "dark" else "dark"
        page.emulate_media(color_scheme=other)
        found = page.evaluate(AXE, {"type": "rule", "values": COLOURS})
        yield from (f"{other}: {fault}" for fault in found)


class Sweep:
    """All visits of one language, each reader in a window of their own; in the short form
    every other page once, the rest being the other language's."""

    def __init__(
        self,
        browser: Browser,
        pages: RouteList,
        language: str,
        scheme: Scheme,
        *,
        every_other: int,
    ) -> None:
        self.browser = browser
        self.scheme: Scheme = scheme
        self.language = language
        self.routes = pages
        self.closed = pages.closed
        once = list({visit.endpoint: visit for visit in pages.visits}.values())
        self.visits = pages.visits if HARD else once[every_other::2]
        self.windows: dict[str, tuple[Reader, Scale]] = {}

    def _window(self, reader: str) -> tuple[Reader, Scale]:
        if reader not in self.windows:
            account = self.routes.people[reader]
            opened = Reader(self.browser, self.routes.live, account, language=self.language)
            # Sent once for all the pages of this window instead of half a megabyte for each.
            opened.context.add_init_script(AXE_SCRIPT)
            scale = Scale(opened.context.new_cdp_session(opened.page))
            self.windows[reader] = (opened, scale)
        return self.windows[reader]

    def look(self, visit: Visit) -> list[str]:
        """What is wrong with the page."""
        return [f"{visit}: {fault}" for fault in self._faults(visit)]

    def _faults(self, visit: Visit) -> Iterator[str]:
        window, scale = self._window(visit.reader)
        page = window.page
        window.go(visit.path)
        yield from judged(page, self.scheme)
        # The icon may arrive after the page; by now everything has.
        if visit.by_household and scale.load.bytes > HOUSEHOLD_BYTES:
            yield f"{scale.load.bytes} bytes for a household's first load"
        if visit.by_household and scale.load.requests > 1 + HOUSEHOLD_REQUESTS:
            yield f"{scale.load.requests} requests for a household's first load"
        yield from window.faults
        window.faults.clear()

    def look_at_problems(self) -> list[str]:
        """What is wrong with the pages that say that something is wrong."""
        window, _scale = self._window(STRANGER)
        faults: list[str] = []
        window.go("/nothing-here", status=404)
        faults += judged(window.page, self.scheme)
        window.go("/sign-in")
        window.fill(login="lin", password="not the password")
        window.press("Sign in", exact=True)
        window.says("Please check your answers")
        faults += judged(window.page, self.scheme)
        return faults

    def close(self) -> None:
        """Close all windows."""
        for reader, _scale in self.windows.values():
            reader.close()
