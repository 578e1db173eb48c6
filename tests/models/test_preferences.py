"""Constraints of answers: each broken on purpose, on both engines, by its name."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from domain.preferences import Stance
from models.preferences import AnswerSheet, ItemAnswer, OptionRanking
from services.transaction import transaction
from tests.preferences_world import answered, items, published_plan


@pytest.fixture
def filled(world):
    """A plan, its elevator, and the answered sheet of 602."""
    plan = published_plan(world)
    lift, _lights = items(plan)
    (sheet,) = answered(world, plan, [(world.dwelling("602"), Stance.NEED)])
    return plan, lift, sheet


def _sheet(world, plan, **given):
    return {
        "plan_id": plan.id,
        "dwelling_id": world.dwelling("101").id,
        "capacity": "owner",
        "started_at": world.now,
        "updated_at": world.now,
        "receipt": "R",
        "revision": 1,
    } | given


def _answer(sheet, item, **given):
    values = {"sheet_id": sheet.id, "item_id": item.id, "reason": "", "none_of_these": False}
    return values | given


def _refused(model, values, *names):
    with pytest.raises(IntegrityError) as refused, transaction() as session:
        session.execute(insert(model).values(**values))
    said = str(refused.value.orig)
    assert any(name in said for name in names), said


def test_a_household_has_one_sheet_in_each_capacity_and_receipts_differ(world, filled):
    plan, _lift, sheet = filled
    room = world.dwelling("602").id
    _refused(
        AnswerSheet,
        _sheet(world, plan, dwelling_id=room),
        "uq_answer_sheets_plan_id_dwelling_id_capacity",
        "answer_sheets.plan_id, answer_sheets.dwelling_id, answer_sheets.capacity",
    )
    _refused(
        AnswerSheet,
        _sheet(world, plan, receipt=sheet.receipt),
        "uq_answer_sheets_receipt",
        "answer_sheets.receipt",
    )
    _refused(AnswerSheet, _sheet(world, plan, capacity="guest"), "ck_answer_sheets_capacity")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"stance": "vote"}, "ck_item_answers_stance"),
        ({"stance": "oppose", "reason": ""}, "ck_item_answers_oppose_with_reason"),
        ({"max_pay": -1}, "ck_item_answers_max_pay_not_negative"),
    ],
)
def test_an_answer_makes_sense(filled, given, name):
    plan, _lift, sheet = filled
    _first, lights = items(plan)
    _refused(ItemAnswer, _answer(sheet, lights, **given), name)


def test_an_item_is_answered_once_and_a_place_is_given_once(filled):
    _plan, lift, sheet = filled
    _refused(
        ItemAnswer,
        _answer(sheet, lift, stance="need"),
        "uq_item_answers_sheet_id_item_id",
        "item_answers.sheet_id, item_answers.item_id",
    )
    answer, other = sheet.answers[0], lift.options[1].id
    _refused(
        OptionRanking,
        {"answer_id": answer.id, "option_id": other, "rank": 1},
        "uq_option_rankings_answer_id_rank",
        "option_rankings.answer_id, option_rankings.rank",
    )
    _refused(
        OptionRanking,
        {"answer_id": answer.id, "option_id": other, "rank": 0},
        "ck_option_rankings_rank_positive",
    )
