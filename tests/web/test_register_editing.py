"""Editing the register by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.database import session
from models.register import Building, Dwelling, Owner
from tests.visitor import windows


def stored(query):
    """What the database holds now, whatever this test has read before."""
    session().expire_all()
    return session().scalars(query).all()


@pytest.fixture
def lin(visit, world):
    return visit(world.committee)


def test_the_administrator_adds_a_community_that_the_committee_cannot(visit, world):
    visitor = visit(world.administrator)
    page = visitor.post(
        visitor.get("/communities/new"), {"name": "太平村", "city": "nanjing", "address": ""}
    )
    assert page.heading == "太平村"
    again = visitor.post(
        visitor.get("/communities/new"),
        {"name": "太平村", "city": "nanjing", "address": "x路1号"},
        status=422,
    )
    assert "already a community" in again.errors
    assert again.form(button="Save").fields["address"] == ["x路1号"]
    visit(world.committee).get("/communities/new", status=403)


def test_a_building_is_put_together_by_hand(lin, world):
    page = lin.get(f"/communities/{world.community.id}/buildings/new")
    page = lin.post(page, {"name": "9", "built_year": "1987"})
    assert "9幢" in page.heading
    building = page.answer.request.path
    page = lin.post(lin.get(f"{building}/entrances/new"), {"name": "1"})
    assert "1单元" in page.text
    add = next(url for text, url in page.links().items() if text.startswith("Add a dwelling"))
    page = lin.post(
        lin.get(add), {"room": "１０１", "floor": "1", "area": "62.35", "owners": "邱国强、新来的"}
    )
    assert page.heading == "9幢 1单元 101"
    assert "新来的" in page.text
    # One man of that name in the community is one owner.
    (buyer,) = stored(select(Owner).where(Owner.name == "邱国强"))
    assert len(buyer.ownerships) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"room": "602"}, "already a room 602"),
        ({"room": " "}, "Fill this in"),
        ({"area": "0"}, "more than zero"),
        ({"area": "-5"}, "more than zero"),
        ({"area": "62,35m"}, "not an area"),
        ({"floor": "0"}, "no floor 0"),
        ({"floor": "x"}, "Floor"),
        ({"owners": "张三等2人"}, "every owner"),
        ({"phone": "call me"}, "not a telephone number"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(lin, world, values, said):
    page = lin.get(f"/entrances/{world.first_entrance.id}/dwellings/new")
    good = {
        "room": "701",
        "floor": "7",
        "area": "62.35",
        "owners": "新来的",
        "note": "朝南",
        "phone": "",
    }
    page = lin.post(page, good | values, status=422)
    assert said in page.errors
    kept = page.form(button="Save").fields
    assert {name: kept[name][0] for name in good} == good | values
    assert session().scalar(select(func.count()).where(Dwelling.note == "朝南")) == 0


def test_two_people_editing_one_dwelling_do_not_overwrite_each_other(visit, world, lin):
    address = f"/dwellings/{world.dwelling('602').id}/edit"
    zhou = visit(world.second_committee)
    hers, his = lin.get(address), zhou.get(address)
    lin.post(hers, {"owners": "邱国强、邱小妹"})
    page = zhou.post(his, {"note": "独居"}, status=409)
    assert "Somebody else has changed this" in page.errors
    assert page.form(button="Save").fields["note"] == ["独居"]
    (flat,) = stored(select(Dwelling).where(Dwelling.id == world.dwelling("602").id))
    assert {held.owner.name for held in flat.ownerships} == {"邱国强", "邱小妹"}


def test_an_owner_who_has_left_can_no_longer_come_in(visit, world, lin):
    flat = world.dwelling("602").id
    former = visit(world.sixth_floor)
    former.get(f"/dwellings/{flat}", status=403)
    lin.post(lin.get(f"/dwellings/{flat}/edit"), {"owners": "新来的"})
    assert former.send("GET", f"/dwellings/{flat}").headers["Location"].startswith("/sign-in")


def test_a_dwelling_is_taken_out_and_brought_back(lin, world):
    address = f"/dwellings/{world.dwelling('602').id}"
    page = lin.post(lin.get(address), action="/retire")
    assert "No longer part of the building" in page.text
    assert address not in windows(lin.get(f"/buildings/{world.building.id}"))
    lin.post(page, action="/restore")
    assert "No longer part" not in lin.get(address).text


def test_a_building_entered_by_mistake_is_removed_and_one_with_history_is_not(lin, world):
    page = lin.post(lin.get(f"/communities/{world.community.id}/buildings/new"), {"name": "99"})
    page = lin.post(page, action="/remove")
    assert "99幢 was removed" in page.text
    page = lin.get(f"/buildings/{world.building.id}")
    lin.post(page, action="/remove", status=409)
    assert session().get(Building, world.building.id) is not None


def test_a_building_has_one_number_however_it_is_written(lin, world):
    page = lin.get(f"/communities/{world.community.id}/buildings/new")
    assert "already a building 3幢" in lin.post(page, {"name": "三号楼"}, status=422).errors


def test_namesakes_are_told_apart_and_each_keeps_the_way_in(visit, lin, world):
    buyer = world.owner("尹志强")
    other_flat = world.dwelling("302").id
    page = lin.get(f"/owners/{buyer.id}/split")
    assert "尹志强" in page.heading
    refused = lin.post(page, {"dwellings": []}, status=422)
    assert "Choose the dwellings" in refused.errors
    page = lin.post(page, {"dwellings": [str(other_flat)], "distinguisher": "302"})
    assert page.heading == "尹志强 302"
    owners = stored(select(Owner).where(Owner.name == "尹志强").order_by(Owner.distinguisher))
    assert [[h.dwelling.room for h in o.ownerships] for o in owners] == [["301"], ["302"]]
    # Put together again: the person without dwellings is forgotten.
    page = lin.post(
        lin.get(page.answer.request.path + "/split"),
        {"dwellings": [str(other_flat)], "into": str(buyer.id)},
    )
    assert page.heading == "尹志强"
    assert stored(select(Owner.id).where(Owner.name == "尹志强")) == [buyer.id]


def test_an_owner_cannot_take_a_name_that_is_taken(lin, world):
    page = lin.get(f"/owners/{world.owner('邱国强').id}/edit")
    assert "already a 杜文斌" in lin.post(page, {"name": "杜文斌"}, status=422).errors
    assert lin.post(page, {"name": "杜文斌", "distinguisher": "602"}).heading == "杜文斌 602"
