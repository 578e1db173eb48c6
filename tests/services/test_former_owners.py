"""B6: answers belong to who gave them, whatever becomes of the dwelling."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts import Capacity
from domain.disclosure import Audience
from domain.errors import NotYours
from domain.objections import Ground, ObjectionState
from domain.preferences import ItemAnswerDraft, Stance
from models.accounts import Account
from models.audit import AuditEntry
from models.database import session
from models.objections import Objection
from models.plans import DemandRelease, Plan
from models.preferences import AnswerSheet, FormerSheet
from models.preferences_queries import receipt_visible_to
from models.register import Dwelling
from services import (
    accounts_people,
    demand,
    desk,
    home,
    objections,
    preferences,
    privacy,
    purging,
    register_owners,
)
from services.preferences_pages import booklet
from services.register_editing import edit_dwelling, restore_dwelling, retire_dwelling
from services.transaction import transaction
from tests.imports import confirm, up, whole_building
from tests.preferences_world import answered, items, published_plan
from tests.services.test_register import draft

CYCLE = (Stance.NEED, Stance.ACCEPT, Stance.OPPOSE, Stance.INDIFFERENT)


@pytest.fixture
def lin(world):
    return world.actor(world.committee)


@pytest.fixture
def plan(world):
    return published_plan(world)


def answer(world, clock, plan, account, room, stance=Stance.NEED):
    lift, _lights = items(plan)
    said = {lift.id: ItemAnswerDraft(stance, "挡光" if stance is Stance.OPPOSE else "")}
    who = world.actor(account)
    return preferences.send(who, plan, world.dwelling(room).id, said, revision=None, now=clock())


def sold(lin, world, clock, room="602", to="新来的"):
    """The dwelling belongs to somebody else, by the roster."""
    d = world.dwelling(room)
    area = f"{d.area // 100}.{d.area % 100:02d}"
    rows = whole_building(world, **{f"r{room}": f"3幢,1单元,{room},{d.floor},{area},{to}"})
    confirm(lin, up(lin, world.community, clock, rows), clock)
    session().expire_all()


def sheets():
    return session().scalars(select(AnswerSheet)).all()


def former():
    return session().scalars(select(FormerSheet)).all()


def test_b6_after_a_sale_by_the_roster_the_answer_is_the_former_owners(lin, world, clock, plan):
    sheet = answer(world, clock, plan, world.sixth_floor, "602")
    receipt = sheet.receipt
    clock.move(days=1)
    sold(lin, world, clock)
    assert sheets() == []
    (one,) = former()
    assert (one.receipt, one.account_id, one.ended_at) == (receipt, world.sixth_floor.id, clock())
    (said,) = one.answers
    assert said.stance == Stance.NEED
    entry = (
        session().scalars(select(AuditEntry).where(AuditEntry.action == "answers_put_apart")).one()
    )
    assert entry.account_id is None
    # Reading what it says makes no row of it.
    session().flush()
    assert sheets() == []


def test_b6_after_an_edit_by_hand_too_and_a_spelling_corrected_is_nobody_new(
    lin, world, clock, plan
):
    answer(world, clock, plan, world.sixth_floor, "602")
    owner = world.owner("邱国强")
    register_owners.edit_owner(
        lin, owner, register_owners.OwnerDraft("邱国強", owner.kind, ""), now=clock()
    )
    assert len(sheets()) == 1 and former() == []
    flat = world.dwelling("602")
    edit_dwelling(lin, flat, draft(owners="新来的"), revision=flat.revision, now=clock())
    assert sheets() == [] and len(former()) == 1


def test_b6_a_co_owner_who_was_there_keeps_the_households_answer(lin, world, clock, plan):
    answer(world, clock, plan, world.husband, "201")
    sold(lin, world, clock, room="201", to="周慧敏")
    (sheet,) = sheets()
    assert sheet.owner_ids == [world.owner("周慧敏").id]
    sold(lin, world, clock, room="201", to="新来的")
    assert sheets() == [] and len(former()) == 1


def test_b6_who_came_in_later_did_not_give_what_was_said_before(lin, world, clock, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    sold(lin, world, clock, to="邱国强、后来的")
    assert len(sheets()) == 1
    sold(lin, world, clock, to="后来的")
    assert sheets() == [] and len(former()) == 1


def test_b6_the_tenants_answer_is_the_tenants(lin, world, clock, plan):
    answer(world, clock, plan, world.tenant, "302")
    sold(lin, world, clock, room="302")
    (sheet,) = sheets()
    assert sheet.capacity == Capacity.TENANT and former() == []


def test_b6_namesakes_told_apart_the_answer_goes_with_the_account(lin, world, clock, plan):
    owner = world.owner("尹志强")
    flats = sorted(held.dwelling_id for held in owner.ownerships)
    first = world.dwelling("301").id
    assert len(flats) == 2 and first in flats
    answer(world, clock, plan, world.two_flats, "301")
    other = register_owners.split_owner(lin, owner, [first], distinguisher="三楼", now=clock())
    (sheet,) = sheets()
    assert sheet.owner_ids == [other.id] and former() == []


def test_b6_the_door_counts_as_unanswered_everywhere(lin, world, clock, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    flat = world.dwelling("602").id
    assert demand.reach(lin, plan).answered == {flat}
    sold(lin, world, clock)
    assert demand.reach(lin, plan).answered == frozenset()
    known = home.standings(lin, now=clock())
    assert [one.answered for one in home.committee(lin, known, now=clock()).answering] == [0]
    head = world.actor(world.head)
    knock = home.doors(head, home.standings(head, now=clock()), now=clock())
    assert flat in {door.id for door in knock[0].missing}
    seen = demand.look(lin, plan, now=clock())
    assert (seen.answered, seen.stances) == (0, {})
    assert desk.look(lin, plan, now=clock()).answered == 0
    assert seen.items[0].publication.total is None


def test_b6_the_committee_sees_it_as_the_former_owners(lin, world, clock, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    sold(lin, world, clock)
    named = demand.named_answers(lin, plan, now=clock(), with_former=True)
    flat = world.dwelling("602").id
    assert [(owner, tenant) for door, owner, tenant in named.households if door.id == flat] == [
        (None, None)
    ]
    assert [one.ended_at for one in named.former[flat]] == [clock()]


def moved_in(world, clock, lin, room="602", name="新来的"):
    """The new owner has come in with a letter."""
    from models.accounts import RoleGrant
    from models.register import Owner

    flat = session().get_one(Dwelling, world.dwelling(room).id)
    owner = session().scalars(select(Owner).where(Owner.name == name)).one()
    with transaction() as s:
        account = Account(display_name=name, created_at=clock())
        scope = flat.scope
        account.grants.append(
            RoleGrant(
                role="resident",
                community_id=scope.community,
                building_id=scope.building,
                entrance_id=scope.entrance,
                dwelling_id=flat.id,
                capacity="owner",
                owner_id=owner.id,
                granted_at=clock(),
            )
        )
        s.add(account)
    return account


def test_b6_nothing_of_it_stands_under_the_new_name(lin, world, clock, plan):
    receipt = answer(world, clock, plan, world.sixth_floor, "602").receipt
    sold(lin, world, clock)
    left = clock()
    account = moved_in(world, clock, lin)
    new = account.actor()
    own = booklet(new, plan, None, now=clock())
    assert own.sheet is None and own.answered == 0 and own.former_left == left
    assert receipt_visible_to(new, receipt) is None
    assert privacy.own(new, now=clock()).sheets == []
    assert receipt not in privacy.export(new, now=clock())
    # The new owner answers for the same door.
    mine = answer(world, clock, plan, account, "602", Stance.OPPOSE)
    assert mine.receipt != receipt and mine.owner_ids != []


def _was(world):
    """Who owned 602, without a role now."""
    return session().get_one(Account, world.sixth_floor.id, populate_existing=True).actor()


def test_b6_the_former_owner_keeps_it_in_the_own_data(lin, world, clock, plan):
    receipt = answer(world, clock, plan, world.sixth_floor, "602").receipt
    sold(lin, world, clock)
    was = _was(world)
    data = privacy.own(was, now=clock())
    assert [one.receipt for one in data.former] == [receipt]
    assert receipt in privacy.export(was, now=clock())
    assert "yours_until" in privacy.export(was, now=clock())


def test_b6_whoever_was_signed_in_at_the_sale_answers_no_more(lin, world, clock, plan):
    before = world.actor(world.sixth_floor)
    lift, _lights = items(plan)
    sold(lin, world, clock)
    with pytest.raises(NotYours):
        preferences.save(
            before,
            plan,
            world.dwelling("602").id,
            {lift.id: ItemAnswerDraft(Stance.NEED)},
            revision=0,
            now=clock(),
        )
    with pytest.raises(NotYours):
        object_to(before, plan, clock)


def object_to(actor, plan, clock):
    lift, _lights = items(plan)
    return objections.submit(
        actor, lift, None, ground=Ground.LIGHT, body="挡光", form_key="k", now=clock()
    )


def test_b6_an_objection_of_the_former_owner_stays_open_and_is_answered(lin, world, clock, plan):
    raised = object_to(world.actor(world.sixth_floor), plan, clock).id
    clock.move(days=1)
    sold(lin, world, clock)
    one = session().get_one(Objection, raised, populate_existing=True)
    assert (one.former_since, one.state) == (clock(), ObjectionState.SUBMITTED)
    objections.answer(lin, one, "加了采光井。", now=clock())
    assert session().get_one(Objection, raised).state is ObjectionState.ANSWERED


def test_b6_what_was_published_stays_and_new_figures_count_it_no_more_in_a_batch_only(
    lin, world, clock, plan
):
    every = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    doors = [door for door in every if door.room != "602"][:11]
    answered(world, plan, [(door, CYCLE[at % 4]) for at, door in enumerate(doors)])
    answer(world, clock, plan, world.sixth_floor, "602")
    first = session().scalars(select(DemandRelease)).one()
    clock.move(days=2)
    sold(lin, world, clock)
    demand.renew_figures(lin, plan, now=clock())
    # One household alone is never taken out: the difference would be its answer.
    assert session().scalars(select(DemandRelease)).all() == [first]
    public = demand.look(world.actor(world.stranger), plan, now=clock())
    assert public.audience is Audience.PUBLIC
    assert public.items[0].publication.total.households == 12
    # Four who think again make a batch with it.
    with transaction() as s:
        for sheet in s.scalars(select(AnswerSheet).order_by(AnswerSheet.id).limit(4)):
            (said,) = sheet.answers
            turned = CYCLE[(CYCLE.index(Stance(said.stance)) + 1) % 4]
            said.stance, said.reason = turned, "挡光" if turned is Stance.OPPOSE else ""
            sheet.updated_at = clock()
    demand.renew_figures(lin, plan, now=clock())
    second = session().scalars(select(DemandRelease).order_by(DemandRelease.seq)).all()[-1]
    assert second.seq == first.seq + 1
    lift, _lights = items(plan)
    (batch,) = second.figures["sheets"][f"item:{lift.id}"]["releases"]
    flat = str(world.dwelling("602").id)
    (entry,) = [one for one in batch["entered"] if one[0] == flat]
    assert set(entry[2]) == {"unanswered"} and len(batch["entered"]) == 5


def test_b6_the_next_tenant_does_not_take_over_what_the_last_one_said(lin, world, clock, plan):
    answer(world, clock, plan, world.tenant, "302")
    (grant,) = session().get_one(Account, world.tenant.id).grants
    accounts_people.end_role(lin, grant, now=clock())
    assert sheets() == []
    assert [one.capacity for one in former()] == [Capacity.TENANT]


def test_b6_a_flat_that_was_gone_for_a_while_keeps_no_tenants_answer_for_the_next_one(
    lin, world, clock, plan
):
    answer(world, clock, plan, world.tenant, "302")
    retire_dwelling(lin, world.dwelling("302"), now=clock())
    restore_dwelling(lin, world.dwelling("302"), now=clock())
    assert sheets() == []
    assert [one.capacity for one in former()] == [Capacity.TENANT]


def test_b6_what_former_owners_said_goes_with_the_plan(lin, world, clock, plan):
    answer(world, clock, plan, world.sixth_floor, "602")
    sold(lin, world, clock)
    assert "电梯" in privacy.export(_was(world), now=clock())
    with transaction() as s:
        s.get_one(Plan, plan.id).withdrawn_at = clock()
    clock.move(days=360)
    purging.purge(apply=True, now=clock())
    assert len(former()) == 1
    clock.move(days=40)
    purging.purge(apply=True, now=clock())
    assert former() == []
