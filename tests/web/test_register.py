"""The register in the browser: who sees what, editing by hand, a roster from file to facade."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.database import session
from models.register import Building, Community, Dwelling, Entrance, RosterImport
from models.register_queries import Figures, buildings_of, communities_for
from services.transaction import transaction
from tests.statements import counting
from tests.visitor import windows

DATA = Path(__file__).parents[1] / "data"


ROSTER = "幢号,单元,室号,楼层,建筑面积,产权人\n"


def upload(visitor, community, data, name="a.csv", *, status=200):
    page = visitor.get(f"/communities/{community.id}/import")
    raw = data.encode() if isinstance(data, str) else data
    return visitor.post(page, {"file": (io.BytesIO(raw), name)}, status=status)


def lines(page):
    """The rows of the page's tables, cells joined by bars."""
    return [
        " | ".join(page.text_of(cell) for cell in row if cell.tag in ("th", "td"))
        for row in page.all("tr")
    ]


def real(name):
    return (DATA / name).read_bytes()


@pytest.fixture
def lin(visit, world):
    return visit(world.committee)


# Looking


def test_b7d_a_building_without_dwellings_has_none(visit, world):
    with transaction() as session:
        empty = Building(community=world.community, key="9", name="9幢", sort_key="0009")
        session.add(empty)
        session.add(Entrance(building=empty, key="1", name="1单元", sort_key="0001"))
        session.add(Community(name="空小区", created_at=world.clock()))
    figures = {one.building.name: one for one in buildings_of(world.community)}
    assert figures["9幢"].figures == Figures(0, 0, 0, 0)
    assert (figures["9幢"].entrances, figures["9幢"].floors) == (1, 0)
    before = sum(one.figures.dwellings for one in figures.values())
    of_all = {one.community.name: one for one in communities_for(world.actor(world.administrator))}
    assert of_all["工人新村"].figures.dwellings == before
    assert of_all["空小区"].figures == Figures(0, 0, 0, 0)
    page = visit(world.committee).get(f"/communities/{world.community.id}")
    assert "0 dwellings" in page.text


def test_the_committee_sees_its_own_communities_only(visit, world):
    page = visit(world.committee).get("/communities")
    assert "工人新村" in page.text and "幸福里" not in page.text
    assert "幸福里" in visit(world.administrator).get("/communities").text


@pytest.mark.parametrize("path", ["/communities/{c}", "/buildings/{b}", "/dwellings/{d}"])
def test_a_community_is_seen_by_its_own_people_and_nobody_else(visit, world, path):
    address = path.format(c=world.community.id, b=world.building.id, d=world.dwelling("602").id)
    for account in (world.committee, world.auditor, world.administrator):
        visit(account).get(address)
    for account in (world.other_committee, world.contractor):
        visit(account).get(address, status=404)
    visit(world.sixth_floor).get(address, status=403)


def test_the_building_is_drawn_with_a_link_for_every_dwelling(lin, world):
    page = lin.get(f"/buildings/{world.building.id}")
    living = [d.id for e in world.building.entrances for d in e.dwellings]
    assert windows(page).keys() == {f"/dwellings/{number}" for number in living}
    assert "Room 602, floor 6, 58.43 m²: Lived in by the owner" in windows(page).values()


def test_garage_and_unsold_flats_are_told_apart_on_the_drawing(lin, world):
    names = windows(lin.get(f"/buildings/{world.tower.id}")).values()
    assert "Room 车库1, floor -1, 18.20 m²: Does not count in votes" in names
    assert "Room 701, floor 7, 84.19 m²: The developer's: not sold, or not handed over" in names


def test_names_are_for_the_committee(visit, world):
    addresses = [f"/buildings/{world.building.id}", f"/dwellings/{world.dwelling('602').id}"]
    for address in addresses:
        assert "邱国强" in visit(world.committee).get(address).text
        for account in (world.auditor, world.administrator):
            assert "邱国强" not in visit(account).get(address).text


@pytest.mark.parametrize("path", ["/communities/{c}/owners", "/owners/{o}"])
def test_the_list_of_owners_is_for_the_committee(visit, world, path):
    address = path.format(c=world.community.id, o=world.owner("邱国强").id)
    assert "邱国强" in visit(world.committee).get(address).text
    visit(world.auditor).get(address, status=403)
    visit(world.other_committee).get(address, status=404)


def test_a_page_costs_the_same_for_two_flats_and_for_twenty_four(visit, world):
    statements = []
    for building, reader in (
        (world.building, world.committee),
        (world.other_building, world.other_committee),
    ):
        visitor, address = visit(reader), f"/buildings/{building.id}"
        with counting() as seen:
            visitor.get(address)
        statements.append(len(seen))
    assert statements[0] == statements[1] <= 8


def test_owners_are_found_by_a_part_of_the_name(lin, world):
    page = lin.get(f"/communities/{world.community.id}/owners?name=国强")
    assert "邱国强" in page.text and "杜文斌" not in page.text
    page = lin.get(f"/communities/{world.community.id}/owners?name=%25")
    assert "Nobody of that name" in page.text


def test_the_buyers_of_several_flats_are_listed(lin, world):
    page = lin.get(f"/communities/{world.community.id}/owners?several=1")
    assert "尹志强" in page.text and "邱国强" not in page.text


def test_the_pages_speak_chinese(visit, world):
    visitor = visit(world.committee, language="zh-CN")
    assert visitor.get("/communities").heading == "小区"
    assert "自住" in visitor.get(f"/buildings/{world.building.id}").text


# Importing


def test_a_roster_goes_from_file_to_facade(lin, world):
    page = upload(lin, world.community, real("roster-gongren.xlsx"), "roster-gongren.xlsx")
    assert "82 dwellings" in page.text
    assert "81 dwellings, 5474.32 m²" in page.text
    assert "孔立新" in page.text
    before = session().scalar(select(func.count()).select_from(Dwelling))
    page = lin.post(page, action="/confirm")
    assert page.heading == "The roster is in the register"
    assert session().scalar(select(func.count()).select_from(Dwelling)) > before
    page = lin.get(f"/communities/{world.community.id}")
    address = page.links()["5幢"]
    assert len(windows(lin.get(address))) == 36


@pytest.mark.trust("3.2")
def test_every_refused_row_is_shown_with_its_place_and_reason(lin, world):
    page = upload(lin, world.community, real("roster-messy.xlsx"), "roster-messy.xlsx")
    assert {
        "21 | C 门牌号 | The floor cannot be told from “六楼东”, and no column gives it. | 六楼东",
        "23 | F 房屋面积 | An area must be more than zero; this says “-60.24”. | -60.24",
        "26 | F 房屋面积 | The area is not given. | —",
        "30 | C 门牌号 | This room stands already in row 29. "
        "The two differ in: Area, Owners. Check both. | 602",
        "The total in the file differs from the rows read. | 31 "
        "| 24 in the file, 21 read, 4 rows refused",
        "Another spelling of the same building or entrance. | 30 | 12栋",
    } <= set(lines(page))
    assert "户籍人数" in page.text and "填表说明" in page.text
    refused = lin.post(page, action="/confirm", status=422)
    assert "4 rows cannot be read" in refused.errors
    page = lin.post(page, {"accept_refused": "y"}, action="/confirm")
    assert "21" in page.text


def test_pressing_confirm_twice_has_one_effect(lin, world):
    page = upload(lin, world.community, ROSTER + "9幢,1单元,101,1,62.35,杜文斌\n")
    first = lin.post(page, action="/confirm")
    second = lin.post(page, action="/confirm")
    assert first.heading == second.heading == "The roster is in the register"
    assert session().scalar(select(func.count()).where(Building.name == "9幢")) == 1


def test_an_unknown_column_is_mapped_by_hand_and_the_next_file_is_known(lin, world):
    header = ROSTER.replace("建筑面积", "产证登记数")
    page = upload(lin, world.community, header + "9幢,1单元,101,1,62.35,杜文斌\n")
    assert "Area: Columns are missing" in page.text
    assert "For example: 62.35" in page.text
    page = lin.post(page, {"column_E": "area"}, action="/reading")
    assert "Columns are missing" not in page.text
    assert "1 dwelling" in page.text
    page = upload(lin, world.community, header + "9幢,1单元,102,1,62.35,杜文斌\n")
    assert "Columns are missing" not in page.text


def test_a_file_without_a_building_asks_for_it(lin, world):
    page = upload(lin, world.community, "室号,面积,业主\n101,62.35,杜文斌\n")
    assert "The file names no building" in page.text
    page = lin.post(page, {"building": "9幢"}, action="/reading")
    assert "9幢1单元101" in page.text


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"PK\x03\x04", "a.xlsx", "damaged"),
        (b"not a workbook", "a.xlsx", "not what its name says"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "old Excel format"),
        (b"%PDF", "a.pdf", "Only .xlsx and .csv"),
        (b"a\n" * 5001, "a.csv", "more than 5000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(lin, world, data, name, said):
    page = upload(lin, world.community, data, name, status=422)
    assert said in page.errors
    assert session().scalar(select(func.count()).select_from(RosterImport)) == 0


def test_a_file_over_the_limit_is_refused_with_the_reason(lin, world):
    address = f"/communities/{world.community.id}/import"
    token = lin.get(address).form(button="Upload").fields["csrf_token"][0]
    too_much = b"x" * (5 * 1024 * 1024 + 1)
    # Encoded here, since the client keeps the temporary file of a large form open.
    boundary, body = encode_multipart(
        {"csrf_token": token, "file": FileStorage(io.BytesIO(too_much), "a.csv")}
    )
    answer = lin.send(
        "POST", address, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 422
    assert "larger than 5 MB" in answer.get_data(as_text=True)


def test_sending_the_form_without_a_file_asks_for_one(lin, world):
    page = lin.get(f"/communities/{world.community.id}/import")
    assert "Choose a file" in lin.post(page, status=422).errors


def test_a_register_changed_meanwhile_is_shown_anew_instead_of_overwritten(lin, world):
    page = upload(lin, world.community, ROSTER + "9幢,1单元,101,1,62.35,杜文斌\n")
    other = upload(lin, world.community, ROSTER + "9幢,1单元,101,1,60.00,杜文斌\n")
    lin.post(page, action="/confirm")
    again = lin.post(other, action="/confirm", status=409)
    assert "The register has changed since this page was made" in again.errors
    assert "62.35 m²" in again.text and "60.00 m²" in again.text
    assert lin.post(again, action="/confirm").heading == "The roster is in the register"


def test_an_upload_can_be_dropped(lin, world):
    page = upload(lin, world.community, ROSTER + "9幢,1单元,101,1,62.35,杜文斌\n")
    page = lin.post(page, action="/drop")
    assert page.heading == "工人新村"
    assert session().scalar(select(func.count()).select_from(RosterImport)) == 0


def test_imports_are_for_the_committee_of_the_community(visit, lin, world):
    page = upload(lin, world.community, ROSTER + "9幢,1单元,101,1,62.35,杜文斌\n")
    address = page.answer.request.path
    visit(world.second_committee).get(address)
    visit(world.auditor).get(address, status=403)
    visit(world.other_committee).get(address, status=404)


def test_what_a_file_says_is_shown_as_text(lin, world):
    name = "<script>alert(1)</script>"
    page = upload(lin, world.community, ROSTER + f"9幢,1单元,101,1,62.35,{name}\n", f"{name}.csv")
    assert name in page.text
    assert f"{name}</td>" not in page.html


def test_the_register_comes_out_as_a_roster_that_changes_nothing(lin, world):
    answer = lin.download(f"/communities/{world.community.id}/roster.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.active.max_row == 1 + len(
        session()
        .scalars(
            select(Dwelling.id)
            .join(Entrance)
            .join(Building)
            .where(Building.community_id == world.community.id)
        )
        .all()
    )
    page = upload(lin, world.community, answer.data, "roster.xlsx")
    assert "Nothing to change: finish" in page.form(action="/confirm").buttons


def test_long_rosters_are_shown_page_by_page(lin, world):
    rows = "".join(
        f"9幢,1单元,{n // 4 + 1}{n % 4 + 1:02d},{n // 4 + 1},62.35,业主{n}\n" for n in range(120)
    )
    page = upload(lin, world.community, ROSTER + rows)
    assert "业主5" in page.text and "业主119" not in page.text
    assert "业主119" in lin.get(page.answer.request.path + "?page=2").text
    assert session().scalar(select(func.count()).select_from(Community)) == 2
