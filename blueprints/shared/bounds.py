"""What no request of ours can hold: ids beyond the databases' own, texts with a NUL in them, and
fields without a name.

PostgreSQL refuses the first two with an error and SQLite the first; a part of an upload that has no
name breaks whoever looks for a field. All are answered before anything else reads the request.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class Id(IntegerConverter):
    """An id in an address: a larger number than the databases have is no address at all."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST_ID)
        super().__init__(url_map, *args, **options)


def _odd(values: MultiDict[Any, str]) -> bool:
    return any(
        name is None or "\0" in name or any("\0" in text for text in listed)
        for name, listed in values.lists()
    )


def _refuse_what_no_form_sends() -> None:
    # Itself, not what stands for it: it is asked for half a dozen things.
    present: Request = cast(Any, request)._get_current_object()
    odd = "\0" in present.path or (bool(present.query_string) and _odd(present.args))
    # Without a content type nothing is read as a form.
    if not odd and present.content_type:
        odd = _odd(present.form) or any(
            name is None or any("\0" in f"{name}{file.filename}" for file in files)
            for name, files in present.files.lists()
        )
    if odd:
        abort(400)


def register(app: Flask) -> None:
    """Bind to the app, before any view is registered."""
    app.url_map.converters["int"] = Id
    # First of all: the check of the token looks through the fields too.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_what_no_form_sends)
