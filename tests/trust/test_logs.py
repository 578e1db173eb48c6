"""What the program writes to its log holds nobody's name, telephone, code or choice (§3.8)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import current_app, request
from gunicorn.config import Config
from gunicorn.glogging import Logger
from sqlalchemy import text

from models.database import session
from tests.trust.fuzzing import Fuzzer
from tests.world import World

DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"
MARKERS = 500
CHOICES = re.compile(r"\b(agree|against|abstain)\b")
# Keys and switches; what a person types goes into all others.
NOT_TYPED = ("csrf_token", "form_key")


class Listener(logging.Handler):
    """Keeps every line as it would be written, at the levels the program runs with."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Listener]:
    """All loggers speak to it."""
    listener = Listener()
    logging.getLogger().addHandler(listener)
    yield listener
    logging.getLogger().removeHandler(listener)


def marker(number: int) -> str:
    """A name, a telephone, a code, a text: something that stands nowhere else."""
    kinds = ("赵标记{}", "1390{:07d}", "MRKR{:08d}", "写的话{}号", "m{}@example.invalid")
    return kinds[number % len(kinds)].format(number)


@pytest.fixture
def fuzzer(place, app, clock) -> Fuzzer:
    """Forms as the pages draw them, and readers who may send them."""

    def renew() -> World:
        place.reset()
        return World(clock)

    return Fuzzer(app, renew, 1)


def seed(fuzzer: Fuzzer) -> set[str]:
    """500 markers through every form, address and query string there is; returns them."""
    used: set[str] = set()

    def fresh() -> str:
        used.add(marker(len(used)))
        return marker(len(used) - 1)

    readers = ("committee", "sixth_floor", "nobody", "administrator")
    while len(used) < MARKERS:
        for form in fuzzer.forms:
            who = readers[len(used) % len(readers)]
            typed = {name: fresh() for name in form.values if name not in NOT_TYPED}
            data = {"csrf_token": fuzzer.tokens[who], **typed}
            kept = fuzzer.kept[who]
            if kept is not None:
                fuzzer.visitors[who].client.set_cookie("louyi", kept.value)
            fuzzer.visitors[who].send("POST", f"{form.action.split('?')[0]}?q={fresh()}", data=data)
        for path in ("/letters/{}", "/owners/{}", "/resolutions/{}", "/audit/{}", "/{}?next={}"):
            fuzzer.visitors["committee"].send("GET", path.format(fresh(), fresh()))
    return used


def hits(used: set[str], written: str) -> list[str]:
    """The markers in what was written; a choice is one too."""
    return [one for one in sorted(used) if one in written] + CHOICES.findall(written)


@pytest.mark.trust("3.8")
def test_no_marker_reaches_the_log_even_when_views_fail(
    fuzzer, app, heard, monkeypatch, figure, capfd
):
    used = seed(fuzzer)

    def fails(**_arguments: object) -> str:
        told = (request.form.to_dict() or request.args.to_dict()).popitem()[1]
        session().execute(text("INSERT INTO owners (name) VALUES (:name)"), {"name": told})
        raise AssertionError("not reached")  # the row lacks what it must have

    for endpoint in list(app.view_functions):
        monkeypatch.setitem(app.view_functions, endpoint, fails)
    used |= seed(fuzzer)
    written = "\n".join(heard.lines) + "".join(capfd.readouterr())
    found = hits(used, written)
    figure("markers", len(used), "hits", len(found), "lines", len(heard.lines))
    assert any("unexpected error" in line and "IntegrityError" in line for line in heard.lines)
    assert found == []


@pytest.mark.trust("3.8", control=True)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_search_hears_a_view_that_talks(fuzzer, app, heard, monkeypatch, figure):
    def talks(**_arguments: object) -> str:
        current_app.logger.warning("came with %s", dict(request.form))
        return ""

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", talks)
    used = seed(fuzzer)
    found = hits(used, "\n".join(heard.lines))
    figure("hits seen", len(found))
    assert found


@pytest.mark.trust("3.8")
def test_the_access_log_of_the_docs_writes_no_address_and_no_query():
    """A letter's address holds its code, so not even the path is written."""
    found = re.search(r"--access-logformat '([^']+)'", DOCS.read_text("utf-8"))
    assert found is not None
    logger = Logger(Config())

    class Answer:
        status, sent, headers = "200 OK", 12, ()

    class Request:
        headers = (("REFERER", "/letters/MRKR0001"), ("COOKIE", "louyi=MRKR0002"))

    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/letters/MRKR0003?next=MRKR0004",
        "PATH_INFO": "/letters/MRKR0003",
        "QUERY_STRING": "next=MRKR0004",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.77",
    }
    from datetime import timedelta

    atoms = logger.atoms(Answer(), Request(), environ, timedelta(milliseconds=5))
    line = found[1] % logger.atoms_wrapper_class(atoms)
    assert "200" in line and "GET" in line
    assert "MRKR" not in line and "192.0.2.77" not in line
