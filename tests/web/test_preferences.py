"""Answering on a phone: one question a screen, nothing lost, a receipt at the end."""

from __future__ import annotations

import pytest

from domain.accounts import Capacity, Role
from models.accounts import RoleGrant
from services.transaction import transaction
from tests.preferences_world import items, published_plan
from tests.statements import counting


@pytest.fixture
def plan(world):
    return published_plan(world)


def _path(plan, rest=""):
    return f"/plans/{plan.id}/answer{rest}"


def test_before_the_first_answer_a_household_reads_who_will_see_it(visit, world, plan):
    page = visit(world.sixth_floor).get(_path(plan))
    assert "once at least 10 households of a group have answered" in page.text
    assert "2 questions, one on each screen" in page.text
    assert "11 September 2026" in page.text
    assert page.links()["Begin"] == _path(plan, "/1")


def test_under_the_open_policy_it_is_told_that_neighbours_can_work_it_out(visit, world):
    plan = published_plan(world, policy="open")
    page = visit(world.sixth_floor).get(_path(plan))
    assert "this can show what a single one answered" in page.text


def test_the_sixth_floor_answers_everything_and_gets_a_receipt(visit, world, plan):
    lift, _lights = items(plan)
    one, two = (option.id for option in lift.options)
    visitor = visit(world.sixth_floor)
    page = visitor.get(_path(plan, "/1"))
    # 700,000 yuan by Guangzhou's table in entrance 1: the sixth floor pays most.
    assert "Your share" in page.text
    page = visitor.post(
        page,
        {
            "stance": "need",
            f"rank_{two}": "1",
            f"rank_{one}": "2",
            "max_pay": "60,000",
        },
    )
    assert page.heading == "楼道照明"
    assert "Costs you nothing." in page.text
    page = visitor.post(page, {"stance": "accept"})
    assert page.heading == "What your household says"
    assert "2 of 2 answered" in page.text
    page = visitor.post(page, button="Send")
    assert page.heading == "Your answers are recorded"
    receipt = page.answer.request.path
    assert receipt.startswith("/answers/")
    text = visitor.get(receipt).text
    assert "Need it" in text
    assert "60,000.00 yuan" in text
    assert text.index("半层入户电梯") < text.index("平层入户电梯")


def test_a_receipt_opens_for_the_household_alone(visit, world, plan):
    visitor = visit(world.sixth_floor)
    page = visitor.post(visitor.get(_path(plan, "/1")), {"stance": "need"})
    page = visitor.post(visitor.get(_path(plan, "/summary")), button="Send")
    receipt = page.answer.request.path
    for account in (world.ground_floor, world.tenant, world.stranger):
        visit(account).get(receipt, status=404)
    visit(world.committee).get(receipt, status=404)
    visit(world.other_committee).get(receipt, status=404)


def test_opposing_needs_a_reason_and_keeps_what_was_typed(visit, world, plan):
    lift, _lights = items(plan)
    first = lift.options[0].id
    visitor = visit(world.ground_floor)
    page = visitor.post(
        visitor.get(_path(plan, "/1")),
        {"stance": "oppose", f"rank_{first}": "1", "max_pay": "0"},
        status=422,
    )
    assert "Say why you oppose it" in page.errors
    form = page.form(button="Save and go on")
    assert form.fields["stance"] == ["oppose"]
    assert form.fields[f"rank_{first}"] == ["1"]
    assert form.fields["max_pay"] == ["0"]
    page = visitor.post(page, {"reason": "挡光"})
    assert page.heading == "楼道照明"


def test_two_options_in_one_place_and_an_odd_amount_are_said_at_their_fields(visit, world, plan):
    lift, _lights = items(plan)
    ranks = {f"rank_{option.id}": "1" for option in lift.options}
    visitor = visit(world.sixth_floor)
    page = visitor.get(_path(plan, "/1"))
    assert "Two options have place 1" in visitor.post(page, ranks, status=422).errors
    said = visitor.post(page, {"max_pay": "viel"}, status=422)
    assert "“viel” is not an amount" in said.errors
    assert said.form(button="Save and go on").fields["max_pay"] == ["viel"]
    assert "less than zero" in visitor.post(page, {"max_pay": "-5"}, status=422).errors


def test_a_question_can_be_left_open_and_gone_back_to(visit, world, plan):
    visitor = visit(world.sixth_floor)
    page = visitor.get(_path(plan, "/1"))
    page = visitor.get(page.links()["Skip this question"])
    assert page.heading == "楼道照明"
    page = visitor.post(page, {"stance": "need"})
    assert "1 of 2 answered" in page.text
    page = visitor.get(page.links()["Change: 楼道照明"])
    assert page.form(button="Save and go on").fields["stance"] == ["need"]
    page = visitor.post(page, {"stance": "indifferent"})
    assert page.heading == "What your household says"
    assert visitor.get(_path(plan)).links()["Go on"] == _path(plan, "/1")


def test_saving_for_later_leads_home_and_keeps_the_answer(visit, world, plan):
    visitor = visit(world.sixth_floor)
    page = visitor.post(visitor.get(_path(plan, "/1")), {"stance": "need"}, extra={"later": "1"})
    assert page.answer.request.path == "/"
    assert "Saved. You can go on until 11 September 2026" in page.text
    assert "Need it" in visitor.get(_path(plan, "/summary")).text


def test_a_form_sent_twice_has_one_effect(visit, world, plan):
    visitor = visit(world.sixth_floor)
    page = visitor.get(_path(plan, "/1"))
    visitor.post(page, {"stance": "need"})
    again = visitor.post(page, {"stance": "need"})
    assert again.heading == "楼道照明"
    summary = visitor.get(_path(plan, "/summary"))
    first = visitor.post(summary, button="Send").answer.request.path
    assert visitor.post(summary, button="Send").answer.request.path == first


def test_two_phones_of_one_household_are_told_and_nothing_typed_is_lost(visit, world, plan):
    wife, husband = visit(world.wife), visit(world.husband)
    seen = wife.get(_path(plan, "/1"))
    husband.post(husband.get(_path(plan, "/1")), {"stance": "oppose", "reason": "太贵"})
    page = wife.post(seen, {"stance": "need", "max_pay": "3000"}, status=409)
    assert "on another phone" in page.errors
    assert "太贵" in page.text
    assert page.form(button="Save and go on").fields["stance"] == ["need"]
    page = wife.post(page)
    assert page.heading == "楼道照明"
    assert "3,000.00 yuan" in wife.get(_path(plan, "/summary")).text


def test_after_the_close_what_was_typed_is_still_shown_with_the_reason(visit, world, plan, clock):
    visitor = visit(world.sixth_floor)
    page = visitor.get(_path(plan, "/1"))
    clock.move(days=10)
    page = visitor.post(page, {"stance": "need", "max_pay": "12"}, status=409)
    assert "The consultation has closed" in page.errors
    assert page.form(button="Save and go on").fields["max_pay"] == ["12"]
    assert "The consultation has closed" in visitor.get(_path(plan)).text
    summary = visitor.get(_path(plan, "/1"))
    assert summary.heading == "What your household says"
    assert "Nothing was answered" in summary.text


def test_who_has_two_homes_in_the_building_chooses_first(visit, world, plan):
    other = world.dwelling("302")
    with transaction() as session:
        grant = world.two_flats.grants[0]
        session.add(
            RoleGrant(
                account_id=world.two_flats.id,
                role=Role.RESIDENT,
                community_id=grant.community_id,
                building_id=grant.building_id,
                entrance_id=grant.entrance_id,
                dwelling_id=other.id,
                capacity=Capacity.OWNER,
                owner_id=grant.owner_id,
                granted_at=world.now,
            )
        )
    visitor = visit(world.two_flats)
    page = visitor.get(_path(plan))
    assert "For which home" in page.text
    assert visitor.get(_path(plan, "/1")).heading == page.heading
    page = visitor.get(page.links()["1单元 302"])
    page = visitor.get(page.links()["Begin"])
    visitor.post(page, {"stance": "oppose", "reason": "租客嫌吵"})
    assert "租客嫌吵" in visitor.get(_path(plan, f"/summary?dwelling={other.id}")).text
    own = world.dwelling("301").id
    assert "租客嫌吵" not in visitor.get(_path(plan, f"/summary?dwelling={own}")).text


def test_nobody_else_gets_in(visit, world, plan):
    visit(world.stranger).get(_path(plan), status=404)
    visit(world.committee).get(_path(plan), status=403)
    visit(world.head).get(_path(plan), status=403)
    visit(world.contractor).get(_path(plan), status=404)
    neighbour = world.dwelling("501").id
    visit(world.sixth_floor).get(_path(plan, f"/1?dwelling={neighbour}"), status=403)
    visit(world.sixth_floor).get(_path(plan, "/9"), status=404)


def test_an_unpublished_menu_cannot_be_answered(visit, world, plan):
    with transaction():
        plan.menu_published_at = None
        plan.consultation_closes_at = None
    visit(world.sixth_floor).get(_path(plan), status=404)


def test_what_people_write_is_shown_and_never_run(visit, world, plan):
    visitor = visit(world.ground_floor)
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    page = visitor.get(_path(plan, "/1"))
    visitor.post(page, {"stance": "oppose", "reason": evil[:25]})
    assert "<script>alert" not in visitor.get(_path(plan, "/summary")).html


def test_the_pages_of_answering_need_few_statements(visit, world, plan):
    visitor = visit(world.sixth_floor)
    visitor.post(visitor.get(_path(plan, "/1")), {"stance": "need"})
    for rest in ("", "/1", "/2", "/summary"):
        with counting() as statements:
            visitor.get(_path(plan, rest))
        assert len(statements) <= 15, (rest, len(statements))
    page = visitor.post(visitor.get(_path(plan, "/summary")), button="Send")
    with counting() as statements:
        visitor.get(page.answer.request.path)
    assert len(statements) <= 15


def test_the_tenant_is_told_that_the_answers_stand_apart(visit, world, plan):
    assert "You answer as a tenant" in visit(world.tenant).get(_path(plan)).text
