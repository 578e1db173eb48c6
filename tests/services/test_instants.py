"""In time is who is so by the database's clock, whatever the request's machine thinks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import clock as real
from demo.clock import DemoClock
from domain.errors import NotNow
from extensions import db
from models import instants
from models.database import session as current_session
from models.votes import Ballot
from services import votes
from services.transaction import transaction
from tests import votes_world as vw

DAY = timedelta(days=1)


class Database:
    """What the database's clock shows, told apart from the request's."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 9, 1, tzinfo=UTC)

    def __call__(self, instant: datetime) -> datetime:
        return self.instant


@pytest.fixture
def database(app, clock) -> Iterator[Database]:
    """A clock of the database's own for one test."""
    apart = Database()
    instants.bind(db.engine, apart)
    yield apart
    db.session.remove()
    instants.bind(db.engine, clock.reading)


@pytest.fixture
def motion(world, clock):
    """An open motion, made before the two clocks part."""
    return vw.open_motion(world)


@pytest.mark.trust("1.2", "5.8")
def test_a_request_whose_clock_is_behind_gets_no_ballot_in_after_the_close(motion, database, world):
    database.instant = motion.closes_at
    with pytest.raises(NotNow, match="vote_closed"):
        vw.cast(world, motion, world.ground_floor, "agree")
    database.instant = motion.closes_at - timedelta(microseconds=1)
    assert vw.cast(world, motion, world.ground_floor, "agree").cast_at == database.instant


@pytest.mark.trust("5.8")
def test_a_request_whose_clock_is_ahead_loses_no_ballot(motion, database, world, clock):
    database.instant = motion.opens_at
    clock.move_to(motion.closes_at + DAY)
    vw.cast(world, motion, world.ground_floor, "agree")
    database.instant = motion.opens_at - timedelta(microseconds=1)
    clock.move_to(motion.opens_at + DAY)
    with pytest.raises(NotNow, match="vote_not_open"):
        vw.cast(world, motion, world.sixth_floor, "agree")
    assert current_session().query(Ballot).count() == 1


@pytest.mark.trust("1.2", "5.8")
def test_a_clock_that_is_ahead_counts_nothing_early(motion, database, world, clock):
    database.instant = motion.closes_at - timedelta(microseconds=1)
    clock.move_to(motion.closes_at + DAY)
    with pytest.raises(NotNow, match="count_before_close"):
        votes.count(world.actor(world.committee), motion, now=clock())
    database.instant = motion.closes_at
    assert votes.count(world.actor(world.committee), motion, now=clock()).counted_at == (
        motion.closes_at
    )


@pytest.mark.trust("1.2", control=True)
def test_control_where_the_requests_clock_decides_a_late_ballot_is_taken(
    motion, database, world, clock, monkeypatch
):
    monkeypatch.setattr(instants, "read", lambda session, instant: clock())
    database.instant = motion.closes_at + DAY
    vw.cast(world, motion, world.ground_floor, "agree")
    assert current_session().query(Ballot).count() == 1


@pytest.mark.trust("5.8")
def test_the_database_shows_the_present_and_a_moved_clock_adds_to_it(app, database, tmp_path):
    moved = DemoClock(tmp_path / "clock.json")
    moved.move(3)
    for reading, ahead in ((real.reading_of(real.now), 0 * DAY), (real.reading_of(moved), 3 * DAY)):
        instants.bind(db.engine, reading)
        # SQLite's clock has milliseconds.
        before = real.now() + ahead - timedelta(milliseconds=1)
        with transaction() as session:
            assert before <= instants.now(session) <= real.now() + ahead


@pytest.mark.trust("5.8")
def test_the_instant_is_the_statements_not_that_of_the_transactions_beginning(app, database):
    instants.bind(db.engine, instants.as_it_is)
    with transaction() as session:
        first = instants.now(session)
        while (later := instants.now(session)) == first:
            pass
    assert later > first
