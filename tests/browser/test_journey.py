"""The main job, end to end: from a roster to one building's resolution and its contractor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.journey import Journey
from tests.browser.live import Live
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser


@pytest.mark.trust("2.6")
def test_from_the_roster_to_the_contractor(fresh: Live, read: Callable[..., Reader]) -> None:
    journey = Journey(fresh, read)
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
