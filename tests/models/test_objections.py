"""Constraints of objections: each broken on purpose, on both engines, by its name."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from models.objections import Objection
from services.transaction import transaction
from tests.preferences_world import items, published_plan


def _values(world, **given):
    plan = published_plan(world)
    lift, _lights = items(plan)
    return {
        "plan_id": plan.id,
        "item_id": lift.id,
        "account_id": world.ground_floor.id,
        "capacity": "owner",
        "ground": "light",
        "body": "厨房会很暗",
        "submitted_at": world.now,
        "form_key": "k",
        "outcome_note": "",
        "revision": 1,
    } | given


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"ground": "envy"}, "ck_objections_ground"),
        ({"body": ""}, "ck_objections_body"),
        ({"answer": "有答复无时间"}, "ck_objections_answered"),
        ({"outcome": "withdrawn"}, "ck_objections_closed"),
    ],
)
def test_an_objection_makes_sense(world, given, name):
    _refused(_values(world, **given), name)


def test_only_a_withdrawn_one_closes_without_an_answer(world):
    values = _values(world, outcome="mediated", closed_at=world.now)
    _refused(values, "ck_objections_answered_before_closed")
    with transaction() as session:
        session.execute(insert(Objection).values(**values | {"outcome": "withdrawn"}))


def test_a_form_makes_one_objection(world):
    values = _values(world)
    with transaction() as session:
        session.execute(insert(Objection).values(**values))
    _refused(values, "uq_objections_form_key", "objections.form_key")


def _refused(values, *names):
    with pytest.raises(IntegrityError) as refused, transaction() as session:
        session.execute(insert(Objection).values(**values))
    said = str(refused.value.orig)
    assert any(name in said for name in names), said
