"""The floor: the least that an endpoint for a vote, and a page of its result, can do.

Flask 3 and SQLAlchemy as anybody would write them down who promises nothing: the reader is whom the
signed cookie names, the form's token is compared with the cookie's, one statement records the
answer (the newest replaces the last), and the commit is on the disk before the redirect. No role,
no roll, no period, no receipt, no audit log, no history. The page reads one row and draws one
template.

It runs under the same server as the program and with the same settings of the database; its pool
and its statements are made once, so that nothing slows it down that the program has to do as well.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path
from typing import Any

from flask import Flask, abort, redirect, render_template, request, session
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

METADATA = MetaData()
MOTIONS = Table(
    "motions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("agree", Integer, nullable=False),
    Column("against", Integer, nullable=False),
)
VOTES = Table(
    "votes",
    METADATA,
    Column("motion_id", ForeignKey("motions.id"), primary_key=True),
    Column("voter_id", Integer, primary_key=True),
    Column("choice", String(40), nullable=False),
    Column("cast_at", DateTime(timezone=True), nullable=False),
)


def engine_for(url: str) -> Engine:
    """An engine with the program's own settings of durability."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(raw: Any, _record: object) -> None:
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "busy_timeout=10000",
            ):
                raw.execute(f"PRAGMA {pragma}")

    return engine


def create_app() -> Flask:
    """The floor, serving the database named by ``FLOOR_DATABASE``."""
    app = Flask("bench.floor", template_folder=str(Path(__file__).parent / "templates"))
    app.config.update(SECRET_KEY=os.environ["SECRET_KEY"], SESSION_COOKIE_HTTPONLY=True)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = app.extensions["engine"] = engine_for(os.environ["FLOOR_DATABASE"])
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    plain = insert(VOTES).values(
        motion_id=bindparam("motion_id"),
        voter_id=bindparam("voter_id"),
        choice=bindparam("choice"),
        cast_at=func.now(),
    )
    upsert = plain.on_conflict_do_update(
        index_elements=["motion_id", "voter_id"],
        set_={"choice": plain.excluded.choice, "cast_at": plain.excluded.cast_at},
    )
    one_motion = select(MOTIONS).where(MOTIONS.c.id == bindparam("id"))

    @app.post("/motions/<int:motion_id>/ballot")
    def cast(motion_id: int) -> Any:
        voter_id = session.get("_user_id")
        if voter_id is None:
            abort(401)
        if not hmac.compare_digest(session.get("csrf_token", ""), request.form["csrf_token"]):
            abort(400)
        choice = request.form["choice"]
        if choice not in ("agree", "against", "abstain"):
            abort(422)
        with engine.begin() as connection:
            values = {"motion_id": motion_id, "voter_id": int(voter_id), "choice": choice}
            connection.execute(upsert, values)
        return redirect(f"/motions/{motion_id}", 303)

    @app.get("/motions/<int:motion_id>")
    def motion(motion_id: int) -> Any:
        if session.get("_user_id") is None:
            abort(401)
        with engine.connect() as connection:
            row = connection.execute(one_motion, {"id": motion_id}).one()
        return render_template("floor.html", motion=row)

    return app
