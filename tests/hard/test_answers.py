"""Three answers to a vote: recorded, refused with the reason, not yet known; never an error."""

from __future__ import annotations

import threading

import pytest

import domain.retries
from models import commits, database, failures
from models.database import session as current_session
from models.votes import Ballot, Motion
from services.audit import plan_chain
from tests import votes_world as vw
from tests.hard import trouble

only = pytest.mark.parametrize
postgresql = only("place", ["postgresql"], indirect=True)
sqlite = only("place", ["sqlite"], indirect=True)


@pytest.fixture
def checked(visit, world):
    """A browser in which everything is filled in but not yet sent, and the page."""
    motion = vw.open_motion(world)
    browser = visit(world.ground_floor)
    page = browser.get(f"/motions/{motion.id}/ballot")
    return browser, browser.post(page, {"choice": "against"}, button="Go on")


def send(checked, status: int = 200, page=None, button: str = "Send my vote"):
    browser, filled = checked
    return browser.post(page or filled, button=button, status=status)


def ballots() -> list[str]:
    current_session().rollback()
    return [one.choice for one in current_session().query(Ballot)]


def is_receipt(page) -> bool:
    return "Your vote is recorded" in page.heading


@pytest.fixture
def impatient(monkeypatch, app):
    """Nobody waits long for a lock."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "10ms")
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 10)
    trouble.begin_anew()
    yield
    monkeypatch.undo()
    trouble.begin_anew()


@pytest.mark.trust("5.3", "1.5")
def test_a_lock_that_is_not_to_be_had_is_said_in_words_and_what_was_typed_is_kept(
    checked, impatient, figure
):
    motion_id = current_session().query(Motion.id).scalar()
    current_session().rollback()
    with trouble.held(motion_id):
        page = send(checked, 503)
    assert page.heading == "Not recorded"
    assert "Nothing was stored" in page.text
    assert page.answer.headers["Retry-After"]
    assert ballots() == []
    assert is_receipt(send(checked, page=page, button="Try again"))
    assert ballots() == ["against"]
    figure("errors", 0, "ballots after trying again", 1)


@sqlite
@pytest.mark.trust("5.2")
def test_when_the_disk_is_full_reads_go_on_and_casts_say_that_nothing_is_recorded(checked):
    browser, _page = checked
    with trouble.no_more_pages():
        # The rest of the last pages may take a ballot or two.
        answers = [_posted(checked, key) for key in range(40)]
        full = [answer for answer in answers if answer.status_code == 503]
        stored = sum(answer.status_code == 303 for answer in answers)
        assert full
        assert stored + len(full) == len(answers)
        assert "storage is full" in full[-1].get_data(as_text=True)
        assert browser.get("/").status == 200
        assert len(ballots()) == stored
    assert is_receipt(send(checked))


def _posted(checked, key: int):
    browser, page = checked
    form = page.form(button="Send my vote")
    data = form.filled({"form_key": f"a-key-of-its-own-{key}"})
    return browser.send("POST", form.action, data=data)


@postgresql
@pytest.mark.trust("5.3")
@only("state", ["40001", "40P01"])
def test_what_the_database_turned_away_twice_goes_through_unseen(checked, state):
    with trouble.on_ballots(trouble.raised(state), times=2):
        assert is_receipt(send(checked))
    assert ballots() == ["against"]


@postgresql
@pytest.mark.trust("5.3", control=True)
@only("state", ["40001", "40P01"])
def test_control_without_a_second_try_the_same_trouble_is_seen(checked, state, monkeypatch):
    monkeypatch.setattr(domain.retries, "PAUSES", ())
    with trouble.on_ballots(trouble.raised(state)):
        assert send(checked, 503).heading == "Not recorded"
    assert ballots() == []


@postgresql
@pytest.mark.trust("5.3", control=True)
def test_control_a_trouble_without_words_is_an_error(checked, monkeypatch):
    monkeypatch.setattr(failures, "of", lambda error: None)
    with trouble.on_ballots(trouble.raised("55P03")):
        assert "Something went wrong" in send(checked, 500).text


@postgresql
@pytest.mark.trust("5.3", "5.2")
@only(("state", "says"), [("53100", "storage is full"), ("57014", "Too many people")])
def test_other_troubles_are_said_in_words_at_once(checked, state, says):
    with trouble.on_ballots(trouble.raised(state)):
        page = send(checked, 503)
    assert says in page.text
    assert ballots() == []
    assert is_receipt(send(checked, page=page, button="Try again"))


@postgresql
@pytest.mark.trust("5.3")
def test_a_deadlock_is_carried_out_again(checked, figure):
    motion = current_session().query(Motion).one()
    chain, motion_id = plan_chain(motion.plan_id), motion.id
    current_session().rollback()
    with trouble.crossed(chain, motion_id):
        assert is_receipt(send(checked))
    assert ballots() == ["against"]
    figure("deadlocks", 1, "errors seen", 0)


@postgresql
@pytest.mark.trust("5.3")
def test_a_connection_that_is_lost_before_anything_is_written_is_made_anew(checked):
    motion_id = current_session().query(Motion).one().id
    current_session().rollback()
    with trouble.cut_off(motion_id):
        assert is_receipt(send(checked))
    assert ballots() == ["against"]


@postgresql
@pytest.mark.trust("1.5")
@only("deferred", [False, True])
def test_a_connection_lost_with_the_commit_is_not_yet_known_and_the_page_asks_again(
    checked, deferred
):
    # What is written goes with the COMMIT: lost at either, nobody can say whether it was stored.
    with trouble.on_ballots(trouble.LOST, deferred=deferred):
        page = send(checked, 503)
        assert page.heading == "Not yet known"
        assert "recorded twice" in page.text
        assert is_receipt(send(checked, page=page, button="Ask again"))
    assert ballots() == ["against"]


@postgresql
@pytest.mark.trust("1.6", "1.5")
def test_a_commit_that_the_standby_does_not_have_is_not_acknowledged_until_it_has_it(
    checked, monkeypatch, figure
):
    monkeypatch.setattr(commits, "PATIENCE", 0)
    monkeypatch.setattr(commits, "LOOKING_EVERY", 0.05)
    monkeypatch.setattr(commits, "_watch", commits._Watch())
    with trouble.standby_missing():
        page = send(checked, 503)
        assert page.heading == "Not yet known"
        # It is in the primary's table by now; that is not enough to say so.
        page = send(checked, 503, page=page, button="Ask again")
        assert page.heading == "Not yet known"
    assert is_receipt(send(checked, page=page, button="Ask again"))
    assert ballots() == ["against"]
    figure("acknowledged without the standby", 0, "ballots after asking again", 1)


class Deaf:
    """A connection whose server has not begun to wait when it is asked to stop waiting."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)

    def cancel(self) -> None:
        self.asked.release()


def test_a_wait_for_the_standby_is_cut_short_by_asking_until_it_is_over(monkeypatch):
    monkeypatch.setattr(commits, "PATIENCE", 0)
    monkeypatch.setattr(commits, "LOOKING_EVERY", 0.01)
    watch, raw = commits._Watch(), Deaf()
    watch.begin(raw)
    try:
        # The first one was lost.
        assert all(raw.asked.acquire(timeout=10) for _ in range(2))
    finally:
        watch.end(raw)


@postgresql
@pytest.mark.trust("1.6", control=True)
def test_control_a_deaf_program_acknowledges_what_the_standby_does_not_have(checked, monkeypatch):
    monkeypatch.setattr(commits, "PATIENCE", 0)
    monkeypatch.setattr(commits, "LOOKING_EVERY", 0.05)
    monkeypatch.setattr(commits, "_watch", commits._Watch())
    monkeypatch.setattr(commits, "HEARD", "nobody listens")
    with trouble.standby_missing():
        monkeypatch.setattr(commits, "listen", lambda connection, record: None)
        trouble.begin_anew()
        answer = _posted(checked, 1)
    assert answer.status_code == 303


def test_a_form_with_a_secret_or_a_file_is_not_written_into_a_page(app):
    from blueprints.shared.errors import _resend

    for sent in ({"password": "x"}, {"new_code": "x"}):
        with app.test_request_context("/somewhere", method="POST", data=sent):
            assert _resend("Try again") is None
    with app.test_request_context("/somewhere?a=1", method="POST", data={"text": "<b>"}):
        again = _resend("Try again")
        assert again is not None
        assert (again.action, again.fields) == ("/somewhere?a=1", (("text", "<b>"),))
