"""Simultaneous casts against one another, against the close and the count, and against paper."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text

from domain.errors import NotNow
from domain.papers import HandedIn
from domain.periods import local_day
from models.database import session as current_session
from models.votes import Ballot, Motion, PaperSheet
from services import counts, votes
from services.audit import check, plan_chain
from tests.hard import faults
from tests.hard.conftest import VOTERS, Stage
from tests.hard.driver import Browser, Crowd, fresh_key
from tests.hard.served import SKEW
from tests.trust import HARD

POSTS = 20 if HARD else 8
BROWSERS = 32
HOUR = 3600
# What needs servers of its own or waits for their end; its rule has a quick test as well.
long_form = pytest.mark.skipif(not HARD, reason="the long form: make hard")


def ballots(stage: Stage, motion: int) -> list[Ballot]:
    with stage.app.app_context():
        wanted = select(Ballot).where(Ballot.motion_id == motion).order_by(Ballot.id)
        return list(current_session().scalars(wanted))


def doubles(found: list[Ballot]) -> int:
    """Voters of whom two ballots claim to be the same one in the history."""
    places = Counter((one.voter_id, one.sequence) for one in found)
    return len({voter for (voter, _place), number in places.items() if number > 1})


def log_is_whole(stage: Stage) -> bool:
    with stage.app.app_context():
        return check(plan_chain(stage.electorate.plan_id)).fault is None


@pytest.mark.trust("1.1", "1.5")
def test_a_form_sent_twenty_times_at_once_is_one_ballot_and_one_receipt(stage, figure):
    motion = stage.electorate.motion()
    keys = {voter: fresh_key() for voter in stage.electorate.voters}
    posts = ((voter, "agree", key) for voter, key in keys.items() for _ in range(POSTS))
    crowd = Crowd(stage.served.port, stage.electorate, BROWSERS)
    crowd.begin(crowd.posting(motion, posts))
    notes = crowd.wait()
    found = ballots(stage, motion)
    assert notes.statuses == {303: VOTERS * POSTS}
    assert len(notes.acknowledged) == len(found) == VOTERS
    assert doubles(found) == 0
    assert {one.receipt for one in found} == set(notes.acknowledged)
    assert log_is_whole(stage)
    figure(
        *("engine", stage.kind, "workers", stage.served.workers, "threads", 8),
        *("voters", VOTERS, "posts of each at once", POSTS, "ballots", len(found)),
        *("doubles", 0, "5xx", 0),
    )


@pytest.mark.trust("1.1", "1.4")
def test_different_answers_of_one_voter_at_once_are_a_history_without_gap_or_double(stage, figure):
    motion = stage.electorate.motion()
    each = POSTS // 4
    choices = itertools.cycle(("agree", "against", "abstain"))
    posts = (
        (voter, next(choices), fresh_key())
        for voter in stage.electorate.voters
        for _ in range(each)
    )
    crowd = Crowd(stage.served.port, stage.electorate, BROWSERS)
    crowd.begin(crowd.posting(motion, posts))
    notes = crowd.wait()
    assert notes.statuses == {303: VOTERS * each}
    histories: dict[int, list[int]] = {}
    for one in ballots(stage, motion):
        histories.setdefault(one.voter_id, []).append(one.sequence)
    assert list(histories.values()) == [list(range(1, each + 1))] * VOTERS
    figure("engine", stage.kind, "histories", VOTERS, "with a gap or a double", 0)


# SQLite cannot drop a key, and has no lock to leave out: it has one writer.
@long_form
@pytest.mark.parametrize("stage", ["postgresql"], indirect=True)
@pytest.mark.trust("1.1", control=True)
def test_control_without_lock_and_keys_the_harness_sees_doubles(stage, figure):
    motion = stage.electorate.motion()
    keys = {
        "ballots": ("uq_ballots_motion_id_voter_id_sequence", "uq_ballots_motion_id_form_key"),
        "audit_entries": ("uq_audit_entries_chain_seq",),
    }
    engine = create_engine(stage.url)
    with engine.begin() as connection:
        found = {
            name: connection.execute(
                text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
                {"name": name},
            ).scalar_one()
            for names in keys.values()
            for name in names
        }
        for table, names in keys.items():
            for name in names:
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    posts = (
        (voter, "agree", fresh_key()) for voter in stage.electorate.voters[:50] for _ in range(4)
    )
    headers = {faults.FAULT: faults.NO_LOCK}
    crowd = Crowd(stage.without_guards.port, stage.electorate, BROWSERS, **headers)
    crowd.begin(crowd.posting(motion, posts))
    crowd.wait()
    seen = doubles(ballots(stage, motion))
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE ballots, audit_entries CASCADE"))
        for table, names in keys.items():
            for name in names:
                connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {found[name]}"))
    engine.dispose()
    assert seen > 0
    figure("voters", min(50, VOTERS), "doubled without lock and keys", seen)


def close_and_count(stage: Stage, motion_id: int) -> list[str]:
    """Two people count as soon as the vote is closed; what each got."""
    got: list[str] = []

    def count(actor) -> None:
        with stage.app.app_context():
            motion = current_session().get_one(Motion, motion_id)
            while True:
                try:
                    got.append(votes.count(actor, motion, now=motion.closes_at).document)
                    return
                except NotNow as refusal:
                    assert refusal.code == "count_before_close"

    threads = [
        threading.Thread(target=lambda one=one: Context().run(count, one))
        for one in stage.electorate.actors()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


@pytest.mark.trust("1.2", "5.8")
def test_the_close_is_a_barrier_whatever_the_clocks_of_the_machines_say(stage, figure):
    motion = stage.electorate.motion(closes_in=timedelta(seconds=2))
    crowds = [
        Crowd(stage.served.port, stage.electorate, 4, **{SKEW: str(off)})
        for off in (-HOUR, 0, HOUR)
    ]

    def until_closed(browser: Browser, number: int, notes) -> None:
        for voter in itertools.cycle(stage.electorate.voters[number::4]):
            told = notes.note(browser.cast(motion, voter, "agree", fresh_key()))
            if told.status != 303:
                return

    for crowd in crowds:
        crowd.begin(until_closed)
    first, second = close_and_count(stage, motion)
    notes = [crowd.wait() for crowd in crowds]
    found = ballots(stage, motion)
    told = [one for each in notes for one in each.told]
    late = [one for one in told if one.status != 303]
    with stage.app.app_context():
        closed = current_session().get_one(Motion, motion)
        assert first == second == counts.recount(closed) == closed.counted.document
        assert all(closed.opens_at <= one.cast_at < closed.closes_at for one in found)
    assert {one.status for one in late} == {409}
    assert len(late) == 12
    assert {one.receipt for one in found} == {r for each in notes for r in each.acknowledged}
    figure(
        *("engine", stage.kind, "ballots", len(found), "after the close", 0, "pending", 0),
        *("clocks off by (s)", "-3600, 0, 3600", "counts", "equal byte for byte"),
    )


@long_form
@pytest.mark.trust("1.2", "5.8", control=True)
def test_control_where_the_machines_clock_decides_ballots_come_in_after_the_close(stage, figure):
    motion = stage.electorate.motion(closes_in=timedelta(milliseconds=1))
    late = {SKEW: str(-HOUR)}
    voters = stage.electorate.voters[:8]
    statuses = []
    for headers in (late, late | {faults.FAULT: faults.REQUEST_CLOCK}):
        crowd = Crowd(stage.without_guards.port, stage.electorate, 2, **headers)
        crowd.begin(crowd.posting(motion, ((v, "agree", fresh_key()) for v in voters)))
        statuses.append(crowd.wait().statuses)
    # Its machine is an hour behind, so by that clock voting has not even opened: say a little less.
    assert statuses[0] == {409: 8}
    assert len(ballots(stage, motion)) == statuses[1][303]


@pytest.mark.trust("1.5")
def test_whoever_hangs_up_and_asks_again_gets_the_first_receipt(stage, figure):
    motion = stage.electorate.motion()

    def doing(browser: Browser, number: int, notes) -> None:
        for voter in stage.electorate.voters[number::8]:
            key = fresh_key()
            browser.hang_up(motion, voter, "agree", key)
            for _ in range(2):
                notes.note(browser.cast(motion, voter, "agree", key))

    crowd = Crowd(stage.served.port, stage.electorate, 8)
    crowd.begin(doing)
    notes = crowd.wait()
    assert notes.statuses == {303: 2 * VOTERS}
    assert len(notes.acknowledged) == len(ballots(stage, motion)) == VOTERS
    figure("engine", stage.kind, "keys", VOTERS, "posts of each", 3, "effects of each", 1)


@pytest.mark.trust("1.5", control=True)
def test_control_without_the_key_asking_again_is_a_second_ballot(stage, figure):
    motion = stage.electorate.motion()
    voters = stage.electorate.voters[:8]
    crowd = Crowd(stage.served.port, stage.electorate, 2)
    crowd.begin(crowd.posting(motion, ((v, "agree", fresh_key()) for v in voters * 2)))
    crowd.wait()
    assert len(ballots(stage, motion)) == 16
    figure("posts of 8 voters, each with a key of its own", 16, "ballots", 16)


@pytest.mark.trust("1.4")
def test_a_paper_confirmed_while_its_voter_casts_is_the_last_word(stage, figure):
    voters = stage.electorate.voters[: VOTERS if HARD else 12]
    motion_id = stage.electorate.motion(voters=len(voters))
    first, second = stage.electorate.actors()
    crowd = Crowd(stage.served.port, stage.electorate, 4)

    def until_told(browser: Browser, number: int, notes) -> None:
        for voter in voters[number::4]:
            while notes.note(browser.cast(motion_id, voter, "agree", fresh_key())).status == 303:
                pass

    with stage.app.app_context():
        motion = current_session().get_one(Motion, motion_id)
        votes.print_sheets(first, motion, now=motion.opens_at)
        sheets = current_session().scalars(
            select(PaperSheet).where(PaperSheet.motion_id == motion_id).order_by(PaperSheet.number)
        )
        handed = HandedIn(local_day(motion.opens_at), "崔", "林")
        crowd.begin(until_told)
        for sheet in sheets.all():
            owner = sheet.voter.owners[0].owner_id
            votes.enter_paper(
                first, sheet, "against", owner_id=owner, handed=handed, now=motion.opens_at
            )
            assert votes.confirm_paper(second, sheet, "against", now=motion.opens_at).matched
    notes = crowd.wait()
    last: dict[int, Ballot] = {}
    for one in ballots(stage, motion_id):
        last[one.voter_id] = max(one, last.get(one.voter_id, one), key=lambda b: b.sequence)
    assert {one.channel for one in last.values()} == {"paper"}
    assert len(last) == len(voters)
    assert notes.statuses[409] == len(voters)
    assert set(notes.statuses) <= {303, 409}
    figure("engine", stage.kind, "papers", len(voters), "overridden afterwards", 0)
