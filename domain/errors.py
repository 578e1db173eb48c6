"""How a rule says no.

A refusal carries a stable code and the values its sentence needs; the sentence itself is written
for the reader, in the reader's language, by ``blueprints/shared/messages.py`` (pages) or in English
by ``str()`` (command line and logs).
"""

from __future__ import annotations

from enum import StrEnum


class Refused(Exception):
    """A rule refuses: ``code`` is the reason, ``params`` fill its sentence, ``field`` the input."""

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        self.code = code
        self.field = field
        self.params = params
        super().__init__(code)

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class NotNow(Refused):
    """The act is allowed, but not at this stage (HTTP 409)."""


class NotYours(Refused):
    """The actor may not do this (HTTP 403)."""


class Stale(Refused):
    """Somebody else changed the thing since the page was made (HTTP 409)."""


class Failure(StrEnum):
    """Why a database could not store or read."""

    AGAIN = "again"  # it chose this transaction as a victim: the same thing goes through anew
    BUSY = "busy"  # a lock or a connection was not to be had in time
    STORAGE = "storage"  # the disk is full or cannot be written
    LOST = "lost"  # the database cannot be reached


class NotStored(Exception):
    """The database could not store it. Nothing was stored (HTTP 503)."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.value)


class NotYetKnown(Exception):
    """Nobody can say yet whether it is stored for good: the same key asks again (HTTP 503)."""
