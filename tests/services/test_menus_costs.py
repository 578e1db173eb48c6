"""What an option costs each dwelling, as stored versions are handed to the rules."""

from dataclasses import replace

import pytest

from domain.errors import Refused
from domain.menus import DecidedBy, Payer
from services import costs, menus
from tests import menus_world
from tests.statements import counting


def shares_of(world, option, rooms, entrance=None):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan, option)
    found = costs.shares(version, [world.dwelling(room, entrance) for room in rooms])
    return [found[world.dwelling(room, entrance).id] for room in rooms]


def test_an_option_decided_by_the_entrance_is_shared_inside_the_entrance(world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    for entrance in (world.first_entrance, world.second_entrance):
        found = costs.shares(version, entrance.dwellings)
        assert sum(found.values()) == 400_000_00


def test_the_ground_floor_pays_nothing_and_the_sixth_the_guangzhou_share_by_area(world):
    ground, sixth = shares_of(world, menus_world.SHAFT, ["101", "602"])
    # 400,000.00 × 1.3 / 5.1 of floor 6, of which room 602 has 58.43 of 120.31 m².
    assert ground == 0
    assert sixth == round(400_000_00 * 13 * 5843 / (51 * 12031))


def test_asking_for_one_dwelling_divides_over_the_whole_unit_all_the_same(world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    whole = costs.shares(version, world.first_entrance.dwellings)
    own = world.dwelling("602")
    assert costs.shares(version, [own]) == {own.id: whole[own.id]}


def test_an_option_decided_by_the_building_is_shared_over_both_entrances(world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan, menus_world.LED)
    every = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    found = costs.shares(version, every)
    assert sum(found.values()) == 24 * 180_00
    assert found[world.dwelling("101").id] > found[world.dwelling("102").id]


def test_where_the_state_pays_households_pay_nothing_and_are_told_who_does(world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan, menus_world.PIPES)
    own = world.dwelling("602")
    assert costs.shares(version, [own]) == {own.id: 0}
    steps = costs.of_version(version).explained(own.id)
    assert [step.code for step in steps] == ["price", "subsidy", "paid_by", "pays_nothing"]
    assert steps[2].params == {"payer": "state", "amount": 48_000_00}


def test_a_garage_pays_nothing_and_is_in_no_explanation(world):
    plan = menus_world.composed_menu(world, building=world.tower)
    version = menus_world.version(plan, menus_world.LED)
    garage = next(d for e in world.tower.entrances for d in e.dwellings if not d.counts)
    assert costs.shares(version, [garage]) == {garage.id: 0}
    with pytest.raises(Refused, match="dwelling_unknown"):
        costs.of_version(version).explained(garage.id)


def test_the_bill_is_price_less_subsidy(world):
    plan = menus_world.published_menu(world)
    bill = costs.price(menus_world.version(plan))
    assert (bill.total, bill.subsidy, bill.net) == (700_000_00, 300_000_00, 400_000_00)


def test_a_subsidy_by_floors_goes_by_the_highest_floor_of_the_building(world):
    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan)
    by_floors = {"kind": "by_floors", "amounts": {"6": "200000.00", "7": "220000.00"}}
    draft = replace(menus_world.SHAFT, subsidy=by_floors)
    menus.edit_draft(
        world.actor(world.committee), version, draft, revision=version.revision, now=world.clock()
    )
    assert costs.price(menus_world.version(plan)).subsidy == 200_000_00


def test_the_explanation_ends_with_the_amount(world):
    plan = menus_world.published_menu(world)
    worked = costs.of_version(menus_world.version(plan))
    own = world.dwelling("602").id
    steps = worked.explained(own)
    assert steps[0].params == {"amount": 700_000_00}
    assert steps[-1].code == "pays"
    assert steps[-1].params["amount"] == worked.amounts()[own]


def test_the_floor_table_of_an_entrance_has_its_floors_from_the_top(world):
    plan = menus_world.published_menu(world)
    worked = costs.of_version(menus_world.version(plan))
    rows = worked.by_floor(world.first_entrance.id)
    assert [row.floor for row in rows] == [6, 5, 4, 3, 2, 1]
    assert sum(row.total for row in rows) == 400_000_00
    assert all(row.least <= row.most <= row.total and row.dwellings == 2 for row in rows)
    assert rows[-1].total == 0


def test_a_retired_dwelling_is_not_in_the_house(world):
    from services.transaction import transaction

    with transaction() as session:
        dwelling = session.merge(world.dwelling("602"))
        dwelling.retired_at = world.clock()
    assert dwelling.id not in {part.key for part in costs.house(world.building.id).all_parts}


def test_all_options_of_a_house_cost_one_statement(world):
    plan = menus_world.published_menu(world)
    versions = [menus_world.version(plan, one) for one in (menus_world.SHAFT, menus_world.LED)]
    for version in versions:
        assert version.option.item.decided_by in list(DecidedBy)
        assert version.payer in list(Payer)
    building = plan.building_id
    with counting() as statements:
        house = costs.house(building)
        for version in versions:
            costs.of_version(version, house)
    assert len(statements) == 1
