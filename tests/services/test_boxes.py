"""The box of paper ballots after the close: listed once by two people, all else is late."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from domain.errors import NotNow, Refused
from domain.papers import HandedIn
from domain.periods import local_day
from models import paper_boxes, votes_paper, votes_queries
from models.audit import AuditEntry
from models.database import session as current_session
from models.paper_boxes import BoxReading, PaperBox
from services import boxes, counts, deliveries, votes
from services.transaction import transaction
from tests import votes_world as vw

# Of 11 heads 7 take part: one too few for the quorum.
SHORT = dict.fromkeys(vw.ROOMS[4:], "agree")


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def enter(world, motion, room, choice="agree", day=None, who=None, owner=None):
    sheet = vw.sheet_of(world, motion, room)
    named = world.owner(owner).id if owner else min(o.owner_id for o in sheet.voter.owners)
    handed = HandedIn(day or local_day(motion.opens_at), "崔", "林")
    actor = world.actor(who or world.committee)
    return votes.enter_paper(actor, sheet, choice, owner_id=named, handed=handed, now=world.clock())


def confirm(world, sheet, choice="agree"):
    actor = world.actor(world.second_committee)
    return votes.confirm_paper(actor, sheet, choice, now=world.clock())


def read(world, motion, text, who=None, empty=False):
    actor = world.actor(who or world.committee)
    return votes.read_box(actor, motion, text, empty=empty, now=world.clock())


def count(world, motion):
    return votes.count(world.actor(world.committee), motion, now=world.clock())


def document(motion):
    return json.loads(motion.counted.document)


def code_of(act, *args, **more):
    with pytest.raises(Refused) as raised:
        act(*args, **more)
    return raised.value.code


def sheet_after_close(world, motion, room):
    """Printing is over then: the sheet as it is."""
    return next(
        sheet
        for sheet in votes_paper.paper_sheets(motion.id)
        if any(d.room == room for d in sheet.voter.dwellings)
    )


@pytest.fixture
def closed(world, motion):
    """7 of 11 have voted online; 101 is in hand, entered before the close; all are printed."""
    vw.cast_all(world, motion, SHORT)
    enter(world, motion, "101")
    vw.close(world, motion)
    return motion


def test_b1_a_slip_entered_after_the_close_cannot_fill_up_a_quorum(world, closed):
    confirm(world, sheet_after_close(world, closed, "101"))
    late = sheet_after_close(world, closed, "102")
    handed = HandedIn(local_day(closed.opens_at), "崔", "林")

    def enter_late():
        actor = world.actor(world.committee)
        return votes.enter_paper(actor, late, "agree", handed=handed, now=world.clock())

    assert code_of(enter_late) == "box_to_be_closed"
    vw.close_box(world, closed, str(sheet_after_close(world, closed, "101").number))
    assert code_of(enter_late) == "paper_late"
    votes.note_late(world.actor(world.committee), late, handed, now=world.clock())
    count(world, closed)
    said = document(closed)
    assert (said["outcome"], said["persons"]["participating"]) == ("adopted", 8)
    assert said["papers"] == {
        "box": "listed",
        "hours": 24,
        "serials": "1",
        "printed": 11,
        "collected": 1,
        "void": 0,
        "outstanding": 9,
        "late": 1,
        "set_aside": [],
    }
    assert votes.recount(closed) == closed.counted.document


def test_b1_the_count_leaves_out_a_late_slip_even_where_it_was_confirmed(world, closed):
    """As an older version did: entered and confirmed after the close."""
    confirm(world, sheet_after_close(world, closed, "101"))
    vw.close_box(world, closed)
    late = sheet_after_close(world, closed, "102")
    original, boxes.check_enterable = boxes.check_enterable, lambda *_all: None
    try:
        handed = HandedIn(local_day(closed.opens_at), "崔", "林")
        actor = world.actor(world.committee)
        votes.enter_paper(actor, late, "agree", handed=handed, now=world.clock())
        receipt = confirm(world, late).receipt
    finally:
        boxes.check_enterable = original
    count(world, closed)
    said = document(closed)
    assert said["persons"]["participating"] == 8
    assert said["papers"]["set_aside"] == [receipt.code]
    assert (said["papers"]["late"], said["papers"]["outstanding"]) == (1, 9)
    line = votes.signed_list(world.actor(world.committee), closed, now=world.clock())[1]
    assert line.vote is None


def test_b1_the_second_reader_does_not_learn_the_first_reading(world, closed):
    read(world, closed, "1")
    assert code_of(read, world, closed, "1") == "second_person_needed"
    entry = (
        current_session().scalars(select(AuditEntry).where(AuditEntry.action == "box_read")).one()
    )
    assert json.loads(entry.event)["details"] == {"motion": closed.id}
    assert read(world, closed, "１", who=world.second_committee).agreed


def test_b1_two_readings_that_differ_are_both_rejected_and_kept(world, closed):
    assert read(world, closed, "1").agreed is None
    assert read(world, closed, "1, 2", who=world.second_committee).agreed is False
    kept = current_session().scalars(select(BoxReading).order_by(BoxReading.id)).all()
    assert [one.serials for one in kept] == ["1", "1-2"]
    assert all(one.rejected_at is not None for one in kept)
    assert votes.box_of(closed, world.clock()).state == "open"
    # Anew, and whoever was second may be first now.
    read(world, closed, "1-2", who=world.second_committee)
    assert read(world, closed, "2,1").agreed
    assert votes.box_of(closed, world.clock()).listed == {1, 2}
    assert code_of(read, world, closed, "1") == "box_listed_already"


def test_b1_the_list_and_its_readings_are_frozen(world, closed):
    vw.close_box(world, closed, "1")
    for statement in (
        update(PaperBox).values(serials="1-2"),
        delete(PaperBox),
        update(BoxReading).values(serials="1-2"),
        delete(BoxReading),
    ):
        with pytest.raises(DBAPIError, match="frozen"), transaction() as session:
            session.execute(statement)


def test_b1_the_list_is_made_within_the_hours_and_not_before_the_close(world, motion):
    vw.sheet_of(world, motion, "101")
    assert code_of(read, world, motion, "1") == "box_before_close"
    vw.close(world, motion)
    ends = motion.closes_at + timedelta(hours=24)
    world.clock.stand_at(ends - timedelta(microseconds=1))
    read(world, motion, "", empty=True)
    world.clock.stand_at(ends)
    second = world.second_committee
    assert code_of(read, world, motion, "", who=second, empty=True) == "box_hours_over"


def test_b1_an_empty_box_is_said_to_be_empty(world, closed):
    assert code_of(read, world, closed, " ") == "serials_missing"
    assert code_of(read, world, closed, "1", empty=True) == "box_not_empty"
    assert code_of(read, world, closed, "1, 40") == "serial_unknown"


def test_b1_without_a_list_only_what_was_entered_before_the_close_counts(world, closed):
    assert code_of(count, world, closed) == "box_to_be_closed"
    world.clock.move_to(closed.closes_at + timedelta(hours=24))
    assert code_of(count, world, closed) == "papers_unconfirmed"
    confirm(world, sheet_after_close(world, closed, "101"))
    count(world, closed)
    said = document(closed)
    assert said["persons"]["participating"] == 8
    assert (said["papers"]["box"], said["papers"]["serials"]) == ("missed", None)
    assert votes.recount(closed) == closed.counted.document
    # One more that comes after the count is listed and changes nothing of it.
    late = sheet_after_close(world, closed, "102")
    handed = HandedIn(local_day(world.clock()), "崔", "林")
    votes.note_late(world.actor(world.committee), late, handed, now=world.clock())
    assert [number for _one, number in paper_boxes.late_papers(closed.id)] == [late.number]
    assert votes.recount(closed) == closed.counted.document


def test_b1_the_count_waits_for_what_is_listed(world, closed):
    confirm(world, sheet_after_close(world, closed, "101"))
    vw.close_box(world, closed, "1-2")
    with pytest.raises(NotNow) as raised:
        count(world, closed)
    assert (raised.value.code, raised.value.params["serials"]) == ("papers_not_entered", "2")
    sheet = sheet_after_close(world, closed, "102")
    handed = HandedIn(local_day(closed.opens_at), "崔", "林")
    first = world.actor(world.committee)
    votes.enter_paper(first, sheet, "against", handed=handed, now=world.clock())
    assert code_of(count, world, closed) == "papers_unconfirmed"
    # Read differently: entered anew, after the close as well.
    assert not confirm(world, sheet).matched
    assert code_of(count, world, closed) == "papers_not_entered"
    votes.enter_paper(first, sheet, "against", handed=handed, now=world.clock())
    assert confirm(world, sheet, "against").matched
    count(world, closed)
    assert document(closed)["persons"]["participating"] == 9


def test_b1_a_slip_read_differently_before_the_close_is_collected_listed_or_not(world, motion):
    enter(world, motion, "101")
    assert not confirm(world, vw.sheet_of(world, motion, "101"), "against").matched
    vw.close(world, motion)
    sheet = sheet_after_close(world, motion, "101")
    handed = HandedIn(local_day(motion.opens_at), "崔", "林")
    actor = world.actor(world.committee)
    votes.enter_paper(actor, sheet, "against", handed=handed, now=world.clock())
    assert confirm(world, sheet, "against").matched
    read(world, motion, "", empty=True)
    read(world, motion, "", who=world.second_committee, empty=True)
    assert code_of(votes.note_late, actor, sheet, handed, now=world.clock()) == "paper_in_time"
    count(world, motion)
    assert document(motion)["papers"]["collected"] == 1
    assert document(motion)["persons"]["against"] == 1


def test_b1_nothing_is_taken_out_of_the_box_after_the_close(world, closed):
    sheet = sheet_after_close(world, closed, "102")
    act = (world.actor(world.committee), sheet)
    void = {"reason": "写坏", "now": world.clock()}
    assert code_of(votes.void_sheet, *act, **void) == "motion_not_at_this_stage"


def test_b1_no_papers_printed_no_list_needed(world):
    motion = vw.closed_motion(world)
    assert "papers" not in document(motion)
    assert votes.box_of(motion, world.clock()).state == "none"


def test_b1_the_day_is_asked_and_the_signed_list_shows_it(world, motion):
    day = local_day(motion.closes_at)
    assert code_of(enter, world, motion, "101", day=day) in (
        "handed_in_after_close",
        "handed_in_later",
    )
    enter(world, motion, "101")
    confirm(world, vw.sheet_of(world, motion, "101"))
    vw.counted(world, motion)
    lines = votes.signed_list(world.actor(world.committee), motion, now=world.clock())
    days = {line.voter.number: line.handed_in for line in lines}
    assert days[1] == local_day(motion.opens_at)
    assert days[2] is None


def test_b1_a_returned_slip_settles_its_door(world, motion):
    enter(world, motion, "101")
    found = deliveries.doors(world.actor(world.head), motion)
    reached = {door.rooms: door.outcome for door in found}
    assert reached["1单元101"] == "delivered"
    assert reached["1单元102"] is None


@pytest.mark.parametrize("paper_first", [True, False])
def test_b1_a_co_owners_paper_silences_nobody_whichever_came_first(world, motion, paper_first):
    def online():
        vw.cast(world, motion, world.wife, "agree")

    def paper():
        enter(world, motion, "201", "against", owner="丁援朝")
        assert confirm(world, vw.sheet_of(world, motion, "201"), "against").matched

    for act in (paper, online) if paper_first else (online, paper):
        act()
    # The one who signed can answer online no more; it would not count.
    with pytest.raises(NotNow) as raised:
        vw.cast(world, motion, world.husband, "agree")
    assert raised.value.code == "paper_confirmed"
    vw.counted(world, motion)
    assert len(document(motion)["disputed"]) == 1


@pytest.mark.parametrize("online_last", [True, False])
def test_b1_paper_prevails_over_its_signers_online_answer(world, motion, online_last):
    def online():
        vw.cast(world, motion, world.sixth_floor, "agree")

    enter(world, motion, "602", "against") if online_last else online()
    online() if online_last else enter(world, motion, "602", "against")
    assert confirm(world, vw.sheet_of(world, motion, "602"), "against").matched
    vw.counted(world, motion)
    assert document(motion)["persons"]["against"] == 1


def test_b1_a_count_of_the_first_form_is_recounted_as_it_was_said(world, monkeypatch):
    motion = vw.open_motion(world)
    vw.sheet_of(world, motion, "101")
    vw.close(world, motion)
    monkeypatch.setattr(counts, "FORMAT", counts.FIRST_FORMAT)
    monkeypatch.setattr(boxes, "settle_for_count", lambda *_all: None)
    count(world, motion)
    monkeypatch.undo()
    said = document(motion)
    assert (said["format"], said["approval"]) == (
        "louyi-count-1",
        {"persons": True, "area": True},
    )
    assert votes.recount(motion) == motion.counted.document
    assert votes_queries.ballots_of(motion.id) == []
