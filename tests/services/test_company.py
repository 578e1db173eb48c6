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
    group, _first = led()
    group.expect()
    second = Place("second")

    def come():
        time.sleep(0.05)
        assert not group.leads(second, expected=True)

    thread = threading.Thread(target=come)
    thread.start()
    taken = group.others()
    assert taken == [second]
    group.leave(taken)
    thread.join()
    assert (group.led, group.coming) == (False, 0)


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
    assert casting._is_expected(known)
    # From now on it is the coming of its act that counts it off, and not its end.
    casting.expected_no_longer()
    assert known.coming == 1
    assert known.leads(Place("it"), expected=True)
    assert known.coming == 0
    known.leave([])


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
