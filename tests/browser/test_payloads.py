"""Pages full of sixty payloads, in a real browser: none runs, and none even tries (trust.md §3.3).

A script that is only stopped by the Content-Security-Policy is a violation, so none of those means
that nothing was left for the policy to stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from extensions import db
from tests.browser.live import Live
from tests.browser.routes import RouteList, Visit
from tests.trust import HARD
from tests.trust.payloads import ALL, poison

pytestmark = pytest.mark.browser
# The pages that say most of what people have written.
FULL_OF_TEXT = ("objections.show", "plans.show")
LISTENS = """
window.__told = [];
window.xss = (n) => window.__told.push("ran " + n);
document.addEventListener("securitypolicyviolation",
  (e) => window.__told.push(e.violatedDirective + " " + e.sample + " " + e.blockedURI));
"""


@dataclass(frozen=True)
class Poisoned:
    """The program with payloads in every text: its readers and its pages."""

    live: Live
    people: dict[str, int | None]
    visits: list[Visit]


@pytest.fixture(scope="module")
def poisoned(live: Live, pages: RouteList) -> Poisoned:
    """Pages were found while names still were what they were; then all is spoilt."""
    visits = pages.visits
    with live.inside(), db.engine.begin() as connection:
        poison(connection, ALL)
    if not HARD:
        visits = [visit for visit in visits if visit.endpoint in FULL_OF_TEXT][:6]
    return Poisoned(live, pages.people, visits)


class Windows:
    """A window for each reader, signed in, listening for what runs."""

    def __init__(self, browser: Browser, at: Poisoned, **options: Any) -> None:
        self.browser, self.at, self.options = browser, at, options
        self.made: dict[str, BrowserContext] = {}

    def of(self, reader: str) -> BrowserContext:
        """The window of this reader."""
        if reader not in self.made:
            live, account = self.at.live, self.at.people[reader]
            made = self.browser.new_context(base_url=live.address, **self.options)
            made.add_init_script(LISTENS)
            if account is not None:
                cookie = {"name": "louyi", "value": live.cookie(account), "url": live.address}
                made.add_cookies([cookie])  # type: ignore[list-item]
            self.made[reader] = made
        return self.made[reader]

    def told(self, visits: list[Visit]) -> list[str]:
        """What ran, or was stopped by the policy, on these pages."""
        found: list[str] = []
        for visit in visits:
            page = self.of(visit.reader).new_page()
            page.goto(visit.path, wait_until="load")
            found += [f"{visit}: {line}" for line in page.evaluate("() => window.__told")]
            page.close()
        for context in self.made.values():
            context.close()
        return found


@pytest.mark.trust("3.3")
def test_nothing_runs_and_nothing_is_stopped_from_running(browser, poisoned, figure):
    found = Windows(browser, poisoned).told(poisoned.visits)
    ran = sum(": ran " in line for line in found)
    figure("pages in Chromium", len(poisoned.visits), "executed", ran)
    figure("CSP violations", len(found) - ran)
    assert len(poisoned.visits) > (60 if HARD else 5)
    assert found == []


@pytest.mark.trust("3.3", control=True)
def test_the_browser_hears_what_runs_when_a_page_does_not_escape(browser, poisoned, figure):
    """Without the policy it runs; with it, the policy says what it stopped."""
    visits = [visit for visit in poisoned.visits if visit.endpoint in FULL_OF_TEXT][:3]
    jinja = poisoned.live.app.jinja_env
    jinja.autoescape = False
    jinja.cache.clear()  # type: ignore[union-attr]
    try:
        ran = Windows(browser, poisoned, bypass_csp=True).told(visits)
        stopped = Windows(browser, poisoned).told(visits)
    finally:
        jinja.autoescape = True
        jinja.cache.clear()  # type: ignore[union-attr]
    figure("executed seen", len(ran), "violations seen", len(stopped))
    assert any(": ran " in line for line in ran)
    assert any("script-src" in line for line in stopped)
    assert not any(": ran " in line for line in stopped)
