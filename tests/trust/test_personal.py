"""Contractor and public pages hold nothing personal; no page leads away (trust.md §2.3, §3.7)."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

import config
from app import create_app
from extensions import db
from models import frozen
from models.base import Base
from tests.access.people import OWN
from tests.access.test_access import Step, Suite

pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
# Names, telephones and what single households said.
PERSONAL = {
    "owners": ("name", "distinguisher"),
    "roll_owners": ("name",),
    "accounts": ("display_name", "login"),
    "dwellings": ("phone", "note"),
    "item_answers": ("reason",),
    "objections": ("body",),
    "representatives": ("document",),
    "mandates": ("holder", "document", "withdraw_reason"),
    "paper_details": ("first_collector", "second_collector"),
    "late_papers": ("first_collector", "second_collector"),
    "deliveries": ("place", "with_whom"),
    "publications": ("reason",),
    "privacy_requests": ("text",),
}
PUBLIC = "nobody"
CONTRACTOR = "contractor"


@pytest.fixture
def suite(app, world, place):
    """Three places full of things; the triggers are back when the next test begins."""
    yield Suite(app, world, place)
    db.session.remove()
    place.reset()


def seed() -> list[str]:
    """Every personal text of the database is a marker now; returns them."""
    db.session.rollback()
    db.session.remove()
    markers: list[str] = []
    with db.engine.begin() as connection:
        frozen.thaw(connection)
        owners = Base.metadata.tables["owners"]
        place = connection.scalar(select(owners.c.community_id).limit(1))
        more = [{"community_id": place, "name": f"{n}", "kind": "person"} for n in range(20)]
        connection.execute(owners.insert(), more)
        for name, columns in PERSONAL.items():
            table = Base.metadata.tables[name]
            keys = list(table.primary_key.columns)
            for row in connection.execute(select(*keys)).all():
                where = [key == value for key, value in zip(keys, row, strict=True)]
                values = {
                    column: f"记号{len(markers) + n:05d}号" for n, column in enumerate(columns)
                }
                markers += values.values()
                connection.execute(update(table).where(*where).values(values))
    return markers


def seen(suite: Suite) -> tuple[str, int]:
    """All that a stranger and the contractor are served, unpacked; and how many answers that is."""
    texts, number = [], 0
    for step in suite.steps("GET"):
        if step.place is not OWN or step.person.name not in (PUBLIC, CONTRACTOR):
            continue
        answer = suite.go(step)
        if answer.status_code == 200:
            number += 1
            data = answer.get_data()
            texts.append(data.decode("utf-8", "replace"))
            if data.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(data)) as packed:
                    texts += [packed.read(n).decode("utf-8", "replace") for n in packed.namelist()]
    # Whoever signs in sees the own name on every page.
    own = f">{suite_name(suite)}<"
    return "\n".join(texts).replace(own, ""), number


def suite_name(suite: Suite) -> str:
    """What the contractor is called now."""
    page = suite.visitors[next(p for p in suite.visitors if p.name == CONTRACTOR)].get("/me")
    return page.text_of(page.all("dd")[0])


@pytest.mark.trust("2.3")
def test_no_personal_marker_is_on_any_public_or_contractor_page(suite, figure):
    markers = seed()
    text, answers = seen(suite)
    mine = suite_name(suite)
    hits = [one for one in markers if one in text and one != mine]
    own_login = [one for one in hits if one in suite_login(suite)]
    figure("markers", len(markers), "answers", answers, "hits", len(hits) - len(own_login))
    assert len(markers) >= 200 and answers > 20
    assert [one for one in hits if one not in own_login] == []


def suite_login(suite: Suite) -> str:
    """What the contractor's own account page and own data hold."""
    visitor = suite.visitors[next(p for p in suite.visitors if p.name == CONTRACTOR)]
    return visitor.get("/me").text


@pytest.mark.trust("2.3", control=True)
def test_the_search_sees_a_public_page_that_names_an_owner(suite, app, monkeypatch):
    markers = seed()

    def names(**_arguments: object) -> str:
        owners = Base.metadata.tables["owners"]
        return ", ".join(db.session.scalars(select(owners.c.name)))

    monkeypatch.setitem(app.view_functions, "home.styleguide", names)
    text, _answers = seen(suite)
    assert [one for one in markers if one in text]


# --- what an answer says about being kept, and where it leads ---------------------------------


# A picture of an option is of nobody; its address changes with its content.
KEPT = ("menus.picture",)


def faults_of(step: Step, answer) -> list[str]:
    """What is wrong with the answer's headers."""
    found = []
    kept = answer.headers.get("Cache-Control", "")
    if (
        step.rule.endpoint not in KEPT
        and not kept.startswith("no-store")
        and step.person.name != PUBLIC
    ):
        found.append(f"{step}: may be kept ({kept!r})")
    target = answer.headers.get("Location")
    if target is not None and (urlsplit(target).netloc or not target.startswith("/")):
        found.append(f"{step}: leads to {target}")
    policy = answer.headers.get("Content-Security-Policy", "")
    if answer.mimetype == "text/html" and ("http:" in policy or "https:" in policy):
        found.append(f"{step}: allows another host")
    return found


@pytest.mark.trust("3.7")
def test_no_page_is_kept_leads_away_or_loads_from_elsewhere(suite, figure):
    faults, answers = [], 0
    for step in suite.steps("GET"):
        if step.place is OWN:
            answers += 1
            faults += faults_of(step, suite.go(step))
    figure("answers", answers, "exceptions", len(faults))
    assert faults == []


def production(tmp_path, **given: object):
    settings = config.Settings(
        mode="production",
        secret_key="k" * 40,
        database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}",
        instance=tmp_path,
        trusted_hosts=("louyi.example.org",),
        session_cookie_secure=True,
        extra={"RATELIMIT_ENABLED": False},
        **given,  # type: ignore[arg-type]
    )
    made = create_app(settings)

    def address() -> str:
        from flask import request

        return f"{request.remote_addr} {request.host}"

    address._access = "public"  # type: ignore[attr-defined]
    made.add_url_rule("/address", view_func=address)
    return made.test_client()


@pytest.mark.trust("3.7")
def test_only_the_named_hosts_are_answered_and_proxies_count_only_when_configured(tmp_path, place):
    del place
    good, forged = "https://louyi.example.org", {"X-Forwarded-For": "192.0.2.1"}
    plain = production(tmp_path)
    assert plain.get("/address", base_url=good).status_code == 200
    assert plain.get("/address", base_url="https://evil.example").status_code == 400
    told = plain.get("/address", base_url=good, headers=forged | {"X-Forwarded-Host": "evil"})
    assert told.get_data(as_text=True) == "127.0.0.1 louyi.example.org"
    behind = production(tmp_path, proxy_hops=1)
    assert behind.get("/address", base_url=good, headers=forged).text.startswith("192.0.2.1 ")
