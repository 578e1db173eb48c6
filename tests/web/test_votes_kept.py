"""The page of a decided motion is drawn once for many; nobody reads what is another's or past."""

from __future__ import annotations

import gzip
import re

import pytest

from models.database import session as current_session
from services import votes
from services.transaction import transaction
from tests import votes_world as vw
from tests.statements import counting


@pytest.fixture
def motion(world):
    return vw.closed_motion(world)


def path(motion):
    return f"/motions/{motion.id}"


def body(visitor, motion):
    """The page without its nonce."""
    text = visitor.get(path(motion)).answer.get_data(as_text=True)
    return re.sub(r'nonce="[^"]+"', "nonce", text)


def test_each_reader_finds_the_own_name_and_line_and_no_other(visit, world, motion):
    pages = {room: body(visit(vw.account_of(world, room)), motion) for room in ("101", "102")}
    for room, other in (("101", "102"), ("102", "101")):
        assert f"单元{room}</th>" in pages[room]
        assert f"单元{other}</th>" not in pages[room]
        assert vw.account_of(world, other).display_name not in pages[room]


def test_what_is_kept_is_what_would_be_drawn(visit, world, motion, monkeypatch):
    browser = visit(vw.account_of(world, "101"))
    drawn, kept = body(browser, motion), body(browser, motion)
    monkeypatch.setattr("blueprints.shared.kept.may_be_kept", lambda: False)
    assert drawn == kept == body(browser, motion)


def test_a_kept_page_takes_two_statements_and_a_nonce_of_its_own(visit, world, motion):
    browser = visit(vw.account_of(world, "101"))
    address = path(motion)
    first = browser.get(address).answer
    with counting() as statements:
        second = browser.get(address).answer
    assert len(statements) == 2
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]
    nonce = re.findall(r"'nonce-([^']+)'", second.headers["Content-Security-Policy"])[0]
    assert f'nonce="{nonce}"' in second.get_data(as_text=True)


def test_who_comes_late_is_not_told_to_speak_before_the_opening(visit, world):
    owner, asked = vw.account_of(world, "101"), "tell the committee before voting opens"
    motion = vw.announced_motion(world)
    assert asked in body(visit(owner), motion)
    vw.close(world, motion)
    closed = body(visit(owner), motion)
    vw.counted(world, motion)
    for late in (closed, body(visit(owner), motion)):
        assert "You on the roll" in late
        assert asked not in late


def test_languages_and_audiences_are_kept_apart(visit, world, motion):
    owner = vw.account_of(world, "101")
    english = body(visit(owner), motion)
    assert "Result" in english
    assert "Result" not in body(visit(owner, "zh-CN"), motion)
    assert "Read the signed list" in english
    assert "Read the signed list" not in body(visit(world.next_door), motion)
    assert "Read the signed list" in body(visit(owner), motion)


def test_what_changes_afterwards_is_read_by_the_next_reader(visit, world):
    motion = vw.closed_motion(world, {})
    browser = visit(vw.account_of(world, "101"))
    assert "drawn up anew" not in body(browser, motion).replace("can be drawn up anew", "")
    votes.redraw(
        world.actor(world.committee),
        motion,
        title="再议加装电梯",
        text=vw.TEXT,
        matter=motion.matter,
        version=motion.version,
        now=world.clock(),
        channel=motion.channel,
    )
    assert "再议加装电梯" in body(browser, motion)
    with transaction():
        current_session().get_one(type(motion.plan), motion.plan_id).title = "另一个名字"
    assert "另一个名字" in body(browser, motion)


def test_a_kept_page_comes_compressed_to_who_takes_it_and_says_the_same(visit, world, motion):
    browser = visit(vw.account_of(world, "101"))
    said = body(browser, motion)
    accepted = {"headers": {"Accept-Encoding": "gzip, br"}}
    for _time in range(2):
        answer = browser.client.get(path(motion), **accepted)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert int(answer.headers["Content-Length"]) == len(answer.data) < len(said) / 2
        text = gzip.decompress(answer.data).decode()
        assert re.sub(r'nonce="[^"]+"', "nonce", text) == said
    for header in ("", "identity"):
        answer = browser.client.get(path(motion), headers={"Accept-Encoding": header})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
