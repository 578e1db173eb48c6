"""Pages in Chinese where a wrong word would be a wrong act: what is voted on, letters, buttons."""

from __future__ import annotations

import json

import pytest

from demo.story import RESTS, TEXT
from domain.menus import Payer
from services import resolutions
from tests import menus_world, two_people
from tests import votes_world as vw
from tests.preferences_world import items, published_plan
from tests.web.test_duties import official


def _proposed(visit, world, plan, title):
    lin = visit(world.committee, language="zh-CN")
    page = lin.get(lin.get(f"/plans/{plan.id}/motions").links()["起草表决事项"])
    page = lin.get(next(url for text, url in page.links().items() if title in text))
    return page.form(button="提出").fields["text"][0]


def test_b12_the_proposed_text_asks_for_nothing_and_names_one_payer(visit, world):
    text = _proposed(visit, world, vw.consulted_plan(world), menus_world.SHAFT.title)
    assert "同意" not in text
    assert text.count("余下的由") == 1 and "或" not in text


@pytest.mark.parametrize("payer", Payer)
def test_b12_what_the_demo_votes_on_asks_for_nothing_and_names_one_payer(payer):
    text = TEXT + RESTS[payer]
    assert not text.startswith("同意") and "，或" not in text
    assert RESTS[payer].count("由") == 1


def test_b12_an_issued_resolution_says_the_majority_by_persons_and_area(world):
    motion = vw.closed_motion(world)
    issued = two_people.issue(world.actor(world.committee), motion.plan, now=world.clock())
    said = json.dumps(resolutions.content(issued), ensure_ascii=False)
    assert "参与表决的专有部分面积和人数都有四分之三以上同意" in said


def test_b12_the_platforms_result_is_typed_in_and_not_entered_like_a_house(visit, world):
    motion = official(world, visit)
    world.clock.move_to(motion.closes_at)
    page = visit(world.committee, language="zh-CN").get(f"/motions/{motion.id}/platform")
    assert page.form(button="录入")


def test_b12_the_committees_box_asks_for_the_answer_to_an_objection(visit, world):
    lift, _lights = items(published_plan(world))
    own = visit(world.ground_floor)
    page = own.get(f"/items/{lift.id}/object")
    said = {"option": str(lift.options[0].id), "ground": "light", "body": "厨房正对井道"}
    path = own.post(page, said).answer.request.path
    page = visit(world.committee, language="zh-CN").get(path)
    labels = [page.text_of(label) for label in page.all("label")]
    assert "答复内容" in labels and "填写" not in labels
    assert "针对" in page.text
