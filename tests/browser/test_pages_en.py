"""Every page of the route list, in English and by night: axe, width, weight, hosts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from app import BLUEPRINTS
from tests.browser.reader import Reader
from tests.browser.routes import RouteList
from tests.browser.sweep import Sweep, judged
from tests.trust import HARD

pytestmark = pytest.mark.browser


BAD = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>
<style>.faint { color: #aaa; background: #fff; } @media (prefers-color-scheme: dark) {
.night { color: #333; background: #000; } } .wide { width: 60rem; }</style>
<img src="data:,"><p class="faint">Faint</p><p class="night">Night</p><div class="wide">Wide</div>
<a href="/a" style="font-size: 8px">a</a><br><a href="/b" style="font-size: 8px">b</a></main>"""


def test_the_judge_sees_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.set_content(BAD)
    by_day, by_night = "\n".join(judged(page)), "\n".join(judged(page, "dark"))
    page.close()
    for rule in ("light: image-alt", "light: target-size", "too wide: DIV .wide"):
        assert rule in by_day, by_day
    assert "light: color-contrast: .faint" in by_day
    assert "dark: color-contrast: .night" in by_night


def test_the_reader_hears_what_must_not_happen(browser: Browser, pages: RouteList) -> None:
    reader = Reader(browser, pages.live)
    reader.go("/")
    assert not reader.faults
    reader.page.evaluate("document.body.setAttribute('style', 'color: red')")
    reader.page.evaluate("fetch('http://localhost:9/').catch(() => 0)")
    with reader.page.expect_event("pageerror"):
        reader.page.evaluate("setTimeout(() => { throw new Error('broken') })")
    noticed = "\n".join(reader.close())
    for sign in ("inline style", "localhost:9", "script failed: broken"):
        assert sign in noticed, noticed


@pytest.fixture(scope="module")
def sweep(browser: Browser, pages: RouteList) -> Iterator[Sweep]:
    """The pages, and windows to look at them."""
    made = Sweep(browser, pages, "en-GB", "dark", every_other=1)
    yield made
    made.close()


@pytest.mark.parametrize("part", [blueprint.name for blueprint in BLUEPRINTS])
def test_every_page_can_be_read_by_everybody(sweep: Sweep, part: str) -> None:
    visits = [visit for visit in sweep.visits if visit.endpoint.startswith(f"{part}.")]
    # A room with one page is looked at in one of the languages only in the short form.
    assert visits or not HARD
    assert any(visit.endpoint.startswith(f"{part}.") for visit in sweep.routes.visits)
    faults = [fault for visit in visits for fault in sweep.look(visit)]
    assert not faults, "\n".join(faults)


def test_pages_about_problems_can_be_read_by_everybody(sweep: Sweep) -> None:
    assert not sweep.look_at_problems()
