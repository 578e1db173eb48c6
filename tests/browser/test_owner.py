"""An owner votes by keyboard alone, scripts off; looks at the result with scripts on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import compound
from tests.browser.live import Live
from tests.browser.matrix import walks
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser

# 5幢 entrance 1: 400,000.00 yuan by Guangzhou's coefficients (floor 3: 1 of 5.1, floor 4: 1.1,
# floor 5: 1.2, floor 6: 1.3), inside the floor by area: 66.42 and 71.08 of 137.50 m²,
# 70.61 of 136.56.
OWN_SHARE = {"302": "37,886.63", "401": "44,599.22", "501": "48,653.69", "601": "52,720.06"}
SIGNED = (
    "This vote is signed, not secret: the owners who decide may read the signed list afterwards."
)


# Entrances 1 and 3 are built alike; each walk has an owner of its own who has not voted.
OWNERS = {
    "zh-phone": ("1", "501"),
    "en-tablet": ("1", "401"),
    "zh-desk": ("1", "302"),
    "en-phone": ("3", "601"),
    "zh-tablet": ("3", "401"),
    "en-desk": ("3", "302"),
}


@pytest.mark.parametrize(
    ("language", "size", "door"), walks("zh-phone", "en-tablet", "zh-desk", own=OWNERS)
)
def test_an_owner_votes_by_keyboard_alone(
    live: Live,
    read: Callable[..., Reader],
    language: str,
    size: tuple[int, int],
    door: tuple[str, str],
) -> None:
    entrance, room = door
    with live.inside():
        account = compound.household("5", room, entrance).id
    owner = read(live, account, language=language, size=size, scripts=False)
    owner.go("/")
    owner.tab_to("a[href$='/ballot']")
    owner.enter()
    owner.says(OWN_SHARE[room], SIGNED)
    owner.tab_to("input[name=choice]")
    owner.key("ArrowDown", "ArrowDown", "ArrowUp")
    assert owner.page.locator("input[name=choice]:checked").get_attribute("value") == "against"
    owner.tab_to("button[type=submit]")
    owner.enter()
    assert owner.heading == owner.word("You vote: %(answer)s", answer=owner.word("Against"))
    owner.tab_to("main a[href*='/ballot/']")
    owner.enter()
    owner.tab_to("input[name=choice]")
    owner.key("Space")
    owner.tab_to("button[type=submit]")
    owner.enter()
    owner.tab_to("main button[type=submit]")
    owner.enter()
    assert owner.heading == owner.word("Your vote is recorded")
    owner.says("after the count")
    receipt = owner.page.locator(".letter-code").inner_text()
    owner.go("/")
    owner.tab_to("a[href$='/ballot']")
    owner.enter()
    owner.says(owner.word("You have voted: %(choice)s", choice=owner.word("Agree")))
    owner.tab_to(f"a[href$='/receipts/{receipt}']")


def test_a_ballot_without_an_answer_says_so_and_takes_the_focus(
    live: Live, read: Callable[..., Reader]
) -> None:
    with live.inside():
        account = compound.household("5", "502").id
    owner = read(live, account)
    owner.go("/")
    owner.follow("Vote now")
    owner.press("Go on", exact=True)
    problems = owner.page.locator("[role=alert]")
    assert problems.get_by_role("link").count() == 1
    assert owner.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    owner.tab_to("[role=alert] a")
    owner.key("Enter")
    assert owner.page.evaluate("document.activeElement.name") == "choice"


def test_the_result_has_a_chart_that_comes_when_it_is_asked_for(
    live: Live, read: Callable[..., Reader]
) -> None:
    with live.inside():
        account = compound.household("3", "602").id
        motion = compound.motion_on("3", compound.menu.SHAFT.title, "1").id
    owner = read(live, account, language="en-GB")
    asked: list[str] = []
    owner.page.on("request", lambda request: asked.append(request.url))
    owner.go(f"/motions/{motion}")
    assert not [url for url in asked if "plotly" in url]
    box = owner.page.locator("details[data-chart]").first
    below = owner.page.get_by_role("heading", name="What is voted on")
    box.locator("summary").click()
    before = below.bounding_box()
    box.locator(".chart-box .main-svg").first.wait_for()
    after = below.bounding_box()
    assert before and after and before["y"] == after["y"], "the page moved when the chart came"
    assert [url for url in asked if "plotly" in url]
