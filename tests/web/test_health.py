"""A balancer is told the truth in one word, the administrator in sentences."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from extensions import db
from services import health


def asked(visit, path="/readyz"):
    answer = visit().send("GET", path)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.trust("5.6")
def test_readyz_says_whether_requests_may_be_sent_and_nothing_else(
    visit, world, monkeypatch, tmp_path, figure
):
    assert asked(visit) == (200, "ready\n")
    with db.engine.begin() as connection:
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert asked(visit) == (503, "not ready\n")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": at})
    monkeypatch.setattr("blueprints.health.views._folder", lambda: tmp_path / "not there")
    assert asked(visit) == (503, "not ready\n")
    monkeypatch.undo()
    assert asked(visit) == (200, "ready\n")
    figure("states told", 4)


@pytest.mark.trust("5.6")
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_without_its_database_it_is_alive_but_not_ready_and_pages_say_so(
    app, visit, world, monkeypatch
):
    signed_in = visit(world.committee)

    db.session.rollback()
    db.engine.dispose()

    def unreachable(*_arguments, **_options):
        raise db.engine.dialect.loaded_dbapi.InterfaceError("cannot connect")

    monkeypatch.setattr(db.engine.dialect, "connect", unreachable)
    assert asked(visit, "/livez") == (200, "alive\n")
    assert asked(visit) == (503, "not ready\n")
    page = signed_in.get("/plans", status=503)
    monkeypatch.undo()
    assert "cannot be reached at present" in page.text
    assert asked(visit) == (200, "ready\n")


@pytest.mark.trust("5.6")
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_health_page_names_an_sqlite_that_needs_one_process(visit, world, monkeypatch):
    administrator = visit(world.administrator)
    monkeypatch.setattr(health, "processes", lambda: 1)
    monkeypatch.setattr(health, "sqlite_version", lambda: (3, 40, 1))
    page = administrator.get("/system/health")
    assert "SQLite 3.40.1, served by one process. Keep it at one" in page.text
    monkeypatch.setattr(health, "processes", lambda: 2)
    page = administrator.get("/system/health")
    assert "Something is to be seen to" in page.text
    assert "3.40.1 is served by 2 processes" in page.text
    monkeypatch.setattr(health, "sqlite_version", lambda: health.SAFE_WITH_PROCESSES)
    assert "WAL-reset" not in administrator.get("/system/health").text


@pytest.mark.trust("5.6")
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_the_health_page_names_a_postgresql_that_does_not_wait_for_the_disk(visit, world):
    # The tests' own server does not.
    page = visit(world.administrator).get("/system/health")
    assert "fsync or full_page_writes is off" in page.text


def test_the_health_page_is_for_the_administrator(visit, world):
    for who in (world.committee, world.auditor, world.ground_floor):
        assert visit(who).send("GET", "/system/health").status_code == 403


def test_processes_are_counted_and_the_own_is_one(app):
    assert health.processes() >= 1
