"""Pages full of sixty payloads, in a real browser: none runs, and none even tries (trust.md §3.3).

A script that is only stopped by the Content-Security-Policy is a violation, so none of those means
that nothing was left for the policy to stop.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext

from extensions import db
from tests.browser.live import Live
from tests.browser.routes import RouteList, Visit
from tests.trust import HARD
from tests.trust.payloads import ALL, poison

pytestmark = pytest.mark.browser
LISTENS = """
window.__told = [];
window.xss = (n) => window.__told.push("ran " + n);
document.addEventListener("securitypolicyviolation",
  (e) => window.__told.push(e.violatedDirective + " " + e.sample + " " + e.blockedURI));
"""
TOLD = "() => [...window.__told, ...(window.__opened ?? [])]"


def poisoned(live: Live) -> list[Visit]:
    """The pages of the program, one for each rule and kind of reader, with payloads in them."""
    visits, _closed = RouteList(live).visits()
    with live.inside(), db.engine.begin() as connection:
        poison(connection, ALL)
    if HARD:
        return visits
    return list({(visit.endpoint, visit.by_household): visit for visit in visits}.values())


def contexts(browser: Browser, live: Live, **options: object) -> Callable[[str], BrowserContext]:
    """``of(reader)``: a window in which that reader is signed in, listening for what runs."""
    made: dict[str, BrowserContext] = {}
    people = RouteList(live).people

    def of(reader: str) -> BrowserContext:
        if reader not in made:
            made[reader] = browser.new_context(base_url=live.address, **options)  # type: ignore[arg-type]
            made[reader].add_init_script(LISTENS)
            account = people[reader]
            if account is not None:
                cookie = {"name": "louyi", "value": live.cookie(account), "url": live.address}
                made[reader].add_cookies([cookie])  # type: ignore[list-item]
        return made[reader]

    of.made = made  # type: ignore[attr-defined]
    return of


def told(of: Callable[[str], BrowserContext], visits: list[Visit]) -> list[str]:
    """What ran, or was stopped by the policy, on these pages."""
    found: list[str] = []
    for visit in visits:
        page = of(visit.reader).new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.goto(visit.path, wait_until="load")
        found += [f"{visit}: {line}" for line in page.evaluate(TOLD)]
        page.close()
    return found


@pytest.mark.trust("3.3")
def test_nothing_runs_and_nothing_is_stopped_from_running(browser, live, figure):
    of = contexts(browser, live)
    visits = poisoned(live)
    found = told(of, visits)
    ran = sum(": ran " in line for line in found)
    figure("pages in Chromium", len(visits), "executed", ran, "violations", len(found) - ran)
    assert len(visits) > 60
    assert found == []


@pytest.mark.trust("3.3", control=True)
def test_the_browser_hears_what_runs_when_a_page_does_not_escape(browser, live, figure):
    """Without the policy it runs; with it, the policy says what it stopped."""
    listed = ("objections.show", "plans.show", "votes.motion")
    open_, strict = contexts(browser, live, bypass_csp=True), contexts(browser, live)
    visits = [visit for visit in poisoned(live) if visit.endpoint in listed]
    jinja = live.app.jinja_env
    jinja.autoescape = False
    jinja.cache.clear()  # type: ignore[union-attr]
    try:
        ran, stopped = told(open_, visits), told(strict, visits)
    finally:
        jinja.autoescape = True
        jinja.cache.clear()  # type: ignore[union-attr]
    figure("executed seen", len(ran), "violations seen", len(stopped))
    assert any(": ran " in line for line in ran)
    assert any("script-src" in line for line in stopped)
    assert not any(": ran " in line for line in stopped)
