"""Pages of the box of paper ballots, of late slips and of the result sheet, by their people."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from domain.papers import HandedIn
from domain.periods import local_day
from models import votes_paper
from models.database import session as current_session
from models.votes import Motion
from services import boxes, counts, votes
from tests import two_people
from tests import votes_world as vw


@pytest.fixture
def motion(world):
    """Online 301 agrees; 101 came on paper before the close; all ballots are printed."""
    motion = vw.open_motion(world)
    vw.cast_all(world, motion, {"301": "agree"})
    vw.by_paper(world, motion, "101", "against")
    return motion


def test_b1_two_people_close_the_box_and_the_count_leads_there(visit, world, motion):
    vw.close(world, motion)
    lin, zhou = visit(world.committee), visit(world.second_committee)
    path = f"/motions/{motion.id}"
    page = lin.get(path)
    assert "Close the box of paper ballots" in page.links()
    assert "Count the votes" not in page.text
    assert "Next: two people of the committee list the paper ballots in hand" in page.text
    assert f"{path}/paper/box" in lin.get("/").links().values()
    # Until the list is made no slip is late: its number leads to the box.
    assert "Record as late" not in lin.get(f"{path}/paper").text
    page = lin.post(lin.get(f"{path}/paper"), {"number": "3"}, action="find")
    assert "Record the numbers" in page.html
    page = lin.get(f"{path}/paper/box")
    page = lin.post(page, {"serials": "1, 99"}, button="Record the numbers", status=422)
    assert "No paper ballot has the number 99." in page.errors
    assert "1, 99" in page.html
    page = lin.post(page, {"serials": "1-2"}, button="Record the numbers")
    assert "Recorded: 2 paper ballots (1-2)." in page.text
    page = zhou.get(f"{path}/paper/box")
    assert "1-2" not in page.text
    page = zhou.post(page, {"serials": "１－２"}, button="Record the numbers")
    assert "Both readings agree" in page.text
    assert "on the list, to be entered" in page.text
    # What came back adds up: one is confirmed, the other is not typed in yet.
    said = "1 are confirmed, 0 wait for the second person, 1 are still to be typed in"
    assert said in page.text
    # What is not on it can only be recorded as late.
    page = lin.post(lin.get(f"{path}/paper"), {"number": "3"}, action="find")
    page = lin.post(page, vw.handed_in_form(world), button="Record as late")
    assert "Paper ballot number 3 is recorded as late." in page.text
    assert "late, not counted" in page.text
    page = lin.post(lin.get(path), button="Yes: Count the votes", status=409)
    assert "numbers 2" in page.text
    assert page.links()["To the paper ballots"] == f"{path}/paper"


def test_b1_the_notice_and_the_slip_say_what_counts(visit, world):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/announce")
    assert page.form(button="Look at everything once more").fields["box_hours"] == ["24"]
    refused = lin.post(page, {"box_hours": "25"}, button="Look at everything once more", status=422)
    assert "box" in refused.errors
    page = lin.post(page, {"box_hours": "6"}, button="Look at everything once more")
    assert "within 6 hours after the close" in page.text
    page = lin.post(page, button="Hand to the second person")
    two_people.release_page(visit(world.second_committee), page)
    current_session().expire_all()
    assert current_session().get_one(Motion, motion.id).box_hours == 6
    notice = visit(world.sixth_floor).get(f"/motions/{motion.id}/notice")
    assert "Within 6 hours after the close" in notice.text
    vw.sheet_of(world, current_session().get_one(Motion, motion.id), "101")
    page = lin.get(f"/motions/{motion.id}/paper/sheets")
    assert "prevails over an online vote of the same person" in page.text


def test_b1_day_and_collectors_are_asked_and_what_was_typed_is_kept(visit, world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/paper/{sheet.number}")
    page = lin.post(
        page, {"choice": "agree", "first_collector": "崔"}, button="Type in", status=422
    )
    assert "Handed in on" in page.errors
    assert "And to (name)" in page.errors
    assert "崔" in page.html


def test_b1_a_result_without_a_list_says_so(visit, world, motion, clock):
    clock.move_to(motion.closes_at)
    clock.move(hours=24)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/paper")
    assert "No list was made in time" in page.text
    page = lin.post(lin.get(f"/motions/{motion.id}"), button="Yes: Count the votes")
    assert "were not written down within 24 hours" in page.text
    assert "11 printed, 1 came back" in page.text


def test_b4_a_page_says_not_counted_where_nobody_took_part(visit, world):
    motion = vw.closed_motion(world, {})
    page = visit(world.sixth_floor).get(f"/motions/{motion.id}")
    rows = [page.text_of(row) for row in page.all("tr")]
    agreeing = [row for row in rows if row.startswith("Agreeing")]
    assert len(agreeing) == 2
    assert all("not counted" in row and "reached" not in row for row in agreeing)


def test_b11_the_result_sheet_has_the_fields_of_the_form(visit, world, motion):
    vw.counted(world, motion)
    lin = visit(world.committee)
    page = lin.get(lin.get(f"/motions/{motion.id}").links()["Result sheet with seal"])
    rows = [page.text_of(row) for row in page.all("tr")]
    assert any(row.startswith("Taking part (of all)218.18 %") for row in rows), rows
    assert any(row.startswith("Agreeing (of those taking part)150.00 %") for row in rows)
    assert "Paper ballots issued11" in rows
    assert "Returned1" in rows
    assert "Seal" in page.text
    data = lin.download(f"/motions/{motion.id}/result-sheet.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    first = list(book.worksheets[0].values)
    assert first[1][1] == 11
    assert Decimal(str(first[2][2])) == Decimal("18.18")
    assert ("Returned", 1) in list(book.worksheets[1].values)


def test_b11_an_invalid_slip_is_one_also_where_its_voter_has_voted_online(visit, world, motion):
    vw.cast_all(world, motion, {"602": "agree"})
    sheet = vw.sheet_of(world, motion, "602")
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    votes.enter_paper(first, sheet, "invalid", handed=vw.handed_in(world), now=world.clock())
    votes.confirm_paper(second, sheet, "invalid", now=world.clock())
    vw.counted(world, motion)
    page = visit(world.committee).get(f"/motions/{motion.id}/result-sheet")
    rows = [page.text_of(row) for row in page.all("tr")]
    assert "Returned2" in rows
    assert "Of those returned: invalid1" in rows


def test_b11_an_older_count_does_not_say_that_no_paper_was_issued(
    visit, world, motion, monkeypatch
):
    vw.close(world, motion)
    monkeypatch.setattr(counts, "FORMAT", counts.FIRST_FORMAT)
    monkeypatch.setattr(boxes, "settle_for_count", lambda *_all: None)
    votes.count(world.actor(world.committee), motion, now=world.clock())
    monkeypatch.undo()
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/result-sheet")
    assert "Paper ballots issued" not in page.text
    assert "was not yet written down" in page.text
    data = lin.download(f"/motions/{motion.id}/result-sheet.xlsx").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[1].values)
    assert len(rows) == 2


def test_a_paper_and_a_ballot_without_a_choice_are_asked_for_one(visit, world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/paper/{sheet.number}")
    page = lin.post(page, button="Type in", status=422)
    assert "Choose one." in page.errors
    assert "not a valid choice" not in page.text.lower()
    assert "this field is required" not in page.text.lower()
    owner = visit(world.sixth_floor)
    page = owner.post(owner.get(f"/motions/{motion.id}/ballot"), action="ballot/check", status=422)
    assert "Choose one." in page.errors


def test_b11_exact_areas_are_for_those_who_may_see_them(visit, world, motion):
    vw.counted(world, motion)
    path = f"/motions/{motion.id}/result-sheet"
    for who in (world.next_door, world.tenant, world.auditor):
        visit(who).get(path, status=403)
        visit(who).download(f"{path}.xlsx", status=403)
    assert "726.56" in visit(world.sixth_floor).get(path).text


def test_b11_before_the_count_there_is_no_sheet(visit, world, motion):
    visit(world.committee).get(f"/motions/{motion.id}/result-sheet", status=409)


def test_b3_a_late_paper_is_not_said_to_have_replaced_the_vote_that_counts(
    visit, world, motion, monkeypatch
):
    """An older version let it be entered after the close; the count leaves it out."""
    online = vw.cast(world, motion, world.sixth_floor, "agree")
    vw.sheet_of(world, motion, "602")
    vw.close(world, motion)
    vw.close_box(world, motion)
    sheet = next(
        one
        for one in votes_paper.paper_sheets(motion.id)
        if any(dwelling.room == "602" for dwelling in one.voter.dwellings)
    )
    handed = HandedIn(local_day(motion.opens_at), "崔", "林")
    monkeypatch.setattr(boxes, "check_enterable", lambda *_all: None)
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    votes.enter_paper(first, sheet, "against", handed=handed, now=world.clock())
    late = votes.confirm_paper(second, sheet, "against", now=world.clock()).receipt
    monkeypatch.undo()
    votes.count(first, motion, now=world.clock())
    qiu = visit(world.sixth_floor)
    said = f"Paper ballot no. {sheet.number} came late and does not count."
    page = qiu.get(f"/plans/{motion.plan_id}/my-vote")
    assert said in page.text
    assert "replaced the vote cast online" not in page.text
    assert online.code in page.text
    page = qiu.get(f"/receipts/{online.code}")
    assert "Replaced by" not in page.text
    assert said in qiu.get(f"/receipts/{late.code}").text
