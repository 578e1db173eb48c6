"""Editing the register by hand: what follows from a change, and what must not be lost."""

from __future__ import annotations

import threading
from contextvars import Context

import pytest
from sqlalchemy import select

from domain.accounts import Scope
from domain.errors import NotNow, Refused, Stale
from domain.register_drafts import (
    BuildingDraft,
    CommunityDraft,
    DwellingDraft,
    OwnerDraft,
    checked_dwelling,
)
from domain.vocabulary import OwnerKind, Tenure
from extensions import db
from models.accounts import AccessCode, RoleGrant
from models.audit import AuditEntry
from models.base import Base
from models.database import session
from models.register import Building, Dwelling, Entrance, Owner
from models.register_queries import dwelling_visible_to, with_history
from services import register_editing as editing
from services import register_owners
from services.transaction import transaction


@pytest.fixture
def lin(world):
    return world.actor(world.committee)


def draft(**changes):
    fields = {"room": "602", "floor": 6, "area": 5843, "owners": "邱国强"}
    return DwellingDraft(**fields | changes)


def code_for(dwelling, owner, clock):
    with transaction() as s:
        s.add(
            AccessCode(
                dwelling_id=dwelling.id,
                capacity="owner",
                owner_id=owner.id,
                code_hash=f"{dwelling.id}-{owner.id}",
                issued_at=clock(),
                expires_at=clock.move(days=1),
            )
        )


def fresh(model, key):
    session().expire_all()
    return session().get(model, key)


def grants_of(dwelling):
    session().expire_all()
    return session().scalars(select(RoleGrant).where(RoleGrant.dwelling_id == dwelling.id)).all()


def test_a_dwelling_taken_out_keeps_its_history_and_lets_nobody_in(world, lin, clock):
    flat = world.dwelling("602")
    code_for(flat, world.owner("邱国强"), clock)
    editing.retire_dwelling(lin, flat, now=clock())
    assert fresh(Dwelling, flat.id).retired_at == clock()
    assert [grant.ended_at for grant in grants_of(flat)] == [clock()]
    assert session().scalars(select(AccessCode.revoked_at)).all() == [clock()]
    former = world.actor(fresh(type(world.sixth_floor), world.sixth_floor.id))
    assert dwelling_visible_to(former, flat.id) is None


def test_a_dwelling_brought_back_needs_a_new_letter(world, lin, clock):
    flat = world.dwelling("602")
    editing.retire_dwelling(lin, flat, now=clock())
    editing.restore_dwelling(lin, flat, now=clock())
    assert fresh(Dwelling, flat.id).retired_at is None
    assert all(grant.ended_at for grant in grants_of(flat))


def test_taking_out_twice_is_one_event(world, lin, clock):
    for _ in range(2):
        editing.retire_dwelling(lin, world.dwelling("602"), now=clock())
    assert session().scalars(select(AuditEntry.action)).all() == ["dwelling_retired"]


def test_whoever_edits_next_must_have_seen_the_new_owners(world, lin, clock):
    flat = world.dwelling("602")
    seen = flat.revision
    editing.edit_dwelling(lin, flat, draft(owners="邱国强、邱小妹"), revision=seen, now=clock())
    with pytest.raises(Stale):
        editing.edit_dwelling(lin, flat, draft(owners="邱国强"), revision=seen, now=clock())
    now_seen = fresh(Dwelling, flat.id).revision
    editing.edit_dwelling(lin, flat, draft(), revision=now_seen, now=clock())
    assert len(fresh(Dwelling, flat.id).ownerships) == 1


def test_an_edit_that_changes_nothing_makes_nobody_else_stale(world, lin, clock):
    flat = world.dwelling("602")
    editing.edit_dwelling(lin, flat, draft(), revision=flat.revision, now=clock())
    assert fresh(Dwelling, flat.id).revision == 1


def test_the_audit_log_names_fields_and_no_people(world, lin, clock):
    flat = world.dwelling("602")
    change = draft(owners="邱国强、邱小妹", phone="10023667127", note="独居", area=6000)
    editing.edit_dwelling(lin, flat, change, revision=flat.revision, now=clock())
    event = session().scalars(select(AuditEntry.event)).one()
    assert '"fields":["area","phone","note","owners"]' in event
    for personal in ("邱", "100236", "独居"):
        assert personal not in event


def test_telephone_and_owner_are_tidied_as_in_a_roster(world, lin, clock):
    tidied, names = checked_dwelling(
        draft(room="６０３室", phone="100-2366-7127", owners="配偶 姜立新，汪立新")
    )
    assert (tidied.room, tidied.phone, names) == ("603", "10023667127", ("姜立新", "汪立新"))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"room": "101"}, "room_exists", "room"),
        ({"room": " "}, "text_missing", "room"),
        ({"floor": 0}, "floor_zero", "floor"),
        ({"floor": 100}, "floor_absurd", "floor"),
        ({"area": 0}, "area_not_positive", "area"),
        ({"owners": "无"}, "owners_missing", "owners"),
        ({"owners": "周慧敏 丁援朝"}, "owners_ambiguous", "owners"),
        ({"phone": "12"}, "phone_unreadable", "phone"),
        ({"note": "x" * 1001}, "text_too_long", "note"),
    ],
)
def test_an_unfit_dwelling_is_refused_at_its_field(world, lin, clock, changes, code, field):
    with pytest.raises(Refused) as refusal:
        editing.edit_dwelling(lin, world.dwelling("602"), draft(**changes), revision=1, now=clock())
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_an_identity_card_number_is_never_stored(world, lin, clock):
    flat = world.dwelling("602")
    note = "证件32010619550312441X"
    editing.edit_dwelling(lin, flat, draft(note=note), revision=flat.revision, now=clock())
    assert fresh(Dwelling, flat.id).note == "证件"


def test_the_developer_is_known_by_what_is_not_sold(world, lin, clock):
    change = draft(tenure=Tenure.DEVELOPER)
    editing.edit_dwelling(lin, world.dwelling("602"), change, revision=1, now=clock())
    assert fresh(Owner, world.owner("邱国强").id).kind == OwnerKind.DEVELOPER


@pytest.mark.parametrize("name", ["3栋", "三号楼", "3", "03幢"])
def test_a_building_is_one_however_its_number_is_written(world, lin, clock, name):
    with pytest.raises(Refused) as refusal:
        editing.add_building(lin, world.community, BuildingDraft(name), now=clock())
    assert refusal.value.code == "building_exists"


def test_a_building_and_its_entrance_can_be_renamed_but_not_to_another_ones_name(world, lin, clock):
    building = editing.edit_building(
        lin, world.building, BuildingDraft("3号楼", 1985), revision=1, now=clock()
    )
    assert (building.name, building.key, building.built_year) == ("3号楼", "3", 1985)
    with pytest.raises(Stale):
        editing.edit_building(lin, building, BuildingDraft("9"), revision=1, now=clock())
    with pytest.raises(Refused):
        editing.edit_entrance(lin, world.first_entrance, "二单元", now=clock())
    assert editing.edit_entrance(lin, world.first_entrance, "一单元", now=clock()).key == "1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (CommunityDraft("幸福里", "default"), "community_exists"),
        (CommunityDraft("", "default"), "text_missing"),
        (CommunityDraft("工人新村", "atlantis"), "city_unknown"),
    ],
)
def test_an_unfit_community_is_refused(world, lin, clock, change, code):
    with pytest.raises(Refused) as refusal:
        editing.edit_community(lin, world.community, change, now=clock())
    assert refusal.value.code == code


def test_a_building_that_people_answered_in_is_not_removed(world, lin, clock):
    with pytest.raises(NotNow) as refusal:
        editing.remove_building(lin, world.building, now=clock())
    assert refusal.value.code == "has_history"


def test_a_building_nobody_has_used_is_removed_with_its_dwellings_and_owners(world, lin, clock):
    tower, owner = world.tower.id, world.owner("雷国强").id
    editing.remove_building(lin, world.tower, now=clock())
    assert fresh(Building, tower) is None
    assert session().scalars(select(Entrance).where(Entrance.building_id == tower)).all() == []
    assert session().get(Owner, owner) is None


def test_namesakes_told_apart_keep_their_letters_and_share_no_account(world, lin, clock):
    buyer, kept, moved = world.owner("尹志强"), world.dwelling("301"), world.dwelling("302")
    with transaction() as s:
        s.add(
            RoleGrant(
                account_id=world.two_flats.id,
                role="resident",
                community_id=world.community.id,
                building_id=world.building.id,
                entrance_id=world.first_entrance.id,
                dwelling_id=moved.id,
                capacity="owner",
                owner_id=buyer.id,
                granted_at=clock(),
            )
        )
    code_for(moved, buyer, clock)
    other = register_owners.split_owner(lin, buyer, [moved.id], distinguisher="302", now=clock())
    assert {grant.owner_id for grant in grants_of(kept)} == {buyer.id}
    owners = [grant for grant in grants_of(moved) if grant.capacity == "owner"]
    assert [(grant.owner_id, grant.ended_at) for grant in owners] == [(other.id, clock())]
    assert session().scalars(select(AccessCode.owner_id)).all() == [other.id]


@pytest.mark.parametrize(
    ("rooms", "options", "code"),
    [
        ([], {"distinguisher": "x"}, "split_nothing"),
        (["101"], {"distinguisher": "x"}, "split_nothing"),
        (["301", "302"], {"distinguisher": "x"}, "split_all"),
        (["302"], {"distinguisher": " "}, "text_missing"),
        (["302"], {"into": 999}, "split_unknown"),
    ],
)
def test_a_split_that_says_nothing_is_refused(world, lin, clock, rooms, options, code):
    chosen = [world.dwelling(room).id for room in rooms]
    with pytest.raises(Refused) as refusal:
        register_owners.split_owner(lin, world.owner("尹志强"), chosen, now=clock(), **options)
    assert refusal.value.code == code


def test_a_stranger_of_another_name_cannot_be_given_the_flat(world, lin, clock):
    with pytest.raises(Refused) as refusal:
        register_owners.split_owner(
            lin,
            world.owner("尹志强"),
            [world.dwelling("302").id],
            into=world.owner("邱国强").id,
            now=clock(),
        )
    assert refusal.value.code == "split_unknown"


def test_an_edit_keeps_the_namesake_who_owns_the_flat(world, lin, clock):
    flat = world.dwelling("302")
    other = register_owners.split_owner(
        lin, world.owner("尹志强"), [flat.id], distinguisher="302", now=clock()
    )
    change = draft(room="302", floor=3, owners="尹志强", note="朝南")
    editing.edit_dwelling(
        lin, flat, change, revision=fresh(Dwelling, flat.id).revision, now=clock()
    )
    assert [held.owner_id for held in fresh(Dwelling, flat.id).ownerships] == [other.id]


@pytest.mark.parametrize("name", ["", "张三、李四", "张三等2人"])
def test_an_owner_has_exactly_one_name(world, lin, clock, name):
    with pytest.raises(Refused) as refusal:
        register_owners.edit_owner(
            lin, world.owner("邱国强"), OwnerDraft(name, OwnerKind.PERSON), now=clock()
        )
    assert refusal.value.field == "name"


def at_once(app, act, times=6):
    """What ``times`` people get who do the same at the same moment: a result or a refusal."""
    start, outcomes = threading.Barrier(times), []

    def person():
        with app.app_context():
            start.wait()
            try:
                outcomes.append(act())
            except Exception as failure:
                outcomes.append(failure)
            finally:
                db.session.remove()

    # The servers' threads have contexts of their own, and so have these.
    people = [threading.Thread(target=Context().run, args=(person,)) for _ in range(times)]
    session().rollback()
    for one in people:
        one.start()
    for one in people:
        one.join()
    return outcomes


def test_of_six_people_who_add_one_room_at_once_one_does_and_five_are_told(app, world, lin, clock):
    entrance_id, now = world.first_entrance.id, clock()

    def act():
        entrance = session().get_one(Entrance, entrance_id)
        return editing.add_dwelling(lin, entrance, draft(room="701", floor=7), now=now)

    outcomes = at_once(app, act)
    told = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert told == ["room_exists"] * 5, outcomes
    rooms = select(Dwelling.id).where(Dwelling.room == "701")
    assert len(session().scalars(rooms.join(Entrance).where(Entrance.id == entrance_id)).all()) == 1


def test_a_new_owner_named_by_six_people_at_once_is_one_owner(app, world, lin, clock):
    flats = [world.dwelling(f"{floor}01").id for floor in range(1, 7)]
    now = clock()

    def act():
        dwelling = session().get_one(Dwelling, flats.pop())
        change = draft(room=dwelling.room, floor=dwelling.floor, owners="新来的")
        return editing.edit_dwelling(lin, dwelling, change, revision=1, now=now)

    assert all(isinstance(outcome, Dwelling) for outcome in at_once(app, act))
    (owner,) = session().scalars(select(Owner).where(Owner.name == "新来的")).all()
    assert len(owner.ownerships) == 6


def test_history_is_whatever_names_a_dwelling_apart_from_its_owners(world):
    dwellings = Base.metadata.tables["dwellings"]
    with_people = {world.dwelling(room).id for room in ("101", "201", "301", "302", "401", "602")}
    ids = [dwelling.id for dwelling in world.first_entrance.dwellings]
    assert with_history(session(), dwellings, ids) == with_people
    assert with_history(session(), dwellings, []) == set()


def test_places_say_where_they_are(world):
    flat = world.dwelling("602")
    assert flat.scope == Scope(
        community=world.community.id,
        building=world.building.id,
        entrance=world.first_entrance.id,
        dwelling=flat.id,
    )
    assert world.owner("邱国强").scope == Scope(community=world.community.id)
