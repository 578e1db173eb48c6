"""Loading 工人新村: its real roster, its people, and three plans in different stages.

Everything goes through the services with instants in the past, so that the demo's data is what the
program itself would have recorded. Loaded once; a second start finds it there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import select

from app import create_app
from demo.story import Story
from extensions import db
from models.database import session
from models.register import Community

ROOT = Path(__file__).resolve().parent.parent


def prepared_app() -> Flask:
    """The program in its demo mode, migrated and loaded."""
    app = create_app()
    with app.app_context():
        _migrate()
        if session().scalar(select(Community.id).limit(1)) is None:
            print("Loading 工人新村 …", flush=True)
            now: datetime = app.extensions["clock"]()
            Story(now - timedelta(days=75), until=now).tell()
        db.session.remove()
    return app


def _migrate() -> None:
    alembic = Config(toml_file=ROOT / "pyproject.toml")
    with db.engine.connect() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        connection.commit()
