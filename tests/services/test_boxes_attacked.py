"""The box of paper ballots against whoever wants another result: what has been tried."""

from __future__ import annotations

import pytest

from domain.errors import NotNow, Refused
from domain.periods import local_day
from models import votes_queries
from models.database import session as current_session
from models.paper_boxes import waiting_of
from models.votes import PaperEntry
from services import boxes, deliveries, mandates, votes
from services.ballots import paper_key
from services.mandates import Given
from tests import votes_world as vw


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def test_b1_an_online_form_cannot_take_the_key_of_somebody_elses_paper(world, motion):
    """Then that slip could never be confirmed, nor the vote be counted."""
    sheet = vw.sheet_of(world, motion, "101")
    actor = world.actor(world.committee)
    votes.enter_paper(actor, sheet, "against", handed=vw.handed_in(world), now=world.clock())
    entry = current_session().query(PaperEntry).one()
    thief = world.actor(vw.account_of(world, "602"))
    key = paper_key(sheet.number, entry.id)
    with pytest.raises(Refused) as raised:
        votes.cast(thief, motion, "agree", form_key=key, now=world.clock())
    assert raised.value.code == "form_key_missing"
    second = world.actor(world.second_committee)
    done = votes.confirm_paper(second, sheet, "against", now=world.clock())
    assert done.matched


def test_b1_one_person_alone_cannot_call_a_slip_in_the_box_late(world, motion):
    """In the hours of the list all that is not entered is in the box, or may be."""
    sheet = vw.sheet_of(world, motion, "101")
    vw.close(world, motion)
    one = world.actor(world.committee)
    with pytest.raises(NotNow) as raised:
        votes.note_late(one, sheet, vw.handed_in(world), now=world.clock())
    assert raised.value.code == "box_to_be_closed"
    vw.close_box(world, motion, str(sheet.number))
    assert votes.box_of(motion, world.clock()).listed == {sheet.number}


def _given(world):
    owner = world.owner("尹志强")
    return Given(
        kind="proxy",
        principal_id=owner.id,
        holder_owner_id=None,
        holder_name="外甥",
        document="委托书",
        seen_on=local_day(world.clock()),
        not_property_staff=True,
    )


def test_b1_who_acts_for_co_owners_is_not_named_by_a_request_that_waited_past_the_close(
    world, motion
):
    """The request's clock was read before the lock; the count may have been made meanwhile."""
    vw.cast(world, motion, world.wife, "agree")
    vw.cast(world, motion, world.husband, "against")
    before = world.clock()
    vw.counted(world, motion)
    said = motion.counted.document
    voter = next(
        one
        for one in votes_queries.newest_roll(motion.id).voters
        if {owner.name for owner in one.owners} == {"丁援朝", world.wife.display_name}
    )
    actor, husband = world.actor(world.committee), world.owner("丁援朝")
    acts = (
        lambda: votes.name_representative(actor, voter, husband.id, document="委托", now=before),
        lambda: mandates.give(actor, voter, _given(world), now=before),
        lambda: deliveries.note(world.actor(world.head), motion, 1, "delivered", now=before),
    )
    for act in acts:
        with pytest.raises(Refused) as raised:
            act()
        assert raised.value.code == "motion_not_at_this_stage"
    assert votes.recount(motion) == said


def test_b1_the_signed_list_shows_the_answer_that_holds_not_the_newest_one(world, motion):
    """The husband's slip holds, since the couple named him; the wife had answered online later."""
    sheet = vw.sheet_of(world, motion, "201")
    husband = world.owner("丁援朝").id
    how = {"owner_id": husband, "handed": vw.handed_in(world), "now": world.clock()}
    votes.enter_paper(world.actor(world.committee), sheet, "against", **how)
    second = world.actor(world.second_committee)
    votes.confirm_paper(second, sheet, "against", now=world.clock())
    vw.cast(world, motion, world.wife, "agree")
    actor = world.actor(world.committee)
    votes.name_representative(actor, sheet.voter, husband, document="委托书", now=world.clock())
    day = local_day(world.clock())
    vw.counted(world, motion)
    lines = votes.signed_list(actor, motion, now=world.clock())
    (line,) = [one for one in lines if one.voter.id == sheet.voter_id]
    assert (line.vote, line.channel, line.handed_in) == ("against", "paper", day)


@pytest.fixture
def entered_late(world, motion, monkeypatch):
    """101 was entered after the close, and waits: an older version let it in."""
    sheet = vw.sheet_of(world, motion, "101")
    handed = vw.handed_in(world)
    vw.close(world, motion)
    monkeypatch.setattr(boxes, "check_enterable", lambda *_all: None)
    actor = world.actor(world.committee)
    votes.enter_paper(actor, sheet, "against", handed=handed, now=world.clock())
    monkeypatch.undo()
    return sheet


def test_b1_what_an_older_version_let_in_counts_where_it_is_listed_in_time(
    world, motion, entered_late
):
    vw.close_box(world, motion, str(entered_late.number))
    second = world.actor(world.second_committee)
    assert votes.confirm_paper(second, entered_late, "against", now=world.clock()).matched
    votes.count(world.actor(world.committee), motion, now=world.clock())
    said = votes.recorded(motion.counted)
    assert (said.persons.against, said.papers["set_aside"]) == (1, [])


def test_b8_nobody_is_asked_to_read_a_late_slip(world, motion, entered_late):
    vw.close_box(world, motion)
    waiting = waiting_of([motion.id])[motion.id]
    assert (waiting.second_reader, waiting.differing, waiting.to_enter) == ((), 0, 0)
    votes.count(world.actor(world.committee), motion, now=world.clock())
    assert votes.recorded(motion.counted).papers["late"] == 1
