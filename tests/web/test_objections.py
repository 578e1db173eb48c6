"""Objections on their pages: raised from the menu, answered by the committee, told to others."""

from __future__ import annotations

import pytest

from tests.preferences_world import items, published_plan
from tests.statements import counting

TEXT = "我家厨房正对井道，白天也要开灯"


@pytest.fixture
def plan(world):
    return published_plan(world)


def _raised(visit, world, plan):
    """The ground floor has objected; the path of the objection."""
    lift, _lights = items(plan)
    visitor = visit(world.ground_floor)
    page = visitor.get(f"/items/{lift.id}/object")
    page = visitor.post(page, {"option": str(lift.options[0].id), "ground": "light", "body": TEXT})
    return page.answer.request.path


def test_the_ground_floor_objects_and_reads_where_it_stands(visit, world, plan):
    path = _raised(visit, world, plan)
    page = visit(world.ground_floor).get(path)
    assert "Waiting for an answer" in page.text
    assert TEXT in page.text
    assert "平层入户电梯" in page.text


def test_without_ground_or_text_everything_typed_is_kept(visit, world, plan):
    lift, _lights = items(plan)
    visitor = visit(world.ground_floor)
    page = visitor.get(f"/items/{lift.id}/object?option={lift.options[1].id}")
    assert page.form(button="Raise").fields["option"] == [str(lift.options[1].id)]
    page = visitor.post(page, {"body": TEXT}, status=422)
    assert "Choose a ground" in page.errors
    assert page.form(button="Raise").fields["body"] == [TEXT]
    page = visitor.post(page, {"ground": "light", "body": "  "}, status=422)
    assert "Fill this in" in page.errors


def test_a_form_sent_twice_makes_one_objection(visit, world, plan):
    lift, _lights = items(plan)
    visitor = visit(world.ground_floor)
    page = visitor.get(f"/items/{lift.id}/object")
    typed = {"ground": "light", "body": TEXT}
    first = visitor.post(page, typed).answer.request.path
    assert visitor.post(page, typed).answer.request.path == first


def test_the_committee_answers_then_closes_with_a_condition(visit, world, plan, clock):
    path = _raised(visit, world, plan)
    clock.move(days=3)
    committee = visit(world.committee)
    listed = committee.get(f"/plans/{plan.id}/objections")
    assert "has waited 3 days" in listed.text
    assert "杜文斌" in listed.text
    page = committee.post(committee.get(path), {"answer": "井道可以后移"}, button="Record")
    assert "Answer of the committee" in page.text
    assert "Close it" in page.text
    lift, _lights = items(plan)
    values = {
        "outcome": "accepted",
        "version": f"option:{lift.options[0].id}",
        "condition": "井道距厨房窗不小于 3 米",
        "note": "井道后移",
    }
    page = committee.post(page, values, button="Record the outcome")
    assert "Accepted: the option was revised" in page.text
    assert "Taken up in version 2" in page.text
    assert "Record the outcome" not in page.text


def test_closing_says_what_is_missing_and_keeps_what_was_typed(visit, world, plan):
    path = _raised(visit, world, plan)
    committee = visit(world.committee)
    page = committee.post(committee.get(path), {"answer": "测过了"}, button="Record")
    said = committee.post(page, {"outcome": "unresolved"}, button="Record", status=422)
    assert "Say in a note why" in said.errors
    said = committee.post(page, {"outcome": "accepted", "note": "好"}, button="Record", status=422)
    assert "Say which version" in said.errors
    assert said.form(button="Record").fields["note"] == ["好"]


def test_who_answers_second_is_told_and_keeps_the_text(visit, world, plan):
    path = _raised(visit, world, plan)
    first, second = visit(world.committee), visit(world.second_committee)
    seen = second.get(path)
    first.post(first.get(path), {"answer": "第一个答复"}, button="Record")
    page = second.post(seen, {"answer": "第二个答复"}, button="Record", status=409)
    assert "has answered this objection meanwhile" in page.errors
    assert "第一个答复" in page.text
    assert page.form(button="Record").fields["answer"] == ["第二个答复"]


def test_neighbours_read_ground_answer_and_outcome_but_no_name_flat_or_text(visit, world, plan):
    path = _raised(visit, world, plan)
    committee = visit(world.committee)
    committee.post(committee.get(path), {"answer": "井道可以后移"}, button="Record")
    for account in (world.next_door, world.sixth_floor, world.head, world.auditor):
        for page in (visit(account).get(path), visit(account).get(f"/plans/{plan.id}/objections")):
            assert "Daylight" in page.text
            assert "井道可以后移" in page.text
            for secret in (TEXT, "杜文斌", "101"):
                assert secret not in page.text.replace(account.display_name, "")
    visit(world.stranger).get(path, status=404)
    visit(world.contractor).get(path, status=404)
    visit(world.other_committee).get(path, status=404)


def test_only_the_committee_answers_and_only_the_objector_withdraws(visit, world, plan):
    path = _raised(visit, world, plan)
    own = visit(world.ground_floor)
    page = own.get(path)
    answered = own.send("POST", f"{path}/answer", data=_token(page) | {"answer": "x"})
    assert answered.status_code == 403
    other = visit(world.next_door)
    lift, _lights = items(plan)
    token = _token(other.get(f"/items/{lift.id}/object"))
    refused = other.send("POST", f"{path}/withdraw", data=token)
    assert refused.status_code == 403
    page = own.post(page, action="/withdraw")
    assert "Withdrawn" in page.text


def _token(page):
    tokens = [i.get("value") for i in page.all("input", name="csrf_token")]
    return {"csrf_token": tokens[0]} if tokens else {}


def test_the_pages_need_few_statements(visit, world, plan):
    path = _raised(visit, world, plan)
    lift, _lights = items(plan)
    for number in range(6):
        visitor = visit(world.next_door)
        page = visitor.get(f"/items/{lift.id}/object")
        visitor.post(page, {"ground": "cost", "body": f"太贵 {number}"})
    for account, where in (
        (world.ground_floor, path),
        (world.committee, path),
        (world.committee, f"/plans/{plan.id}/objections"),
        (world.next_door, f"/plans/{plan.id}/objections"),
        (world.next_door, f"/items/{lift.id}/object"),
    ):
        visitor = visit(account)
        with counting() as statements:
            visitor.get(where)
        assert len(statements) <= 15, (where, len(statements))


def test_nobody_having_objected_says_what_to_do(visit, world, plan):
    assert (
        "Nobody has objected" in visit(world.sixth_floor).get(f"/plans/{plan.id}/objections").text
    )
