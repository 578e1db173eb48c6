"""Paper ballots: numbered, read by two people, reconciled to the last sheet."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from domain.errors import NotNow, NotYours, Refused
from models import votes_paper, votes_queries
from models.database import session as current_session
from models.votes import Ballot, PaperEntry
from services import votes
from services.transaction import transaction
from tests import votes_world as vw


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def enter(world, sheet, choice="agree", who=None, owner=None):
    actor = world.actor(who or world.committee)
    owner_id = world.owner(owner).id if owner else None
    return votes.enter_paper(
        actor, sheet, choice, owner_id=owner_id, handed=vw.handed_in(world), now=world.clock()
    )


def confirm(world, sheet, choice="agree", who=None):
    actor = world.actor(who or world.second_committee)
    return votes.confirm_paper(actor, sheet, choice, now=world.clock())


def void(world, sheet, **options):
    options = {"reason": "写坏"} | options
    return votes.void_sheet(world.actor(world.committee), sheet, now=world.clock(), **options)


def reconciled(world, motion):
    return votes.box_of(motion, world.clock()).figures


def code_of(raised):
    return raised.value.code


def test_every_owner_gets_one_numbered_ballot_however_often_one_prints(world, motion):
    actor = world.actor(world.committee)
    assert votes.print_sheets(actor, motion, now=world.clock()) == 11
    assert votes.print_sheets(actor, motion, now=world.clock()) == 0
    sheets = votes_paper.paper_sheets(motion.id)
    assert [sheet.number for sheet in sheets] == list(range(1, 12))


@pytest.mark.trust("2.5")
def test_a_paper_read_alike_by_two_people_becomes_a_ballot_with_a_receipt(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    enter(world, sheet)
    assert current_session().query(Ballot).count() == 0
    done = confirm(world, sheet)
    (ballot,) = votes_queries.ballots_of(motion.id)
    assert (ballot.channel, ballot.choice, ballot.receipt) == ("paper", "agree", done.receipt.code)
    # Its owner finds the receipt; whoever typed it does not.
    owner, typist = world.actor(world.sixth_floor), world.actor(world.second_committee)
    assert votes_queries.receipt_visible_to(owner, done.receipt.code).id == ballot.id
    assert votes_queries.receipt_visible_to(typist, done.receipt.code) is None


@pytest.mark.trust("2.5")
@pytest.mark.trust("1.4")
def test_one_person_does_not_confirm_what_the_same_person_entered(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    enter(world, sheet)
    with pytest.raises(NotYours) as raised:
        confirm(world, sheet, who=world.committee)
    assert code_of(raised) == "second_person_needed"
    entry = current_session().query(PaperEntry).one()
    with pytest.raises(IntegrityError), transaction() as session:
        entry.confirmed_by, entry.confirmed_at = entry.entered_by, world.clock()
        session.add(entry)
        session.flush()


@pytest.mark.trust("2.5")
def test_a_different_reading_sends_the_paper_back_and_nothing_counts(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    enter(world, sheet, "agree")
    assert not confirm(world, sheet, "against").matched
    assert current_session().query(Ballot).count() == 0
    # It came back, however it was read.
    assert reconciled(world, motion).outstanding == 10
    enter(world, sheet, "against")
    assert confirm(world, sheet, "against").matched
    assert [ballot.choice for ballot in votes_queries.ballots_of(motion.id)] == ["against"]


def test_a_paper_is_entered_and_confirmed_once(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    with pytest.raises(NotNow) as raised:
        confirm(world, sheet)
    assert code_of(raised) == "paper_not_entered"
    enter(world, sheet)
    with pytest.raises(NotNow) as raised:
        enter(world, sheet, "against", who=world.second_committee)
    assert code_of(raised) == "paper_already_entered"
    confirm(world, sheet)
    with pytest.raises(NotNow) as raised:
        confirm(world, sheet, who=world.committee)
    assert code_of(raised) == "paper_confirmed_already"


def test_of_co_owners_it_is_said_who_signed(world, motion):
    sheet = vw.sheet_of(world, motion, "201")
    with pytest.raises(Refused) as raised:
        enter(world, sheet)
    assert code_of(raised) == "signer_missing"
    with pytest.raises(Refused) as raised:
        enter(world, sheet, owner="杜文斌")
    assert code_of(raised) == "owner_not_of_voter"
    enter(world, sheet, owner="丁援朝")
    confirm(world, sheet)
    assert votes_queries.ballots_of(motion.id)[0].owner_id == world.owner("丁援朝").id


@pytest.mark.trust("1.4")
def test_a_paper_overrides_its_signers_online_answer_and_differs_openly_from_a_co_owners(
    world, motion
):
    vw.cast(world, motion, world.husband, "agree")
    vw.cast(world, motion, world.wife, "agree")
    sheet = vw.sheet_of(world, motion, "201")
    enter(world, sheet, "against", owner="丁援朝")
    confirm(world, sheet, "against")
    for who, signed in ((world.wife, False), (world.husband, True)):
        own = votes.own_voters(world.actor(who), motion)[0]
        assert (own.disputed, own.paper) == (True, signed)


def test_only_the_representative_signs_once_there_is_one(world, motion):
    sheet = vw.sheet_of(world, motion, "201")
    votes.name_representative(
        world.actor(world.committee),
        sheet.voter,
        world.owner("周慧敏").id,
        document="推选书",
        now=world.clock(),
    )
    with pytest.raises(Refused) as raised:
        enter(world, sheet, owner="丁援朝")
    assert code_of(raised) == "representative_named"
    enter(world, sheet, owner="周慧敏")


def test_printed_is_collected_and_void_and_outstanding(world, motion):
    enter(world, vw.sheet_of(world, motion, "101"))
    confirm(world, vw.sheet_of(world, motion, "101"))
    enter(world, vw.sheet_of(world, motion, "102"), "invalid")
    confirm(world, vw.sheet_of(world, motion, "102"), "invalid")
    enter(world, vw.sheet_of(world, motion, "202"))
    again = void(world, vw.sheet_of(world, motion, "602"), replace=True)
    void(world, vw.sheet_of(world, motion, "601"))
    found = reconciled(world, motion)
    assert again.number == 12
    assert (found.printed, found.collected, found.void, found.outstanding) == (12, 3, 2, 7)
    box = votes.box_of(motion, world.clock())
    assert (box.confirmed, box.invalid, box.waiting) == (2, 1, 1)


def test_a_void_paper_is_not_entered_and_an_entered_one_not_voided(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    with pytest.raises(Refused) as raised:
        void(world, sheet, reason=" ")
    assert code_of(raised) == "void_reason_missing"
    void(world, sheet)
    with pytest.raises(Refused) as raised:
        enter(world, sheet)
    assert code_of(raised) == "paper_void"
    other = vw.sheet_of(world, motion, "601")
    enter(world, other)
    with pytest.raises(NotNow) as raised:
        void(world, other)
    assert code_of(raised) == "paper_already_entered"


def test_a_correction_of_the_roll_voids_the_papers_printed_before(world):
    motion = vw.announced_motion(world)
    votes.print_sheets(world.actor(world.committee), motion, now=world.clock())
    with transaction() as session:
        world.dwelling("602").area = 6000
        session.add(world.dwelling("602"))
    votes.correct_roll(
        world.actor(world.second_committee), motion, reason="面积", now=world.clock()
    )
    assert reconciled(world, motion).void == 11
    assert votes.print_sheets(world.actor(world.committee), motion, now=world.clock()) == 11


def test_papers_are_entered_from_the_opening_to_the_count(world):
    motion = vw.announced_motion(world)
    sheet = vw.sheet_of(world, motion, "602")
    with pytest.raises(NotNow) as raised:
        enter(world, sheet)
    assert code_of(raised) == "motion_not_at_this_stage"
    world.clock.move_to(motion.opens_at)
    other = vw.sheet_of(world, motion, "601")
    enter(world, sheet)
    confirm(world, sheet)
    vw.counted(world, motion)
    with pytest.raises(NotNow):
        enter(world, other)
