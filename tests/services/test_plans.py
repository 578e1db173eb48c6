"""Plans: begun once, their stage from recorded facts, notices, extensions, withdrawal."""

from datetime import timedelta

import pytest

from domain.errors import NotNow, Refused
from domain.plans import Stage
from models.database import session
from models.plans import Notice, Plan
from models.resolutions import Resolution
from models.votes import Motion, MotionCount, Roll
from services import plans
from services.transaction import transaction
from tests import menus_world
from tests.statements import counting


def committee(world):
    return world.actor(world.committee)


def begin(world, title="一栋一策", building=None):
    return plans.create(
        committee(world), building or world.building, title=title, now=world.clock()
    )


def test_a_plan_asked_for_twice_is_one(world):
    assert begin(world).id == begin(world).id
    assert session().query(Plan).count() == 1


def test_a_building_writes_one_menu_at_a_time(world, clock):
    plan = begin(world)
    with pytest.raises(NotNow, match="plan_being_composed"):
        begin(world, "另一份")
    plans.withdraw(committee(world), plan, now=clock())
    assert begin(world, "另一份").id != plan.id


def test_a_plan_needs_a_title_that_fits(world):
    for title, code in (" ", "missing"), ("长" * 201, "too_long"):
        with pytest.raises(Refused, match=f"plan_title_{code}"):
            begin(world, title)


def test_the_stage_follows_from_what_is_recorded(world, clock):
    plan = menus_world.composed_menu(world)
    assert plans.stage(plan, clock()) is Stage.COLLECTING_NEEDS
    from tests.services.test_menus_publishing import publish

    publish(world, plan, [world.building])
    assert plans.stage(plan, clock()) is Stage.CONSULTING
    assert plans.stage(plan, clock.move(days=11)) is Stage.DRAFTING
    motion = motion_of(world, plan)
    with transaction() as current:
        current.add(Roll(motion_id=motion.id, version=1, posted_at=clock()))
    assert plans.stage(plan, clock()) is Stage.ROLL_POSTED
    with transaction() as current:
        held = current.get_one(Motion, motion.id)
        held.announced_at, held.notice_days = clock(), 10
        held.opens_at = clock() + timedelta(days=11)
        held.closes_at = clock() + timedelta(days=18)
    assert plans.stage(plan, clock()) is Stage.NOTICE
    assert plans.stage(plan, clock.move(days=11)) is Stage.VOTING
    clock.move(days=7)
    with transaction() as current:
        current.add(
            MotionCount(
                motion_id=motion.id,
                counted_at=clock(),
                outcome="adopted",
                document="{}",
                digest="0" * 64,
            )
        )
    assert plans.stage(plan, clock()) is Stage.COUNTED
    with transaction() as current:
        current.add(
            Resolution(
                plan_id=plan.id,
                sequence=1,
                number="工人新村-3-2026-1",
                issued_at=clock(),
                in_force_at=clock() + timedelta(days=7),
                document="{}",
                digest="1" * 64,
                signature="",
                public_key="",
                pdf=b"",
            )
        )
    assert plans.stage(plan, clock()) is Stage.RESULT_POSTED
    assert plans.stage(plan, clock.move(days=7)) is Stage.IN_FORCE


def motion_of(world, plan, **values):
    version = menus_world.version(plan)
    with transaction() as current:
        motion = Motion(
            plan_id=plan.id,
            number=values.pop("number", 1),
            option_version_id=version.id,
            title="加装电梯",
            text="同意",
            matter=7,
            channel="in_app",
            drafted_at=world.clock(),
            **values,
        )
        current.add(motion)
    return motion


def test_a_motion_that_was_drawn_up_anew_no_longer_holds_the_plan(world, clock):
    plan = menus_world.published_menu(world)
    clock.move(days=12)
    first = motion_of(world, plan)
    with transaction() as current:
        current.add(Roll(motion_id=first.id, version=1, posted_at=clock()))
    assert plans.stage(plan, clock()) is Stage.ROLL_POSTED
    motion_of(
        world,
        plan,
        number=2,
        redraws_id=first.id,
        announced_at=clock(),
        notice_days=10,
        opens_at=clock() + timedelta(days=11),
        closes_at=clock() + timedelta(days=18),
    )
    assert plans.stage(plan, clock()) is Stage.NOTICE


def test_the_facts_of_many_plans_take_two_statements(world):
    menus_world.published_menu(world)
    menus_world.published_menu(world, building=world.tower)
    both = session().query(Plan).all()
    with counting() as statements:
        found = plans.facts_of(both)
    assert set(found) == {plan.id for plan in both}
    assert len(statements) == 2


def test_a_consultation_grows_longer_never_shorter(world, clock):
    plan = menus_world.published_menu(world)
    before = plan.consultation_closes_at
    with pytest.raises(Refused, match="consultation_not_longer"):
        plans.extend_consultation(committee(world), plan, days=5, place="门口", now=clock())
    notice = plans.extend_consultation(
        committee(world), plan, days=20, place="门口", now=clock.move(days=1)
    )
    kept = session().get(Plan, plan.id, populate_existing=True)
    assert kept.consultation_closes_at == notice.ends_at > before
    clock.move(days=40)
    with pytest.raises(NotNow, match="not_at_this_stage"):
        plans.extend_consultation(committee(world), plan, days=60, place="门口", now=clock())


def test_a_posting_is_recorded_once_a_day(world, clock):
    plan = menus_world.published_menu(world)
    values = {"kind": "menu", "days": 10, "place": "2单元门口"}
    first = plans.post_notice(committee(world), plan, now=clock(), **values)
    again = plans.post_notice(committee(world), plan, now=clock.move(minutes=1), **values)
    assert first.id == again.id
    plans.post_notice(committee(world), plan, now=clock.move(days=1), **values)
    assert session().query(Notice).count() == 3
    for wrong, code in ({"kind": "gossip"}, "kind_unknown"), ({"place": " "}, "place_missing"):
        with pytest.raises(Refused, match=f"notice_{code}"):
            plans.post_notice(committee(world), plan, now=clock(), **(values | wrong))


def test_a_withdrawn_plan_stays_and_can_do_nothing_more(world, clock):
    plan = menus_world.published_menu(world)
    plans.withdraw(committee(world), plan, now=clock())
    plans.withdraw(committee(world), plan, now=clock.move(days=1))
    assert plans.stage(plan, clock()) is Stage.WITHDRAWN
    with pytest.raises(NotNow):
        plans.extend_consultation(committee(world), plan, days=60, place="门口", now=clock())


def test_a_plan_that_is_voted_on_is_not_withdrawn(world, clock):
    plan = menus_world.published_menu(world)
    clock.move(days=12)
    motion_of(
        world,
        plan,
        announced_at=clock(),
        notice_days=10,
        opens_at=clock() + timedelta(days=11),
        closes_at=clock() + timedelta(days=18),
    )
    with pytest.raises(NotNow, match="not_at_this_stage"):
        plans.withdraw(committee(world), plan, now=clock())
