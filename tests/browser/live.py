"""The real program on a port of its own, in this process, on a database of its own."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.ctx import AppContext
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import WSGIRequestHandler, make_server

import config
from app import create_app
from demo.story import Story
from extensions import db
from models.accounts import Account
from services import sessions
from services.transaction import transaction
from tests.browser import compound
from tests.conftest import TestClock, migrate

SECRET = "a-secret-for-browsers-only-" + "0" * 20
DATABASE = "louyi.sqlite3"
# What has happened in the demo's compound began this long before the clock's start.
TOLD_FOR = timedelta(days=75)


class Quiet(WSGIRequestHandler):
    """Requests are not logged one by one."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def program(folder: Path, clock: TestClock) -> Flask:
    """The program on the database in this folder."""
    settings = config.Settings(
        mode="development",
        secret_key=SECRET,
        database_url=f"sqlite:///{folder / DATABASE}",
        instance=folder,
        extra={"RATELIMIT_ENABLED": False},
    )
    return create_app(settings, now=clock)


def empty_database(folder: Path) -> Path:
    """A database migrated from nothing in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    migrate(f"sqlite:///{folder / DATABASE}")
    return folder


def told_database(folder: Path) -> Path:
    """A database in which the demo's story has been told, with something on every desk."""
    empty_database(folder)
    clock = TestClock()
    app = program(folder, clock)
    with app.app_context():
        Story(clock() - TOLD_FOR, until=clock()).tell()
        compound.furnish(clock)
        db.session.remove()
        # The copies take the one file, so what the journal holds belongs into it.
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder


def copied(told: Path, folder: Path) -> Path:
    """A copy of a told database, to be changed by one module's tests."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(told / DATABASE, folder / DATABASE)
    # Laying Plotly out and packing it takes a second; the files are the same.
    shutil.copytree(told / "static", folder / "static")
    return folder


class Live:
    """The program, served on 127.0.0.1 until ``end()``; its clock moves when a test moves it."""

    def __init__(self, folder: Path) -> None:
        self.clock = TestClock()
        self.app = program(folder, self.clock)
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.port}"
        self.host = urlsplit(self.address).netloc
        self.thread = threading.Thread(target=self.server.serve_forever, name="live", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Stop serving and let go of the database."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def inside(self) -> AppContext:
        """``with live.inside():`` the test looks into the program and its database."""
        return self.app.app_context()

    def cookie(self, account_id: int) -> str:
        """The session's cookie of a browser in which this account is signed in.

        For pages that are not about signing in; a journey goes through the sign-in itself.
        """
        with self.inside(), transaction() as session:
            account = session.get_one(Account, account_id)
            token = sessions.begin(
                session, account, now=self.clock(), remembered=True, confirmed=True
            )
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        signed = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
        return str(signed)
