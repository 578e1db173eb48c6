"""Every page of the route list, in Chinese and by day: axe, width, weight, hosts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from app import BLUEPRINTS
from tests.browser.routes import RouteList
from tests.browser.sweep import Sweep
from tests.trust import HARD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sweep(browser: Browser, pages: RouteList) -> Iterator[Sweep]:
    """The pages, and windows to look at them."""
    made = Sweep(browser, pages, "zh-CN", "light", every_other=0)
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


def test_every_rule_of_the_route_list_is_a_page_that_somebody_saw(sweep: Sweep) -> None:
    assert not sweep.closed


def test_pages_about_problems_can_be_read_by_everybody(sweep: Sweep) -> None:
    assert not sweep.look_at_problems()
