"""Objections: raised once, answered once, closed with an outcome; and what they hold up."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from domain.accounts import Capacity
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.objections import Ground, ObjectionOutcome, ObjectionState
from models.audit import AuditEntry
from models.database import session
from models.menus import OptionVersion
from models.objections import Objection
from models.objections_queries import unanswered_against
from models.resolutions import Resolution
from services.objections import (
    accept_with_condition,
    answer,
    close,
    is_news,
    mark_seen,
    may_read_whole,
    submit,
    waiting_days,
    withdraw,
)
from services.transaction import transaction
from tests.preferences_world import items, published_plan


@pytest.fixture
def plan(world):
    return published_plan(world)


def _object(world, clock, account, plan, *, option=None, key="k", body="厨房会很暗"):
    lift, _lights = items(plan)
    return submit(
        world.actor(account),
        lift,
        lift.options[option] if option is not None else None,
        ground=Ground.LIGHT,
        body=body,
        form_key=key,
        now=clock(),
    )


def _answered(world, clock, plan, **how):
    objection = _object(world, clock, world.ground_floor, plan, **how)
    return answer(world.actor(world.committee), objection, "已请设计单位测算", now=clock())


def test_the_ground_floor_objects_to_losing_light(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    assert objection.state is ObjectionState.SUBMITTED
    assert objection.dwelling_id == world.dwelling("101").id
    assert objection.capacity == Capacity.OWNER


def test_the_same_form_sent_twice_makes_one_objection(world, clock, plan):
    first = _object(world, clock, world.ground_floor, plan)
    again = _object(world, clock, world.ground_floor, plan)
    assert first.id == again.id
    assert session().scalar(select(func.count()).select_from(Objection)) == 1


def test_people_of_another_entrance_and_tenants_may_object_strangers_not(world, clock, plan):
    assert _object(world, clock, world.next_door, plan, key="a").id
    assert _object(world, clock, world.tenant, plan, key="b").capacity == Capacity.TENANT
    for account in (world.stranger, world.committee):
        with pytest.raises(NotYours, match="not_of_this_building"):
            _object(world, clock, account, plan, key="c")


def test_an_empty_or_endless_text_is_refused(world, clock, plan):
    with pytest.raises(Refused, match="objection_text_missing"):
        _object(world, clock, world.ground_floor, plan, body=" \n ")
    with pytest.raises(Refused, match="objection_text_too_long"):
        _object(world, clock, world.ground_floor, plan, body="暗" * 4001)


def test_an_option_of_another_item_cannot_be_objected_to_here(world, clock, plan):
    lift, lights = items(plan)
    with pytest.raises(Refused, match="option_not_offered"):
        submit(
            world.actor(world.ground_floor),
            lift,
            lights.options[0],
            ground=Ground.COST,
            body="太贵",
            form_key="x",
            now=clock(),
        )


def test_after_the_consultation_one_may_still_object_after_the_resolution_not(world, clock, plan):
    clock.move(days=20)
    assert _object(world, clock, world.ground_floor, plan).id
    with transaction() as store:
        store.add(
            Resolution(
                plan_id=plan.id,
                sequence=1,
                number="3幢〔2026〕1号",
                issued_at=clock(),
                in_force_at=clock(),
                document="{}",
                digest="d",
                signature="s",
                public_key="k",
                pdf=b"",
            )
        )
    with pytest.raises(NotNow, match="objections_over"):
        _object(world, clock, world.ground_floor, plan, key="later")


def test_before_publication_and_after_withdrawal_nobody_objects(world, clock, plan):
    start = clock()
    clock.move_to(start.replace(year=2025))
    with pytest.raises(NotNow, match="consultation_not_yet"):
        _object(world, clock, world.ground_floor, plan)
    clock.stand_at(start)
    with transaction():
        plan.withdrawn_at = clock()
    with pytest.raises(NotNow, match="plan_stopped"):
        _object(world, clock, world.ground_floor, plan)


def test_what_is_unanswered_holds_up_its_option_and_its_item(world, clock, plan):
    lift, lights = items(plan)
    one, two = (option.id for option in lift.options)
    to_one = _object(world, clock, world.ground_floor, plan, option=0, key="one")
    assert [found.id for found in unanswered_against(one, lift.id)] == [to_one.id]
    assert unanswered_against(two, lift.id) == []
    to_item = _object(world, clock, world.next_door, plan, key="item")
    assert {found.id for found in unanswered_against(one, lift.id)} == {to_one.id, to_item.id}
    assert [found.id for found in unanswered_against(two, lift.id)] == [to_item.id]
    assert unanswered_against(lights.options[0].id, lights.id) == []
    answer(world.actor(world.committee), to_item, "会的", now=clock())
    withdraw(world.actor(world.ground_floor), to_one, now=clock())
    assert unanswered_against(one, lift.id) == []


def test_the_answer_is_news_until_the_objector_has_seen_it(world, clock, plan):
    objection = _answered(world, clock, plan)
    assert is_news(objection)
    with pytest.raises(NotYours, match="objection_not_yours"):
        mark_seen(world.actor(world.next_door), objection, now=clock())
    mark_seen(world.actor(world.ground_floor), objection, now=clock())
    assert not is_news(objection)
    committee = world.actor(world.committee)
    close(committee, objection, ObjectionOutcome.MEDIATED, note="", version=None, now=clock())
    assert is_news(objection)


def test_having_looked_before_the_answer_does_not_hide_the_answer(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    mark_seen(world.actor(world.ground_floor), objection, now=clock())
    answered = answer(world.actor(world.committee), objection, "会测光", now=clock())
    assert is_news(answered)


def test_two_committee_members_do_not_answer_over_each_other(world, clock, plan):
    objection = _answered(world, clock, plan)
    second = world.actor(world.second_committee)
    with pytest.raises(NotNow, match="objection_already_answered"):
        answer(second, objection, "另一个答复", now=clock())
    assert answer(second, objection, " 已请设计单位测算 ", now=clock()).answer == "已请设计单位测算"
    entries = session().scalars(select(AuditEntry.action)).all()
    assert entries.count("objection_answered") == 1


def test_nothing_is_closed_before_it_is_answered(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    committee = world.actor(world.committee)
    with pytest.raises(NotNow, match="objection_not_answered"):
        close(committee, objection, ObjectionOutcome.MEDIATED, note="", version=None, now=clock())


def test_unresolved_needs_a_note_and_accepted_a_version(world, clock, plan):
    objection = _answered(world, clock, plan)
    committee = world.actor(world.committee)
    for outcome, code in (
        (ObjectionOutcome.UNRESOLVED, "objection_note_missing"),
        (ObjectionOutcome.ACCEPTED, "objection_version_missing"),
        (ObjectionOutcome.WITHDRAWN, "withdrawal_not_yours"),
    ):
        with pytest.raises(Refused, match=code):
            close(committee, objection, outcome, note=" ", version=None, now=clock())


def test_the_version_that_takes_it_up_must_be_newer_and_of_the_same_item(world, clock, plan):
    lift, lights = items(plan)
    clock.move(hours=1)
    objection = _answered(world, clock, plan)
    committee = world.actor(world.committee)
    for version in (lift.options[0].published, lights.options[0].published):
        with pytest.raises(Refused, match="objection_version_unfit"):
            close(
                committee,
                objection,
                ObjectionOutcome.ACCEPTED,
                note="",
                version=version,
                now=clock(),
            )


def test_accepting_with_a_condition_makes_the_version_that_binds_the_contractor(world, clock, plan):
    objection = _answered(world, clock, plan, option=0)
    option = objection.option
    closed = accept_with_condition(
        world.actor(world.committee),
        objection,
        option,
        "井道距厨房窗不小于 3 米",
        note="井道后移",
        now=clock.move(hours=2),
    )
    assert closed.outcome == ObjectionOutcome.ACCEPTED
    version = session().get(OptionVersion, closed.version_id)
    assert version.number == 2
    assert version.published_at is not None
    assert version.constraints == "井道距厨房窗不小于 3 米"
    assert version.change_note == "井道后移"
    again = close(
        world.actor(world.committee),
        objection,
        ObjectionOutcome.ACCEPTED,
        note="井道后移",
        version=version,
        now=clock(),
    )
    assert again.closed_at == closed.closed_at


def test_a_condition_cannot_be_empty(world, clock, plan):
    objection = _answered(world, clock, plan, option=0)
    with pytest.raises(Refused, match="condition_missing"):
        accept_with_condition(
            world.actor(world.committee), objection, objection.option, " ", note="", now=clock()
        )


def test_only_the_objector_withdraws_and_only_before_it_is_closed(world, clock, plan):
    objection = _answered(world, clock, plan)
    with pytest.raises(NotYours, match="objection_not_yours"):
        withdraw(world.actor(world.next_door), objection, now=clock())
    committee = world.actor(world.committee)
    close(committee, objection, ObjectionOutcome.MEDIATED, note="", version=None, now=clock())
    with pytest.raises(NotNow, match="objection_closed"):
        withdraw(world.actor(world.ground_floor), objection, now=clock())
    other = _object(world, clock, world.next_door, plan, key="z")
    first = withdraw(world.actor(world.next_door), other, now=clock())
    assert first.outcome == ObjectionOutcome.WITHDRAWN
    closed_at = first.closed_at
    assert withdraw(world.actor(world.next_door), other, now=clock.move(hours=1)).closed_at == (
        closed_at
    )


def test_the_text_is_read_by_the_objector_and_the_own_committee_alone(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    readers = (world.ground_floor, world.committee)
    others = (world.next_door, world.head, world.auditor, world.other_committee)
    assert all(may_read_whole(world.actor(account), objection) for account in readers)
    assert not any(may_read_whole(world.actor(account), objection) for account in others)


def test_what_was_changed_since_it_was_loaded_is_read_again_not_refused(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    with transaction() as store:
        store.execute(text("UPDATE objections SET revision = revision + 1"))
        store.execute(text("UPDATE plans SET revision = revision + 1"))
    answered = answer(world.actor(world.committee), objection, "会测光", now=clock())
    assert answered.state is ObjectionState.ANSWERED
    assert _object(world, clock, world.next_door, plan, key="again").id


def test_days_of_waiting_are_calendar_days(world, clock, plan):
    objection = _object(world, clock, world.ground_floor, plan)
    assert waiting_days(objection, clock()) == 0
    assert waiting_days(objection, clock.move(hours=15)) == 1
    assert waiting_days(objection, clock.move(days=6)) == 7


def test_the_audit_log_never_holds_the_text(world, clock, plan):
    _answered(world, clock, plan)
    events = session().scalars(select(AuditEntry.event)).all()
    assert not any("厨房" in event or "light" in event for event in events)


def test_a_form_that_somebody_else_has_sent_is_refused_in_words(world, clock, plan):
    _object(world, clock, world.sixth_floor, plan, key="one-form")
    with pytest.raises(Stale, match="changed_meanwhile"):
        _object(world, clock, world.ground_floor, plan, key="one-form")
