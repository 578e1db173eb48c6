"""The pages of a resolution: drafting, the public page, the contractor's lists."""

from __future__ import annotations

import hashlib
import io
import json
from urllib.parse import quote

import openpyxl
import pytest

from models import resolutions_queries as queries
from services import resolutions
from tests import two_people, votes_world
from tests.statements import counting


@pytest.fixture
def adopted(world):
    return votes_world.closed_motion(world)


@pytest.fixture
def issued(world, adopted):
    return two_people.issue(world.actor(world.committee), adopted.plan, now=world.clock())


@pytest.fixture
def handed_over(world, issued):
    now = world.clock.move_to(issued.in_force_at)
    return resolutions.issue_requirements(
        world.actor(world.committee), issued, world.company, now=now
    )


def address(resolution, rest=""):
    return f"/r/{quote(resolution.number)}{rest}"


def test_the_committee_reads_the_draft_and_issues_the_resolution(visit, world, adopted):
    visitor = visit(world.committee)
    draft = visitor.get(f"/plans/{adopted.plan_id}/resolution")
    assert "工人新村3幢〔2026〕1号" in draft.text
    refused = visitor.post(draft, button="Hand to the second person", status=422)
    assert "Tick this when you have read the draft." in refused.text
    page = visitor.post(refused, {"read": "y"}, button="Hand to the second person")
    page = two_people.release_page(visit(world.second_committee), page)
    assert page.heading == "Resolution 工人新村3幢〔2026〕1号"
    assert "Posted until" in page.text


def test_sending_the_draft_twice_issues_one_resolution(visit, world, adopted):
    visitor = visit(world.committee)
    draft = visitor.get(f"/plans/{adopted.plan_id}/resolution")
    page = visitor.post(draft, {"read": "y"}, button="Hand to the second person")
    again = visitor.post(draft, {"read": "y"}, button="Hand to the second person", status=409)
    assert "This is prepared already" in again.text
    two_people.release_page(visit(world.second_committee), page)
    again = visitor.post(draft, {"read": "y"}, button="Hand to the second person", status=409)
    assert "No motion has been adopted" in again.text


def test_a_resident_sees_the_resolution_and_no_button_to_issue_one(visit, world, adopted):
    visitor = visit(world.sixth_floor)
    page = visitor.get(f"/plans/{adopted.plan_id}/resolution")
    assert "Hand to the second person" not in page.text
    answer = visitor.send("POST", f"/plans/{adopted.plan_id}/resolution")
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_stranger_reads_the_public_page_in_both_languages(visit, issued, language):
    page = visit(language=language).get(address(issued))
    assert "9 / 11" in page.text
    assert "83 %" in page.text


@pytest.mark.trust("2.3")
def test_the_public_page_names_nobody(visit, world, issued):
    page = visit().get(address(issued))
    for dwelling in world.first_entrance.dwellings:
        for ownership in dwelling.ownerships:
            assert ownership.owner.name not in page.html


def test_the_stored_form_has_the_digest_that_the_page_shows(visit, issued):
    visitor = visit()
    stored = visitor.download(address(issued, "/resolution.json")).data
    digest = hashlib.sha256(stored).hexdigest()
    assert digest in visitor.get(address(issued)).text
    assert visitor.get(f"/r/{digest}").heading == f"Resolution {issued.number}"
    assert visitor.download(address(issued, "/resolution.pdf")).data.startswith(b"%PDF")


def test_the_list_finds_a_resolution_by_its_number_and_says_when_there_is_none(visit, issued):
    visitor = visit()
    assert issued.number in visitor.get("/r").text
    assert visitor.get(f"/r?key={quote(issued.number)}").heading.endswith(issued.number)
    assert "There is no resolution" in visitor.get("/r?key=nothing").text
    assert visitor.download("/r/nothing", status=404)


def test_the_charts_have_the_figures_of_the_tables(visit, issued):
    visitor = visit()
    for name in ("majority-1", "cost-1", "demand"):
        figure = json.loads(visitor.download(address(issued, f"/figures/{name}.json")).data)
        assert "data" in figure
        assert visitor.download(address(issued, f"/figures/{name}.csv")).data
    for name in ("majority-9", "cost", "demands", "x-1"):
        visitor.download(address(issued, f"/figures/{name}.json"), status=404)
        visitor.download(address(issued, f"/figures/{name}.csv"), status=404)


def test_requirements_are_handed_over_only_when_in_force(visit, world, issued):
    visitor = visit(world.committee)
    waiting = visitor.get(address(issued))
    assert "This can be done once the resolution is in force." in waiting.text
    of_plan = f"/plans/{issued.plan_id}/resolution"
    hand_over = f"Give the requirements to a contractor: {issued.number}"
    assert hand_over not in visitor.get(of_plan).links()
    world.clock.move_to(issued.in_force_at)
    # "Today" leads to the plan's resolutions, so the way goes on from there.
    assert of_plan in visitor.get("/").links().values()
    page = visitor.get(visitor.get(of_plan).links()[hand_over].split("#")[0])
    asked = visitor.post(page, {"company": str(world.company.id)}, button="Read it once more")
    done = visitor.post(asked, button="Hand the list to", extra={"confirm": "1"})
    assert "安居电梯工程公司 can see the requirement list now." in done.text


def test_b10_handing_over_names_the_company_and_what_it_will_see_and_asks_once_more(
    visit, world, issued
):
    world.clock.move_to(issued.in_force_at)
    visitor = visit(world.committee)
    page = visitor.get(address(issued))
    asked = visitor.post(page, {"company": str(world.company.id)}, button="Read it once more")
    assert asked.heading == "Hand the requirement list to 安居电梯工程公司?"
    assert "贴墙井道电梯" in asked.text and "No names" in asked.text
    assert queries.issues_of(issued.id) == []
    assert "工人新村" not in visit(world.contractor).get("/requirements").text
    back = visitor.post(asked, button="Hand the list to", extra={"back": "1"})
    assert back.form(button="Read it once more").fields["company"] == [str(world.company.id)]
    assert queries.issues_of(issued.id) == []
    visitor.post(asked, button="Hand the list to", extra={"confirm": "1"})
    assert [one.company_id for one in queries.issues_of(issued.id)] == [world.company.id]
    again = visitor.post(page, {"company": str(world.company.id)}, button="Read it once more")
    assert "has this list already" in again.text


def test_the_contractor_sees_what_was_issued_and_the_rival_does_not(visit, world, handed_over):
    page = visit(world.contractor).get("/requirements")
    assert "工人新村 3幢" in page.text
    listed = visit(world.contractor).get(f"/requirements/{handed_over.id}")
    assert "贴墙井道电梯" in listed.text
    assert "工人新村" not in visit(world.rival_contractor).get("/requirements").text
    visit(world.rival_contractor).get(f"/requirements/{handed_over.id}", status=404)
    visit(world.sixth_floor).get(f"/requirements/{handed_over.id}", status=404)


@pytest.mark.trust("2.3")
def test_nothing_personal_reaches_the_contractor(visit, world, handed_over):
    visitor = visit(world.contractor)
    book = visitor.download(f"/requirements/{handed_over.id}/requirements.xlsx").data
    cells = " ".join(
        str(cell.value)
        for sheet in openpyxl.load_workbook(io.BytesIO(book))
        for row in sheet.iter_rows()
        for cell in row
    )
    seen = cells + visitor.get(f"/requirements/{handed_over.id}").html
    assert "贴墙井道电梯" in cells
    for dwelling in world.first_entrance.dwellings:
        for ownership in dwelling.ownerships:
            assert ownership.owner.name not in seen


def test_pages_need_few_statements(visit, world, handed_over, issued):
    visitor = visit(world.contractor)
    for path in ("/requirements", f"/requirements/{handed_over.id}", address(issued), "/r"):
        with counting() as statements:
            visitor.get(path)
        assert len(statements) <= 15, path
