"""Importing a roster once more, over people who live there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.errors import Refused
from models.accounts import AccessCode, RoleGrant
from models.database import session
from models.register import (
    Dwelling,
    Owner,
)
from services.register import preview_import
from services.transaction import transaction
from tests.imports import confirm, owners, rooms, up, whole_building


@pytest.fixture
def lin(world):
    return world.actor(world.committee)


def test_the_same_roster_again_changes_nothing(lin, world, clock):
    upload = up(lin, world.community, clock, whole_building(world))
    assert preview_import(upload).difference.empty
    applied = confirm(lin, upload, clock)
    assert (applied.added, applied.changed, applied.retired, applied.deleted) == (0, 0, 0, 0)


def test_a_changed_flat_is_changed_and_keeps_what_the_file_does_not_speak_of(lin, world, clock):
    with transaction():
        world.dwelling("602").phone = "10023667127"
    rows = whole_building(world, r602="3幢,1单元,602,6,60.00,邱国强")
    assert confirm(lin, up(lin, world.community, clock, rows), clock).changed == 1
    flat = session().get_one(Dwelling, world.dwelling("602").id, populate_existing=True)
    assert (flat.area, flat.phone) == (6000, "10023667127")


def test_a_sold_flat_has_a_new_owner_and_the_old_one_has_lost_the_way_in(lin, world, clock):
    flat = world.dwelling("602")
    with transaction() as s:
        s.add(
            AccessCode(
                dwelling_id=flat.id,
                capacity="owner",
                owner_id=world.owner("邱国强").id,
                code_hash="x",
                issued_at=clock(),
                expires_at=clock.move(days=1),
            )
        )
    rows = whole_building(world, r602="3幢,1单元,602,6,58.43,新来的")
    confirm(lin, up(lin, world.community, clock, rows), clock)
    assert owners(flat.id) == {"新来的"}
    grants = session().scalars(select(RoleGrant).where(RoleGrant.dwelling_id == flat.id)).all()
    assert [grant.ended_at for grant in grants] == [clock()]
    assert session().scalars(select(AccessCode)).one().revoked_at == clock()
    # The account still names the former owner, so the name is kept.
    assert session().get(Owner, world.owner("邱国强").id) is not None


def test_the_co_owner_who_stays_keeps_the_way_in(lin, world, clock):
    rows = whole_building(world, r201="3幢,1单元,201,2,62.35,周慧敏")
    confirm(lin, up(lin, world.community, clock, rows), clock)
    live = session().scalars(
        select(RoleGrant.account_id).where(
            RoleGrant.dwelling_id == world.dwelling("201").id, RoleGrant.ended_at.is_(None)
        )
    )
    assert live.all() == [world.wife.id]


def test_a_former_owner_whom_nothing_names_is_forgotten(lin, world, clock):
    rows = whole_building(world, r102="3幢,1单元,102,1,58.90,新来的")
    confirm(lin, up(lin, world.community, clock, rows), clock)
    assert session().scalars(select(Owner).where(Owner.name == "姚志强")).all() == []


def test_what_becomes_of_a_flat_that_is_gone_is_asked_first(lin, world, clock):
    upload = up(lin, world.community, clock, whole_building(world, r602=""))
    with pytest.raises(Refused) as refusal:
        confirm(lin, upload, clock)
    assert (refusal.value.code, refusal.value.field) == ("import_gone_undecided", "gone")
    applied = confirm(lin, upload, clock, retire_gone=False)
    assert (applied.retired, applied.deleted) == (0, 0)


def test_a_flat_with_history_is_retired_and_one_without_is_deleted(lin, world, clock):
    flat = world.dwelling("602").id
    upload = up(lin, world.community, clock, whole_building(world, r602="", r402=""))
    applied = confirm(lin, upload, clock, retire_gone=True)
    assert (applied.retired, applied.deleted) == (1, 1)
    found = rooms(world.community)
    assert found["3幢", "1单元", "602"].retired_at == clock()
    assert ("3幢", "1单元", "402") not in found
    grants = session().scalars(select(RoleGrant).where(RoleGrant.dwelling_id == flat)).all()
    assert all(grant.ended_at for grant in grants)


def test_a_retired_flat_that_is_in_the_file_again_comes_back(lin, world, clock):
    confirm(
        lin,
        up(lin, world.community, clock, whole_building(world, r602="")),
        clock,
        retire_gone=True,
    )
    rows = whole_building(world, r602="3幢,1单元,602,6,58.43,邱国强")
    applied = confirm(lin, up(lin, world.community, clock, rows), clock)
    assert (applied.added, applied.restored) == (0, 1)
    flat = rooms(world.community)["3幢", "1单元", "602"]
    assert flat.retired_at is None and owners(flat.id) == {"邱国强"}


def test_other_buildings_and_communities_are_left_alone(lin, world, clock):
    others = [rooms(world.other_community), rooms(world.community).keys()]
    upload = up(lin, world.community, clock, ["5幢,1单元,101,1,71.08,丁淑珍"])
    assert confirm(lin, upload, clock).added == 1
    assert rooms(world.other_community) == others[0]
    assert rooms(world.community).keys() - others[1] == {("5幢", "1单元", "101")}
