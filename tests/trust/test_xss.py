"""What people write is shown, never run: every page and every answer to a form (trust.md §3.3)."""

from __future__ import annotations

import io

import pytest

from extensions import db
from tests.trust import HARD
from tests.trust.fuzzing import Fuzzer
from tests.trust.payloads import ALL, PAYLOADS, poison, unescaped
from tests.world import World

pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
READERS = ("committee", "sixth_floor")
READERS += ("administrator", "contractor", "auditor", "nobody") if HARD else ()
# All sixty in every text at once; at full length also each by itself in every text.
ROUNDS = (ALL, *PAYLOADS) if HARD else (ALL,)


@pytest.fixture
def fuzzer(place, app, clock):
    """Forms and readers; the triggers are back when the next test begins."""

    def renew() -> World:
        place.reset()
        return World(clock)

    yield Fuzzer(app, renew, 7)
    db.session.remove()
    place.reset()


def spoil(payload: str) -> int:
    """The payload stands in every text of the database."""
    db.session.rollback()
    db.session.remove()
    with db.engine.begin() as connection:
        return poison(connection, payload)


def judged(fuzzer: Fuzzer, who: str, method: str, path: str, **options: object) -> list[str]:
    kept = fuzzer.kept[who]
    if kept is not None:
        fuzzer.visitors[who].client.set_cookie("louyi", kept.value)
    answer = fuzzer.visitors[who].send(method, path, **options)
    if answer.mimetype != "text/html":
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return []
    policy = answer.headers.get("Content-Security-Policy", "")
    faults = unescaped(answer.get_data(as_text=True))
    if "'unsafe-inline'" in policy or "default-src 'none'" not in policy:
        faults.append("no strict policy")
    return [f"{who} {method} {path}: {fault}" for fault in faults]


def looked(fuzzer: Fuzzer, *rooms: str) -> tuple[list[str], int]:
    """What is wrong on any page, and how many were read."""
    faults, pages = [], 0
    for rule in fuzzer.rules:
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith(rooms or ("",)):
            for who in READERS:
                faults += judged(fuzzer, who, "GET", fuzzer.address(rule))
                pages += 1
    return faults, pages


def sent(fuzzer: Fuzzer, payload: str) -> tuple[list[str], int]:
    """The same for the answers to every form filled with the payload: errors, confirmations."""
    faults = []
    for form in fuzzer.forms:
        for who in READERS[:2]:
            data: dict[str, object] = {
                name: (values[0] if values and values[0] else payload)
                for name, values in form.values.items()
            }
            typed = [name for name in data if name not in ("csrf_token", "form_key")]
            data["csrf_token"] = fuzzer.tokens[who]
            for all_of_them in (False, True) if HARD else (True,):
                filled = data | (dict.fromkeys(typed, payload) if all_of_them else {})
                options = {"data": filled, "content_type": "multipart/form-data"}
                for name in form.files:
                    filled[name] = (
                        io.BytesIO(f"{payload},x\n{payload}".encode()),
                        f"{payload}.csv",
                    )
                faults += judged(fuzzer, who, "POST", form.action, follow_redirects=True, **options)
    return faults, len(fuzzer.forms) * (4 if HARD else 2)


@pytest.mark.trust("3.3")
def test_no_page_and_no_answer_is_made_of_what_somebody_wrote(fuzzer, figure):
    faults: list[str] = []
    texts = pages = answers = 0
    for payload in ROUNDS:
        texts = spoil(payload)
        found, pages = looked(fuzzer)
        faults += found
    found, answers = sent(fuzzer, ALL)
    faults += found
    figure("payloads", len(PAYLOADS), "texts", texts, "pages", pages, "answers", answers)
    figure("unescaped", len(faults))
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 60
    assert faults == []


@pytest.mark.trust("3.3", control=True)
def test_the_search_sees_a_page_that_does_not_escape(fuzzer, app, monkeypatch, figure):
    spoil(ALL)
    monkeypatch.setattr(app.jinja_env, "autoescape", False)
    app.jinja_env.cache.clear()
    try:
        faults, _pages = looked(fuzzer, "objections.", "plans.")
    finally:
        app.jinja_env.cache.clear()
    figure("unescaped seen", len(faults))
    assert any("onerror" in fault for fault in faults)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_search_knows_each_payload(payload, place):
    shown = f"<p>{payload}</p><p title=\"{payload}\"></p><p title='{payload}'></p>"
    runs = unescaped(f"<!doctype html><body>{shown}")
    # Texts that only run in a place of another kind: an address, a script, a template.
    harmless = payload.startswith(("javascript:", "\\u003c", "＜", "%3C", "';xss", '";xss', "{{"))
    harmless |= payload.startswith(("data:text", "` on", "<img/src"))
    assert runs or harmless
