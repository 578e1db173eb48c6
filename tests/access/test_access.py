"""Every route × every role × {own building, other building, other community}, with real ids.

For each route the expectation follows from the permission it asks for, the table of roles
(``domain.accounts.TABLE``) and where each person is at home (``people.py``), never from the
program's own check:

* nobody signed in: a page leads to the sign-in, a form is answered 401;
* whoever has nothing to do with the place finds nothing: 404;
* whoever is there without the permission: 403 or 404;
* whoever holds it is served: not 401, 403 or 404 (``objects.NARROWER`` names the routes where the
  object is narrower than a place);
* nothing ever answers 5xx, and no form without its token does anything (400).

To extend: a new route is visited by itself. A URL argument of a new name needs its value in
``objects.OBJECTS``; a kind of row that does not exist yet is added to ``tests.everything``.

Access does not depend on the database engine, so this runs on SQLite, whose file can be put back
after a form that was served.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from blueprints.shared import confirmation
from blueprints.shared.access import rule_of, wants_second_factor
from domain.accounts import Permission
from extensions import db
from tests.access import objects
from tests.access.people import OTHER, OWN, PEOPLE, SIBLING, Person, Place, works_elsewhere
from tests.conftest import Place as Database
from tests.everything import Everything
from tests.statements import counting
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
COOKIE = "louyi"
# Looking at named answers or ballots is put on record; nothing else is written by a GET.
READING = ("SELECT", "WITH", "PRAGMA", "INSERT INTO audit_entries")
SERVED_NOT = {401, 403, 404, 405}


@dataclass(frozen=True)
class Step:
    """One visit: who, which route, where."""

    person: Person
    method: str
    rule: Rule
    place: Place

    def __str__(self) -> str:
        return f"{self.person.name} {self.method} {self.rule.rule} in the {self.place}"


def routes(app: Flask, method: str) -> list[Rule]:
    """The routes that take this method, in the order of their addresses."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return sorted(rules, key=lambda rule: (rule.rule, rule.endpoint))


class Suite:
    """The three places full of things, everybody signed in, and a way back."""

    def __init__(self, app: Flask, world, database: Database) -> None:
        self.app = app
        self.database = database
        self.rows = {
            OWN: Everything(world, world.building, company=world.company),
            SIBLING: Everything(world, world.tower, company=world.rival_company),
            OTHER: Everything(world, world.other_building),
        }
        self.urls = {place: self._urls(rows) for place, rows in self.rows.items()}
        world.works_elsewhere = works_elsewhere(world, world.now)
        self.visitors = {p: Visitor(app, getattr(world, p.name, None)) for p in PEOPLE}
        # The same people, who have not typed a code of their phone.
        self.unconfirmed = {
            name: Visitor(app, getattr(world, name), confirmed=False)
            for name in ("committee", "administrator")
        }
        self.tokens = {person: self._token(person) for person in PEOPLE}
        self.cookies = {p: v.client.get_cookie(COOKIE) for p, v in self.visitors.items()}
        self._leave()
        self.copy = database.file.with_name("access.sqlite3")
        shutil.copyfile(database.file, self.copy)

    def _urls(self, rows: Everything) -> dict[str, object]:
        return {name: value(rows) for name, value in objects.OBJECTS.items()}

    def _token(self, person: Person) -> str:
        page = self.visitors[person].get("/sign-in" if person.is_nobody else "/me")
        return page.form().fields["csrf_token"][0]

    def _leave(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def put_back(self) -> None:
        """The database is as it was when everything had been made."""
        self._leave()
        for suffix in ("-wal", "-shm"):
            file = self.database.file
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.database.file)

    def address(self, rule: Rule, place: Place) -> str:
        """The route's address with real ids of the place."""
        known = self.urls[place]
        values = {
            name: known.get(f"{rule.endpoint}:{name}", known.get(name)) for name in rule.arguments
        }
        missing = [name for name, value in values.items() if value is None]
        assert not missing, f"{rule.rule}: give {missing} a value in tests/access/objects.py"
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method=next(iter(rule.methods - {"OPTIONS"})))

    def go(self, step: Step, *, token: bool = True) -> TestResponse:
        """Make the visit."""
        data = {"csrf_token": self.tokens[step.person]} if token else {}
        options = {"data": data} if step.method == "POST" else {}
        address = self.address(step.rule, step.place)
        # Whatever the visit before did to the browser (signing out) is undone.
        kept = self.cookies[step.person]
        assert kept is not None
        self.visitors[step.person].client.set_cookie(COOKIE, kept.value)
        return self.visitors[step.person].send(step.method, address, **options)

    def steps(self, method: str) -> Iterator[Step]:
        """Every visit with this method."""
        for rule in routes(self.app, method):
            places = tuple(Place) if rule.arguments else (OWN,)
            for place in places:
                for person in PEOPLE:
                    yield Step(person, method, rule, place)

    def is_allowed(self, step: Step) -> bool:
        """Whether table and place say that the person may."""
        rule = rule_of(self.app, step.rule.endpoint)
        if rule == "public":
            return True
        if rule == "signed_in":
            return not step.person.is_nobody
        assert isinstance(rule, Permission), f"{step.rule.endpoint} has no rule"
        names = set(step.rule.arguments)
        return any(
            held.carries(rule) and (not names or objects.is_at_home(held, step.place, names))
            for held in step.person.held
        )

    def fault(self, step: Step, answer: TestResponse) -> str | None:
        """What is wrong with the answer, if anything."""
        status = answer.status_code
        rule = rule_of(self.app, step.rule.endpoint)
        if status >= 500:
            return f"{step}: {status}"
        if self.is_allowed(step):
            narrower = step.rule.endpoint in objects.NARROWER or rule == "public"
            if status in SERVED_NOT and not narrower:
                return f"{step}: refused with {status}, may do it"
            return None
        if step.person.is_nobody:
            to_sign_in = answer.headers.get("Location", "").startswith("/sign-in")
            fine = status == 401 if step.method == "POST" else status == 302 and to_sign_in
            return None if fine else f"{step}: {status}, not led to the sign-in"
        names = set(step.rule.arguments)
        if names and objects.is_outsider(step.person, step.place, names):
            return None if status == 404 else f"{step}: {status}, an outsider finds nothing"
        return None if status in (403, 404) else f"{step}: served with {status}, may not"


# Every step that fixes something for everybody: whoever takes the guard off one is told here.
GUARDED = {
    "accounts.create_company",
    "accounts.create_contractor",
    "accounts.create_first_member",
    "accounts.create_person",
    "accounts.end_committee_role",
    "accounts.end_role",
    "accounts.issue_letters",
    "accounts.new_company",
    "accounts.new_contractor",
    "accounts.new_person",
    "accounts.renew_committee_password",
    "accounts.renew_first_password",
    "accounts.reset_committee_factor",
    "accounts.reset_second_factor",
    "menus.edit_option",
    "menus.publish",
    "menus.publish_version",
    "privacy.show",
    "publications.release",
    "register.confirm",
    "register.edit_building",
    "register.edit_community",
    "register.edit_dwelling",
    "register.edit_entrance",
    "register.edit_owner",
    "register.new_building",
    "register.new_community",
    "register.new_dwelling",
    "register.new_entrance",
    "register.remove_building",
    "register.restore_dwelling",
    "register.retire_dwelling",
    "register.split_owner",
    "resolutions.issue",
    "resolutions.issue_requirements",
    "resolutions.state",
    "votes.announce",
    "votes.cancel",
    "votes.correct_roll",
    "votes.count",
    "votes.give_mandate",
    "votes.platform",
    "votes.post_roll",
    "votes.withdraw_mandate",
}


@pytest.fixture
def suite(app, world, place) -> Suite:
    return Suite(app, world, place)


@pytest.mark.trust("2.1")
@pytest.mark.trust("2.2")
@pytest.mark.trust("3.5")
def test_every_page_is_served_to_those_who_may_and_to_nobody_else_and_looking_changes_nothing(
    suite, figure
):
    faults = []
    for step in suite.steps("GET"):
        with counting() as statements:
            faults.append(suite.fault(step, suite.go(step)))
        written = [s for s in statements if not s.startswith(READING)]
        if written:
            faults.append(f"{step}: a GET wrote {written[0][:60]}")
    figure("pages visited", len(faults), "unexpected answers", len([*filter(None, faults)]))
    assert not any(faults), "\n" + "\n".join(filter(None, faults))


@pytest.mark.trust("2.1")
@pytest.mark.trust("2.2")
def test_every_form_is_taken_from_those_who_may_and_from_nobody_else(suite, figure):
    faults = []
    for step in suite.steps("POST"):
        faults.append(suite.fault(step, suite.go(step)))
        if suite.is_allowed(step):
            suite.put_back()
    figure("forms sent", len(faults), "unexpected answers", len([*filter(None, faults)]))
    assert not any(faults), "\n" + "\n".join(filter(None, faults))


@pytest.mark.trust("3.5")
def test_no_form_without_its_token_does_anything(suite):
    faults = []
    for rule in routes(suite.app, "POST"):
        for person in PEOPLE:
            step = Step(person, "POST", rule, OWN)
            answer = suite.go(step, token=False)
            if answer.status_code != 400:
                faults.append(f"{step}: {answer.status_code}")
    assert faults == []


@pytest.mark.trust("2.1")
@pytest.mark.trust("2.2")
def test_an_id_that_nothing_has_is_not_found_whoever_asks(suite):
    faults = []
    for rule in routes(suite.app, "GET"):
        numbers = {name for name in rule.arguments if rule._converters[name].regex == r"\d+"}
        if not numbers or rule_of(suite.app, rule.endpoint) == "public":
            continue
        values = {name: 999_999 if name in numbers else "x" for name in rule.arguments}
        address = suite.app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
        for person in PEOPLE[1:]:
            answer = suite.visitors[person].send("GET", address)
            if answer.status_code != 404:
                faults.append(f"{person.name} {address}: {answer.status_code}")
    assert faults == []


@pytest.mark.trust("2.1", control=True)
def test_the_suite_sees_a_view_that_forgets_its_place(suite, monkeypatch):
    """The harness itself is tried: a permission that holds everywhere must be noticed."""
    from domain.accounts import Actor

    monkeypatch.setattr(Actor, "may", lambda self, permission, where: True)
    monkeypatch.setattr(Actor, "may_anywhere", lambda self, permission: True)
    steps = [s for s in suite.steps("GET") if s.rule.endpoint in ("audit.index", "accounts.people")]
    assert [f for s in steps if (f := suite.fault(s, suite.go(s)))]


def guarded_steps(suite) -> list[Step]:
    """Every guarded step, by somebody who may take it, in the own building."""
    by_role = {person.name: person for person in PEOPLE}
    found = []
    for method in ("GET", "POST"):
        for rule in routes(suite.app, method):
            if wants_second_factor(suite.app, rule.endpoint):
                steps = [
                    Step(by_role[n], method, rule, OWN) for n in ("committee", "administrator")
                ]
                found += [step for step in steps if suite.is_allowed(step)]
    return found


def asks_for_a_code(answer: TestResponse) -> bool:
    """Whether a page leads to the second factor, or a form is answered with the page for it."""
    if answer.status_code == 302:
        return answer.headers["Location"].startswith("/me/second-factor?next=")
    return answer.status_code == 403 and "Nothing is lost" in answer.get_data(as_text=True)


def without_a_code(suite) -> list[Step]:
    """The guarded steps that are taken by a sign-in which was never confirmed."""
    open_ = []
    for step in guarded_steps(suite):
        visitor = suite.unconfirmed[step.person.name]
        token = visitor.get("/me").form().fields["csrf_token"][0]
        options = {"data": {"csrf_token": token}} if step.method == "POST" else {}
        address = suite.address(step.rule, step.place)
        if not asks_for_a_code(visitor.send(step.method, address, **options)):
            open_.append(step)
    return open_


@pytest.mark.trust("2.5")
def test_no_guarded_step_is_taken_without_the_second_factor(suite, figure):
    steps = guarded_steps(suite)
    assert {step.rule.endpoint for step in steps} == GUARDED
    open_ = without_a_code(suite)
    figure("guarded steps", len(steps), "taken without the second factor", len(open_))
    assert open_ == [], "\n" + "\n".join(map(str, open_))


@pytest.mark.trust("2.5", control=True)
def test_the_suite_sees_a_step_that_does_not_ask(suite, monkeypatch):
    monkeypatch.setattr(confirmation, "asked", lambda: None)
    assert without_a_code(suite)
