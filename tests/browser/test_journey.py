"""The main job, end to end: from a roster to one building's resolution and its contractor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.journey import Journey
from tests.browser.live import Live
from tests.browser.matrix import walks
from tests.browser.reader import DESK, Reader
from tests.trust import HARD

pytestmark = pytest.mark.browser


@pytest.mark.trust("2.6")
@pytest.mark.parametrize(("language", "size"), walks("zh-desk"))
def test_from_the_roster_to_the_contractor_with_scripts_off(
    fresh: Live, read: Callable[..., Reader], language: str, size: tuple[int, int]
) -> None:
    _walk(Journey(fresh, read, language=language, size=size, scripts=False))


@pytest.mark.skipif(not HARD, reason="the long form; every page is looked at with scripts anyway")
def test_from_the_roster_to_the_contractor_with_scripts(
    fresh: Live, read: Callable[..., Reader]
) -> None:
    _walk(Journey(fresh, read, language="zh-CN", size=DESK, scripts=True))


def _walk(journey: Journey) -> None:
    journey.install()
    journey.import_the_roster()
    journey.appoint()
    journey.compose()
    journey.publish()
    journey.issue_letters()
    journey.come_in()
    journey.answer()
    journey.object_()
    journey.draw_up()
    journey.announce()
    journey.vote()
    journey.count()
    journey.resolve()
    journey.contract()
