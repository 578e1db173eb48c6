"""What no request of ours can hold: ids beyond the databases' own, and texts with a NUL in them.

PostgreSQL refuses both with an error and SQLite refuses the first, so they are answered before a
query is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class Id(IntegerConverter):
    """An id in an address: a larger number than the databases have is no address at all."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST_ID)
        super().__init__(url_map, *args, **options)


def _texts() -> Iterator[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value


def _refuse_nul() -> None:
    if any("\0" in text for text in _texts()):
        abort(400)


def register(app: Flask) -> None:
    """Bind to the app, before any view is registered."""
    app.url_map.converters["int"] = Id
    app.before_request(_refuse_nul)
