"""Who votes for whom: recorded, limited, used online and on paper, withdrawn, counted once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from domain.errors import NotNow, NotYours, Refused
from domain.papers import HandedIn
from domain.periods import local_day
from models import votes_queries
from models.audit import AuditEntry
from models.database import session as current_session
from models.mandates import BallotMandate, live_mandates
from services import mandates, votes
from services.mandates import Given
from services.transaction import transaction
from tests import votes_world as vw
from tests.statements import counting


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def voter_of(motion, room):
    roll = votes_queries.newest_roll(motion.id)
    return next(v for v in roll.voters if any(d.room == room for d in v.dwellings))


def give(world, motion, room, kind="proxy", holder=None, name="外甥小王", **given):
    voter = voter_of(motion, room)
    usual = {
        "kind": kind,
        "principal_id": min(owner.owner_id for owner in voter.owners),
        "holder_owner_id": world.owner(holder).id if holder else None,
        "holder_name": "" if holder else name,
        "document": "委托书 12 号",
        "seen_on": local_day(world.clock()),
        "not_property_staff": True,
    }
    made = Given(**(usual | given))
    return mandates.give(world.actor(world.committee), voter, made, now=world.clock())


def cast_for(world, motion, account, room, choice="agree"):
    return votes.cast(
        world.actor(account),
        motion,
        choice,
        form_key=vw.form_key(),
        voter=voter_of(motion, room).number,
        now=world.clock(),
    )


def code_of(raised):
    return raised.value.code


@pytest.mark.trust("1.1")
def test_a_neighbour_with_a_proxy_casts_for_the_owner_and_it_is_one_ballot(world, motion):
    give(world, motion, "602", holder="杜文斌")
    number, actor = voter_of(motion, "602").number, world.actor(world.ground_floor)
    with counting() as statements:
        receipt = votes.cast(
            actor, motion, "agree", form_key=vw.form_key(), voter=number, now=world.clock()
        )
    # Four of its own (with the sign-in and the look-up of the motion six), and one for the mandate.
    assert len(statements) <= 5
    ballot = votes_queries.receipt_visible_to(world.actor(world.ground_floor), receipt.code)
    assert ballot.owner_id == world.owner("邱国强").id
    assert votes_queries.receipt_visible_to(world.actor(world.sixth_floor), receipt.code)
    own = votes.own_voters(world.actor(world.ground_floor), motion)
    assert [one.mandate.kind if one.mandate else None for one in own] == [None, "proxy"]
    # The owner's later answer replaces the proxy's: it is the same person's.
    vw.cast(world, motion, world.sixth_floor, "against")
    cast_for(world, motion, world.ground_floor, "101")
    vw.cast_all(world, motion, dict.fromkeys(vw.ROOMS[1:-1], "agree"))
    document = json.loads(vw.counted(world, motion).document)
    assert (document["persons"]["participating"], document["persons"]["agree"]) == (11, 10)
    assert document["mandates"] == {"proxy": 1}
    votes_of = {
        line.voter.number: line
        for line in votes.signed_list(world.actor(world.committee), motion, now=world.clock())
    }
    assert votes_of[voter_of(motion, "602").number].mandate is None


def test_without_a_mandate_a_neighbour_casts_for_nobody(world, motion):
    with pytest.raises(NotYours) as raised:
        cast_for(world, motion, world.ground_floor, "602")
    assert code_of(raised) == "not_on_roll"
    mandate = give(world, motion, "602", holder="杜文斌")
    actor, now = world.actor(world.committee), world.clock()
    mandates.withdraw(actor, mandate, reason="已收回", now=now)
    with pytest.raises(NotYours):
        cast_for(world, motion, world.ground_floor, "602")
    with pytest.raises(NotNow) as raised:
        mandates.withdraw(actor, mandate, reason="再来", now=now)
    assert code_of(raised) == "mandate_withdrawn_before"


def test_a_ward_s_own_account_does_not_vote_and_the_guardian_s_does(world, motion):
    give(world, motion, "602", "guardian", holder="杜文斌")
    with pytest.raises(NotYours) as raised:
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert code_of(raised) == "represented_by_another"
    assert votes.own_voters(world.actor(world.sixth_floor), motion)[0].represented is not None
    cast_for(world, motion, world.ground_floor, "602")


def test_three_proxies_and_no_fourth(world, motion):
    for room in ("602", "601", "502"):
        give(world, motion, room, holder="杜文斌")
    with pytest.raises(Refused) as raised:
        give(world, motion, "501", holder="杜文斌")
    assert code_of(raised) == "proxy_limit"
    # Written out by name the same person has no more of them.
    with pytest.raises(Refused) as raised:
        give(world, motion, "501", name=" 杜文斌 ")
    assert code_of(raised) == "proxy_limit"


def test_a_company_votes_by_its_account_when_its_representative_is_named(world):
    motion = vw.open_motion(world, entrance=world.second_entrance)
    give(world, motion, "102", "company", name="王代表")
    vw.cast(world, motion, world.factory, "agree")
    (ballot,) = votes_queries.ballots_of(motion.id)
    assert ballot.owner_id == world.owner("南京第二机床厂").id


def test_a_paper_is_signed_by_the_proxy_and_one_without_a_mandate_is_invalid(world, motion):
    mandate = give(world, motion, "602")
    sheet, other = vw.sheet_of(world, motion, "602"), vw.sheet_of(world, motion, "601")
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    now, day = world.clock(), vw.handed_in(world)
    with pytest.raises(Refused) as raised:
        votes.enter_paper(first, sheet, "agree", handed=day, now=now)
    assert code_of(raised) == "signer_missing"
    with pytest.raises(Refused) as raised:
        votes.enter_paper(first, other, "agree", mandate_id=mandate.id, handed=day, now=now)
    assert code_of(raised) == "mandate_not_standing"
    votes.enter_paper(first, sheet, "agree", mandate_id=mandate.id, handed=day, now=now)
    assert votes.confirm_paper(second, sheet, "agree", now=now).matched
    assert current_session().query(BallotMandate).one().mandate_id == mandate.id
    votes.enter_paper(first, other, "no_mandate", handed=day, now=now)
    # Somebody who only reads "invalid" has not seen the same.
    assert not votes.confirm_paper(second, other, "invalid", now=now).matched
    votes.enter_paper(first, other, "no_mandate", handed=day, now=now)
    assert votes.confirm_paper(second, other, "no_mandate", now=now).matched
    document = json.loads(vw.counted(world, motion).document)
    assert document["invalid"] == [voter_of(motion, "601").number]
    assert document["persons"]["participating"] == 1


def test_b1_a_paper_is_handed_to_two_people(world, motion):
    sheet = vw.sheet_of(world, motion, "602")
    actor, now = world.actor(world.committee), world.clock()
    for pair in (("", ""), ("崔", ""), ("崔", " 崔 ")):
        handed = HandedIn(local_day(now), *pair)
        with pytest.raises(Refused) as raised:
            votes.enter_paper(actor, sheet, "agree", handed=handed, now=now)
        assert code_of(raised) == "two_collectors_needed"
    handed = HandedIn(local_day(now), "崔", "林")
    votes.enter_paper(actor, sheet, "agree", handed=handed, now=now)


def test_a_corrected_roll_keeps_who_votes_for_whom(world):
    motion = vw.announced_motion(world)
    give(world, motion, "602", holder="杜文斌")
    with transaction() as session:
        world.dwelling("101").area = 6000
        session.add(world.dwelling("101"))
    actor = world.actor(world.second_committee)
    votes.correct_roll(actor, motion, reason="面积", now=world.clock())
    (mandate,) = live_mandates(motion.id)
    assert mandate.voter_id == voter_of(motion, "602").id
    world.clock.move_to(motion.opens_at)
    cast_for(world, motion, world.ground_floor, "602")


def test_after_the_close_nothing_is_withdrawn_and_no_paper_of_that_day_is_new(world, motion):
    mandate = give(world, motion, "602")
    vw.close(world, motion)
    with pytest.raises(NotNow):
        mandates.withdraw(world.actor(world.committee), mandate, reason="晚了", now=world.clock())
    with pytest.raises(Refused) as raised:
        give(world, motion, "601")
    assert code_of(raised) == "mandate_seen_later"
    give(world, motion, "601", seen_on=local_day(world.clock() - timedelta(days=2)))


def test_the_log_tells_of_mandates_without_a_name(world, motion):
    mandate = give(world, motion, "602")
    mandates.withdraw(world.actor(world.committee), mandate, reason="收回", now=world.clock())
    events = [entry.event for entry in current_session().query(AuditEntry)]
    told = [event for event in events if '"mandate' in event]
    assert len(told) == 2
    assert not any("外甥" in event or "邱国强" in event for event in told)
