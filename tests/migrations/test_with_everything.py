"""The newest migrations down and up again over a row of every table, on both engines."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from models.base import Base
from models.database import session
from tests.everything import Everything
from tests.migrations.test_migrations import empty, go  # noqa: F401

# What the tables of these migrations hold is lost on the way down, and nothing else.
NEW = {"box_readings", "paper_boxes", "late_papers", "former_sheets", "motions_put_away"}


def definitions(engine: Engine) -> set[str]:
    """Every trigger and its function, word for word."""
    if engine.dialect.name == "sqlite":
        asked = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
            "UNION SELECT prosrc FROM pg_proc WHERE proname LIKE 'louyi_%'"
        )
    with engine.connect() as connection:
        return set(connection.execute(text(asked)).scalars())


def numbers(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def test_down_and_up_over_a_row_of_every_table_loses_only_what_is_new(world, empty):  # noqa: F811
    everything = Everything(world, world.building)
    assert everything.late_paper is not None
    go(empty, command.upgrade, "head")
    with empty.begin() as connection:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in session().execute(select(table)).mappings()]
            if rows:
                connection.execute(table.insert(), rows)
    before, triggers = numbers(empty), definitions(empty)
    assert all(before[name] for name in NEW - {"former_sheets"}), before
    go(empty, command.downgrade, "0005")
    go(empty, command.upgrade, "head")
    after = numbers(empty)
    assert {name for name in before if before[name] != after[name]} <= NEW
    assert definitions(empty) == triggers
    for table in ("paper_details", "ballots", "motions"):
        with pytest.raises(DBAPIError, match="is frozen"), empty.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
