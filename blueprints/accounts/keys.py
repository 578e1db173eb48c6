"""The key of all keyed hashes, derived from the program's secret once per process."""

from __future__ import annotations

from flask import current_app

from domain.codes import derive_key


def code_key() -> bytes:
    """The key that services are handed for codes and tries."""
    extensions = current_app.extensions
    if "code_key" not in extensions:
        extensions["code_key"] = derive_key(str(current_app.config["SECRET_KEY"]))
    key: bytes = extensions["code_key"]
    return key
