"""Threads that want the same lock: who leads takes along who has come and who is about to."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from models.database import notes
from services import casting, company
from services.company import Company, Place


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(company, "PATIENCE", timedelta(seconds=20))


def led() -> tuple[Company[str, str], Place[str, str]]:
    group: Company[str, str] = Company()
    first = Place("first")
    assert group.leads(first)
    return group, first


def test_who_is_alone_waits_for_nobody(monkeypatch):
    group, _first = led()
    waited = []
    monkeypatch.setattr(group.arrivals, "wait_for", lambda *how: waited.append(how))
    assert group.others() == []
    assert waited == []
    group.expect()
    assert group.others() == []
    assert len(waited) == 1


def test_a_leader_takes_along_who_is_on_the_way(patient):
    group, first = led()
    group.expect()
    second = Place("second")

    def come():
        time.sleep(0.05)
        assert not group.leads(second, expected=True)

    thread = threading.Thread(target=come)
    thread.start()
    taken = group.others()
    assert taken == [second]
    group.leave([first, *taken])
    thread.join()
    # Only the second was expected, and is so to say that it is gone.
    assert (group.led, group.coming, group.going) == (False, 0, 1)
    group.gone()
    assert group.going == 0


def test_a_leader_waits_until_those_before_it_have_said_their_answers(patient):
    group: Company[str, str] = Company()
    group.expect()
    first = Place("first")
    assert group.leads(first, expected=True)
    group.leave([first])
    second = Place("second")
    assert group.leads(second)
    said = []

    def say():
        time.sleep(0.05)
        said.append("an answer")
        group.gone()

    thread = threading.Thread(target=say)
    thread.start()
    assert group.others() == []
    assert said == ["an answer"]
    thread.join()


def test_a_leader_goes_on_when_who_was_on_the_way_says_no(patient):
    group, _first = led()
    group.expect()
    thread = threading.Timer(0.05, group.met)
    thread.start()
    assert group.others() == []
    thread.join()


def test_nobody_is_waited_for_for_long():
    group, _first = led()
    group.expect()
    assert group.others() == []
    assert group.coming == 1


def test_a_unit_of_work_is_expected_once_and_no_longer_when_it_ends(app):
    casting.expect(7)
    known = notes()[casting.COMING]
    assert known.coming == 1
    casting.expected_no_longer()
    casting.expected_no_longer()
    assert known.coming == 0
    casting.expect(7)
    it = Place("it")
    assert known.leads(it, expected=casting._is_expected(known))
    assert (known.coming, known.going) == (0, 0)
    known.leave([it])
    assert known.going == 1
    # A second act of the same request was not expected; nobody waits for its answer.
    assert not casting._is_expected(known)
    assert known.going == 0
    casting.expected_no_longer()
    assert (known.coming, known.going) == (0, 0)


def test_who_comes_to_another_company_is_not_waited_for_by_the_first(app):
    casting.expect(7)
    first = notes()[casting.COMING]
    assert not casting._is_expected(Company())
    assert first.coming == 0


def test_a_request_that_fails_before_it_casts_is_expected_no_longer(place):
    client = place.app.test_client()
    with place.app.app_context():
        known = casting._company(casting.engine(), 7)
    assert client.post("/motions/7/ballot").status_code == 400
    assert known.coming == 0
