"""Two ways to share one cost: equal sums, who gains, and what a household sees of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from domain.errors import Refused
from models.menus_queries import items_of
from models.register import Community
from services import costs, desk_schemes
from services.desk import offers_of
from services.transaction import transaction
from tests import menus_world

NET = 400_000_00


@pytest.fixture
def plan(world):
    return menus_world.published_menu(world)


@pytest.fixture
def offers(plan):
    return {one.version.title: one for one in offers_of(items_of(plan.id))}


@pytest.fixture
def shaft(offers):
    return offers[menus_world.SHAFT.title]


def test_every_way_adds_up_to_the_net_cost_in_every_entrance(world, plan, shaft):
    house = costs.house(plan.building_id)
    for side in desk_schemes.sides("guangzhou"):
        first, second = desk_schemes.compare(shaft, house, "guangzhou", "current", side)
        for unit in (first, second):
            assert unit.net == NET
            assert sum(line.first for line in unit.lines) == NET
            assert sum(line.second for line in unit.lines) == NET
            assert sum(floor.difference for floor in unit.floors) == 0


def test_by_area_the_ground_floor_pays_more_and_the_top_less(world, plan, shaft):
    house = costs.house(plan.building_id)
    unit, _second = desk_schemes.compare(shaft, house, "nanjing", "current", "area")
    of_room = {line.part.room: line for line in unit.lines}
    assert of_room["101"].first == 0
    assert of_room["101"].difference == of_room["101"].second > 0
    assert of_room["602"].difference < 0
    assert (unit.less, unit.more) == (8, 4)
    assert [floor.floor for floor in unit.floors] == [6, 5, 4, 3, 2, 1]
    same, _second = desk_schemes.compare(shaft, house, "nanjing", "current", "floor_coefficient")
    assert (same.less, same.more) == (0, 0)


def test_equal_means_equal_but_for_a_fen(world, plan, shaft):
    house = costs.house(plan.building_id)
    unit, _second = desk_schemes.compare(shaft, house, "nanjing", "current", "equal")
    amounts = {line.second for line in unit.lines}
    assert max(amounts) - min(amounts) <= 1


def test_what_the_building_decides_is_shared_by_the_whole_building(world, plan, offers):
    house = costs.house(plan.building_id)
    led = offers[menus_world.LED.title]
    (unit,) = desk_schemes.compare(led, house, "nanjing", "current", "equal")
    assert len(unit.lines) == 24
    assert unit.name == ""


def test_a_city_with_a_table_of_its_own_offers_it(world):
    assert "city" in desk_schemes.sides("guangzhou")
    assert "city" not in desk_schemes.sides("nanjing")


def test_a_table_goes_on_by_its_last_step_and_below_as_its_lowest():
    table = {1: Fraction(0), 2: Fraction(1, 2), 3: Fraction(1), 4: Fraction(11, 10)}
    found = desk_schemes.extended(table, [-1, 1, 4, 6])
    assert found == {-1: 0, 1: 0, 4: Fraction(11, 10), 6: Fraction(13, 10)}


def test_a_way_that_is_not_known_is_refused(world, plan, shaft):
    parts = costs.house(plan.building_id).all_parts
    with pytest.raises(Refused, match="scheme_kind_unknown"):
        desk_schemes.scheme_for("by_lot", shaft, parts, "nanjing")


def test_a_household_sees_its_own_amount_under_every_way(world, plan, shaft):
    house = costs.house(plan.building_id)
    flat = world.dwelling("602")
    (own,) = desk_schemes.own_costs(shaft, house, "guangzhou", [flat.id])
    assert own.part.room == "602"
    assert {one.side for one in own.schemes} == set(desk_schemes.sides("guangzhou"))
    current = own.of("current")
    assert current.own == costs.shares(shaft.version, [flat], house)[flat.id]
    sixth = current.floors[0]
    assert sixth.floor == 6
    assert sixth.least <= current.own <= sixth.most


def test_a_buyer_of_two_flats_sees_both_and_a_stranger_none(world, plan, shaft):
    house = costs.house(plan.building_id)
    both = [world.dwelling("301").id, world.dwelling("302").id]
    found = desk_schemes.own_costs(shaft, house, "nanjing", both)
    assert [one.part.room for one in found] == ["301", "302"]
    assert desk_schemes.own_costs(shaft, house, "nanjing", []) == []


def test_the_city_of_the_community_is_what_counts(world, plan, shaft):
    with transaction() as session:
        session.get_one(Community, world.community.id).city = "guangzhou"
    house = costs.house(plan.building_id)
    unit, _second = desk_schemes.compare(shaft, house, "guangzhou", "current", "city")
    assert (unit.less, unit.more) == (0, 0)
