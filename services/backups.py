"""A copy of the whole database while it is in use: one state of it, never a mixture of two.

SQLite's file is copied through its backup interface only: beside the file stands a journal that
holds the newest votes, and a plain copy takes the one without the other. PostgreSQL's is copied by
its own pg_dump. The copy is on the disk before it gets its name.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, make_url


class CannotBackUp(Exception):
    """No copy was made; the text says why."""


def back_up(url: str, target: Path) -> int:
    """The database at ``url`` is copied into the new file ``target``; its size in bytes.

    Raises ``CannotBackUp``; a file that is there already is never written over.
    """
    if target.exists():
        raise CannotBackUp(f"{target} is there already. Name a new file.")
    source = make_url(url)
    copy: Callable[[URL, Path], None] = _sqlite
    if source.get_backend_name() == "postgresql":
        copy = _postgresql
    fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        # It holds names and telephones: for its owner only, from the first byte on.
        fresh.touch(mode=0o600)
        copy(source, fresh)
        _to_disk(fresh)
        # Unlike a rename this fails when somebody was quicker.
        os.link(fresh, target)
        _to_disk(target.parent)
    except OSError as error:
        raise CannotBackUp(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return target.stat().st_size


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sqlite(source: URL, fresh: Path) -> None:
    file = Path(source.database or "")
    if not file.is_file():
        raise CannotBackUp(f"There is no database at {file}.")
    try:
        reading = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)
        writing = sqlite3.connect(fresh, timeout=30)
        try:
            # In one step: it reads one state, and casts go on meanwhile.
            reading.backup(writing)
            # One file, without a journal beside it.
            writing.execute("PRAGMA journal_mode = DELETE")
        finally:
            writing.close()
            reading.close()
    except sqlite3.Error as error:
        raise CannotBackUp(f"SQLite could not copy it: {error}.") from error


def libpq(source: URL) -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's own programs, and the environment with the password.

    A password among a command's arguments can be read by everybody on the machine.
    """
    plain = source.set(drivername="postgresql", password=None)
    environment = dict(os.environ)
    if source.password:
        environment["PGPASSWORD"] = str(source.password)
    return plain.render_as_string(hide_password=False), environment


def postgresql_program(name: str) -> str:
    """Where ``pg_dump`` or ``pg_restore`` is; raises ``CannotBackUp`` when it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise CannotBackUp(
            f"{name} is not installed. It comes with PostgreSQL's client programs "
            "(Debian: postgresql-client), of the server's version or newer."
        )
    return found


def _postgresql(source: URL, fresh: Path) -> None:
    address, environment = libpq(source)
    command = [postgresql_program("pg_dump"), "--format=custom", f"--file={fresh}", address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBackUp(f"pg_dump could not copy it: {done.stderr.strip()}")
