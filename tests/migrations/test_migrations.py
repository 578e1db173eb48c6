"""Migrations: up, down, up again, with rows; what they make is what the models say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from models import frozen
from models.base import Base
from models.database import prepare_engine
from models.register import Community
from tests.conftest import ENGINES, START

ROOT = Path(__file__).parents[2]


def configured(connection) -> Config:
    settings = Config(toml_file=ROOT / "pyproject.toml")
    settings.attributes["connection"] = connection
    return settings


def go(engine: Engine, act, revision: str) -> None:
    with engine.connect() as connection:
        act(configured(connection), revision)
        connection.commit()


@pytest.fixture(params=ENGINES)
def empty(request, tmp_path) -> Iterator[Engine]:
    """An empty database of its own on each engine."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
        prepare_engine(engine)
        yield engine
        engine.dispose()
        return
    server = create_engine(request.getfixturevalue("postgresql_url"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    engine = create_engine(server.url.set(database="migrated"))
    prepare_engine(engine)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE migrated"))
    server.dispose()


def triggers(engine: Engine) -> set[str]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        return set(
            connection.execute(
                text(sqlite if engine.dialect.name == "sqlite" else postgresql)
            ).scalars()
        )


def wanted_triggers() -> set[str]:
    return {
        f"frozen_{table}_{act}"
        for table in (*frozen.ALL, "motions")
        for act in ("update", "delete")
    }


def constraints(engine: Engine) -> dict[str, set[str]]:
    """Names of all checks, keys and indexes by table: what alembic does not compare."""
    inspector = inspect(engine)
    found = {}
    for table in Base.metadata.tables:
        names = {str(c["name"]) for c in inspector.get_check_constraints(table)}
        names |= {str(c["name"]) for c in inspector.get_unique_constraints(table)}
        names |= {str(c["name"]) for c in inspector.get_foreign_keys(table)}
        names |= {str(c["name"]) for c in inspector.get_indexes(table)}
        found[table] = names
    return found


def test_up_makes_exactly_what_the_models_say(empty, tmp_path):
    go(empty, command.upgrade, "head")
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    migrated = constraints(empty)
    go(empty, command.downgrade, "base")
    Base.metadata.create_all(empty)
    assert constraints(empty) == migrated
    Base.metadata.drop_all(empty)


def test_up_installs_every_trigger_and_down_removes_all(empty):
    go(empty, command.upgrade, "head")
    assert triggers(empty) == wanted_triggers()
    go(empty, command.downgrade, "base")
    assert triggers(empty) == set()
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}


def test_down_and_up_again_with_rows(empty):
    go(empty, command.upgrade, "head")
    with empty.begin() as connection:
        _fill(connection)
    go(empty, command.downgrade, "base")
    go(empty, command.upgrade, "head")
    assert triggers(empty) == wanted_triggers()
    with empty.begin() as connection:
        assert connection.execute(select(Community)).first() is None
        _fill(connection)
    with pytest.raises(DBAPIError, match="audit_entries is frozen"), empty.begin() as connection:
        connection.execute(text("UPDATE audit_entries SET action = 'y'"))


def test_up_twice_changes_nothing(empty):
    go(empty, command.upgrade, "head")
    with empty.begin() as connection:
        _fill(connection)
    go(empty, command.upgrade, "head")
    with empty.connect() as connection:
        assert len(connection.execute(select(Community.id)).all()) == 1


def _fill(connection) -> None:
    tables = Base.metadata.tables
    connection.execute(
        insert(tables["communities"]).values(
            name="工人新村", city="nanjing", address="", created_at=START
        )
    )
    connection.execute(
        insert(tables["audit_entries"]).values(
            chain="system", seq=1, at=START, action="x", event="{}", previous="0", digest="1"
        )
    )


ANNOUNCED = (
    "INSERT INTO motions (plan_id, number, option_version_id, title, text, matter, channel,"
    " drafted_at, announced_at, notice_days, opens_at, closes_at, cancel_reason, revision)"
    " VALUES (1, 1, 1, 'x', 'x', 7, 'in_app', '2026-09-01 00:00:00', '2026-09-01 00:00:00', 1,"
    " '2026-09-01 00:00:00', '2026-09-09 00:00:00', '', 1)"
)


def _announced(engine: Engine) -> None:
    """An announced motion as revision 0005 kept it; what it points at does not matter here."""
    if engine.dialect.name == "sqlite":
        # A connection of its own, on which foreign keys are not looked at.
        with closing(sqlite3.connect(str(engine.url.database))) as plain:
            plain.execute(ANNOUNCED)
            plain.commit()
        return
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(ANNOUNCED))


def test_b1_an_older_motion_has_no_hours_and_they_cannot_be_written_into_it(empty):
    go(empty, command.upgrade, "0005")
    _announced(empty)
    go(empty, command.upgrade, "0006")
    with empty.connect() as connection:
        assert connection.execute(text("SELECT box_hours FROM motions")).all() == [(None,)]
    for change in ("box_hours = 3", "title = 'y'"):
        with pytest.raises(DBAPIError, match="motions is frozen"), empty.begin() as connection:
            connection.execute(text(f"UPDATE motions SET {change}"))
    go(empty, command.downgrade, "0005")
    with empty.connect() as connection:
        assert connection.execute(text("SELECT title FROM motions")).all() == [("x",)]
    with pytest.raises(DBAPIError, match="motions is frozen"), empty.begin() as connection:
        connection.execute(text("UPDATE motions SET title = 'y'"))
