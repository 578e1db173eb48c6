"""What the database turned away is carried out again a few times, soon, and never for ever."""

from __future__ import annotations

import pytest

from domain.errors import Failure
from domain.retries import PAUSES, pause


@pytest.mark.parametrize("failure", [Failure.AGAIN, Failure.LOST])
def test_it_is_carried_out_again_after_pauses_that_grow_and_end(failure):
    waits = [pause(failure, tries, 50) for tries in range(1, len(PAUSES) + 1)]
    assert waits == sorted(waits)
    assert pause(failure, len(PAUSES) + 1, 50) is None
    assert sum(PAUSES) < 1000


@pytest.mark.parametrize("failure", [Failure.BUSY, Failure.STORAGE])
def test_what_has_waited_already_or_cannot_get_better_is_given_up_at_once(failure):
    assert pause(failure, 1, 0) is None


def test_half_of_a_pause_is_certain_and_half_is_drawn_by_lot():
    waits = [pause(Failure.AGAIN, 2, lot) for lot in (0, 99)]
    assert PAUSES[1] // 2 == waits[0] < waits[1] < PAUSES[1]
