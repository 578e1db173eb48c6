"""Demand: released in batches for neighbours and public, exact and logged for the committee."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from domain.accounts import Capacity
from domain.disclosure import Audience
from domain.preferences import ItemAnswerDraft, Stance
from domain.releases import TableKind
from models.audit import AuditEntry
from models.database import session
from models.plans import DemandRelease
from models.preferences import AnswerSheet, ItemAnswer
from services import demand
from services.preferences import save
from services.transaction import transaction
from tests.preferences_world import answered, items, published_plan

CYCLE = (Stance.NEED, Stance.ACCEPT, Stance.OPPOSE, Stance.INDIFFERENT)


@pytest.fixture
def plan(world):
    return published_plan(world)


def _doors(world, number, skip=("602",)):
    every = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    listed = [door for door in every if door.room not in skip]
    return [(door, CYCLE[place % 4]) for place, door in enumerate(listed[:number])]


def _last_answer(world, clock, plan, stance=Stance.NEED, revision=0):
    lift, _lights = items(plan)
    return save(
        world.actor(world.sixth_floor),
        plan,
        world.dwelling("602").id,
        {lift.id: ItemAnswerDraft(stance)},
        revision=revision,
        now=clock(),
    )


def _releases():
    return list(session().scalars(select(DemandRelease).order_by(DemandRelease.seq)))


def test_the_tenth_answer_releases_the_first_figures_in_its_own_transaction(world, clock, plan):
    answered(world, plan, _doors(world, 8))
    _last_answer(world, clock, plan)
    assert _releases() == []
    answered(world, plan, _doors(world, 12)[8:9])
    sheet = session().execute(text("select revision from answer_sheets")).first()
    lift, _lights = items(plan)
    save(
        world.actor(world.sixth_floor),
        plan,
        world.dwelling("602").id,
        {lift.id: ItemAnswerDraft(Stance.ACCEPT)},
        revision=None,
        now=clock(),
    )
    (release,) = _releases()
    assert sheet is not None
    assert (release.seq, release.answers) == (1, 10)


def test_looking_releases_nothing(world, clock, plan):
    answered(world, plan, _doors(world, 12))
    for account in (world.committee, world.sixth_floor, world.auditor):
        demand.look(world.actor(account), plan, now=clock())
    assert _releases() == []


def test_unanimity_is_never_released(world, clock, plan):
    answered(world, plan, [(door, Stance.NEED) for door, _ in _doors(world, 15)])
    _last_answer(world, clock, plan)
    assert _releases() == []


def test_further_figures_need_five_more_answers_and_a_day(world, clock, plan):
    answered(world, plan, _doors(world, 10))
    _last_answer(world, clock, plan)
    assert len(_releases()) == 1
    answered(world, plan, _doors(world, 18)[10:])
    assert demand.renew_figures(world.actor(world.committee), plan, now=clock()) is None
    clock.move(days=1)
    made = demand.renew_figures(world.actor(world.committee), plan, now=clock())
    assert made is not None
    assert made.seq == 2
    clock.move(days=2)
    assert demand.renew_figures(world.actor(world.committee), plan, now=clock()) is None
    looked = demand.look(world.actor(world.auditor), plan, now=clock())
    shown = looked.items[0].publication.figures[0]
    assert shown.households == 19


def test_another_items_first_figures_wait_for_the_next_day_too(world, clock, plan):
    answered(world, plan, _doors(world, 12))
    _last_answer(world, clock, plan)
    _lift, lights = items(plan)
    with transaction() as store:
        for place, sheet in enumerate(store.scalars(select(AnswerSheet))):
            sheet.updated_at = clock.move(minutes=1)
            sheet.answers.append(ItemAnswer(item_id=lights.id, stance=CYCLE[place % 2]))
    committee = world.actor(world.committee)
    assert demand.renew_figures(committee, plan, now=clock.move(hours=20)) is None
    made = demand.renew_figures(committee, plan, now=clock.move(hours=4))
    assert made is not None
    assert list(made.figures["sheets"]) == [f"item:{lights.id}"]


def test_a_release_can_not_be_altered_afterwards(world, clock, plan):
    answered(world, plan, _doors(world, 10))
    _last_answer(world, clock, plan)
    for statement in ("UPDATE demand_releases SET answers = 1", "DELETE FROM demand_releases"):
        with pytest.raises((IntegrityError, OperationalError)), transaction() as store:
            store.execute(text(statement))


@pytest.mark.trust("4.3")
def test_banded_residents_public_and_heads_see_bands_never_floors(world, clock, plan):
    answered(world, plan, _doors(world, 12))
    _last_answer(world, clock, plan)
    for account, audience in (
        (world.sixth_floor, Audience.RESIDENT),
        (world.tenant, Audience.RESIDENT),
        (world.head, Audience.PUBLIC),
        (world.auditor, Audience.PUBLIC),
    ):
        looked = demand.look(world.actor(account), plan, now=clock())
        assert looked.audience is audience
        assert {one.publication.kind for one in looked.items} == {TableKind.BAND}
        assert looked.stances == {}
        assert looked.answered == 10


@pytest.mark.trust("4.1")
def test_under_the_open_policy_residents_see_floors_and_the_public_does_not(world, clock):
    plan = published_plan(world, policy="open")
    answered(world, plan, _doors(world, 3))
    resident = demand.look(world.actor(world.sixth_floor), plan, now=clock())
    assert resident.items[0].publication.kind is TableKind.FLOOR
    public = demand.look(world.actor(world.auditor), plan, now=clock())
    assert public.items[0].publication.kind is TableKind.BAND
    assert all(figure.hidden for figure in public.items[0].publication.figures)


@pytest.mark.trust("4.1")
def test_the_committee_sees_every_window_and_each_look_is_recorded(world, clock, plan):
    answered(world, plan, _doors(world, 3))
    committee = world.actor(world.committee)
    looked = demand.look(committee, plan, now=clock())
    lift, _lights = items(plan)
    assert looked.stances[lift.id][world.dwelling("101").id] == "need"
    demand.named_answers(committee, plan, now=clock())
    demand.look(world.actor(world.sixth_floor), plan, now=clock())
    entries = session().scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [entry.action for entry in entries] == ["demand_seen", "answers_seen"]
    assert all(entry.account_id == world.committee.id for entry in entries)
    assert json.loads(entries[0].event)["details"] == {"building": world.building.id}


def test_tenants_are_counted_apart(world, clock, plan):
    answered(world, plan, _doors(world, 3))
    tenant = world.dwelling("302")
    answered(world, plan, [(tenant, Stance.OPPOSE)], capacity=Capacity.TENANT)
    looked = demand.look(world.actor(world.committee), plan, now=clock())
    publication = looked.items[0].publication
    assert publication.total.counts["stance"]["oppose"] == 1
    assert publication.tenants[0].counts["stance"]["oppose"] == 1
    assert looked.answered == 3


def test_a_resolution_gets_the_public_bands(world, clock, plan):
    rows = demand.published_rows(plan)
    assert [row["item"] for row in rows] == ["加装电梯", "楼道照明"]
    assert rows[0]["bands"] == [{"lowest": 1, "highest": 6, "counts": None}]
    answered(world, plan, _doors(world, 12))
    _last_answer(world, clock, plan)
    (band,) = demand.published_rows(plan)[0]["bands"]
    assert sum(band["counts"].values()) == 13


def test_a_stairwell_head_learns_who_is_missing_in_the_own_entrance_alone(world, clock, plan):
    answered(world, plan, _doors(world, 4, skip=()))
    found = demand.reach(world.actor(world.head), plan)
    assert {door.entrance_id for door in found.dwellings} == {world.first_entrance.id}
    assert [door.room for door in found.missing] == [
        f"{floor}0{flat}" for floor in range(3, 7) for flat in (1, 2)
    ]
    whole = demand.reach(world.actor(world.committee), plan)
    assert len(whole.dwellings) == 24


def test_what_was_released_is_read_back_across_batches(world, clock, plan):
    answered(world, plan, _doors(world, 10))
    sheet = _last_answer(world, clock, plan)
    clock.move(days=2)
    answered(world, plan, _doors(world, 20)[10:])
    _last_answer(world, clock, plan, Stance.INDIFFERENT, sheet.revision)
    rows = _releases()
    assert [row.seq for row in rows] == [1, 2]
    lift, _lights = items(plan)
    known = demand.released(rows)[f"item:{lift.id}"]
    assert len(known.ledger.releases) == 2
    assert known.ledger.releases[0].at < known.ledger.releases[1].at
