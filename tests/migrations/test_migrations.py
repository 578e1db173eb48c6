"""Migrations: up, down, up again, with rows; what they make is what the models say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, column, create_engine, insert, inspect, select, text
from sqlalchemy import table as table_of
from sqlalchemy.exc import DBAPIError

from models import frozen
from models.base import Base, UTCDateTime
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


def test_b6_answers_given_before_know_whose_they_are(empty):
    go(empty, command.upgrade, "0005")
    with empty.begin() as connection:
        _sold_before(connection)
    go(empty, command.upgrade, "0007")
    tables = Base.metadata.tables
    with empty.connect() as connection:
        sheets = connection.execute(
            select(tables["answer_sheets"].c.dwelling_id, tables["answer_sheets"].c.owner_ids)
        ).all()
        (former,) = connection.execute(select(tables["former_sheets"])).all()
        objections = connection.execute(select(tables["objections"].c.former_since)).scalars()
        # Flat 1 was sold after its owner had answered; in flat 2 nobody has changed.
        assert sheets == [(2, [1])]
        assert (former.dwelling_id, former.account_id, former.ended_at) == (1, 1, LATER)
        assert former.said == [
            {
                "item": 1,
                "stance": "oppose",
                "reason": "挡光",
                "none_of_these": False,
                "max_pay": 500,
                "order": [],
            }
        ]
        assert list(objections) == [LATER]
    go(empty, command.downgrade, "0005")
    with empty.connect() as connection:
        kept = connection.execute(text("SELECT dwelling_id FROM answer_sheets")).scalars()
        assert list(kept) == [2]


LATER = START + timedelta(days=1)


def _sold_before(connection) -> None:
    """Owner 1 answered for flats 1 and 2 and objected, then sold flat 1 to owner 2."""
    at = {"created_at": START}
    rows = [
        ("communities", {"name": "工人新村", "city": "nanjing", "address": "", **at}),
        ("buildings", {"community_id": 1, "name": "3幢", "key": "3", "sort_key": "3"}),
        ("entrances", {"building_id": 1, "name": "1单元", "key": "1", "sort_key": "1"}),
        ("accounts", {"display_name": "甲", **at}),
        ("plans", {"building_id": 1, "title": "电梯", "menu_published_at": START, **at}),
    ]
    flat = {"entrance_id": 1, "floor": 1, "area": 5000, "tenure": "private"}
    flat |= {"area_source": "register", "occupancy": "owner"}
    rows += [("dwellings", {**flat, "room": room}) for room in ("101", "102")]
    rows += [("owners", {"community_id": 1, "name": name, "kind": "person"}) for name in "甲乙"]
    rows += [("ownerships", {"dwelling_id": 1, "owner_id": 2})]
    rows += [("ownerships", {"dwelling_id": 2, "owner_id": 1})]
    grant = {"account_id": 1, "role": "resident", "capacity": "owner", "owner_id": 1}
    grant |= {"granted_at": START}
    rows += [
        ("role_grants", {**grant, "dwelling_id": 1, "ended_at": LATER}),
        ("role_grants", {**grant, "dwelling_id": 2, "ended_at": None}),
        ("menu_items", {"plan_id": 1, "position": 1, "title": "电梯", **ITEM}),
    ]
    for flat_id in (1, 2):
        sheet = {"plan_id": 1, "dwelling_id": flat_id, "capacity": "owner", "account_id": 1}
        sheet |= {"started_at": START, "updated_at": START, "receipt": f"R{flat_id}"}
        said = {"sheet_id": flat_id, "item_id": 1, "stance": "oppose", "reason": "挡光"}
        rows += [("answer_sheets", sheet), ("item_answers", {**said, "max_pay": 500})]
    objection = {"plan_id": 1, "item_id": 1, "dwelling_id": 1, "account_id": 1, "form_key": "k"}
    objection |= {"capacity": "owner", "ground": "light", "body": "挡光", "submitted_at": START}
    rows.append(("objections", objection))
    for table, values in rows:
        _insert(connection, table, values | DEFAULTS.get(table, {}))


ITEM = {"item_class": "improve", "matter": 7, "unit": "部", "decided_by": "entrance"}
REVISION = {"revision": 1}
DEFAULTS = {
    "buildings": REVISION,
    "plans": REVISION | {"policy": "banded", "threshold": 10, "threshold_decision": ""},
    "dwellings": REVISION | {"counts": True, "phone": "", "note": ""},
    "owners": {"distinguisher": ""},
    "menu_items": REVISION | {"description": "", "consult_only": False},
    "answer_sheets": REVISION,
    "item_answers": {"none_of_these": False},
    "objections": REVISION | {"outcome_note": ""},
}


def _insert(connection, table: str, values: dict) -> None:
    """A row as an older program wrote it: the columns named, and no others."""
    columns = [
        column(name, UTCDateTime() if isinstance(value, datetime) else None)
        for name, value in values.items()
    ]
    connection.execute(table_of(table, *columns).insert().values(values))


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
