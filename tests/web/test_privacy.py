"""My data: the page, the file, corrections, erasure, and who has looked at one's answers."""

from __future__ import annotations

import json

import pytest

from domain.preferences import Stance
from services import demand
from tests.preferences_world import answered, published_plan


@pytest.fixture
def plan(world):
    made = published_plan(world)
    answered(world, made, [(world.dwelling("602"), Stance.OPPOSE)])
    return made


def test_a_household_sees_who_has_read_its_answers(visit, world, clock, plan):
    page = visit(world.sixth_floor).get("/me/data")
    assert "Nobody yet" in page.text
    clock.move(hours=1)
    visit(world.committee).get(f"/plans/{plan.id}/answers")
    page = visit(world.sixth_floor).get("/me/data")
    assert "Read the answers home by home" in page.text
    assert "居委会 林主任" in page.text
    assert "Kept while the plan runs" in page.text
    neighbour = visit(world.next_door).get("/me/data")
    assert "居委会 林主任" in neighbour.text, "the look went over every home of the building"
    assert "居委会 林主任" not in visit(world.stranger).get("/me/data").text


def test_the_download_holds_one_s_own_answers(visit, world, plan):
    answer = visit(world.sixth_floor).download("/me/data.json")
    taken = json.loads(answer.get_data(as_text=True))
    assert taken["answers"][0]["answers"][0]["reason"] == "挡光"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    other = visit(world.ground_floor).download("/me/data.json")
    assert json.loads(other.get_data(as_text=True))["answers"] == []


def test_a_correction_reaches_the_committee_s_tasks_and_its_answer_comes_back(visit, world):
    household, committee = visit(world.sixth_floor), visit(world.committee)
    page = household.get("/me/data")
    empty = household.post(page, {"text": " "}, action="correction", status=422)
    assert "Fill this in" in empty.text
    done = household.post(page, {"text": "602 的面积应为 58.43"}, action="correction")
    assert "The committee is asked" in done.text and "Not answered yet" in done.text
    tasks = committee.get("/")
    assert "Answer 1 request about personal data" in tasks.text
    listed = committee.get(f"/communities/{world.community.id}/requests")
    assert "邱国强" in listed.text
    request = committee.get(next(url for url in listed.links().values() if "/requests/" in url))
    assert "602 的面积应为 58.43" in request.text
    committee.post(request, {"text": "已在名册中更正。"}, button="Record the answer")
    assert "已在名册中更正。" in household.get("/me/data").text
    assert "request about personal data" not in committee.get("/").text


def test_an_account_is_closed_after_asking_and_says_what_stays(visit, world, plan):
    household = visit(world.sixth_floor)
    page = household.get("/me/data/erase")
    assert "Kept while the plan runs" in page.text and "kept by room" in page.text
    unsure = household.post(page, action="erase", status=422)
    assert "Tick this if you are sure" in unsure.text
    gone = household.post(page, {"sure": "y"}, action="erase")
    assert "Your account is closed" in gone.text
    assert household.send("GET", "/me/data").status_code == 302
    listed = visit(world.committee).get(f"/communities/{world.community.id}/requests")
    assert "Erasure" in listed.text


def test_staff_are_told_to_lay_down_their_role_first(visit, world):
    page = visit(world.committee).get("/me/data/erase")
    assert "Have that role ended first" in page.text
    answer = visit(world.committee).send("POST", "/me/data/erase")
    assert answer.status_code == 400


def test_the_other_look_home_by_home_is_shown_too(visit, world, clock, plan):
    demand.named_answers(world.actor(world.second_committee), plan, now=clock())
    page = visit(world.sixth_floor, "zh").get("/me/data")
    assert "居委会 小周" in page.text
