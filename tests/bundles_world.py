"""Resolutions with everything that a recount has to get right, for the tests of bundles.

Entrance 1: a couple at odds (disputed), a vote changed twice, one on paper, an invalid paper, one
silent. Entrance 2, in a resolution of its own: an abstention, the rest agreeing.
"""

from __future__ import annotations

from models.resolutions import Resolution
from models.votes import Motion
from services import votes
from services.transaction import transaction
from tests import two_people, votes_world
from tests.world import World

# 301 stands for both flats of 尹志强.
AGREEING = ("102", "202", "301", "401", "402", "501", "502", "601")


def first_motion(world: World, plan=None) -> Motion:
    """Entrance 1, closed and counted: 9 of 10 taking part agree, one is disputed, 101 invalid."""
    motion = votes_world.open_motion(world, plan)
    sixth = votes_world.account_of(world, "602")
    for choice in ("against", "abstain"):
        votes_world.cast(world, motion, sixth, choice)
        world.clock.move(minutes=7, microseconds=123)
    votes_world.cast(world, motion, world.wife, "agree")
    votes_world.cast(world, motion, world.husband, "against")
    votes_world.cast_all(world, motion, dict.fromkeys(AGREEING, "agree"), world.first_entrance)
    votes_world.by_paper(world, motion, "602", "agree")
    votes_world.by_paper(world, motion, "101", "invalid")
    votes_world.counted(world, motion)
    return motion


def second_motion(world: World, first: Motion) -> Motion:
    """Entrance 2 on the same plan: 10 agree, one abstains, one is silent."""
    rooms = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
    choices = dict.fromkeys(rooms[2:], "agree") | {rooms[0]: "abstain"}
    return votes_world.closed_motion(world, choices, first.plan, entrance=world.second_entrance)


def issued(world: World, motion: Motion) -> Resolution:
    """A resolution of whatever is adopted on the motion's plan and not yet taken up."""
    return two_people.issue(world.actor(world.committee), motion.plan, now=world.clock())


def two_resolutions(world: World) -> tuple[Resolution, Resolution]:
    """One resolution for each entrance."""
    first = first_motion(world)
    one = issued(world, first)
    return one, issued(world, second_motion(world, first))


def one_resolution(world: World) -> Resolution:
    """One resolution that takes up both entrances."""
    first = first_motion(world)
    return issued(world, second_motion(world, first))


def name_the_wife(world: World, motion: Motion) -> None:
    """The couple of 201 names the wife, who then votes for both."""
    voter = next(
        voter
        for voter in motion.roll.voters
        if {owner.owner_id for owner in voter.owners}
        == {world.owner("周慧敏").id, world.owner("丁援朝").id}
    )
    votes.name_representative(
        world.actor(world.committee),
        voter,
        world.owner("周慧敏").id,
        document="委托书 1 号",
        now=world.clock(),
    )
    with transaction() as session:
        session.expire_all()
