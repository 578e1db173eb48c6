"""What no request of ours can hold: ids beyond the databases' own, texts with a NUL in them, and
fields without a name.

PostgreSQL refuses the first two with an error and SQLite the first; a part of an upload that has no
name breaks whoever looks for a field. All are answered before anything else reads the request.
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


def _texts() -> Iterator[str | None]:
    present = request
    yield present.path
    for values in (present.args, present.form):
        for name, listed in values.lists():
            yield name
            yield from listed
    for name, files in present.files.lists():
        yield name
        yield from (file.filename or "" for file in files)


def _refuse_what_no_form_sends() -> None:
    texts = list(_texts())
    # One look through them all; what no field is called is found by name.
    if None in texts or "\0" in "".join(text or "" for text in texts):
        abort(400)


def register(app: Flask) -> None:
    """Bind to the app, before any view is registered."""
    app.url_map.converters["int"] = Id
    # First of all: the check of the token looks through the fields too.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_what_no_form_sends)
