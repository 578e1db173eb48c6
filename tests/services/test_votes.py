"""The whole way of a motion, from the draft to the count."""

from __future__ import annotations

import json

import pytest

from tests import votes_world as vw


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [(vw.ADOPTED, "adopted"), (vw.REJECTED, "rejected"), (vw.NOT_QUORATE, "not_quorate")],
)
def test_a_motion_goes_from_draft_to_count(world, clock, choices, outcome):
    motion = vw.closed_motion(world, choices)
    assert motion.counted.outcome == outcome
    said = json.loads(motion.counted.document)
    assert said["persons"]["total"] == 11
    assert said["area"]["total"] == "726.56"
