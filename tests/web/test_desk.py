"""The desk's pages as the committee reads them, and a household's own cost."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import func, select

from domain import packages
from domain.accounts import Capacity
from domain.preferences import Stance
from models.audit import AuditEntry
from models.database import session as current_session
from models.menus_queries import items_of
from models.plans import Plan
from services import menus
from services.transaction import transaction
from tests import menus_world, votes_world
from tests.preferences_world import answered, items, published_plan
from tests.statements import counting

PAGES = ("", "/demand", "/forecast", "/schemes", "/package?budget=30000&basis=each")
CYCLE = (Stance.NEED, Stance.ACCEPT, Stance.OPPOSE, Stance.INDIFFERENT)


@pytest.fixture
def plan(world):
    return published_plan(world)


def _everybody(world, plan, stance=None):
    doors = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    answered(world, plan, [(door, stance or CYCLE[n % 4]) for n, door in enumerate(doors)])


def _desk(plan, rest=""):
    return f"/plans/{plan.id}/desk{rest}"


def _my_cost(plan, number=0):
    lift, _lights = items(plan)
    return f"/plans/{plan.id}/my-cost/{lift.options[number].id}"


def _rows(page):
    """Every row of every table, as its cells' texts."""
    return [[page.text_of(cell) for cell in row] for row in page.all("tr")]


# --- who may --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rest",
    [
        *PAGES,
        "/demand.json",
        "/demand.csv",
        "/willingness.json",
        "/willingness.csv",
        "/schemes.csv",
    ],
)
def test_the_desk_is_the_committees_alone(visit, world, plan, rest):
    for account in (world.sixth_floor, world.tenant, world.head, world.auditor):
        assert visit(account).send("GET", _desk(plan, rest)).status_code == 403
    for account in (world.stranger, world.other_committee, world.contractor):
        assert visit(account).send("GET", _desk(plan, rest)).status_code == 404
    assert visit().send("GET", _desk(plan, rest)).status_code == 302
    assert visit(world.committee).send("GET", _desk(plan, rest)).status_code == 200


def test_my_cost_is_for_those_who_live_there(visit, world, plan):
    for account in (world.committee, world.auditor, world.head, world.stranger, world.contractor):
        visit(account).get(_my_cost(plan), status=404)
    visit(world.tenant).get(_my_cost(plan))
    other = published_plan(world, world.tower)
    lift, _lights = items(plan)
    visit(world.sixth_floor).get(f"/plans/{other.id}/my-cost/{lift.options[0].id}", status=404)


@pytest.mark.parametrize("rest", PAGES)
def test_a_page_of_the_desk_costs_at_most_fifteen_statements(visit, world, plan, rest):
    _everybody(world, plan)
    visitor = visit(world.committee)
    with counting() as statements:
        visitor.get(_desk(plan, rest))
    assert len(statements) <= 15, (rest, len(statements))


def test_many_open_votes_cost_no_more_statements(visit, world):
    plan = votes_world.consulted_plan(world)
    for entrance in (world.first_entrance, world.second_entrance):
        motion = votes_world.announced_motion(world, plan, entrance=entrance)
    world.clock.move_to(motion.opens_at)
    visitor = visit(world.committee)
    with counting() as statements:
        page = visitor.get(_desk(plan, "/forecast"))
    assert page.text.count("From turnout alone") == 2
    assert len(statements) <= 15, len(statements)


def test_a_households_own_cost_takes_few_statements(visit, world, plan):
    visitor = visit(world.two_flats)
    with counting() as statements:
        visitor.get(_my_cost(plan))
    assert len(statements) <= 15, len(statements)


# --- the index and the links ----------------------------------------------------------------


def test_the_plan_leads_the_committee_and_nobody_else_to_the_desk(visit, world, plan):
    links = visit(world.committee).get(f"/plans/{plan.id}").links()
    assert links["The committee’s desk"] == _desk(plan)
    assert "The committee’s desk" not in visit(world.sixth_floor).get(f"/plans/{plan.id}").links()


def test_the_index_draws_who_has_answered_by_entrance_and_floor(visit, world, plan):
    answered(world, plan, [(world.dwelling("101"), Stance.OPPOSE)])
    page = visit(world.committee).get(_desk(plan))
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    assert "101, floor 1: has answered" in labels
    assert "602, floor 6: has not answered yet" in labels
    assert "1 of 24" in page.text
    links = page.links()
    assert links["What would it take?"] == _desk(plan, "/forecast")
    assert links["A package under a budget"] == _desk(plan, "/package")


# --- demand ---------------------------------------------------------------------------------


def _looks(plan):
    query = select(func.count()).where(
        AuditEntry.chain == f"plan:{plan.id}", AuditEntry.action == "answers_seen"
    )
    return current_session().scalar(query)


@pytest.mark.parametrize("rest", ["/demand", "/demand.json", "/forecast", "/package"])
def test_a_look_at_answers_is_recorded_and_a_refused_one_is_not(visit, world, plan, rest):
    visit(world.sixth_floor).send("GET", _desk(plan, rest))
    assert _looks(plan) == 0
    visit(world.committee).send("GET", _desk(plan, rest))
    assert _looks(plan) == 1


def test_demand_shows_owners_tenants_and_reasons_by_floor(visit, world, plan):
    answered(world, plan, [(world.dwelling("101"), Stance.OPPOSE)])
    answered(world, plan, [(world.dwelling("302"), Stance.NEED)], capacity=Capacity.TENANT)
    page = visit(world.committee).get(_desk(plan, "/demand"))
    assert "1 of 24 owners’ households have answered" in page.text
    assert "Tenants by option and floor" in page.text
    assert ["Floor 1", "1", "—", "挡光"] in _rows(page)
    lights = items(plan)[1]
    asked = _desk(plan, f"/demand?option={lights.options[0].id}")
    page = visit(world.committee).get(asked)
    assert "The households pay nothing for this option (paid by: The state)" in page.text
    assert "Nobody opposes it so far" in page.text


def test_charts_and_downloads_say_what_the_tables_say(visit, world, plan):
    _everybody(world, plan)
    visitor = visit(world.committee)
    drawn = json.loads(visitor.download(_desk(plan, "/demand.json")).get_data(as_text=True))
    assert {trace["name"] for trace in drawn["data"]} >= {"Need it", "Oppose"}
    drawn = json.loads(visitor.download(_desk(plan, "/willingness.json")).get_data(as_text=True))
    assert [trace["x"] for trace in drawn["data"]][-1] == [4] * 6
    for rest, rows in (("/demand.csv", 18), ("/willingness.csv", 6), ("/schemes.csv", 24)):
        text = visitor.download(_desk(plan, rest)).get_data().decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) == rows + 1, rest


# --- what would it take ---------------------------------------------------------------------


def test_b7i_the_forecast_says_when_somebody_has_only_to_take_part(visit, world, plan):
    doors = world.second_entrance.dwellings
    answered(world, plan, [(door, Stance.NEED) for door in doors[:7]])
    page = visit(world.committee).get(_desk(plan, "/forecast"))
    assert "need only take part. With just so many nobody further has to agree." in page.text


def test_a_forecast_is_marked_as_one_and_says_how_many_heads_are_missing(visit, world, plan):
    against = ("101", "102", "202")
    answered(
        world,
        plan,
        [
            (door, Stance.OPPOSE if door.room in against else Stance.NEED)
            for door in world.first_entrance.dwellings
        ],
    )
    page = visit(world.committee).get(_desk(plan, "/forecast"))
    assert "A forecast is not a vote" in page.text
    assert "at least 1 head of those against must change their mind" in page.text
    # Nobody there has said anything: not all who must come must agree.
    assert "at least 8 heads and 484.38 m² must take part; of these, at least 6 heads" in page.text
    assert "Special matter" in page.text


def test_during_the_vote_the_page_says_the_same_whatever_was_voted(visit, world):
    motion = votes_world.open_motion(world)
    visitor = visit(world.committee)
    texts = set()
    for choice in ("agree", "against"):
        votes_world.cast(world, motion, world.ground_floor, choice)
        page = visitor.get(_desk(motion.plan, "/forecast"))
        texts.add(page.text)
    assert len(texts) == 1
    text, rows = texts.pop(), _rows(page)
    assert "From turnout alone" in text
    assert "7 heads and 422.03 m² must still take part" in text
    assert ["Must agree", "6", "363.29"] in rows


def test_once_counted_the_motion_has_the_figures(visit, world):
    motion = votes_world.closed_motion(world)
    page = visit(world.committee).get(_desk(motion.plan, "/forecast"))
    assert "Voted on and adopted" in page.text
    assert page.links()["Motion 1"] == f"/motions/{motion.id}"


# --- two schemes ----------------------------------------------------------------------------


def test_two_schemes_stand_side_by_side_with_equal_sums(visit, world, plan):
    page = visit(world.committee).get(_desk(plan, "/schemes?first=current&second=equal"))
    assert "Both ways add up to 700,000.00 yuan" in page.text
    # Both entrances compare alike and are shown once.
    assert "1单元, 2单元" in page.text
    assert "+58,333.3" in page.text
    assert ["Together", "", "700,000.00", "700,000.00", "0.00", ""] in _rows(page)


def test_an_unknown_way_or_option_falls_back_to_the_first(visit, world, plan):
    page = visit(world.committee).get(_desk(plan, "/schemes?option=99&first=x&second=y"))
    assert "As on the menu (A coefficient for each floor)" in page.text
    assert "By area" in page.text


# --- the package ----------------------------------------------------------------------------


def test_a_package_says_who_paid_together_and_what_is_left(visit, world, plan):
    answered(world, plan, [(d, Stance.NEED) for d in world.first_entrance.dwellings])
    page = visit(world.committee).get(_desk(plan, "/package?budget=800,000&basis=total"))
    assert "These 12 households together paid for it" in page.text
    assert "Whoever needs it put in at most about 58,333.33 yuan" in page.text
    assert "700,000.00 of 800,000.00 yuan are used, 100,000.00 yuan are left" in page.text
    assert "12 households of 12 get at least one thing they want" in page.text
    assert "Most wanted first" in page.text


def test_b7m_the_page_of_the_budget_states_both_sums(visit, world, plan):
    answered(world, plan, [(d, Stance.NEED) for d in world.first_entrance.dwellings])
    page = visit(world.committee).get(_desk(plan, "/package?budget=800,000&basis=total"))
    rows = [[page.text_of(cell) for cell in row] for row in page.all("tr")]
    assert ["Bought by equal shares", "700,000.00"] in rows
    assert ["Added by completion, from what was left over", "0.00"] in rows
    assert ["Together", "700,000.00"] in rows


def test_b7n_a_package_of_too_many_households_is_refused_in_a_sentence(
    visit, world, plan, monkeypatch
):
    answered(world, plan, [(d, Stance.NEED) for d in world.first_entrance.dwellings])
    monkeypatch.setattr(packages, "MOST_HOUSEHOLDS", 11)
    visitor = visit(world.committee)
    page = visitor.get(_desk(plan, "/package?budget=800,000&basis=total"), status=422)
    assert "at most 11 households that answered" in page.errors
    assert page.all("input", name="budget")[0].get("value") == "800,000"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Fill this in"), ("viel", "is not an amount"), ("-5", "cannot be below zero")],
)
def test_a_budget_that_makes_no_sense_is_said_at_its_field(visit, world, plan, typed, said):
    _everybody(world, plan)
    page = visit(world.committee).get(
        _desk(plan, f"/package?budget={typed}&basis=each"), status=422
    )
    assert said in page.errors
    assert page.all("input", name="budget")[0].get("value") == typed


# --- a household's own ----------------------------------------------------------------------


def test_the_menu_leads_a_household_to_its_own_cost_under_other_schemes(visit, world, plan):
    visitor = visit(world.sixth_floor)
    links = visitor.get(f"/plans/{plan.id}/menu").links()
    assert links["What if “平层入户电梯” were shared otherwise?"] == _my_cost(plan)
    page = visitor.get(_my_cost(plan))
    assert "Room 602" in page.text
    (equal,) = [row for row in _rows(page) if row[0] == "The same for every household"]
    assert equal[1].startswith("58,333.3")
    assert equal[2].startswith("-")
    assert "Floor 6 (your floor)" in page.text
    chosen = [a for a in page.all("a", **{"aria-current": "page"}) if "with=" in a.get("href", "")]
    assert page.text_of(chosen[0]) == "By area"
    text = visitor.download(f"{_my_cost(plan)}.csv?with=equal").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][-1] == "The same for every household: pays most, yuan"
    assert rows[1][:2] == ["6", "yes"] and rows[1][-1].startswith("58333.3")


def test_where_the_state_pays_the_menu_does_not_ask_how_it_is_shared(visit, world, plan):
    _lift, lights = items(plan)
    visitor = visit(world.sixth_floor)
    links = visitor.get(f"/plans/{plan.id}/menu").links()
    assert not any("声控灯" in text for text in links)
    page = visitor.get(f"/plans/{plan.id}/my-cost/{lights.options[0].id}")
    assert "Your household pays nothing for this option" in page.text


def test_own_cost_names_no_neighbour_and_no_other_room(visit, world, plan):
    _everybody(world, plan)
    page = visit(world.sixth_floor).get(_my_cost(plan))
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    for other in ("杜文斌", "尹志强", "101", "301", "601"):
        assert other not in page.text + labels
    drawn = visit(world.sixth_floor).download(_my_cost(plan) + ".json").get_data(as_text=True)
    assert "602" not in drawn
    assert len(json.loads(drawn)["data"]) == 2


def test_a_buyer_of_two_flats_sees_both_and_a_tenant_whose_share_it_is(visit, world, plan):
    page = visit(world.two_flats).get(_my_cost(plan))
    assert "Room 301" in page.text
    assert (
        "what the owner of the dwelling would pay" in visit(world.tenant).get(_my_cost(plan)).text
    )


# --- empty pages, and Chinese ---------------------------------------------------------------


@pytest.mark.parametrize("rest", ["/demand", "/package"])
def test_before_anybody_answers_the_page_says_what_to_do(visit, world, plan, rest):
    page = visit(world.committee).get(_desk(plan, rest))
    assert "Nobody has answered yet" in page.text
    assert f"/plans/{plan.id}/reach" in page.links().values()


def test_without_a_menu_every_page_leads_to_composing_it(visit, world, clock):
    with transaction() as session:
        plan = Plan(building=world.building, title="还没有菜单", created_at=clock())
        session.add(plan)
    for rest in PAGES[1:]:
        page = visit(world.committee).get(_desk(plan, rest))
        assert f"/plans/{plan.id}/compose" in page.links().values(), rest


def test_a_menu_that_is_only_consulted_on_has_nothing_to_vote_or_package(visit, world, clock):
    plan = menus_world.published_menu(world)
    for item in items_of(plan.id):
        for option in item.options if not item.consult_only else ():
            menus.withdraw_option(world.actor(world.committee), option, reason="改期", now=clock())
    page = visit(world.committee).get(_desk(plan, "/forecast"))
    assert "Nothing on this menu is voted on" in page.text
    page = visit(world.committee).get(_desk(plan, "/schemes"))
    assert "There is nothing to share" in page.text


def test_in_chinese_the_desk_is_chinese(visit, world, plan):
    _everybody(world, plan)
    visitor = visit(world.committee, language="zh-CN")
    for rest, said in zip(
        PAGES,
        ("多少户已经填了", "支持与反对", "预测不是表决", "两种办法合计", "平分预算法"),
        strict=True,
    ):
        page = visitor.get(_desk(plan, rest))
        assert said in page.text
        assert "yuan" not in page.text
    text = visit(world.sixth_floor, language="zh-CN").get(_my_cost(plan)).text
    assert "您家付（元）" in text
