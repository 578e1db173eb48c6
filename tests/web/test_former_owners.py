"""B6 on the pages: what a sale means for the buyer, the seller and the committee."""

from __future__ import annotations

import pytest

from domain.objections import Ground
from services import objections
from tests import votes_world as vw
from tests.preferences_world import items, published_plan
from tests.services.test_former_owners import answer, moved_in, sold


@pytest.fixture
def lin(world):
    return world.actor(world.committee)


@pytest.fixture
def plan(world):
    return published_plan(world)


def test_b6_the_committees_page_says_whose_answers_they_were(visit, world, clock, lin, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    sold(lin, world, clock)
    page = visit(world.committee).get(f"/plans/{plan.id}/answers")
    door = page.text_of(page.all("section", id=f"door-{world.dwelling('602').id}")[0])
    assert "新来的" in door and "Nothing answered yet" in door
    assert "Answered by the former owner, until" in door and "Counts no more." in door


def test_b6_the_buyer_is_told_that_and_not_what(visit, world, clock, lin, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    sold(lin, world, clock)
    account = moved_in(world, clock, lin)
    page = visit(account).get(f"/plans/{plan.id}/answer")
    assert "The former owner of this home answered until" in page.text
    assert "0 of 2" in page.text
    assert "Say what your home needs" in visit(account).get("/").text


def test_b6_the_seller_finds_it_among_the_own_data(visit, world, clock, lin, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    lift, _lights = items(plan)
    raised = objections.submit(
        world.actor(world.sixth_floor),
        lift,
        None,
        ground=Ground.LIGHT,
        body="挡光",
        form_key="k",
        now=clock(),
    )
    sold(lin, world, clock)
    objections.answer(lin, raised, "加了采光井。", now=clock())
    page = visit(world.sixth_floor).get("/me/data")
    assert "answered by you, until" in page.text and "加了采光井。" in page.text
    shown = visit(world.committee).get(f"/objections/{raised.id}")
    assert "former owner, until" in shown.text
    # To a neighbour that would tell who it was.
    assert "former owner" not in visit(world.ground_floor).get(f"/objections/{raised.id}").text


def test_b6_a_frozen_roll_keeps_its_voter_and_both_homes_say_so(visit, world, clock, lin):
    motion = vw.open_motion(world)
    sold(lin, world, clock)
    account = moved_in(world, clock, lin)
    new = visit(account).get("/")
    assert f"You do not vote on “{motion.title}”" in new.text
    assert "1单元602" in new.text
    was = visit(world.sixth_floor).get("/")
    assert f"You still vote on “{motion.title}”" in was.text
    assert "paper ballot" in was.text
    assert "You do not vote" not in visit(world.ground_floor).get("/").text
    assert "You still vote" not in visit(world.ground_floor).get("/").text


def test_b6_today_says_that_the_new_owner_has_no_letter(visit, world, clock, lin, plan):
    assert "without a letter" not in visit(world.committee).get("/").text
    sold(lin, world, clock)
    page = visit(world.committee).get("/")
    assert "1 home has a new owner without a letter" in page.text
    assert "3幢1单元602" in page.text
    moved_in(world, clock, lin)
    assert "without a letter" not in visit(world.committee).get("/").text
