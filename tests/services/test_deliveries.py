"""Delivery at the doors: by whom, where, and what the count says of it."""

from __future__ import annotations

import json

import pytest

from domain.errors import NotNow, NotYours
from services import deliveries, votes
from tests import votes_world as vw


@pytest.fixture
def motion(world):
    return vw.announced_motion(world)


def note(world, motion, number, outcome, who=None, **given):
    actor = world.actor(who or world.head)
    return deliveries.note(actor, motion, number, outcome, now=world.clock(), **given)


def stand(world, motion, who):
    return {door.voter.number: door.outcome for door in deliveries.doors(world.actor(who), motion)}


def test_the_stairwell_head_records_and_the_count_says_it_in_figures(world, motion):
    note(world, motion, 1, "delivered")
    note(world, motion, 2, "undeliverable", place="102室门上")
    note(world, motion, 3, "refused", with_whom="小周")
    found = stand(world, motion, world.head)
    assert [found[number] for number in (1, 2, 3)] == ["delivered", "undeliverable", "refused"]
    world.clock.move_to(motion.opens_at)
    note(world, motion, 2, "delivered")
    vw.cast_all(world, motion, vw.ADOPTED)
    document = json.loads(vw.counted(world, motion).document)
    assert document["deliveries"] == {
        "delivered": 2,
        "undeliverable": 0,
        "refused": 1,
        "open": 8,
    }
    assert votes.recount(motion) == motion.counted.document
    with pytest.raises(NotNow):
        note(world, motion, 4, "delivered")


def test_a_count_without_deliveries_says_nothing_of_them(world, motion):
    world.clock.move_to(motion.opens_at)
    vw.cast_all(world, motion, vw.ADOPTED)
    document = json.loads(vw.counted(world, motion).document)
    assert {"deliveries", "mandates", "platform"} & set(document) == set()


def test_a_door_of_another_entrance_is_not_the_head_s(world):
    motion = vw.announced_motion(world, entrance=world.second_entrance)
    assert stand(world, motion, world.head) == {}
    with pytest.raises(NotYours):
        note(world, motion, 1, "delivered")
    note(world, motion, 1, "delivered", who=world.committee)
    assert stand(world, motion, world.committee)[1] == "delivered"
    assert stand(world, motion, world.ground_floor) == {}
