"""The committee's desk: who wants what, what a motion would take, and that looking is recorded."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts import Capacity
from domain.objections import Ground
from domain.preferences import Stance
from models import desk_queries
from models.audit import AuditEntry
from models.database import session as current_session
from models.preferences import AnswerSheet, ItemAnswer
from services import desk, desk_demand, desk_forecast, objections
from services.transaction import transaction
from tests import votes_world
from tests.preferences_world import answered, items, published_plan

NEED, ACCEPT, INDIFFERENT, OPPOSE = Stance


@pytest.fixture
def plan(world):
    return published_plan(world)


def _look(world, clock, plan):
    return desk.look(world.actor(world.committee), plan, now=clock())


def _doors(world, stances, entrance=None, otherwise=NEED):
    dwellings = (entrance or world.first_entrance).dwellings
    return [(door, stances.get(door.room, otherwise)) for door in dwellings]


def _electorate(world, clock, plan, name="1单元", option=0):
    found = desk_forecast.forecasts(_look(world, clock, plan), now=clock())
    return next(one for one in found[option].electorates if one.name == name)


def test_each_look_is_on_record_before_anything_is_shown(world, clock, plan):
    _look(world, clock, plan)
    query = select(AuditEntry.action).order_by(AuditEntry.seq)
    assert list(current_session().scalars(query))[-1] == "answers_seen"


def test_progress_counts_doors_by_entrance_and_floor_and_names_the_missing(world, plan):
    answered(world, plan, [(world.dwelling("101"), OPPOSE), (world.dwelling("602"), NEED)])
    first, second = desk.progress(world.actor(world.committee), plan)
    assert (first.name, first.answered, first.total) == ("1单元", 2, 12)
    assert second.answered == 0
    assert [floor.floor for floor in first.floors] == [6, 5, 4, 3, 2, 1]
    assert first.floors[0].missing == ("601",)
    assert first.floors[-1].missing == ("102",)


def test_owners_and_tenants_of_one_home_stand_apart(world, clock, plan):
    flat = world.dwelling("302")
    answered(world, plan, [(flat, OPPOSE)])
    answered(world, plan, [(flat, NEED)], capacity=Capacity.TENANT)
    whole = desk_demand.options_by_floor(_look(world, clock, plan))[0]
    third = next(floor for floor in whole.owners if floor.floor == 3)
    assert (third.counts["oppose"], third.counts["need"], third.counts["unanswered"]) == (1, 0, 3)
    (tenants,) = whole.tenants
    assert (tenants.floor, tenants.counts["need"], tenants.counts["oppose"]) == (3, 1, 0)


def test_an_option_ranked_second_is_accepted_and_one_left_out_is_open(world, clock, plan):
    answered(world, plan, [(world.dwelling("602"), NEED)])
    first, second, lights = desk_demand.options_by_floor(_look(world, clock, plan))
    assert first.owners[0].counts["need"] == 1
    assert second.owners[0].counts["indifferent"] == 1
    assert lights.owners[0].counts["unanswered"] == 4


def _with_limits(world, plan, limits):
    lift, _lights = items(plan)
    with transaction() as session:
        for room, fen in limits.items():
            sheet = AnswerSheet(
                plan_id=plan.id,
                dwelling_id=world.dwelling(room).id,
                capacity=Capacity.OWNER,
                started_at=world.clock(),
                updated_at=world.clock(),
                receipt=f"LIMIT-{room}",
            )
            sheet.answers.append(ItemAnswer(item_id=lift.id, stance=NEED, max_pay=fen))
            session.add(sheet)


def test_willingness_is_each_limit_against_the_own_share_to_the_fen(world, clock, plan):
    shares = {}
    found = _look(world, clock, plan)
    offer = found.chosen(None)
    for floor in desk_demand.willingness(found, offer):
        shares[floor.floor] = floor
    # 700,000 yuan by Guangzhou's table: the sixth floor's two homes pay 178,431.37 together.
    most = shares[6].most
    assert shares[6].least + most == 17_843_137
    assert shares[1].most == 0
    _with_limits(world, plan, {"601": most, "602": shares[6].least - 1, "501": 1})
    sixth = desk_demand.willingness(_look(world, clock, plan), offer)[0]
    assert (sixth.households, sixth.said, sixth.willing, sixth.short) == (4, 2, 1, 1)


def test_where_the_state_pays_there_is_nothing_to_be_willing_about(world, clock, plan):
    found = _look(world, clock, plan)
    assert desk_demand.willingness(found, found.offers[-1]) == ()


def test_grounds_come_by_floor_without_what_was_withdrawn(world, clock, plan):
    lift, _lights = items(plan)
    answered(world, plan, [(world.dwelling("101"), OPPOSE), (world.dwelling("102"), OPPOSE)])
    raised = [
        objections.submit(
            world.actor(account),
            lift,
            option,
            ground=ground,
            body="挡光",
            form_key=f"ground-{number}",
            now=clock(),
        )
        for number, (account, option, ground) in enumerate(
            [
                (world.ground_floor, None, Ground.LIGHT),
                (world.ground_floor, lift.options[1], Ground.NOISE),
                (world.middle_floor, None, Ground.COST),
                (world.next_door, None, Ground.ACCESS),
            ]
        )
    ]
    objections.withdraw(world.actor(world.middle_floor), raised[2], now=clock())
    found = _look(world, clock, plan)
    rows = desk_queries.grounds_of(plan.id)
    (ground,) = desk_demand.opposition(found.households, found.offers[0], rows)
    assert (ground.floor, ground.opposed, ground.reasons) == (1, 2, ("挡光",))
    assert ground.grounds == {"light": 1, "access": 1}
    first = world.first_entrance.id
    (inside,) = desk_demand.opposition(found.households, found.offers[0], rows, first)
    assert inside.grounds == {"light": 1}
    (other,) = desk_demand.opposition(found.households, found.offers[1], rows, first)
    assert other.grounds == {"light": 1, "noise": 1}


def test_one_buyers_two_flats_are_one_head_in_the_forecast(world, clock, plan):
    answered(world, plan, _doors(world, {"101": OPPOSE, "102": OPPOSE, "202": OPPOSE}))
    one = _electorate(world, clock, plan)
    persons, area = one.outlook.persons, one.outlook.area
    assert (persons.figures.total, persons.figures.agree, persons.figures.against) == (11, 8, 3)
    assert area.figures.total == 5 * (6235 + 5890) + 6188 + 5843
    # By doors 9 of 12 would be three quarters; 8 of 11 heads are not.
    assert (persons.must_change, area.must_change) == (1, 0)
    assert not one.outlook.reachable
    assert [floor.floor for floor in one.opposition] == [2, 1]


def test_a_buyer_who_says_two_things_and_a_tenant_who_says_one_leave_the_head_open(
    world, clock, plan
):
    answered(world, plan, [(world.dwelling("301"), NEED), (world.dwelling("302"), OPPOSE)])
    answered(world, plan, [(world.dwelling("402"), NEED)], capacity=Capacity.TENANT)
    persons = _electorate(world, clock, plan).outlook.persons
    assert (persons.figures.participating, persons.open) == (0, 11)


def test_entrances_decide_apart_and_the_building_together(world, clock, plan):
    answered(world, plan, _doors(world, {}))
    shaft, _platform, lights = desk_forecast.forecasts(_look(world, clock, plan), now=clock())
    first, second = shaft.electorates
    assert first.outlook.likely
    assert second.outlook.persons.lacking.joining == 8
    (whole,) = lights.electorates
    assert whole.entrance_id is None
    assert whole.outlook.persons.figures.total == 23


def test_an_open_vote_is_known_by_its_turnout_alone(world, clock):
    motion = votes_world.open_motion(world)
    plan = motion.plan
    sealed = []
    for choice in ("agree", "against", "abstain"):
        votes_world.cast(world, motion, world.ground_floor, choice)
        votes_world.cast(world, motion, world.two_flats, choice)
        one = _electorate(world, clock, plan)
        assert one.outlook is None
        sealed.append((one.turnout, one.opposition))
    assert sealed[0] == sealed[1] == sealed[2]
    turnout = sealed[0][0]
    assert (turnout.persons.participating, turnout.persons.total) == (2, 11)
    assert turnout.area.participating == 6235 + 6235 + 5890
    assert (turnout.persons.quorum, turnout.persons.must_agree) == (6, 6)
    # The other entrance has no motion yet.
    assert _electorate(world, clock, plan, "2单元").outlook is not None


def test_a_closed_vote_stays_sealed_until_it_is_counted(world, clock):
    motion = votes_world.closed_motion(world, count=False)
    one = _electorate(world, clock, motion.plan)
    assert one.outlook is None
    assert one.turnout.persons.participating == 11
    votes_world.counted(world, motion)
    one = _electorate(world, clock, motion.plan)
    assert (one.outlook, one.turnout) == (None, None)
    assert one.motion.id == motion.id
