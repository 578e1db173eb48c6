"""What an error of a database driver means for whoever waits: PostgreSQL's by its SQLSTATE,
SQLite's by its result code.

Only what a healthy program meets on a bad day is named here. An error that says the program itself
is wrong (a constraint, a syntax) means nothing of the kind and stays what it is.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from domain.errors import Failure

# https://www.postgresql.org/docs/current/errcodes-appendix.html
BY_STATE = {
    "40001": Failure.AGAIN,
    "40P01": Failure.AGAIN,
    "55P03": Failure.BUSY,
    "57014": Failure.BUSY,
    "53000": Failure.STORAGE,
    "53100": Failure.STORAGE,
    "53200": Failure.BUSY,
    "53300": Failure.BUSY,
    "58030": Failure.STORAGE,
    # What used to be the primary answers that it is read-only.
    "25006": Failure.LOST,
    "57P01": Failure.LOST,
    "57P02": Failure.LOST,
    "57P03": Failure.LOST,
    "25P03": Failure.LOST,
}
# https://www.sqlite.org/rescode.html: the last eight bits are the primary code.
BY_CODE = {
    sqlite3.SQLITE_BUSY: Failure.BUSY,
    sqlite3.SQLITE_LOCKED: Failure.BUSY,
    sqlite3.SQLITE_FULL: Failure.STORAGE,
    sqlite3.SQLITE_IOERR: Failure.STORAGE,
    sqlite3.SQLITE_READONLY: Failure.STORAGE,
    sqlite3.SQLITE_CANTOPEN: Failure.STORAGE,
}
# After these a COMMIT of SQLite may be in the file all the same.
UNSURE_CODES = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}


def of(error: BaseException) -> Failure | None:
    """What kept the database from doing it, or None when the error is of another kind."""
    if isinstance(error, NoConnection):
        return Failure.BUSY
    # How a transaction of SQLite begins is our own doing, so its error comes as the driver made it.
    driver = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.Error):
        return BY_CODE.get(getattr(driver, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return Failure.LOST if state.startswith("08") else BY_STATE.get(state)
    # Without a state the server did not answer: it was not reached, or it went away.
    gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return Failure.LOST if gone else None


def unsure(error: DBAPIError) -> bool:
    """Whether what a failed COMMIT was to store may be stored all the same."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) in UNSURE_CODES
    return of(error) is Failure.LOST
