"""Troubles that a database really makes, for one test: each is taken back when its block ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, event, text

from extensions import db


def begin_anew() -> None:
    """The program's connections are made anew, with the settings of now."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def on_ballots(act: str, times: int = 1, *, deferred: bool = False) -> Iterator[None]:
    """PostgreSQL carries out ``act`` at the next ``times`` ballots; ``deferred``: at their COMMIT.

    The count is a sequence, which no rollback turns back.
    """
    constraint = "CONSTRAINT " if deferred else ""
    when = "DEFERRABLE INITIALLY DEFERRED " if deferred else ""
    body = f"IF nextval('troubles') <= {times} THEN {act}; END IF; RETURN NULL;"
    with db.engine.begin() as connection:
        for statement in (
            "CREATE SEQUENCE troubles",
            f"CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$",
            f"CREATE {constraint}TRIGGER trouble AFTER INSERT ON ballots {when}"
            "FOR EACH ROW EXECUTE FUNCTION trouble()",
        ):
            connection.execute(text(statement))
    try:
        yield
    finally:
        begin_anew()
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER trouble ON ballots"))
            connection.execute(text("DROP FUNCTION trouble"))
            connection.execute(text("DROP SEQUENCE troubles"))


def raised(state: str) -> str:
    """The act that fails with this SQLSTATE."""
    return f"RAISE EXCEPTION 'trouble' USING ERRCODE = '{state}'"


LOST = "PERFORM pg_terminate_backend(pg_backend_pid())"


@contextmanager
def held(motion_id: int) -> Iterator[None]:
    """Another connection holds what a cast has to lock."""
    other = create_engine(db.engine.url).connect()
    if other.dialect.name == "sqlite":
        other.connection.dbapi_connection.isolation_level = None
        other.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        other.execute(text("SELECT 1 FROM motions WHERE id = :id FOR UPDATE"), {"id": motion_id})
    try:
        yield
    finally:
        other.close()
        other.engine.dispose()


@contextmanager
def cut_off(motion_id: int) -> Iterator[None]:
    """The server ends the connection of a cast that waits for the motion's row."""
    other = create_engine(db.engine.url).connect()
    other.execute(text("SELECT 1 FROM motions WHERE id = :id FOR UPDATE"), {"id": motion_id})
    waiting = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")

    def cut() -> None:
        while other.execute(waiting).first() is None:
            pass
        other.rollback()

    cutting = threading.Thread(target=cut)
    cutting.start()
    try:
        yield
    finally:
        cutting.join()
        other.close()
        other.engine.dispose()


@contextmanager
def crossed(chain: str, motion_id: int) -> Iterator[None]:
    """Another connection holds the chain of the log and, once a cast waits for that, wants the
    motion's row, which the cast holds.
    """
    other, watching = create_engine(db.engine.url).connect(), create_engine(db.engine.url).connect()
    # The other one waits for ever, so the cast is the one that is ended.
    other.execute(text("SET deadlock_timeout = '1h'"))
    other.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:c, 0))"), {"c": chain})
    waiting = text("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")

    def cross() -> None:
        while watching.execute(waiting).first() is None:
            watching.rollback()
        other.execute(text("SELECT 1 FROM motions WHERE id = :id FOR UPDATE"), {"id": motion_id})
        other.rollback()

    crossing = threading.Thread(target=cross)
    crossing.start()
    try:
        yield
    finally:
        crossing.join(timeout=60)
        for connection in (other, watching):
            connection.close()
            connection.engine.dispose()


@contextmanager
def no_more_pages() -> Iterator[None]:
    """SQLite's file may not grow: what a full disk looks like from inside."""

    def full(dbapi_connection, _record) -> None:
        pages = dbapi_connection.execute("PRAGMA page_count").fetchone()[0]
        dbapi_connection.execute(f"PRAGMA max_page_count = {pages}")

    begin_anew()
    event.listen(db.engine, "connect", full)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", full)
        begin_anew()


@contextmanager
def standby_missing() -> Iterator[None]:
    """PostgreSQL waits at every COMMIT for a synchronous standby that is not there."""
    system = db.engine.execution_options(isolation_level="AUTOCOMMIT")

    def say(*statements: str) -> None:
        with system.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    begin_anew()
    say(
        "ALTER DATABASE postgres SET synchronous_commit = on",
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
        "SELECT pg_reload_conf()",
    )
    try:
        begin_anew()
        yield
    finally:
        say("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
        say("ALTER DATABASE postgres RESET synchronous_commit")
        begin_anew()
