"""The committee's first page: what can be done now, each motion once, by building and deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotNow
from domain.objections import Ground
from domain.plans import MotionStage
from domain.votes import Choice
from models.audit import AuditEntry
from models.database import session as current_session
from models.objections import Objection
from models.put_away import PutAway
from models.votes import Motion, MotionCount, Roll
from services import objections, putting_away, votes
from services.transaction import transaction
from tests import votes_world as vw
from tests.preferences_world import items, published_plan
from tests.statements import counting

AGREE, AGAINST = Choice.AGREE, Choice.AGAINST


def motion_on(world, plan, number, *, entrance=None, posted=True, closes=None):
    """A motion on the first elevator option, its roll posted; open till ``closes`` if given."""
    lift, _lights = items(plan)
    now = world.clock()
    with transaction() as session:
        motion = Motion(
            plan_id=plan.id,
            number=number,
            option_version_id=lift.options[0].published.id,
            entrance_id=(entrance or world.first_entrance).id,
            title=f"电梯{number}",
            text="加装",
            matter=7,
            channel="in_app",
            drafted_at=now,
        )
        if closes is not None:
            motion.announced_at = motion.opens_at = now
            motion.closes_at = now + closes
        session.add(motion)
        session.flush()
        if posted:
            session.add(Roll(motion_id=motion.id, version=1, posted_at=now))
    return motion


def today(visit, who):
    return visit(who).get("/")


def test_b8a_no_vote_is_to_be_announced_before_it_can_be(visit, world, clock):
    plan = published_plan(world)
    motion_on(world, plan, 1)
    assert "Announce the vote" not in today(visit, world.committee).text
    lift, _lights = items(plan)
    objection = objections.submit(
        world.actor(world.ground_floor),
        lift,
        None,
        ground=Ground.LIGHT,
        body="太暗",
        form_key="k",
        now=clock(),
    )
    # The consultation has closed, but an objection to it is not answered yet.
    clock.move(days=11)
    assert "Announce the vote" not in today(visit, world.committee).text
    objections.answer(world.actor(world.committee), objection, "已经移开", now=clock())
    assert "Announce the vote: 电梯1" in today(visit, world.committee).text


def test_b8b_papers_wait_for_their_second_reader_and_a_mismatch_for_a_new_entry(visit, world):
    motion = vw.open_motion(world)
    sheet = vw.sheet_of(world, motion, "301")
    owner = min(one.owner_id for one in sheet.voter.owners)
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    how = {"handed": vw.handed_in(world), "now": world.clock()}
    votes.enter_paper(first, sheet, AGREE, owner_id=owner, **how)
    assert "1 paper ballot that you entered waits" in today(visit, world.committee).text
    page = today(visit, world.second_committee)
    assert "1 paper ballot waits for you as its second reader." in page.text
    title = f"Read the paper ballots: Voting: {motion.title}"
    assert page.links()[title] == f"/motions/{motion.id}/paper"
    votes.confirm_paper(second, sheet, AGAINST, now=world.clock())
    for who in (world.committee, world.second_committee):
        page = today(visit, who)
        assert "1 paper ballot was read in two ways and has to be entered anew." in page.text
        assert "second reader" not in page.text
    votes.enter_paper(second, sheet, AGREE, owner_id=owner, **how)
    assert "read in two ways" not in today(visit, world.committee).text
    # While it waits, the vote cannot be counted, and so is not to be counted yet.
    vw.close(world, motion)
    page = today(visit, world.committee)
    assert f"Vote closed: {motion.title}" in page.text
    assert f"Count: {motion.title}" not in page.text


def test_b8b_the_box_whose_hours_are_running_stands_before_an_objection(visit, world, clock):
    motion = vw.open_motion(world)
    vw.sheet_of(world, motion, "301")
    vw.close(world, motion)
    with transaction() as session:
        # One that was raised meanwhile and waits for its answer.
        item = motion.version.option.item
        session.add(
            Objection(
                plan_id=motion.plan_id,
                item_id=item.id,
                dwelling_id=world.dwelling("101").id,
                account_id=world.ground_floor.id,
                form_key="late",
                capacity="owner",
                ground=Ground.LIGHT,
                body="太暗",
                submitted_at=clock(),
            )
        )
    text = today(visit, world.committee).text
    assert text.index("Close the box of paper ballots") < text.index("Answer an objection")


def test_b8c_a_failed_motion_is_put_away_and_taken_up_again(visit, world):
    motion = vw.closed_motion(world, vw.REJECTED)
    lin = visit(world.committee)
    page = lin.get("/")
    assert f"Not adopted: {motion.title}" in page.text
    lin.post(page, button="Put away")
    assert motion.title not in lin.get("/").text
    page = lin.get(f"/motions/{motion.id}")
    assert "Put away on" in page.text
    stored = current_session().scalars(select(PutAway)).one()
    assert stored.put_away_by == world.committee.id
    lin.post(page, button="Take it up again")
    assert f"Not adopted: {motion.title}" in lin.get("/").text
    actions = [one.action for one in current_session().scalars(select(AuditEntry))]
    assert actions.count("motion_put_away") == actions.count("motion_taken_up") == 1
    # Done twice it is done once, and it can be put away again later.
    for _again in range(2):
        putting_away.put_away(world.actor(world.committee), motion, now=world.clock())
    actions = [one.action for one in current_session().scalars(select(AuditEntry))]
    assert actions.count("motion_put_away") == 2


def test_b8c_only_what_has_failed_can_be_put_away(world):
    motion = vw.open_motion(world)
    with pytest.raises(NotNow, match="motion_not_at_this_stage"):
        putting_away.put_away(world.actor(world.committee), motion, now=world.clock())
    assert votes.stage(motion, world.clock()) is MotionStage.VOTING


def test_b8d_not_reached_is_said_of_doors_and_not_of_answers(visit, world):
    published_plan(world)
    page = today(visit, world.committee)
    assert "24 homes in 3幢 have not answered yet" in page.text
    assert "not reached" not in page.text


def test_b8d_a_door_is_reached_when_somebody_was_there_and_not_when_it_voted(visit, world):
    motion = vw.open_motion(world)
    page = today(visit, world.committee)
    assert "11 doors not reached yet, 0 of 11 visited." in page.text
    vw.cast(world, motion, world.sixth_floor, AGREE)
    assert "11 doors not reached yet" in today(visit, world.committee).text


def test_b8e_a_motion_has_one_card_and_stands_with_its_building_and_deadline(visit, world, clock):
    plan = published_plan(world)
    clock.move(days=11)
    motion_on(world, plan, 1, closes=timedelta(days=9))
    motion_on(world, plan, 2, entrance=world.second_entrance, closes=timedelta(days=3))
    motion_on(world, plan, 3, closes=timedelta(days=9))
    failed = motion_on(world, plan, 4, closes=timedelta(days=1))
    with transaction() as session:
        session.add(
            MotionCount(
                motion_id=failed.id,
                counted_at=clock(),
                outcome="rejected",
                document="{}",
                digest="d",
            )
        )
    page = today(visit, world.committee)
    for number in (1, 2, 3, 4):
        headings = [page.text_of(one) for one in page.all("h3")]
        assert sum(f"电梯{number}" in heading for heading in headings) == 1
    groups = [page.text_of(one) for one in page.all("h2")]
    closing = [one for one in groups if one.startswith("3幢: vote closes")]
    assert len(closing) == 2
    text = page.text
    assert text.index("电梯2") < text.index("电梯1") < text.index("电梯3")
    # What has failed is not urgent, however long ago its vote closed.
    assert text.index("电梯3") < text.index("Not adopted: 电梯4")


def test_b8e_many_motions_cost_no_more_statements_than_one(visit, world, clock):
    plan = published_plan(world)
    clock.move(days=11)
    visitor = visit(world.committee)
    asked = []
    for number in range(1, 31):
        motion_on(world, plan, number, closes=timedelta(days=9) if number % 2 else None)
        if number in (2, 30):
            with counting() as statements:
                page = visitor.get("/")
            asked.append(len(statements))
    assert asked[0] == asked[1] <= 22
    assert "and 6 more motions" in page.text
