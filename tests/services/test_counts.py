"""The count: after the close, once, by the roll; what of it may be seen, and by whom."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from domain.errors import NotNow, NotYours
from domain.plans import MotionStage
from domain.receipts import list_digest
from domain.votes import Choice
from models import votes_queries
from models.votes import MotionCount
from services import votes
from services.transaction import transaction
from tests import votes_world as vw

AGREE, AGAINST, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


def count(world, motion, who=None):
    return votes.count(world.actor(who or world.committee), motion, now=world.clock())


def test_nothing_is_counted_before_the_close(world):
    motion = vw.open_motion(world)
    with pytest.raises(NotNow) as raised:
        count(world, motion)
    assert raised.value.code == "count_before_close"
    result = votes.result(motion, world.clock())
    assert (result.sealed, result.stage) == (True, MotionStage.VOTING)


@pytest.mark.trust("1.2")
def test_counting_twice_gives_the_same_record_byte_for_byte(world):
    motion = vw.closed_motion(world, count=False)
    first = count(world, motion)
    document, digest, at = first.document, first.digest, first.counted_at
    world.clock.move(days=2)
    again = count(world, motion, world.second_committee)
    assert (again.document, again.digest, again.counted_at) == (document, digest, at)
    assert votes.recount(motion) == document
    assert hashlib.sha256(document.encode()).hexdigest() == digest
    results = [one for one in votes_queries.notices_of(motion.id) if one.kind == "result"]
    assert len(results) == 1


def test_the_record_is_canonical_and_names_what_it_was_made_from(world):
    motion = vw.closed_motion(world)
    document = motion.counted.document
    said = json.loads(document)
    assert json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == document
    assert said["format"] == "louyi-count-2"
    assert (said["rule"], said["matter"], said["outcome"]) == ("special", 7, "adopted")
    assert said["persons"] == {
        "total": 11,
        "participating": 11,
        "agree": 9,
        "against": 2,
        "abstain": 0,
    }
    assert said["area"]["agree"] == "605.31"
    assert said["ballots"]["cast"] == 11
    assert said["ballots"]["digest"] == list_digest(votes_queries.closed_list(motion.id))
    assert said["roll"]["version"] == 1
    assert "邱国强" not in document


def test_exactly_three_quarters_by_heads_and_more_by_area_is_adopted(world):
    """8 of the 12 heads of entrance 2 are too few, 9 are exactly three quarters."""
    rooms = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
    against = ("102", "202", "302")
    choices = {room: AGAINST if room in against else AGREE for room in rooms}
    motion = vw.closed_motion(world, choices, entrance=world.second_entrance)
    found = votes.recorded(motion.counted)
    assert (found.persons.agree, found.persons.participating) == (9, 12)
    assert found.approval_persons
    assert found.outcome == "adopted"


def test_one_head_short_of_three_quarters_is_rejected_and_says_so(world):
    found = votes.recorded(vw.closed_motion(world, vw.REJECTED).counted)
    assert found.outcome == "rejected"
    assert (found.short_persons, found.approval_persons, found.approval_area) == (1, False, True)


def test_too_few_heads_is_no_decision(world):
    found = votes.recorded(vw.closed_motion(world, vw.NOT_QUORATE).counted)
    assert found.outcome == "not_quorate"
    assert (found.persons.participating, found.unquorate_persons) == (7, 1)


def test_nobody_voting_at_all_is_counted_too(world):
    found = votes.recorded(vw.closed_motion(world, {}).counted)
    assert (found.outcome, found.persons.participating) == ("not_quorate", 0)
    assert found.area_agreeing.percent == 0


def test_disputed_takes_part_abstaining_takes_part_and_an_invalid_paper_does_not(world):
    motion = vw.open_motion(world)
    vw.cast(world, motion, world.wife, AGREE)
    vw.cast(world, motion, world.husband, AGAINST)
    vw.cast(world, motion, world.sixth_floor, ABSTAIN)
    vw.cast(world, motion, world.ground_floor, AGREE)
    vw.by_paper(world, motion, "102", "invalid")
    found = votes.recorded(vw.counted(world, motion))
    persons = found.persons
    assert (persons.participating, persons.agree, persons.abstain) == (3, 1, 1)
    assert (len(found.disputed), len(found.invalid)) == (1, 1)


def test_beside_a_valid_ballot_an_invalid_paper_has_no_effect(world):
    motion = vw.open_motion(world)
    vw.cast(world, motion, world.sixth_floor, AGREE)
    vw.by_paper(world, motion, "602", "invalid")
    vw.cast(world, motion, world.sixth_floor, AGAINST)
    found = votes.recorded(vw.counted(world, motion))
    assert (found.persons.participating, found.persons.against) == (1, 1)
    assert found.invalid == ()


def test_turnout_counts_heads_and_rounds_area_to_a_percent(world):
    motion = vw.open_motion(world)
    assert votes.turnout(motion) == votes.Turnout(0, 11, 0, False)
    vw.cast_all(world, motion, {"301": AGREE, "101": AGAINST})
    # 121.25 + 62.35 of 726.56 m² is 25.27 %.
    assert votes.turnout(motion) == votes.Turnout(2, 11, 25, False)


def test_b7g_during_the_vote_area_is_two_thirds_by_the_exact_areas(world):
    motion = vw.open_motion(world)
    seen = []
    for room, choice in vw.ADOPTED.items():
        vw.cast_all(world, motion, {room: choice})
        _persons, _total, area, whole = votes_queries.turnout_figures(motion.id)
        seen.append(votes.turnout(motion).enough_area)
        assert seen[-1] is (3 * area >= 2 * whole)
    assert (seen[0], seen[-1]) == (False, True)


def test_before_the_count_nothing_but_turnout_is_handed_out(world):
    motion = vw.open_motion(world)
    vw.cast_all(world, motion, vw.ADOPTED)
    vw.close(world, motion)
    result = votes.result(motion, world.clock())
    assert (result.stage, result.count) == (MotionStage.CLOSED, None)
    for who in (world.committee, world.sixth_floor):
        with pytest.raises(NotNow) as raised:
            votes.signed_list(world.actor(who), motion, now=world.clock())
        assert raised.value.code == "result_sealed"


def test_the_signed_list_names_every_head_and_its_vote(world):
    motion = vw.open_motion(world)
    vw.cast(world, motion, world.two_flats, AGREE)
    vw.by_paper(world, motion, "101", AGAINST)
    vw.counted(world, motion)
    lines = votes.signed_list(world.actor(world.sixth_floor), motion, now=world.clock())
    said = {line.voter.owners[0].name: (line.vote, line.channel) for line in lines}
    assert said["尹志强"] == ("agree", "in_app")
    assert said["杜文斌"] == ("against", "paper")
    assert said["邱国强"] == (None, None)
    for outside in (world.next_door, world.tenant, world.auditor, world.stranger):
        with pytest.raises(NotYours):
            votes.signed_list(world.actor(outside), motion, now=world.clock())


def test_a_paper_that_waits_for_its_second_person_holds_the_count(world):
    motion = vw.open_motion(world)
    sheet = vw.sheet_of(world, motion, "602")
    actor, handed = world.actor(world.committee), vw.handed_in(world)
    votes.enter_paper(actor, sheet, AGREE, handed=handed, now=world.clock())
    vw.close(world, motion)
    vw.close_box(world, motion)
    with pytest.raises(NotNow) as raised:
        count(world, motion)
    assert (raised.value.code, raised.value.params["number"]) == ("papers_unconfirmed", 1)
    # Papers collected in time are read after the close as well.
    actor = world.actor(world.second_committee)
    assert votes.confirm_paper(actor, sheet, AGREE, now=world.clock()).matched
    assert votes.recorded(count(world, motion)).persons.agree == 1


@pytest.mark.trust("1.8")
def test_the_ballot_is_on_the_closed_list_after_the_count(world):
    motion = vw.open_motion(world)
    receipt = vw.cast(world, motion, world.sixth_floor, AGREE)
    actor = world.actor(world.sixth_floor)

    def state():
        return votes.receipt_state(votes_queries.receipt_visible_to(actor, receipt.code))

    assert state().on_list is None
    vw.counted(world, motion)
    assert state().on_list is True
    assert votes_queries.receipt_visible_to(world.actor(world.ground_floor), receipt.code) is None


def test_a_count_is_frozen_in_the_database(world):
    vw.closed_motion(world)
    for statement in (update(MotionCount).values(outcome="rejected"), delete(MotionCount)):
        with pytest.raises(DBAPIError, match="frozen"), transaction() as session:
            session.execute(statement)
