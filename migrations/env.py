"""Alembic's entry: the database is the one of the settings, or the connection handed in."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text

import config
import models  # noqa: F401 - registers every table
from migrations import guard
from models.base import Base
from models.database import prepare_engine


def _run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Making an index may take longer than any statement of the program.
        connection.execute(text("SET statement_timeout = 0"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
    )
    _guard(connection)
    with context.begin_transaction():
        context.run_migrations()


def _guard(connection: Connection) -> None:
    """What is about to be carried out is looked at first (migrations/guard.py)."""
    migration = context.get_context()
    # Alembic offers no other place between working out the steps and the first of them.
    steps_from = migration._migrations_fn
    if steps_from is None:
        return

    def looked_at(heads: Any, of: Any) -> Any:
        steps = list(steps_from(heads, of))
        guard.check(connection, steps)
        return steps

    migration._migrations_fn = looked_at


def run() -> None:
    """Migrate over the connection in the configuration's attributes, or over one of our own."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    try:
        settings = config.from_environment()
        config.make_instance(settings)
    except config.UnsafeSettings as unsafe:
        # Alembic says these in one line.
        raise CommandError(str(unsafe)) from unsafe
    engine = create_engine(settings.database_url)
    prepare_engine(engine)
    with engine.connect() as connection:
        _run(connection)
        connection.commit()
    engine.dispose()


run()
