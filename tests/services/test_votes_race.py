"""Simultaneous casts, through the whole program: one voter, one counted ballot, no server error.

Each control takes one guard away and shows that the same harness sees what the guard prevents.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from contextvars import Context
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from extensions import db
from models import casts_queries, links, sign_ins_queries
from models.database import session as current_session
from models.votes import Ballot
from services import casting, votes
from services.company import Company
from tests import votes_world as vw

THREADS = 20


@dataclass
class Sent:
    """What one thread got: the status, and where it was sent on to."""

    status: int
    location: str


def at_once(jobs: Sequence[Callable[[], Sent]]) -> list[Sent]:
    """Run all jobs at the same moment, each in a thread and a context of its own."""
    start = threading.Barrier(len(jobs))
    sent: list[Sent] = []

    def run(job: Callable[[], Sent]) -> None:
        start.wait()
        sent.append(Context().run(job))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def post(browser, page, choice: str, key: str | None = None) -> Callable[[], Sent]:
    """A job that sends the ballot drawn on ``page``, as the page's own form or with ``key``."""
    form = page.form(action="/ballot")
    data = form.filled({"choice": choice, "form_key": key or vw.form_key()})
    path = form.action.removesuffix("/check")

    def job() -> Sent:
        try:
            answer = browser.client.post(path, data=data)
        except Exception:
            # The tests let errors through that a server answers with 500.
            return Sent(500, "")
        return Sent(answer.status_code, answer.headers.get("Location", ""))

    return job


def ballot_page(browser, motion):
    return browser.get(f"/motions/{motion.id}/ballot")


def sequences(motion) -> dict[int, list[int]]:
    """Voter → the sequence numbers of its ballots."""
    current_session().rollback()
    found: dict[int, list[int]] = {}
    for ballot in current_session().scalars(select(Ballot).where(Ballot.motion_id == motion.id)):
        found.setdefault(ballot.voter_id, []).append(ballot.sequence)
    return found


@pytest.mark.trust("1.5")
def test_twenty_posts_of_one_form_are_one_ballot_and_one_receipt(visit, world):
    motion = vw.open_motion(world)
    browser = visit(world.ground_floor)
    page = ballot_page(browser, motion)
    sent = at_once([post(browser, page, "agree", "one-form-key") for _ in range(THREADS)])
    assert Counter(one.status for one in sent) == {303: THREADS}
    assert len({one.location for one in sent}) == 1
    assert [len(numbers) for numbers in sequences(motion).values()] == [1]


@pytest.mark.trust("1.1", "1.4")
def test_twenty_answers_of_one_voter_are_a_clean_history_of_which_the_last_counts(visit, world):
    motion = vw.open_motion(world)
    browser = visit(world.ground_floor)
    page = ballot_page(browser, motion)
    choices = ["agree", "against"] * (THREADS // 2)
    sent = at_once([post(browser, page, choice) for choice in choices])
    assert Counter(one.status for one in sent) == {303: THREADS}
    assert [sorted(numbers) for numbers in sequences(motion).values()] == [
        list(range(1, THREADS + 1))
    ]
    counted = votes.recorded(vw.counted(world, motion))
    assert counted.persons.participating == 1


@pytest.mark.trust("1.1")
def test_different_voters_at_once_are_each_counted_once(visit, world):
    motion = vw.open_motion(world)
    jobs = []
    for room in vw.ROOMS:
        browser = visit(vw.account_of(world, room))
        page = ballot_page(browser, motion)
        jobs += [post(browser, page, "agree"), post(browser, page, "agree", f"form-key-{room}")]
    sent = at_once(jobs)
    assert Counter(one.status for one in sent) == {303: len(jobs)}
    assert all(sorted(numbers) == [1, 2] for numbers in sequences(motion).values())
    counted = votes.recorded(vw.counted(world, motion))
    assert (counted.persons.participating, counted.persons.agree) == (11, 11)
    assert votes.recount(motion) == motion.counted.document


@pytest.fixture
def nobody_queues(monkeypatch):
    """Casts take no lock, and those that overlap have both looked before either writes."""
    meet = threading.Barrier(2)

    def look_without_lock(link, wanted, claimed):
        heads = casts_queries.HEADS.rows(link, wanted)
        opened = sign_ins_queries.OF_SEVERAL.rows(link, claimed) if claimed else ()
        with suppress(threading.BrokenBarrierError):
            meet.wait(timeout=0.5)
        return heads, opened

    def begin_to_read(link):
        link.raw.execute("BEGIN")

    monkeypatch.setattr(casts_queries, "locked", look_without_lock)
    monkeypatch.setattr(casting, "_company", lambda *_of: Company())
    # SQLite's lock is the way a write begins; before it, the threads of a process queue.
    monkeypatch.setattr(links.OfSQLite, "begin_to_write", begin_to_read)
    monkeypatch.setattr("services.transaction.turn", nullcontext)


@pytest.fixture
def without_keys(place, app):
    """On PostgreSQL the unique keys of ballots and audit entries are gone for one test."""
    keys = {
        "ballots": ("uq_ballots_motion_id_voter_id_sequence", "motion_id, voter_id, sequence"),
        "audit_entries": ("uq_audit_entries_chain_seq", "chain, seq"),
    }
    with db.engine.begin() as connection:
        for table, (name, _columns) in keys.items():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    db.session.remove()
    with db.engine.begin() as connection:
        for table, (name, columns) in keys.items():
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
            connection.execute(
                text(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})")
            )


def race(visit, world):
    """Two answers of one voter at once."""
    motion = vw.open_motion(world)
    browser = visit(world.ground_floor)
    page = ballot_page(browser, motion)
    return motion, at_once([post(browser, page, choice) for choice in ("agree", "against")])


@pytest.mark.trust("1.1", control=True)
def test_control_without_the_lock_the_harness_sees_errors_and_the_key_still_stops_doubles(
    place, visit, world, nobody_queues
):
    motion, sent = race(visit, world)
    # SQLite itself turns away who writes on what he has read before another's commit.
    turned_away = 503 if place.kind == "sqlite" else 500
    assert Counter(one.status for one in sent) == {303: 1, turned_away: 1}
    assert list(sequences(motion).values()) == [[1]]


# SQLite cannot drop a key, and refuses such a write by itself.
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.trust("1.1", control=True)
def test_control_without_lock_and_keys_the_harness_sees_doubles(
    visit, world, nobody_queues, without_keys
):
    motion, sent = race(visit, world)
    assert Counter(one.status for one in sent) == {303: 2}
    assert list(sequences(motion).values()) == [[1, 1]]
