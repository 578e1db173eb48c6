"""Importing a roster: shown first, applied whole, and again when the next one comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from domain.accounts import Role
from domain.errors import Refused, Stale
from domain.vocabulary import OwnerKind, Tenure
from extensions import db
from models.audit import AuditEntry
from models.database import session
from models.register import (
    Building,
    Community,
    Dwelling,
    Entrance,
    HeaderMapping,
    Owner,
    RosterImport,
)
from services import register
from services.register import Reading, preview_import
from services.transaction import transaction
from tests.imports import HEADER, confirm, owners, rooms, up, whole_building
from tests.statements import counting

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def village(app, clock):
    """A community without a single building."""
    with transaction() as s:
        community = Community(name="太平村", city="nanjing", created_at=clock())
        s.add(community)
    return community


@pytest.fixture
def lin(world):
    return world.actor(world.committee)


def real(actor, community, clock, name):
    data = (DATA / name).read_bytes()
    return register.upload_roster(actor, community, file_name=name, data=data, now=clock())


# The real files


def test_the_clean_roster_becomes_three_buildings(lin, village, clock):
    upload = real(lin, village, clock, "roster-gongren.xlsx")
    applied = confirm(lin, upload, clock)
    assert (applied.added, applied.changed, applied.retired) == (82, 0, 0)
    total = session().execute(
        select(func.count(), func.sum(Dwelling.area))
        .join(Entrance)
        .join(Building)
        .where(Building.community_id == village.id, Dwelling.counts)
    )
    assert total.one() == (81, 547432)
    assert [b.name for b in village.buildings] == ["3幢", "5幢", "8幢"]


def test_one_buyer_is_one_owner_and_a_couple_is_two(lin, village, clock):
    confirm(lin, real(lin, village, clock, "roster-gongren.xlsx"), clock)
    buyer = session().scalars(
        select(Owner).where(Owner.community_id == village.id, Owner.name == "孔立新")
    )
    assert len(buyer.one().ownerships) == 2
    kinds = session().execute(
        select(Owner.kind, func.count())
        .where(Owner.community_id == village.id)
        .group_by(Owner.kind)
    )
    assert dict(kinds.all())[OwnerKind.DEVELOPER] == 1
    found = rooms(village)
    assert owners(found["5幢", "1单元", "502"].id) == {"何家骏", "范雨桐"}


def test_of_the_messy_roster_the_good_rows_are_imported_once_the_others_were_seen(
    lin, village, clock
):
    upload = real(lin, village, clock, "roster-messy.xlsx")
    with pytest.raises(Refused) as refusal:
        confirm(lin, upload, clock)
    assert (refusal.value.code, refusal.value.params) == ("import_refused_rows", {"rows": 4})
    assert rooms(village) == {}
    assert confirm(lin, upload, clock, accept_refused=True).added == 21
    assert rooms(village).keys() >= {("12号楼", "一单元", "101"), ("12号楼", "二单元", "601")}


def test_the_roster_in_gb18030_is_imported_under_proper_names(lin, village, clock):
    assert confirm(lin, real(lin, village, clock, "roster-gbk.csv"), clock).added == 12
    assert ("1号楼", "1单元", "602") in rooms(village)


# Nothing before the confirmation, nothing twice


def test_a_preview_changes_nothing(lin, village, clock):
    upload = real(lin, village, clock, "roster-gongren.xlsx")
    assert preview_import(upload).difference is not None
    assert rooms(village) == {}
    assert session().scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_confirming_twice_gives_the_first_result_again(lin, village, clock):
    upload = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"])
    digest = preview_import(upload).digest
    results = [
        register.confirm_import(lin, upload, digest=digest, retire_gone=None, now=clock())
        for _ in range(2)
    ]
    assert results[0] == results[1]
    assert len(rooms(village)) == 1
    assert session().scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_the_cells_are_dropped_once_they_are_in_the_register(lin, village, clock):
    upload = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"])
    confirm(lin, upload, clock)
    stored = session().get_one(RosterImport, upload.id, populate_existing=True)
    assert stored.tables == []
    assert "邱国强" not in str(stored.reading)


def test_an_upload_that_nobody_confirms_is_dropped_by_the_next_after_a_week(lin, village, clock):
    old = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"]).id
    clock.move(days=6)
    second = up(lin, village, clock, ["3幢,1单元,601,6,61.88,钟志强"]).id
    assert session().get(RosterImport, old) is not None
    clock.move(days=2)
    up(lin, village, clock, ["3幢,1单元,501,5,62.35,吴德明"])
    kept = set(session().scalars(select(RosterImport.id)))
    assert old not in kept and second in kept


def test_the_same_file_uploaded_again_continues_the_first_upload(lin, village, clock):
    rows = ["3幢,1单元,602,6,58.43,邱国强"]
    assert up(lin, village, clock, rows).id == up(lin, village, clock, rows).id


def test_what_was_not_shown_is_not_applied(lin, village, clock):
    first = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"])
    second = up(lin, village, clock, ["3幢,1单元,602,6,60.00,邱国强"])
    shown = preview_import(second).digest
    confirm(lin, first, clock)
    with pytest.raises(Stale) as refusal:
        register.confirm_import(lin, second, digest=shown, retire_gone=None, now=clock())
    assert refusal.value.code == "import_outdated"
    assert rooms(village)["3幢", "1单元", "602"].area == 5843
    assert confirm(lin, second, clock).changed == 1


def test_a_change_that_this_session_has_not_seen_is_not_overwritten(lin, village, clock):
    confirm(lin, up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"]), clock)
    upload = up(lin, village, clock, ["3幢,1单元,602,6,60.00,邱国强"])
    shown = preview_import(upload)
    session().commit()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(Dwelling).values(area=6100))
    with pytest.raises(Stale):
        register.confirm_import(lin, upload, digest=shown.digest, retire_gone=None, now=clock())
    # The register's own session still holds the dwelling as it was when the preview was made.
    assert shown.difference.changed[0].old.area == 5843


def test_a_failure_in_the_middle_leaves_nothing_behind(lin, village, clock, monkeypatch):
    upload = real(lin, village, clock, "roster-gongren.xlsx")
    digest = preview_import(upload).digest

    def fail(*_arguments, **_options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(register, "record", fail)
    with pytest.raises(RuntimeError):
        register.confirm_import(lin, upload, digest=digest, retire_gone=None, now=clock())
    assert rooms(village) == {}
    assert session().get_one(RosterImport, upload.id).applied_at is None


def test_the_audit_entry_holds_figures_and_no_names(lin, village, clock):
    confirm(lin, up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"]), clock)
    entry = session().scalars(select(AuditEntry)).one()
    assert (entry.action, entry.chain) == ("roster_imported", f"community:{village.id}")
    assert '"added":1' in entry.event and "邱国强" not in entry.event


# What blocks
def test_a_missing_column_blocks_until_it_is_mapped_and_the_mapping_is_remembered(
    lin, village, clock
):
    header = "幢号,单元,室号,楼层,产证登记数,产权人\n"
    upload = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"], header=header)
    assert preview_import(upload).blocked.params["columns"] == ("area",)
    with pytest.raises(Refused) as refusal:
        confirm(lin, upload, clock)
    assert refusal.value.code == "columns_missing"
    register.set_reading(lin, upload, Reading({"产证登记数": "area"}), now=clock())
    assert confirm(lin, upload, clock).added == 1
    following = up(lin, village, clock, ["3幢,1单元,601,6,61.88,钟志强"], header=header)
    assert preview_import(following).blocked is None


def test_a_mapping_taken_back_is_forgotten(lin, village, clock):
    header = "幢号,单元,室号,楼层,产证登记数,产权人\n"
    upload = up(lin, village, clock, ["3幢,1单元,602,6,58.43,邱国强"], header=header)
    register.set_reading(lin, upload, Reading({"产证登记数": "area"}), now=clock())
    register.set_reading(lin, upload, Reading({}), now=clock())
    assert session().scalars(select(HeaderMapping)).all() == []
    assert preview_import(upload).blocked.code == "columns_missing"


def test_a_column_without_a_header_is_mapped_for_this_file_only(lin, village, clock):
    header = "幢号,室号,面积,\n"
    upload = up(lin, village, clock, ["3幢,602,58.43,邱国强"], header=header)
    register.set_reading(lin, upload, Reading({"#D": "owners"}), now=clock())
    assert confirm(lin, upload, clock).added == 1
    following = up(lin, village, clock, ["3幢,601,61.88,钟志强"], header=header)
    assert preview_import(following).blocked.params["columns"] == ("owners",)


def test_a_file_that_names_no_building_is_told_which_one_it_is(lin, village, clock):
    upload = up(lin, village, clock, ["602,58.43,邱国强"], header="室号,面积,业主\n")
    assert preview_import(upload).blocked.code == "import_no_building"
    register.set_reading(lin, upload, Reading({}, building="3"), now=clock())
    confirm(lin, upload, clock)
    assert ("3幢", "1单元", "602") in rooms(village)


def test_another_sheet_can_be_chosen(lin, village, clock):
    upload = real(lin, village, clock, "roster-messy.xlsx")
    register.set_reading(lin, upload, Reading({}, sheet="填表说明"), now=clock())
    preview = preview_import(upload)
    assert (preview.blocked.code, preview.roster) == ("header_row_missing", None)


@pytest.mark.parametrize("rows", [[], ["3幢,1单元,602,6,-1,邱国强"]])
def test_a_file_without_a_dwelling_is_not_confirmed(lin, village, clock, rows):
    with pytest.raises(Refused) as refusal:
        confirm(lin, up(lin, village, clock, rows), clock, accept_refused=True)
    assert refusal.value.code == "import_no_dwellings"


def test_a_name_that_several_people_bear_is_pointed_out(lin, world, clock):
    with transaction() as s:
        s.add(
            Owner(
                community_id=world.community.id,
                name="邱国强",
                distinguisher="5幢",
                kind=OwnerKind.PERSON,
            )
        )
    upload = up(lin, world.community, clock, ["5幢,1单元,101,1,71.08,邱国强"])
    assert preview_import(upload).namesakes == ("邱国强",)
    confirm(lin, upload, clock)
    assert len(session().get_one(Owner, world.owner("邱国强").id).ownerships) == 2


def test_an_unsold_flat_makes_its_owner_the_developer(lin, world, clock):
    header = HEADER.strip() + ",产权性质\n"
    rows = [f"{row},私有" for row in whole_building(world, r602="")]
    rows.append("3幢,1单元,602,6,58.43,邱国强,开发单位未售")
    confirm(lin, up(lin, world.community, clock, rows, header=header), clock)
    flat = session().get_one(Dwelling, world.dwelling("602").id, populate_existing=True)
    assert flat.tenure == Tenure.DEVELOPER
    assert session().get_one(Owner, world.owner("邱国强").id).kind == OwnerKind.DEVELOPER


def test_the_preview_costs_the_same_whatever_the_size(lin, village, clock):
    small = up(lin, village, clock, ["9幢,1单元,101,1,71.08,丁淑珍"])
    confirm(lin, small, clock)
    upload = real(lin, village, clock, "roster-gongren.xlsx")
    with counting() as before:
        preview_import(upload)
    confirm(lin, upload, clock)
    session().expire_all()
    again = register.upload_roster(
        lin,
        village,
        file_name="b.xlsx",
        data=(DATA / "roster-gongren.xlsx").read_bytes(),
        now=clock(),
    )
    session().expire_all()
    with counting() as after:
        assert preview_import(again).difference.empty
    assert len(after) <= len(before) + 4 <= 12


def test_only_a_role_in_the_community_finds_its_imports(world, clock, lin):
    from models.register_queries import import_visible_to

    upload = up(lin, world.community, clock, ["5幢,1单元,101,1,71.08,丁淑珍"])
    assert import_visible_to(lin, upload.id) is not None
    assert import_visible_to(world.actor(world.other_committee), upload.id) is None
    assert import_visible_to(world.actor(world.contractor), upload.id) is None
    assert Role.CONTRACTOR in world.actor(world.contractor).roles
