"""A household answers and objects: on a phone, scripts off, in either language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import compound
from tests.browser.live import Live
from tests.browser.matrix import walks
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser

ELEVATOR = "加装电梯"


# 8幢's homes that have not answered yet: each walk sends the answer of its own.
ROOMS = {
    "zh-phone": "103",
    "en-tablet": "203",
    "zh-desk": "303",
    "en-phone": "403",
    "zh-tablet": "603",
    "en-desk": "703",
}


@pytest.mark.parametrize(
    ("language", "size", "room"), walks("zh-phone", "en-tablet", "zh-desk", own=ROOMS)
)
def test_a_household_answers_and_objects_with_scripts_off(
    live: Live, read: Callable[..., Reader], language: str, size: tuple[int, int], room: str
) -> None:
    with live.inside():
        account = compound.household("8", room).id
    home = read(live, account, language=language, size=size, scripts=False)
    home.go("/")
    home.follow("Answer the menu")
    home.says("Who will see what I say?", room)
    home.follow("Begin", exact=True)
    for _question in range(5):
        if home.heading == ELEVATOR:
            _oppose(home)
        else:
            home.pick("stance", "accept")
            home.press("Save and go on", exact=True)
            home.page.go_back()
            assert home.page.locator("[name=stance]:checked").get_attribute("value") == "accept"
            home.page.go_forward()
    assert home.heading == home.word("What your household says")
    home.says("挡了后窗", home.word("%(part)s of %(whole)s answered", part=5, whole=5))
    home.press("Send", exact=True)
    assert home.heading == home.word("Your answers are recorded")
    _object(home)


def _oppose(home: Reader) -> None:
    """Without a reason the page says so and keeps the rest; the way back loses nothing."""
    home.pick("stance", "oppose")
    home.fill(max_pay="1,200.50")
    home.press("Save and go on", exact=True)
    assert home.page.locator(".problems a").count() == 1
    assert home.page.locator("[name=max_pay]").input_value() == "1,200.50"
    home.fill(reason="挡了后窗")
    home.press("Save and go on", exact=True)
    home.follow("Back", exact=True)
    assert home.page.locator("[name=reason]").input_value() == "挡了后窗"
    home.press("Save and go on", exact=True)


def _object(home: Reader) -> None:
    home.go("/plans")
    home.lead(home.page.locator("main a[href^='/plans/']").first)
    home.follow("The menu", exact=True)
    home.follow("Object to “%(title)s”", title=ELEVATOR)
    home.press("Raise the objection")
    assert home.page.locator(".problems a").count() == 2
    home.pick("ground", "light")
    home.fill(body="后窗只剩一条缝。")
    home.press("Raise the objection")
    home.says(
        "后窗只剩一条缝。",
        "Not answered yet. Until it is, nothing that it speaks of is put to the vote.",
    )
    home.go("/")
    home.says("My objections", ELEVATOR)


def test_a_facade_is_walked_window_by_window(live: Live, read: Callable[..., Reader]) -> None:
    with live.inside():
        account = compound.staff("lin").id
        building = compound.plan_of("5").building_id
    committee = read(live, account, language="en-GB")
    committee.go(f"/buildings/{building}")
    street = committee.page.locator(".facade-street")
    assert committee.page.locator(".facade-street > svg").count() == 3
    shown = street.evaluate("e => e.clientWidth")
    first = committee.page.locator(".facade-street > svg").first
    assert abs(first.evaluate("e => e.getBoundingClientRect().width") - shown) < 2
    committee.tab_to(".facade-street a")
    committee.key("Tab", "Tab")
    label = committee.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "5" in label and "m²" in label
    committee.enter()
    assert "/dwellings/" in committee.page.url
