"""What gunicorn serves in these tests: the program with the real clock, and nothing else changed.

Each request may say by a header how far its machine's clock is off. For the controls
``LOUYI_HARD_FAULTS`` takes guards away, and for the disk SQLite may keep its file elsewhere.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, has_request_context, request

import clock
import config
from app import create_app

SECRET = "a-secret-for-hard-tests-only-" + "0" * 20
SKEW = "X-Clock-Off-By"


def machine() -> datetime:
    """The clock of the machine that took the request, off by as many seconds as the header says."""
    off = request.headers.get(SKEW, 0) if has_request_context() else 0
    return clock.now() + timedelta(seconds=int(off))


def settings(url: str, folder: Path) -> config.Settings:
    return config.Settings(
        mode="development",
        secret_key=SECRET,
        database_url=url,
        instance=folder,
        extra={"RATELIMIT_ENABLED": False},
    )


def program() -> Flask:
    """For gunicorn: ``tests.hard.served:program()``."""
    folder = Path(os.environ["LOUYI_INSTANCE"])
    app = create_app(settings(os.environ["DATABASE_URL"], folder), now=machine)
    if os.environ.get("LOUYI_HARD_FAULTS"):
        from tests.hard import faults

        faults.take_guards_away()
    return app
