"""Publishing a menu: to its building, to several at once, and what keeps it from that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.disclosure import Policy
from domain.errors import NotNow, NotYours, Refused
from models.database import session
from models.menus_queries import items_of
from models.plans import Notice, Plan
from models.register import Building, Dwelling, Entrance
from services import menus, plans
from services.audit import head, plan_chain
from services.transaction import transaction
from tests import menus_world, two_people

TERMS = menus.Terms(policy=Policy.BANDED, threshold=10, days=10, place="单元门口公告栏")


def committee(world):
    return world.actor(world.committee)


def publish(world, plan, buildings, **changed):
    terms = replace(TERMS, **changed)
    return two_people.publish(committee(world), plan, buildings, terms=terms, now=world.clock())


def test_ten_days_from_1_september_close_at_the_end_of_11_september(world):
    plan = menus_world.published_menu(world)
    assert plan.menu_published_at == world.clock()
    # 24:00 of 11 September in Shanghai.
    assert plan.consultation_closes_at == datetime(2026, 9, 11, 16, 0, tzinfo=UTC)


def test_a_last_day_of_rest_moves_to_the_next_working_day(world):
    # 25 days end on Saturday 26 September (Mid-Autumn: 25 to 27 September).
    plan = menus_world.published_menu(world, days=25)
    assert plan.consultation_closes_at == datetime(2026, 9, 28, 16, 0, tzinfo=UTC)


def test_publishing_fixes_bands_policy_and_threshold_and_posts_a_notice_with_the_audit_head(world):
    plan = menus_world.published_menu(world)
    # Two entrances of six floors with two dwellings: a band needs 15 of them, so four floors;
    # the two floors on top join it.
    assert plan.bands == [[1, 6]]
    assert (plan.policy, plan.threshold) == ("banded", 10)
    notice = session().query(Notice).one()
    anchor = head(plan_chain(plan.id))
    assert (notice.kind, notice.days, notice.place) == ("menu", 10, "单元门口公告栏")
    assert notice.ends_at == plan.consultation_closes_at
    assert (notice.audit_seq, notice.audit_digest) == (anchor.seq, anchor.digest)
    assert all(
        option.published and option.draft is None
        for item in items_of(plan.id)
        for option in item.options
    )


def test_five_households_suffice_only_by_a_recorded_decision(world):
    plan = menus_world.composed_menu(world)
    with pytest.raises(Refused, match="threshold_needs_decision"):
        publish(world, plan, [world.building], threshold=5)
    with pytest.raises(Refused, match="threshold_unknown"):
        publish(world, plan, [world.building], threshold=7)
    publish(world, plan, [world.building], threshold=5, decision="会议记录")
    assert (plan.threshold, plan.threshold_decision) == (5, "会议记录")
    # Eight dwellings make a band for five answers.
    assert plan.bands == [[1, 2], [3, 4], [5, 6]]


def test_one_menu_is_published_in_several_buildings_each_with_its_own_plan(world):
    plan = menus_world.composed_menu(world)
    # 8幢 has floors 1 and 7, which Guangzhou's table knows.
    own, other = publish(world, plan, [world.building, world.tower])
    assert own.id == plan.id
    assert (other.building_id, other.title) == (world.tower.id, plan.title)
    assert [item.title for item in items_of(other.id)] == [i.title for i in items_of(own.id)]
    theirs = {o.id for i in items_of(other.id) for o in i.options}
    ours = {o.id for i in items_of(own.id) for o in i.options}
    assert len(theirs) == len(ours) == 4
    assert not theirs & ours
    assert other.consultation_closes_at == own.consultation_closes_at
    assert session().query(Notice).count() == 2


def test_a_menu_can_be_published_elsewhere_and_stay_a_draft_here(world):
    plan = menus_world.composed_menu(world)
    (other,) = publish(world, plan, [world.tower])
    assert plan.menu_published_at is None
    assert other.menu_published_at is not None


def test_publishing_is_all_or_nothing(world):
    plan = menus_world.composed_menu(world)
    empty = new_building(world, "9幢")
    with pytest.raises(Refused, match="menu_not_workable") as caught:
        publish(world, plan, [world.building, empty])
    (fault,) = caught.value.params["faults"]
    assert fault.refusal.code == "building_without_dwellings"
    assert session().get(Plan, plan.id, populate_existing=True).menu_published_at is None
    assert session().query(Plan).count() == 1
    assert session().query(Notice).count() == 0


def new_building(world, name, floors=()):
    with transaction() as current:
        building = Building(community_id=world.community.id, name=name, key=name[0], sort_key=name)
        entrance = Entrance(building=building, name="1单元", key="1", sort_key="1")
        current.add_all([building, entrance])
        for floor in floors:
            current.add(
                Dwelling(
                    entrance=entrance,
                    room=f"{floor}01",
                    floor=floor,
                    area=6000,
                    area_source="register",
                    tenure="private",
                    occupancy="owner",
                )
            )
    return building


def test_a_building_whose_floors_the_table_does_not_know_is_named_with_the_option(world):
    plan = menus_world.composed_menu(world)
    high = new_building(world, "9幢", floors=(1, 8))
    faults = menus.publishable(plan, [world.building, high], world.clock())
    assert [(f.building, f.option, f.refusal.code) for f in faults] == [
        ("9幢", "贴墙井道电梯", "scheme_floor_missing"),
        ("9幢", "平层入户电梯", "scheme_floor_missing"),
    ]
    with pytest.raises(Refused, match="menu_not_workable"):
        publish(world, plan, [world.building, high])


def test_an_empty_menu_and_an_item_without_options_are_not_published(world):
    plan = plans.create(committee(world), world.building, title="空", now=world.clock())
    assert [f.refusal.code for f in menus.publishable(plan, [world.building], world.clock())] == [
        "menu_empty"
    ]
    menus.add_item(committee(world), plan, menus_world.LIGHTS, now=world.clock())
    with pytest.raises(Refused, match="menu_not_workable") as caught:
        publish(world, plan, [world.building])
    assert caught.value.params["faults"][0].refusal.code == "item_without_options"


def test_a_menu_is_published_once(world):
    plan = menus_world.published_menu(world)
    with pytest.raises(NotNow, match="menu_already_published"):
        publish(world, plan, [world.building])
    assert session().query(Notice).count() == 1


def test_a_building_that_is_still_consulting_or_composing_takes_no_second_menu(world, clock):
    menus_world.published_menu(world)
    second = menus_world.composed_menu(world, building=world.tower)
    with pytest.raises(NotNow, match="building_is_consulting"):
        publish(world, second, [world.tower, world.building])
    clock.move(days=20)
    publish(world, second, [world.building])
    third = plans.create(committee(world), world.building, title="又一份", now=clock())
    menus.add_item(committee(world), third, menus_world.LIGHTS, now=clock())
    with pytest.raises(NotNow, match="building_has_own_draft"):
        publish(world, second, [world.tower, world.building])


def test_no_building_and_foreign_buildings_are_refused(world):
    plan = menus_world.composed_menu(world)
    with pytest.raises(Refused, match="no_building_chosen"):
        publish(world, plan, [])
    with pytest.raises(Refused, match="building_of_other_community"):
        publish(world, plan, [world.other_building])
    resident = world.actor(world.sixth_floor)
    with pytest.raises(NotYours):
        two_people.publish(resident, plan, [world.building], terms=TERMS, now=world.clock())


def test_a_consultation_closes_after_it_opens(world):
    plan = menus_world.composed_menu(world)
    for days in (0, -1, 367):
        with pytest.raises(Refused, match="days_out_of_range"):
            publish(world, plan, [world.building], days=days)
    assert session().get(Plan, plan.id, populate_existing=True).menu_published_at is None
