"""The box, its slips and the count at the same moment: one list, one count, recounted alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import Context

import pytest

from domain.errors import Refused
from domain.papers import HandedIn
from domain.periods import local_day
from models import votes_paper
from models.database import session as current_session
from models.paper_boxes import BoxReading, PaperBox
from models.votes import Motion, PaperSheet
from services import votes
from tests import votes_world as vw

READERS = 8


def at_once(app, jobs: Sequence[Callable[[], object]]) -> list[object]:
    """What each job returned, or the code of its refusal; all at the same moment."""
    start = threading.Barrier(len(jobs))
    got: list[object] = []

    def run(job: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                got.append(job())
            except Refused as refusal:
                got.append(refusal.code)

    threads = [threading.Thread(target=Context().run, args=(run, job)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    current_session().rollback()
    assert len(got) == len(jobs)
    return got


@pytest.fixture
def closed(world):
    """101 was entered in time; 102 is in hand."""
    motion = vw.open_motion(world)
    vw.cast_all(world, motion, dict.fromkeys(vw.ROOMS[4:], "agree"))
    vw.by_paper(world, motion, "101", "agree")
    vw.close(world, motion)
    return motion


def sheet_of(motion: Motion, room: str) -> PaperSheet:
    return next(
        one
        for one in votes_paper.paper_sheets(motion.id)
        if any(dwelling.room == room for dwelling in one.voter.dwellings)
    )


def in_time(motion: Motion) -> HandedIn:
    return HandedIn(local_day(motion.opens_at), "崔", "林")


def reading(world, motion: Motion, actor, serials: str) -> Callable[[], object]:
    key = motion.id
    return lambda: (
        votes.read_box(
            actor, current_session().get_one(Motion, key), serials, now=world.clock()
        ).agreed
    )


def test_b1_readings_at_once_make_one_list_by_two_people(app, world, closed):
    actors = [world.actor(world.committee), world.actor(world.second_committee)]
    got = at_once(app, [reading(world, closed, one, "1-2") for one in actors * (READERS // 2)])
    assert got.count(None) == got.count(True) == 1
    assert set(got) <= {None, True, "second_person_needed", "box_listed_already"}
    (box,) = current_session().query(PaperBox).all()
    assert (box.serials, box.first_by != box.second_by) == ("1-2", True)
    assert current_session().query(BoxReading).count() == 2


def test_b1_two_second_readers_at_once_who_differ_reject_one_pair(app, world, closed):
    reading(world, closed, world.actor(world.committee), "1-2")()
    second = world.actor(world.second_committee)
    got = at_once(app, [reading(world, closed, second, "1") for _ in range(2)])
    # Whichever came second begins anew, as a first one.
    assert sorted(got, key=str) == [False, None]
    assert current_session().query(PaperBox).all() == []


def test_b1_an_entry_at_the_moment_of_the_list_is_on_it_or_refused(app, world, closed):
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    sheet = sheet_of(closed, "102").id
    reading(world, closed, first, "1")()

    handed = in_time(closed)

    def enter() -> object:
        found = current_session().get_one(PaperSheet, sheet)
        return votes.enter_paper(second, found, "agree", handed=handed, now=world.clock())

    got = at_once(app, [reading(world, closed, second, "1"), enter])
    assert True in got
    assert {"box_to_be_closed", "paper_late"} & set(map(str, got))


def test_b1_a_count_at_the_moment_of_the_second_reading_is_whole(app, world, closed):
    first, second = world.actor(world.committee), world.actor(world.second_committee)
    for who in (first, second):
        reading(world, closed, who, "1-2")()
    sheet = sheet_of(closed, "102")
    votes.enter_paper(first, sheet, "agree", handed=in_time(closed), now=world.clock())
    sheet_id, motion_id = sheet.id, closed.id

    def confirm() -> object:
        found = current_session().get_one(PaperSheet, sheet_id)
        return votes.confirm_paper(second, found, "agree", now=world.clock()).matched

    def count() -> object:
        motion = current_session().get_one(Motion, motion_id)
        return votes.count(first, motion, now=world.clock()).digest

    got = at_once(app, [confirm, count, count])
    assert True in got
    motion = current_session().get_one(Motion, motion_id, populate_existing=True)
    counted = votes.count(first, motion, now=world.clock())
    assert votes.recount(motion) == counted.document
    assert votes.recorded(counted).persons.participating == 9
