"""Casting: by the clock, by the roll, by whoever may; changed until the close; all kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.accounts import Actor
from domain.errors import NotNow, NotYours, Refused
from domain.receipts import Sealed, commitment
from models.accounts import RoleGrant
from models.audit import AuditEntry
from models.database import session as current_session
from models.register import Ownership
from models.votes import Ballot, RollVoter
from services import votes
from services.transaction import transaction
from tests import two_people
from tests import votes_world as vw


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def ballots(motion):
    query = select(Ballot).where(Ballot.motion_id == motion.id).order_by(Ballot.id)
    return list(current_session().scalars(query))


def test_voting_is_open_from_the_first_instant_to_the_last(world, motion):
    instant, week = timedelta(microseconds=1), timedelta(days=vw.VOTING_DAYS)
    for delta, code in ((-instant, "vote_not_open"), (week, "vote_closed")):
        world.clock.stand_at(motion.opens_at + delta)
        with pytest.raises(NotNow) as raised:
            vw.cast(world, motion, world.sixth_floor, "agree")
        assert raised.value.code == code
    assert ballots(motion) == []
    for delta in (timedelta(0), week - instant):
        world.clock.stand_at(motion.opens_at + delta)
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert len(ballots(motion)) == 2


NOT_ON_THE_ROLL = (
    "tenant",
    "next_door",
    "stranger",
    "committee",
    "administrator",
    "contractor",
    "head",
)


def test_whoever_is_not_on_the_roll_has_no_ballot(world, motion):
    for who in NOT_ON_THE_ROLL:
        with pytest.raises(NotYours) as raised:
            vw.cast(world, motion, getattr(world, who), "agree")
        assert raised.value.code == "not_on_roll", who
    assert ballots(motion) == []


def test_nobody_votes_on_a_motion_that_is_not_announced(world):
    motion = vw.posted_motion(world)
    with pytest.raises(NotNow) as raised:
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert raised.value.code == "vote_not_open"


def test_only_the_three_answers_are_taken(world, motion):
    for choice in ("", "yes", "disputed", "invalid", "AGREE"):
        with pytest.raises(Refused) as raised:
            vw.cast(world, motion, world.sixth_floor, choice)
        assert (raised.value.code, raised.value.field) == ("choice_missing", "choice")


def test_a_form_without_its_key_is_refused(world, motion):
    actor = world.actor(world.sixth_floor)
    for key in ("", "short", "x" * 201):
        with pytest.raises(Refused) as raised:
            votes.cast(actor, motion, "agree", form_key=key, now=world.clock())
        assert raised.value.code == "form_key_missing"


@pytest.mark.trust("1.4")
def test_an_answer_can_be_changed_the_last_counts_and_all_are_kept(world, motion):
    receipts = [
        vw.cast(world, motion, world.sixth_floor, choice)
        for choice in ("agree", "against", "abstain")
    ]
    assert [receipt.sequence for receipt in receipts] == [1, 2, 3]
    assert [ballot.choice for ballot in ballots(motion)] == ["agree", "against", "abstain"]
    assert len({receipt.code for receipt in receipts}) == 3
    own = votes.own_voters(world.actor(world.sixth_floor), motion)[0]
    assert own.latest.choice == "abstain"
    first, last = ballots(motion)[0], ballots(motion)[-1]
    assert votes.receipt_state(first).replaced
    assert not votes.receipt_state(last).replaced


@pytest.mark.trust("1.5")
def test_the_same_form_again_gives_the_first_receipt_and_adds_nothing(world, motion):
    actor, key = world.actor(world.sixth_floor), vw.form_key()
    first = votes.cast(actor, motion, "agree", form_key=key, now=world.clock())
    world.clock.move(hours=1)
    again = votes.cast(actor, motion, "agree", form_key=key, now=world.clock())
    assert (again.code, again.cast_at, again.again) == (first.code, first.cast_at, True)
    changed = votes.cast(actor, motion, "against", form_key=key, now=world.clock())
    assert (changed.code, changed.differs) == (first.code, True)
    assert [ballot.choice for ballot in ballots(motion)] == ["agree"]


@pytest.mark.trust("1.5")
def test_a_retry_after_the_close_still_gives_the_receipt_of_what_was_recorded(world, motion):
    actor, key = world.actor(world.sixth_floor), vw.form_key()
    first = votes.cast(actor, motion, "agree", form_key=key, now=world.clock())
    vw.close(world, motion)
    again = votes.cast(actor, motion, "agree", form_key=key, now=world.clock())
    assert again.code == first.code


def test_nobody_gets_a_receipt_with_somebody_elses_key(world, motion):
    key = vw.form_key()
    votes.cast(world.actor(world.sixth_floor), motion, "agree", form_key=key, now=world.clock())
    with pytest.raises(Refused) as raised:
        votes.cast(
            world.actor(world.ground_floor), motion, "agree", form_key=key, now=world.clock()
        )
    assert raised.value.code == "form_key_taken"


def test_the_buyer_of_two_flats_casts_once_for_both(world, motion):
    vw.cast(world, motion, world.two_flats, "agree")
    (ballot,) = ballots(motion)
    voter = current_session().get(RollVoter, ballot.voter_id)
    assert voter.area == 6235 + 5890
    assert votes.turnout(motion).persons == 1


def test_a_couple_that_agrees_is_one_vote_and_one_that_differs_is_disputed(world, motion):
    vw.cast(world, motion, world.wife, "agree")
    vw.cast(world, motion, world.husband, "agree")
    own = votes.own_voters(world.actor(world.wife), motion)[0]
    assert (own.disputed, own.others) == (False, True)
    vw.cast(world, motion, world.husband, "against")
    assert votes.own_voters(world.actor(world.wife), motion)[0].disputed
    vw.cast(world, motion, world.wife, "against")
    assert not votes.own_voters(world.actor(world.wife), motion)[0].disputed
    assert votes.turnout(motion).persons == 1


def test_who_owns_alone_and_together_has_two_ballots_and_must_say_which(world):
    with transaction() as session:
        wife = world.owner("周慧敏")
        fifth = world.dwelling("501")
        session.execute(delete(Ownership).where(Ownership.dwelling_id == fifth.id))
        session.add(Ownership(dwelling_id=fifth.id, owner_id=wife.id))
    motion = vw.open_motion(world)
    actor = world.actor(world.wife)
    own = votes.own_voters(actor, motion)
    assert [one.rooms for one in own] == ["1单元201", "1单元501"]
    with pytest.raises(Refused) as raised:
        vw.cast(world, motion, world.wife, "agree")
    assert raised.value.code == "voter_not_chosen"
    for one in own:
        votes.cast(
            actor,
            motion,
            "agree",
            form_key=vw.form_key(),
            now=world.clock(),
            voter=one.voter.number,
        )
    assert len({ballot.voter_id for ballot in ballots(motion)}) == 2
    with pytest.raises(NotYours):
        votes.cast(actor, motion, "agree", form_key=vw.form_key(), now=world.clock(), voter=1)


def test_an_ended_letter_no_longer_votes(world, motion):
    with transaction() as session:
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.account_id == world.sixth_floor.id)
            .values(ended_at=world.clock())
        )
    current_session().expire_all()
    with pytest.raises(NotYours):
        vw.cast(world, motion, world.sixth_floor, "agree")


@pytest.mark.trust("1.4")
def test_a_confirmed_paper_closes_the_online_ballot_with_the_reason(world, motion):
    vw.cast(world, motion, world.sixth_floor, "agree")
    vw.by_paper(world, motion, "602", "against")
    with pytest.raises(NotNow) as raised:
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert raised.value.code == "paper_confirmed"
    own = votes.own_voters(world.actor(world.sixth_floor), motion)[0]
    assert (own.paper, own.latest.choice) == (True, "against")


@pytest.mark.trust("1.8")
def test_a_receipt_commits_to_the_ballot_and_is_anchored_in_the_audit_chain(world, motion):
    receipt = vw.cast(world, motion, world.sixth_floor, "agree")
    (ballot,) = ballots(motion)
    voter = current_session().get(RollVoter, ballot.voter_id)
    sealed = Sealed(
        receipt=receipt.code,
        motion=motion.id,
        voter=voter.number,
        person=world.owner("邱国强").id,
        choice="agree",
        sequence=1,
        channel="in_app",
        cast_at=world.clock(),
    )
    assert ballot.commitment == commitment(sealed, ballot.nonce)
    entry = current_session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.seq, entry.digest) == (ballot.audit_seq, ballot.audit_digest)
    assert ballot.commitment in entry.event
    assert "agree" not in entry.event


def test_ballots_are_frozen_and_the_key_stops_a_second_last_answer(world, motion):
    vw.cast(world, motion, world.sixth_floor, "agree")
    for statement in (update(Ballot).values(choice="against"), delete(Ballot)):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(statement)
    (ballot,) = ballots(motion)
    double = {
        column.name: getattr(ballot, column.name)
        for column in Ballot.__table__.columns
        if column.name != "id"
    }
    double |= {"receipt": "ANOTHER", "form_key": "another"}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Ballot(**double))
        session.flush()


@pytest.mark.trust("1.2")
def test_a_cast_that_the_count_has_overtaken_is_refused(world, motion):
    """A request that began before the close and gets the lock after the count."""
    before = motion.closes_at - timedelta(seconds=1)
    vw.counted(world, motion)
    with pytest.raises(NotNow) as raised:
        votes.cast(
            world.actor(world.sixth_floor), motion, "agree", form_key=vw.form_key(), now=before
        )
    assert raised.value.code == "vote_closed"
    assert votes.recount(motion) == motion.counted.document


def test_nobody_signed_in_has_nothing_on_a_roll(world, motion):
    assert votes.own_voters(Actor(account_id=None), motion) == ()


def test_on_a_motion_for_paper_alone_nothing_is_cast_online(world):
    motion = vw.drafted_motion(world)
    with transaction() as session:
        motion.channel = "paper"
        session.add(motion)
    votes.post_roll(world.actor(world.committee), motion, now=world.clock())
    at = votes.earliest_opening(motion, now=world.clock()).at
    two_people.announce(
        world.actor(world.committee),
        motion,
        opens_at=at,
        closes_at=at + timedelta(days=7),
        now=world.clock(),
    )
    world.clock.move_to(at)
    with pytest.raises(NotNow) as raised:
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert raised.value.code == "channel_not_in_app"
