"""The guards that hold for every view there is, and ``docs/access.md`` that says so."""

from __future__ import annotations

import ast

from blueprints.shared.access import public, requires, rule_of, signed_in
from domain.accounts import TABLE, Permission, Role
from extensions import csrf
from tests.conftest import ROOT
from tools import access_page

SAFE = {"GET", "HEAD", "OPTIONS"}


def test_the_page_of_access_is_what_the_generator_writes(app):
    assert access_page.PAGE.read_text("utf-8") == access_page.page(app), (
        "docs/access.md is stale: run python -m tools.access_page"
    )


def test_every_view_has_a_rule(app):
    assert [name for name in app.view_functions if rule_of(app, name) is None] == []


def test_no_view_is_exempt_from_the_token(app):
    assert not csrf._exempt_views
    assert not csrf._exempt_blueprints
    assert app.config.get("WTF_CSRF_ENABLED", True)
    assert app.config["WTF_CSRF_CHECK_DEFAULT"]


def test_nothing_but_a_post_changes_anything(app):
    """Other methods would pass the forms' token by; looking is tried in tests/access."""
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods - SAFE == {"POST"}


def test_every_permission_is_held_by_somebody_and_asked_for_somewhere(app):
    held = set().union(*TABLE.values())
    assert held == set(Permission)
    asked = {rule_of(app, endpoint) for endpoint in app.view_functions}
    checked = asked | _named_in_code()
    assert set(Permission) - checked == set()


def _named_in_code() -> set[Permission]:
    """Permissions that a view or service checks by hand, inside a page that asks for another."""
    found = set()
    for folder in ("blueprints", "services", "models"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in Permission.__members__:
                    found.add(Permission[node.attr])
    return found


def test_the_administrator_has_no_voice_in_any_building():
    voices = {
        Permission.CAST_BALLOT,
        Permission.ANSWER_MENU,
        Permission.RAISE_OBJECTION,
        Permission.RUN_VOTE,
        Permission.ENTER_PAPER,
        Permission.SEE_ANSWERS,
    }
    assert not TABLE[Role.ADMINISTRATOR] & voices


def test_a_guard_says_what_it_is(app):
    def view():
        return ""

    assert public(view)._access == "public"
    assert signed_in(view)._access == "signed_in"
    assert requires(Permission.SEE_PLAN)(view)._access is Permission.SEE_PLAN
