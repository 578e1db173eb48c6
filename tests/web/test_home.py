"""The first page: what is asked of each person now, and what comes next."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain.accounts import Role
from domain.objections import Ground, ObjectionOutcome
from domain.preferences import ItemAnswerDraft, Stance
from domain.vocabulary import AreaSource
from models.accounts import RoleGrant
from models.votes import Ballot, Motion, MotionCount, Roll, RollDwelling, RollOwner, RollVoter
from services import objections
from services.preferences import save, send
from services.transaction import transaction
from tests.preferences_world import answered, items, published_plan
from tests.statements import counting


@pytest.fixture
def plan(world):
    return published_plan(world)


def _object(world, clock, account, plan, key="k"):
    lift, _lights = items(plan)
    return objections.submit(
        world.actor(account),
        lift,
        None,
        ground=Ground.LIGHT,
        body="厨房会很暗",
        form_key=key,
        now=clock(),
    )


def _motion(world, plan, *, opens=0, closes=7, posted=True, announced=True):
    """A motion on the first elevator option in entrance 1, on whose roll 钟志强's floor stands."""
    lift, _lights = items(plan)
    now = world.clock()
    with transaction() as session:
        motion = Motion(
            plan_id=plan.id,
            number=1,
            option_version_id=lift.options[0].published.id,
            entrance_id=world.first_entrance.id,
            title="1单元加装电梯",
            text="同意加装",
            matter=7,
            channel="in_app",
            drafted_at=now,
        )
        session.add(motion)
        session.flush()
        if posted:
            roll = Roll(motion_id=motion.id, version=1, posted_at=now)
            session.add(roll)
            session.flush()
            for number, door in enumerate(world.first_entrance.dwellings, start=1):
                voter = RollVoter(roll_id=roll.id, number=number, area=door.area, kind="person")
                session.add(voter)
                session.flush()
                session.add(
                    RollDwelling(
                        voter_id=voter.id,
                        dwelling_id=door.id,
                        building="3幢",
                        entrance="1单元",
                        room=door.room,
                        floor=door.floor,
                        area=door.area,
                        area_source=AreaSource.REGISTER,
                        share=10_000_00 + door.floor,
                    )
                )
                for ownership in door.ownerships:
                    session.add(
                        RollOwner(
                            voter_id=voter.id,
                            owner_id=ownership.owner_id,
                            name=ownership.owner.name,
                        )
                    )
        if announced:
            motion.announced_at = now
            motion.notice_days = 0
            motion.opens_at = now + timedelta(days=opens)
            motion.closes_at = now + timedelta(days=closes)
    return motion


def _counted(world, motion, outcome):
    with transaction() as session:
        session.add(
            MotionCount(
                motion_id=motion.id,
                counted_at=world.clock(),
                outcome=outcome,
                document="{}",
                digest="d",
            )
        )


def test_a_stranger_reads_in_three_sentences_what_this_is(visit):
    page = visit().get("/")
    assert page.heading == "Our building decides together"
    links = page.links()
    assert links["Sign in"].startswith("/sign-in")
    assert links["Resolutions"] == "/r"


def test_a_household_is_asked_to_answer_and_told_what_it_would_cost(visit, world, plan):
    page = visit(world.sixth_floor).get("/")
    assert "Say what your home needs" in page.text
    assert "Open until 11 September 2026" in page.text
    # 1.3 of 5.1 for the sixth floor, 58.43 of 120.31 m² for 602.
    assert "49,518.48 to 86,657.34 yuan" in page.text
    assert "costs you nothing" in page.text
    assert page.links()["Answer the menu: Say what your home needs"].startswith(
        f"/plans/{plan.id}/answer"
    )


def test_the_ground_floor_pays_nothing_for_the_elevator(visit, world, plan):
    page = visit(world.ground_floor).get("/")
    assert "All itemscost you nothing" in page.text


def test_b7k_a_household_sees_five_stages_and_the_present_step_in_its_own(visit, world, plan):
    text = visit(world.sixth_floor).get("/").text
    assert "Step 1 of 5" in text
    assert "Menu and answers" in text
    assert "Households answer" in text


def test_b7h_the_first_page_says_that_a_vote_is_closed_and_to_be_counted(visit, world, plan, clock):
    _motion(world, plan)
    clock.move(days=8)
    for account in (world.sixth_floor, world.committee):
        page = visit(account).get("/")
        assert "Vote closed, to be counted" in page.text
        assert "Owners vote" not in page.text


def test_half_answered_is_gone_on_with_and_sent_is_done(visit, world, plan, clock):
    lift, _lights = items(plan)
    actor = world.actor(world.sixth_floor)
    room = world.dwelling("602").id
    sheet = save(
        actor, plan, room, {lift.id: ItemAnswerDraft(Stance.NEED)}, revision=0, now=clock()
    )
    page = visit(world.sixth_floor).get("/")
    assert "1 of 2 answered and saved" in page.text
    send(actor, plan, room, {}, revision=sheet.revision, now=clock())
    page = visit(world.sixth_floor).get("/")
    assert "Nothing is asked of you now" in page.text
    assert "You have answered the menu" in page.text
    assert "Next: the committee answers objections" in page.text


def test_the_answer_to_an_objection_comes_first_until_it_is_read(visit, world, plan, clock):
    objection = _object(world, clock, world.ground_floor, plan)
    visitor = visit(world.ground_floor)
    page = visitor.get("/")
    assert "Waiting for an answer" in page.text
    assert "is answered" not in page.text
    objections.answer(world.actor(world.committee), objection, "会测光", now=clock())
    page = visitor.get("/")
    assert page.text.index("is answered") < page.text.index("Say what your home needs")
    shown = visitor.get(f"/objections/{objection.id}")
    page = visitor.post(shown, button="I have read it")
    assert "is answered" not in page.text
    objections.close(
        world.actor(world.committee),
        objection,
        ObjectionOutcome.MEDIATED,
        note="",
        version=None,
        now=clock(),
    )
    assert "has an outcome" in visitor.get("/").text


def test_an_open_vote_shows_until_when_and_the_own_share(visit, world, plan):
    _motion(world, plan)
    page = visit(world.sixth_floor).get("/")
    assert "Vote: 1单元加装电梯" in page.text
    assert "8 September 2026" in page.text
    assert "10,000.06 yuan" in page.text
    assert "Vote: 1单元加装电梯" not in visit(world.tenant).get("/").text
    assert "Vote: 1单元加装电梯" not in visit(world.next_door).get("/").text


def test_b7c_a_tenant_is_told_why_there_is_no_vote(visit, world, plan):
    motion = _motion(world, plan)
    page = visit(world.tenant).get("/")
    assert "Vote of the owners: 1单元加装电梯" in page.text
    assert "Your vote, your receipt" not in page.text
    assert "Your vote, your receipt" in visit(world.sixth_floor).get("/").text
    assert "You rent your home, so you have no vote here" in page.text
    assert "Your share if it is adopted" not in page.text
    page = visit(world.tenant).get(f"/motions/{motion.id}")
    assert "You rent your home, so you have no vote here" in page.text
    page = visit(world.next_door).get(f"/motions/{motion.id}")
    assert "Only the owners of 1单元 vote on this; your home is not there." in page.text
    assert motion.title not in visit(world.next_door).get("/").text
    assert "no vote here" not in visit(world.sixth_floor).get("/").text
    assert "Votes in which you have no say" not in visit(world.sixth_floor).get("/").text


def test_b7b_a_tenant_is_not_told_what_the_own_home_pays(visit, world, plan):
    page = visit(world.tenant).get("/")
    assert "What it would cost the owner of your home" in page.text
    pages = [page]
    addresses = [f"/plans/{plan.id}/menu", f"/plans/{plan.id}/answer/1"]
    addresses.append(f"/plans/{plan.id}/my-cost/{items(plan)[0].options[0].id}")
    pages += [visit(world.tenant).get(address) for address in addresses]
    for one in pages:
        for said in ("Your share", "cost you", "Costs you", "You would pay", "your household pay"):
            assert said not in one.text, (said, one.text)
    assert "The owner’s share, room 302" in pages[1].text
    assert "The owner of the home pays, not you as the tenant." in pages[2].text
    assert "The owner would pay (yuan)" in pages[3].text
    assert "Your share, room 602" in visit(world.sixth_floor).get(addresses[0]).text


def test_who_has_voted_can_still_change_and_is_not_asked_again(visit, world, plan, clock):
    motion = _motion(world, plan)
    with transaction() as session:
        voter = next(
            one
            for one in session.get(Motion, motion.id).roll.voters
            if one.dwellings[0].room == "602"
        )
        session.add(
            Ballot(
                motion_id=motion.id,
                voter_id=voter.id,
                sequence=1,
                owner_id=voter.owners[0].owner_id,
                choice="agree",
                channel="in_app",
                cast_at=clock(),
                account_id=world.sixth_floor.id,
                form_key="f",
                receipt="r",
                nonce="n",
                commitment="c",
                audit_seq=1,
                audit_digest="d",
            )
        )
    page = visit(world.sixth_floor).get("/")
    assert "You have voted; you can change it until" in page.text
    assert page.text.index("Done already") < page.text.index("You have voted")


def test_what_was_decided_is_listed(visit, world, plan, clock):
    motion = _motion(world, plan)
    clock.move(days=8)
    _counted(world, motion, "adopted")
    page = visit(world.sixth_floor).get("/")
    assert "What was decided" in page.text
    assert "adopted" in page.text
    assert "Next: the committee posts the resolution" in page.text


def test_without_a_plan_a_resident_learns_what_comes_next(visit, world):
    page = visit(world.sixth_floor).get("/")
    assert "Nothing is asked of you now" in page.text
    assert "no published menu yet" in page.text


def test_a_menu_being_composed_is_the_committees_alone(visit, world, plan):
    with transaction():
        plan.menu_published_at = None
        plan.consultation_closes_at = None
    for account in (world.sixth_floor, world.head):
        assert "电梯和楼道照明" not in visit(account).get("/").text
    page = visit(world.committee).get("/")
    assert "Compose and publish the menu" in page.text
    assert "电梯和楼道照明" in page.text


def test_after_the_close_nobody_is_asked_to_answer(visit, world, plan, clock):
    clock.move(days=10)
    assert "Say what your home needs" not in visit(world.sixth_floor).get("/").text


def test_the_committee_begins_with_the_objection_that_waits_longest(visit, world, plan, clock):
    _object(world, clock, world.next_door, plan, key="first")
    clock.move(days=2)
    _object(world, clock, world.ground_floor, plan, key="second")
    answered(world, plan, [(world.dwelling("101"), Stance.OPPOSE)])
    page = visit(world.committee).get("/")
    assert page.heading == "Today"
    text = page.text
    assert text.index("has waited 2 days") < text.index("has waited 0 days")
    assert text.index("has waited 0 days") < text.index("homes in 3幢 have not answered yet")
    assert re.search(r"\b1 of \d+ homes have answered", text)
    assert "23 homes in 3幢" in text
    assert "8 days left" in text
    assert "8 days left in the consultation" in text
    assert "1 building has no plan yet" in text
    assert "8幢" in text


def test_the_committee_is_led_through_a_motion(visit, world, plan, clock):
    clock.move(days=10)
    page = visit(world.committee).get("/")
    assert "Draw up what is voted on" in page.text
    motion = _motion(world, plan, posted=False, announced=False)
    visitor = visit(world.committee)
    assert "Post the roll: 1单元加装电梯" in visitor.get("/").text
    with transaction() as session:
        session.add(Roll(motion_id=motion.id, version=1, posted_at=clock()))
    assert "Announce the vote: 1单元加装电梯" in visitor.get("/").text
    with transaction() as session:
        stored = session.get(Motion, motion.id)
        stored.announced_at = clock()
        stored.opens_at, stored.closes_at = clock(), clock() + timedelta(days=3)
    assert "Voting: 1单元加装电梯" in visitor.get("/").text
    clock.move(days=3)
    assert "Count: 1单元加装电梯" in visitor.get("/").text
    _counted(world, motion, "rejected")
    assert "Not adopted: 1单元加装电梯" in visitor.get("/").text


def test_an_adopted_motion_waits_for_its_resolution(visit, world, plan, clock):
    motion = _motion(world, plan)
    clock.move(days=11)
    _counted(world, motion, "adopted")
    assert "Issue the resolution" in visit(world.committee).get("/").text


def test_the_committee_of_elsewhere_sees_nothing_of_ours(visit, world, plan, clock):
    _object(world, clock, world.ground_floor, plan)
    page = visit(world.other_committee).get("/")
    assert "加装电梯" not in page.text
    assert "3幢" not in page.text


def test_a_stairwell_head_gets_the_doors_of_the_own_entrance(visit, world, plan):
    answered(world, plan, [(world.dwelling("602"), Stance.NEED)])
    page = visit(world.head).get("/")
    assert "11 doors have not answered" in page.text
    assert "601、501" in page.text
    assert "Need it" not in page.text


def test_everybody_else_is_led_to_their_own_desk(visit, world):
    assert visit(world.contractor).get("/").answer.request.path == "/requirements"
    assert visit(world.auditor).get("/").answer.request.path == "/audit"
    assert visit(world.administrator).get("/").answer.request.path == "/system"


def test_the_first_page_needs_few_statements_for_everybody(visit, world, plan, clock):
    _motion(world, plan)
    for number, account in enumerate((world.ground_floor, world.next_door, world.tenant)):
        _object(world, clock, account, plan, key=str(number))
    every = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    answered(world, plan, [(door, Stance.NEED) for door in every[:20] if door.room != "602"])
    with transaction() as session:
        grant = world.head.grants[0]
        session.add(
            RoleGrant(
                account_id=world.sixth_floor.id,
                role=Role.STAIRWELL_HEAD,
                community_id=grant.community_id,
                building_id=grant.building_id,
                entrance_id=grant.entrance_id,
                granted_at=world.now,
            )
        )
    for account in (world.sixth_floor, world.ground_floor, world.committee, world.head):
        visitor = visit(account)
        with counting() as statements:
            visitor.get("/")
        assert len(statements) <= 16, (account.display_name, len(statements))


def test_in_chinese_the_page_is_chinese(visit, world, plan):
    page = visit(world.sixth_floor, language="zh-CN").get("/")
    assert "Open until" not in page.text
    assert "menu" not in page.text.lower()
