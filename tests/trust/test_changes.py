"""Every change asks for the token, and none happens by looking (trust.md §3.5)."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select, text

from extensions import csrf, db
from models.base import Base
from tests.access.people import OWN
from tests.access.test_access import Suite, routes
from tests.trust import HARD

pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
# Written by a look, on purpose: that it took place.
DECLARED = {"audit_entries"}
LOOKING = ("GET", "HEAD", "OPTIONS")


@pytest.fixture
def suite(app, world, place) -> Suite:
    return Suite(app, world, place)


def content() -> dict[str, str]:
    """Table -> a digest of all that stands in it."""
    db.session.rollback()
    return {
        table.name: hashlib.sha256(
            repr([tuple(row) for row in db.session.execute(select(table))]).encode()
        ).hexdigest()
        for table in Base.metadata.sorted_tables
        if table.name not in DECLARED
    }


def looked_everywhere(suite: Suite, *methods: str) -> tuple[list[str], int]:
    """The tables that changed while everybody looked at every page, and how many looks that was."""
    before, looks = content(), 0
    readers = ("committee", "sixth_floor", "nobody")
    for method in methods:
        for step in suite.steps("GET"):
            reads = step.person.name in (readers if method == "GET" or HARD else readers[:1])
            if step.place is OWN and reads:
                address = suite.address(step.rule, step.place)
                suite.visitors[step.person].send(method, address)
                looks += 1
    return [name for name, digest in content().items() if before[name] != digest], looks


@pytest.mark.trust("3.5")
def test_no_look_changes_anything(suite, figure):
    changed, looks = looked_everywhere(suite, *LOOKING)
    figure("looks", looks, "tables changed", len(changed))
    assert looks > 400
    assert changed == []


@pytest.mark.trust("3.5", control=True)
def test_the_comparison_sees_a_page_that_writes(suite, app, monkeypatch):
    def writes(**_arguments: object) -> str:
        db.session.execute(text("UPDATE plans SET title = 'looked at'"))
        db.session.commit()
        return ""

    monkeypatch.setitem(app.view_functions, "home.styleguide", writes)
    changed, _looks = looked_everywhere(suite, "GET")
    assert changed == ["plans"]


@pytest.mark.trust("3.5")
def test_nothing_is_exempt_from_the_token(suite, app, figure):
    exempt = [*csrf._exempt_views, *csrf._exempt_blueprints]
    figure("forms", len(routes(app, "POST")), "exemptions", len(exempt))
    assert exempt == []
    assert app.config["WTF_CSRF_ENABLED"] and app.config["WTF_CSRF_CHECK_DEFAULT"]
    assert set(app.config["WTF_CSRF_METHODS"]) >= {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.trust("3.5", control=True)
def test_the_round_without_tokens_sees_a_form_that_asks_for_none(suite, app, monkeypatch):
    monkeypatch.setattr(csrf, "protect", lambda **_how: None)
    statuses = {
        suite.go(step, token=False).status_code
        for step in suite.steps("POST")
        if step.rule.endpoint == "accounts.sign_out" and step.place is OWN
    }
    assert statuses != {400}
