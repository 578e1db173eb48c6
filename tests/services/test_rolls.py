"""The roll: drawn from the register, posted, corrected by a second person, then left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from domain.errors import NotNow, NotYours, Refused, Stale
from domain.vocabulary import AreaSource
from models import votes_queries
from models.register import Dwelling, Ownership
from models.votes import Roll, RollDwelling, RollOwner, RollVoter
from services import votes
from services.transaction import transaction
from tests import menus_world, two_people
from tests import votes_world as vw


def voters(motion):
    """Rooms → the voter of the newest roll."""
    roll = votes_queries.newest_roll(motion.id)
    return {"+".join(sorted(d.room for d in voter.dwellings)): voter for voter in roll.voters}


def change_area(world, room, area):
    """The register is corrected by hand."""
    with transaction() as session:
        session.get(Dwelling, world.dwelling(room).id).area = area


def test_two_flats_of_one_buyer_are_one_voter_with_both_areas(world):
    found = voters(vw.posted_motion(world))
    assert len(found) == 11
    assert found["301+302"].area == 6235 + 5890
    assert found["201"].kind == "co_owners"
    assert sorted(owner.name for owner in found["201"].owners) == ["丁援朝", "周慧敏"]


def test_the_developers_unsold_flats_are_one_voter_and_a_garage_is_none(world):
    plan = menus_world.published_menu(world, building=world.tower)
    world.clock.move_to(plan.consultation_closes_at)
    found = voters(vw.posted_motion(world, plan, option=menus_world.LED))
    assert found["701+702"].kind == "developer"
    assert "车库1" not in "".join(found)
    # 雷国强 owns 101 and the garage; the garage gives neither a head nor area.
    assert found["101"].area == 6235


def test_each_dwelling_stands_on_the_roll_with_its_share_to_the_fen(world):
    roll = votes_queries.newest_roll(vw.posted_motion(world).id)
    shares = {d.room: d.share for voter in roll.voters for d in voter.dwellings}
    assert sum(shares.values()) == 400_000_00
    assert shares["101"] == shares["102"] == 0
    assert shares["602"] < shares["601"]


def test_where_households_do_not_pay_the_share_is_nothing(world):
    from dataclasses import replace

    from domain.menus import Payer
    from services import menus

    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan, menus_world.LED)
    menus.edit_draft(
        world.actor(world.committee),
        version,
        replace(menus_world.LED, payer=Payer.MAINTENANCE_FUND),
        revision=version.revision,
        now=world.clock(),
    )
    from domain.disclosure import Policy

    terms = menus.Terms(policy=Policy.BANDED, threshold=10, days=10, decision="", place="门口")
    actor = world.actor(world.committee)
    plan = two_people.publish(actor, plan, [plan.building], terms=terms, now=world.clock())[0]
    world.clock.move_to(plan.consultation_closes_at)
    roll = votes_queries.newest_roll(vw.posted_motion(world, plan, option=menus_world.LED).id)
    assert {d.share for voter in roll.voters for d in voter.dwellings} == {0}
    assert len(roll.voters) == 23


def test_a_roll_is_posted_once(world):
    motion = vw.posted_motion(world)
    with pytest.raises(NotNow) as raised:
        votes.post_roll(world.actor(world.second_committee), motion, now=world.clock())
    assert raised.value.code == "roll_already_posted"


@pytest.mark.trust("1.3")
def test_what_happens_to_the_register_afterwards_does_not_touch_the_roll(world):
    motion = vw.announced_motion(world)
    before = [(v.number, v.area) for v in votes_queries.newest_roll(motion.id).voters]
    change_area(world, "602", 9999)
    with transaction() as session:
        session.execute(delete(Ownership).where(Ownership.dwelling_id == world.dwelling("602").id))
    assert [(v.number, v.area) for v in votes_queries.newest_roll(motion.id).voters] == before
    world.clock.move_to(motion.opens_at)
    vw.cast(world, motion, world.sixth_floor, "agree")


def correct(world, motion, who=None, reason="602 面积登记有误"):
    return votes.correct_roll(
        world.actor(who or world.second_committee), motion, reason=reason, now=world.clock()
    )


@pytest.mark.trust("1.3")
def test_a_correction_is_a_new_version_by_another_person_with_a_reason(world):
    motion = vw.announced_motion(world)
    change_area(world, "602", 6000)
    for who, reason, code in (
        (world.committee, "面积", "second_person_needed"),
        (world.second_committee, "  ", "roll_reason_missing"),
    ):
        with pytest.raises((Refused, NotYours)) as raised:
            correct(world, motion, who, reason)
        assert raised.value.code == code
    roll = correct(world, motion)
    assert (roll.version, roll.reason) == (2, "602 面积登记有误")
    assert voters(motion)["602"].area == 6000
    assert [one.version for one in votes_queries.rolls_of(motion.id)] == [1, 2]


def test_a_correction_without_a_change_is_refused(world):
    with pytest.raises(Refused) as raised:
        correct(world, vw.posted_motion(world))
    assert raised.value.code == "roll_unchanged"


@pytest.mark.trust("1.3")
def test_no_correction_once_voting_has_opened(world):
    motion = vw.open_motion(world)
    change_area(world, "602", 6000)
    with pytest.raises(NotNow) as raised:
        correct(world, motion)
    assert raised.value.code == "roll_frozen"
    world.clock.stand_at(motion.opens_at - timedelta(microseconds=1))
    assert correct(world, motion).version == 2


def test_a_corrected_area_source_or_name_is_a_change_too(world):
    motion = vw.posted_motion(world)
    with transaction() as session:
        session.get(Dwelling, world.dwelling("101").id).area_source = AreaSource.SURVEY
    correct(world, motion)
    with transaction() as session:
        world.owner("杜文斌").name = "杜文彬"
        session.add(world.owner("杜文斌"))
    votes.correct_roll(world.actor(world.committee), motion, reason="姓名更正", now=world.clock())
    assert [owner.name for owner in voters(motion)["101"].owners] == ["杜文彬"]


def name(world, voter, owner, document="推选书 3 号"):
    return votes.name_representative(
        world.actor(world.committee),
        voter,
        world.owner(owner).id,
        document=document,
        now=world.clock(),
    )


def test_co_owners_name_one_of_them_and_only_that_one_votes(world):
    motion = vw.open_motion(world)
    name(world, voters(motion)["201"], "周慧敏")
    with pytest.raises(NotYours) as raised:
        vw.cast(world, motion, world.husband, "against")
    assert raised.value.code == "representative_named"
    vw.cast(world, motion, world.wife, "agree")
    assert votes.own_voters(world.actor(world.husband), motion)[0].person is None


def test_a_representative_is_a_co_owner_named_on_paper(world):
    found = voters(vw.posted_motion(world))
    for room, owner, document, code in (
        ("201", "周慧敏", " ", "document_missing"),
        ("101", "杜文斌", "推选书", "representative_not_needed"),
        ("201", "杜文斌", "推选书", "owner_not_of_voter"),
    ):
        with pytest.raises(Refused) as raised:
            name(world, found[room], owner, document)
        assert raised.value.code == code


def test_whom_co_owners_named_still_acts_for_them_on_a_corrected_roll(world):
    motion = vw.posted_motion(world)
    old = voters(motion)["201"]
    name(world, old, "周慧敏")
    change_area(world, "602", 6000)
    correct(world, motion)
    assert voters(motion)["201"].representative.owner_id == world.owner("周慧敏").id
    with pytest.raises(Stale) as raised:
        name(world, old, "丁援朝")
    assert raised.value.code == "roll_superseded"


def test_naming_a_representative_settles_a_dispute_before_the_close_only(world):
    motion = vw.open_motion(world)
    vw.cast(world, motion, world.wife, "agree")
    vw.cast(world, motion, world.husband, "against")
    assert votes.own_voters(world.actor(world.wife), motion)[0].disputed
    voter = voters(motion)["201"]
    name(world, voter, "周慧敏")
    assert not votes.own_voters(world.actor(world.wife), motion)[0].disputed
    vw.close(world, motion)
    with pytest.raises(NotNow):
        name(world, voter, "丁援朝")


@pytest.mark.trust("1.3")
def test_a_posted_roll_is_frozen_in_the_database(world):
    vw.posted_motion(world)
    columns = {Roll: "reason", RollVoter: "area", RollDwelling: "area", RollOwner: "name"}
    for table, column in columns.items():
        value = 1 if column == "area" else "1"
        for statement in (update(table).values({column: value}), delete(table)):
            with pytest.raises(DBAPIError, match="frozen"), transaction() as session:
                session.execute(statement)
