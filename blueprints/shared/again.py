"""Carrying a request out again when the database turned it away, and forms that may ask again.

The view is called anew, so it loads its objects through the actor anew. That is done only while the
request has stored nothing (docs/decisions/0016). What the filters before the view counted is not
counted twice.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Failure, NotStored
from domain.retries import pause
from extensions import db
from models import failures
from services.transaction import has_stored

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def keyed(view: View) -> View:
    """The form of this view carries a key that is stored with what it writes: it may ask again."""
    view._keyed = True  # type: ignore[attr-defined]
    return view


def is_keyed() -> bool:
    """Whether the present request carries such a key."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "_keyed", False) and bool(request.form.get("form_key"))


def register(app: Flask) -> None:
    """From now on every request of this app is carried out again when it may be."""
    once = app.dispatch_request

    def dispatch() -> ResponseReturnValue:
        tries = 0
        while True:
            tries += 1
            try:
                return once()
            except (NotStored, SQLAlchemyError) as error:
                waits = _pause(error, tries)
                if waits is None:
                    raise
                name = type(error).__name__
                app.logger.warning("carried out again: %s at %s", name, request.endpoint)
                _begin_anew()
                time.sleep(waits / 1000)

    app.dispatch_request = dispatch  # type: ignore[method-assign]


def _pause(error: Exception, tries: int) -> int | None:
    failure = error.failure if isinstance(error, NotStored) else failures.of(error)
    if failure is None or has_stored():
        return None
    return pause(Failure(failure), tries, random.randrange(100))


def _begin_anew() -> None:
    db.session.remove()
    for file in request.files.values():
        file.stream.seek(0)
