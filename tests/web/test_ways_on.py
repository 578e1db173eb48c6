"""B10: what is refused leads on: what one can do, the page anew, the plan, the own first page."""

from __future__ import annotations

from domain.objections import Ground
from services import objections
from tests.preferences_world import items, published_plan
from tests.visitor import Page


def test_b10_what_is_not_mine_says_what_i_can_do_and_leads_to_plan_and_home(visit, world):
    plan = published_plan(world)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/reach", status=403)
    assert "ask the residents' committee for the role" in page.text
    assert page.links()[f"To the plan: 3幢 · {plan.title}"] == f"/plans/{plan.id}"
    assert page.links()["To my page"] == "/"
    assert page.links()["Which roles I have"] == "/me"


def test_b10_what_comes_too_late_leads_to_the_page_anew_and_to_the_plan(visit, world, clock):
    plan = published_plan(world)
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
    visitor = visit(world.sixth_floor)
    shown = visitor.get(f"/objections/{raised.id}")
    objections.answer(world.actor(world.committee), raised, "好。", now=clock())
    form = shown.form(action=f"/objections/{raised.id}/withdraw")
    objections.close(
        world.actor(world.committee),
        raised,
        objections.ObjectionOutcome.UNRESOLVED,
        note="没有办法",
        version=None,
        now=clock(),
    )
    here = {"Referer": f"http://localhost/objections/{raised.id}"}
    answer = visitor.send("POST", form.action, data=form.filled({}), headers=here)
    page = Page(answer)
    assert answer.status_code == 409
    assert "it shows how things stand" in page.text
    assert page.links()["Open the page anew"] == f"/objections/{raised.id}"
    assert page.links()[f"To the plan: 3幢 · {plan.title}"] == f"/plans/{plan.id}"
    assert page.links()["To my page"] == "/"


def test_b10_a_page_that_cannot_be_opened_again_and_one_of_strangers_are_no_way_on(visit, world):
    plan = published_plan(world)
    visitor = visit(world.sixth_floor)
    for before in (
        f"http://localhost/plans/{plan.id}/demand/renew",
        "http://elsewhere.example/plans",
        f"http://localhost/plans/{plan.id}/reach",
    ):
        answer = visitor.send("GET", f"/plans/{plan.id}/reach", headers={"Referer": before})
        assert answer.status_code == 403
        assert "Back to the page before" not in answer.text
