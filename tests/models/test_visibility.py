"""Asking in SQL and asking of a known place come to the same."""

from __future__ import annotations

from sqlalchemy import select

from domain.accounts import ANONYMOUS
from models import casts_queries, votes_queries
from models.accounts import Account
from models.database import session as current_session
from models.register import Building
from models.visibility import buildings_visible_to, sees_building
from tests import votes_world as vw


def actors(world):
    accounts = current_session().scalars(select(Account)).all()
    return [ANONYMOUS, *(world.actor(account) for account in accounts)]


def test_a_known_place_is_seen_by_whom_the_look_up_finds_it_for(world):
    buildings = current_session().scalars(select(Building)).all()
    seen = set()
    for actor in actors(world):
        found = set(
            current_session().scalars(select(Building.id).where(buildings_visible_to(actor)))
        )
        asked = {b.id for b in buildings if sees_building(actor, b.community_id, b.id)}
        assert asked == found, actor
        seen.add(len(found))
    assert len(seen) > 2


def test_what_is_voted_on_is_what_the_look_up_finds(world):
    drafted = vw.drafted_motion(world)
    found = set()
    for posted in (False, True):
        if posted:
            vw.votes.post_roll(world.actor(world.committee), drafted, now=world.clock())
        for actor in actors(world):
            motion = votes_queries.motion_visible_to(actor, drafted.id)
            plain = casts_queries.voted_on(actor, drafted.id)
            assert (motion is None) == (plain is None), actor
            if motion is not None and plain is not None:
                assert (plain.id, plain.plan_id, plain.scope) == (
                    motion.id,
                    motion.plan_id,
                    motion.scope,
                )
            found.add((posted, plain is None))
    assert len(found) == 4
