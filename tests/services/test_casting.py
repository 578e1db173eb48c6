"""Casts carried out together: each is judged as if it were alone, and none is said too early."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from domain.errors import Failure, NotStored, NotYetKnown, NotYours, Refused
from models import awake
from models.accounts import Account, SignIn
from models.database import session as current_session
from models.votes import Ballot
from services import audit, casting, sessions, transaction, votes
from services.company import Company, Place
from tests import votes_world as vw
from tests.statements import counting

postgresql = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def place(world, motion, account, choice="agree", key=None, voter=None):
    actor = world.actor(account)
    return Place(casting._Wish(actor, motion, choice, key or vw.form_key(), voter))


def together(*places):
    """The first leads, the others wait for what it waits for."""
    company = Company()
    assert company.leads(places[0])
    company.waiting.extend(places[1:])
    casting._lead(company, places[0])
    assert not company.led
    assert all(one.left for one in places[1:])


def sequences(motion):
    query = select(Ballot).where(Ballot.motion_id == motion.id).order_by(Ballot.audit_seq)
    return [(ballot.choice, ballot.sequence) for ballot in current_session().scalars(query)]


def code_of(one):
    with pytest.raises(Refused) as raised:
        one.answer()
    return raised.value.code


@pytest.mark.trust("1.1", "1.9")
def test_each_of_those_cast_together_is_recorded_or_refused_by_itself(world, motion):
    first = place(world, motion, vw.account_of(world, "101"))
    stranger = place(world, motion, world.committee)
    second = place(world, motion, vw.account_of(world, "201"), "against")
    changed = place(world, motion, vw.account_of(world, "101"), "abstain")
    together(first, stranger, second, changed)
    receipts = [one.answer() for one in (first, second, changed)]
    with pytest.raises(NotYours):
        stranger.answer()
    assert [receipt.sequence for receipt in receipts] == [1, 1, 2]
    assert sequences(motion) == [("agree", 1), ("against", 1), ("abstain", 2)]
    assert audit.check(audit.plan_chain(motion.plan_id)).fault is None


@pytest.mark.trust("1.5")
def test_one_form_sent_twice_among_them_is_one_ballot(world, motion):
    account, other = vw.account_of(world, "101"), vw.account_of(world, "201")
    first = place(world, motion, account, "agree", "one-form-key")
    again = place(world, motion, account, "against", "one-form-key")
    taken = place(world, motion, other, "agree", "one-form-key")
    together(first, again, taken)
    assert again.answer().code == first.answer().code
    assert (again.answer().again, again.answer().differs) == (True, True)
    assert code_of(taken) == "form_key_taken"
    later = place(world, motion, account, "agree", "one-form-key")
    together(later, place(world, motion, other))
    assert later.answer().code == first.answer().code
    assert sequences(motion) == [("agree", 1), ("agree", 1)]


def test_casts_together_read_no_more_often_than_one(world, motion):
    def read(*rooms):
        places = []
        for room in rooms:
            account = vw.account_of(world, room)
            number = votes.own_voters(world.actor(account), motion)[0].voter.number
            places.append(place(world, motion, account, voter=number))
        with counting() as seen:
            together(*places)
        assert all(one.answer().sequence == 1 for one in places)
        return [text for text in seen if text.startswith("SELECT")]

    assert read("101") == read("201", "301", "401")


@pytest.mark.parametrize("casts", [1, 2], ids=["alone", "together"])
@postgresql
def test_only_who_casts_alone_waits_awake(world, motion, monkeypatch, casts):
    waited = []
    monkeypatch.setattr(awake.Awake, "is_worth_it", lambda _self: True)
    monkeypatch.setattr(awake.Awake, "wait", lambda _self, asked: waited.append(asked))
    together(*(place(world, motion, vw.account_of(world, room)) for room in ("101", "201")[:casts]))
    assert bool(waited) == (casts == 1)


def test_one_that_the_database_refuses_keeps_nobody_else_from_being_recorded(world, motion):
    sound = place(world, motion, vw.account_of(world, "101"))
    broken = place(world, motion, vw.account_of(world, "201"), "no choice at all")
    together(broken, sound)
    with pytest.raises(DBAPIError):
        broken.answer()
    assert sound.answer().sequence == 1
    assert sequences(motion) == [("agree", 1)]


@pytest.mark.trust("1.6")
@pytest.mark.parametrize("error", [NotYetKnown("nobody knows"), NotStored(Failure.BUSY)])
def test_nobody_of_them_is_told_before_the_commit(world, motion, monkeypatch, error):
    places = [place(world, motion, vw.account_of(world, room)) for room in ("101", "201")]

    def torn(connection, writes, **_how):
        raise error

    monkeypatch.setattr(transaction, "send", torn)
    together(*places)
    for one in places:
        with pytest.raises(type(error)) as raised:
            one.answer()
        assert str(raised.value) == str(error)


def test_who_was_led_by_a_thread_that_was_torn_away_is_not_left_waiting(world, motion, monkeypatch):
    places = [place(world, motion, vw.account_of(world, room)) for room in ("101", "201")]

    def torn(connection, writes, **_how):
        raise SystemExit

    monkeypatch.setattr(transaction, "send", torn)
    with pytest.raises(SystemExit):
        together(*places)
    assert places[1].left
    with pytest.raises(NotYetKnown):
        places[1].answer()


def claim(world, account, admits=lambda _actor: True):
    """Somebody who comes with the token of a sign-in, as the page hands it on."""
    with transaction.transaction() as session:
        token = sessions.begin(session, account, now=world.clock(), remembered=False)
    return token, sessions.Claim(sessions.digest(token), world.clock(), admits)


def claimed(motion, who, voter=None):
    return Place(casting._Wish(who, motion, "agree", vw.form_key(), voter))


@pytest.mark.trust("1.1")
@pytest.mark.parametrize("named", [True, False])
def test_a_claim_is_looked_up_under_the_locks_and_casts_as_its_actor(world, motion, named):
    account = vw.account_of(world, "101")
    number = votes.own_voters(world.actor(account), motion)[0].voter.number if named else None
    asked = []

    def admits(actor):
        asked.append(actor)
        return True

    _token, who = claim(world, account, admits)
    receipt = votes.cast(
        who, motion, "agree", form_key=vw.form_key(), voter=number, now=world.clock()
    )
    ballot = current_session().scalars(select(Ballot)).one()
    assert (ballot.receipt, ballot.account_id) == (receipt.code, account.id)
    assert asked == [world.actor(account)]
    assert audit.check(audit.plan_chain(motion.plan_id)).fault is None


def ended(world, token, account):
    sessions.end(token, now=world.clock())


def disabled(world, token, account):
    with transaction.transaction() as session:
        session.get(Account, account.id).disabled_at = world.clock()


def out_of_date(world, token, account):
    with transaction.transaction() as session:
        query = select(SignIn).where(SignIn.token_hash == sessions.digest(token))
        session.scalars(query).one().expires_at = world.clock()


@pytest.mark.trust("2.6")
@pytest.mark.parametrize("happens", [ended, disabled, out_of_date])
def test_what_ends_a_sign_in_before_the_lock_is_had_ends_its_cast(world, motion, happens):
    account = vw.account_of(world, "101")
    token, who = claim(world, account)
    happens(world, token, account)
    with pytest.raises(sessions.NotAdmitted):
        votes.cast(who, motion, "agree", form_key=vw.form_key(), now=world.clock())
    assert sequences(motion) == []


def test_without_the_end_the_same_cast_is_recorded(world, motion):
    _token, who = claim(world, vw.account_of(world, "101"))
    votes.cast(who, motion, "agree", form_key=vw.form_key(), now=world.clock())
    assert sequences(motion) == [("agree", 1)]


@pytest.mark.trust("2.1")
def test_who_is_not_admitted_among_others_keeps_nobody_and_gets_nothing(world, motion):
    first, second = vw.account_of(world, "101"), vw.account_of(world, "201")
    _token, sound = claim(world, first)
    _token, barred = claim(world, second, lambda _actor: False)
    nobody = sessions.Claim(sessions.digest("no token of ours"), world.clock(), lambda _a: True)
    places = [claimed(motion, who) for who in (barred, sound, nobody, sound)]
    together(*places)
    assert [places[1].answer().sequence, places[3].answer().sequence] == [1, 2]
    for one in (places[0], places[2]):
        with pytest.raises(sessions.NotAdmitted):
            one.answer()
    assert [ballot.account_id for ballot in current_session().scalars(select(Ballot))] == [
        first.id,
        first.id,
    ]


def test_a_form_of_another_account_is_not_answered_to_a_claim(world, motion):
    _token, first = claim(world, vw.account_of(world, "101"))
    _token, other = claim(world, vw.account_of(world, "201"))
    votes.cast(first, motion, "agree", form_key="one-form-key", now=world.clock())
    with pytest.raises(Refused) as raised:
        votes.cast(other, motion, "agree", form_key="one-form-key", now=world.clock())
    assert raised.value.code == "form_key_taken"
