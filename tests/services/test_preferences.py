"""A household answers the menu: bit by bit, changeable until the close, one effect per form."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from domain.accounts import Capacity
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.preferences import ItemAnswerDraft, Stance
from models.audit import AuditEntry
from models.database import session
from models.plans import Plan
from models.preferences import AnswerSheet, ItemAnswer, OptionRanking
from services import preferences
from services.preferences import draft_of, save, send
from services.transaction import transaction
from tests.preferences_world import items, published_plan

NEED = ItemAnswerDraft(Stance.NEED)
OPPOSE = ItemAnswerDraft(Stance.OPPOSE, reason="一楼采光会被挡")


@pytest.fixture
def plan(world):
    return published_plan(world)


def _save(world, clock, account, plan, answers, *, revision=0, use=save, room=None):
    actor = world.actor(account)
    dwelling = room or actor.grants[0].scope.dwelling
    return use(actor, plan, dwelling, answers, revision=revision, now=clock())


def test_the_sixth_floor_says_what_it_needs_ranks_and_names_its_limit(world, clock, plan):
    lift, _lights = items(plan)
    half, whole = lift.options[1].id, lift.options[0].id
    draft = ItemAnswerDraft(Stance.NEED, ranking=(half, whole), max_pay=60_000_00)
    sheet = _save(world, clock, world.sixth_floor, plan, {lift.id: draft})
    assert sheet.capacity == Capacity.OWNER
    assert [draft_of(answer) for answer in sheet.answers] == [draft]
    assert sheet.sent_at is None


def test_what_was_saved_stays_when_another_item_is_answered(world, clock, plan):
    lift, lights = items(plan)
    first = _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})
    later = _save(
        world, clock, world.sixth_floor, plan, {lights.id: OPPOSE}, revision=first.revision
    )
    assert {answer.item_id for answer in later.answers} == {lift.id, lights.id}


def test_the_order_of_options_can_be_turned_round(world, clock, plan):
    lift, _lights = items(plan)
    one, two = (option.id for option in lift.options)
    first = _save(
        world, clock, world.sixth_floor, plan, {lift.id: ItemAnswerDraft(ranking=(one, two))}
    )
    turned = ItemAnswerDraft(ranking=(two, one))
    _save(world, clock, world.sixth_floor, plan, {lift.id: turned}, revision=first.revision)
    assert draft_of(session().scalars(select(ItemAnswer)).one()) == turned
    assert session().scalar(select(func.count()).select_from(OptionRanking)) == 2


def test_an_empty_answer_leaves_the_item_open_again(world, clock, plan):
    lift, _lights = items(plan)
    first = _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})
    emptied = {lift.id: ItemAnswerDraft()}
    second = _save(world, clock, world.sixth_floor, plan, emptied, revision=first.revision)
    assert second.answers == []


def test_opposing_without_a_reason_is_refused_and_nothing_is_stored(world, clock, plan):
    lift, _lights = items(plan)
    with pytest.raises(Refused, match="oppose_without_reason"):
        _save(
            world,
            clock,
            world.ground_floor,
            plan,
            {lift.id: ItemAnswerDraft(Stance.OPPOSE, reason="  ")},
        )
    assert session().scalar(select(func.count()).select_from(AnswerSheet)) == 0


def test_an_option_of_another_item_cannot_be_ranked(world, clock, plan):
    lift, lights = items(plan)
    foreign = ItemAnswerDraft(ranking=(lights.options[0].id,))
    with pytest.raises(Refused, match="option_not_offered"):
        _save(world, clock, world.sixth_floor, plan, {lift.id: foreign})


def test_an_item_of_another_plan_is_not_on_the_menu(world, clock, plan):
    other = published_plan(world, world.tower)
    foreign, _lights = items(other)
    with pytest.raises(Refused, match="item_not_on_menu"):
        _save(world, clock, world.sixth_floor, plan, {foreign.id: NEED})


def test_nobody_answers_for_somebody_elses_door(world, clock, plan):
    lift, _lights = items(plan)
    neighbour = world.dwelling("501").id
    with pytest.raises(NotYours, match="dwelling_not_yours"):
        _save(world, clock, world.sixth_floor, plan, {lift.id: NEED}, room=neighbour)
    with pytest.raises(NotYours, match="dwelling_not_yours"):
        _save(world, clock, world.stranger, plan, {lift.id: NEED})
    with pytest.raises(NotYours, match="dwelling_not_yours"):
        _save(world, clock, world.committee, plan, {lift.id: NEED}, room=neighbour)


def test_a_retired_dwelling_and_a_garage_do_not_answer(world, clock, plan):
    lift, _lights = items(plan)
    for counts, retired_at in ((True, clock()), (False, None)):
        with transaction():
            world.dwelling("602").counts = counts
            world.dwelling("602").retired_at = retired_at
        with pytest.raises(NotYours, match="dwelling_does_not_answer"):
            _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})


def test_until_the_last_moment_it_can_be_changed_and_not_after(world, clock, plan):
    lift, _lights = items(plan)
    first = _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})
    closes = plan.consultation_closes_at
    clock.stand_at(closes)
    with pytest.raises(NotNow, match="consultation_closed"):
        _save(world, clock, world.sixth_floor, plan, {lift.id: OPPOSE}, revision=first.revision)
    clock.move(microseconds=-1)
    second = _save(
        world, clock, world.sixth_floor, plan, {lift.id: OPPOSE}, revision=first.revision
    )
    assert draft_of(second.answers[0]) == OPPOSE


def test_before_the_menu_is_published_and_after_the_plan_is_withdrawn_nobody_answers(
    world, clock, plan
):
    lift, _lights = items(plan)
    start = clock()
    clock.move_to(start.replace(year=2025))
    with pytest.raises(NotNow, match="consultation_not_yet"):
        _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})
    clock.stand_at(start)
    with transaction():
        plan.withdrawn_at = clock()
    with pytest.raises(NotNow, match="plan_stopped"):
        _save(world, clock, world.sixth_floor, plan, {lift.id: NEED})


def test_two_phones_of_one_household_do_not_overwrite_each_other(world, clock, plan):
    lift, lights = items(plan)
    sheet = _save(world, clock, world.wife, plan, {lift.id: NEED})
    seen = sheet.revision
    _save(world, clock, world.husband, plan, {lift.id: OPPOSE}, revision=seen)
    with pytest.raises(Stale, match="answers_changed_meanwhile"):
        _save(world, clock, world.wife, plan, {lights.id: NEED}, revision=seen)
    stored = session().scalars(select(AnswerSheet).execution_options(populate_existing=True)).one()
    assert [draft_of(answer) for answer in stored.answers] == [OPPOSE]


def test_both_phones_beginning_at_once_do_not_make_two_sheets(world, clock, plan):
    lift, _lights = items(plan)
    _save(world, clock, world.wife, plan, {lift.id: NEED}, revision=0)
    with pytest.raises(Stale):
        _save(world, clock, world.husband, plan, {lift.id: OPPOSE}, revision=0)


def test_six_phones_of_one_household_at_the_same_instant_make_one_sheet(app, world, clock, plan):
    lift, _lights = items(plan)
    actor, item, room = world.actor(world.sixth_floor), lift.id, world.dwelling("602").id
    stances = [Stance.NEED, Stance.ACCEPT, Stance.INDIFFERENT]
    start = threading.Barrier(6)

    def phone(number):
        with app.app_context():
            known = session().get(Plan, plan_id)
            start.wait()
            draft = ItemAnswerDraft(stances[number % 3], max_pay=number)
            try:
                save(actor, known, room, {item: draft}, revision=0, now=clock())
            except Stale:
                return "stale"
            return "stored"

    plan_id = plan.id
    session().rollback()
    with ThreadPoolExecutor(6) as pool:
        said = sorted(pool.map(phone, range(6)))
    assert said == ["stale"] * 5 + ["stored"]
    assert session().scalar(select(func.count()).select_from(ItemAnswer)) == 1


def test_the_same_form_sent_twice_has_one_effect(world, clock, plan):
    lift, _lights = items(plan)
    first = _save(world, clock, world.sixth_floor, plan, {lift.id: NEED}, revision=0)
    revision = first.revision
    again = _save(world, clock, world.sixth_floor, plan, {lift.id: NEED}, revision=0)
    assert (again.id, again.revision) == (first.id, revision)
    sent = _save(world, clock, world.sixth_floor, plan, {}, revision=revision, use=send)
    sent_revision = sent.revision
    twice = _save(world, clock, world.sixth_floor, plan, {}, revision=revision, use=send)
    assert (twice.receipt, twice.revision) == (sent.receipt, sent_revision)
    actions = session().scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions == ["answers_saved", "answers_sent"]


def test_nothing_cannot_be_sent(world, clock, plan):
    with pytest.raises(Refused, match="nothing_answered"):
        _save(world, clock, world.sixth_floor, plan, {}, use=send)
    assert session().scalar(select(func.count()).select_from(AnswerSheet)) == 0


def test_the_tenants_sheet_stands_beside_the_owners(world, clock, plan):
    lift, _lights = items(plan)
    sheet = _save(world, clock, world.tenant, plan, {lift.id: NEED})
    assert sheet.capacity == Capacity.TENANT
    assert sheet.dwelling_id == world.dwelling("302").id


def test_who_owns_and_rents_the_same_door_answers_as_its_owner(world, plan):
    owner = world.actor(world.two_flats).grants[0]
    tenant = replace(owner, capacity=Capacity.TENANT, owner_id=None)
    for grants in ((owner, tenant), (tenant, owner)):
        both = replace(world.actor(world.two_flats), grants=grants)
        assert preferences.capacities(both, plan) == {world.dwelling("301").id: Capacity.OWNER}


def test_the_audit_log_says_that_and_never_what(world, clock, plan):
    lift, _lights = items(plan)
    _save(world, clock, world.ground_floor, plan, {lift.id: OPPOSE})
    entry = session().scalars(select(AuditEntry)).one()
    details = json.loads(entry.event)["details"]
    assert set(details) == {"sheet", "revision", "items"}
    assert "oppose" not in entry.event
    assert "采光" not in entry.event
