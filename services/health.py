"""How the program is: whether it may be sent requests, and what its administrator should know."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import instants
from models.database import session as current_session
from services.restored import head_revision

# Below this several processes on one file can meet the WAL-reset bug: https://sqlite.org/wal.html.
SAFE_WITH_PROCESSES = (3, 51, 3)
LEAST_FREE = 200 * 1024 * 1024
MOST_APART = 2


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that this process runs on."""
    return sqlite3.sqlite_version_info


@lru_cache
def _head() -> str:
    return head_revision()


def _revision(session: Session) -> str | None:
    return session.scalar(text("SELECT version_num FROM alembic_version"))


def writable(folder: Path) -> bool:
    """Whether a file can be written and kept in the folder."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def ready(folder: Path) -> bool:
    """Whether requests may be sent here: the database answers, is migrated, the disk takes files.

    One statement and one small file.
    """
    try:
        return _revision(current_session()) == _head() and writable(folder)
    except (SQLAlchemyError, sqlite3.Error):
        return False


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``fine`` or to be seen to; ``code`` and ``params`` make its sentence."""

    code: str
    fine: bool
    params: dict[str, object]


def processes() -> int:
    """How many processes serve the program here: this one and its siblings; 1 when unknown."""
    parent = os.getppid()
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        own = Path("/proc/self/cmdline").read_bytes()
        return max(1, sum(Path(f"/proc/{one}/cmdline").read_bytes() == own for one in children))
    except OSError:
        return 1


def findings(folder: Path, now: datetime) -> list[Finding]:
    """Everything the health page says, the database first; ``now`` is the machine's clock."""
    session = current_session()
    at, head = _revision(session), _head()
    found = [Finding("migrated" if at == head else "not_migrated", at == head, {"revision": at})]
    if session.get_bind().dialect.name == "sqlite":
        found.append(_sqlite())
    else:
        found += _postgresql(session)
    shown = instants.now(session)
    apart = round(abs((shown - now).total_seconds()))
    together = apart <= MOST_APART
    found.append(Finding("clock" if together else "clock_apart", together, {"seconds": apart}))
    free = shutil.disk_usage(folder).free
    code = "disk" if free >= LEAST_FREE else "disk_low"
    found.append(Finding(code, free >= LEAST_FREE, {"mb": free // (1024 * 1024)}))
    if not writable(folder):
        found.append(Finding("disk_not_written", False, {}))
    return found


def _sqlite() -> Finding:
    version, running = sqlite_version(), processes()
    params = {"version": ".".join(map(str, version)), "processes": running}
    if version >= SAFE_WITH_PROCESSES:
        return Finding("sqlite", True, params)
    alone = running == 1
    return Finding("sqlite_one_process" if alone else "sqlite_too_many", alone, params)


def _postgresql(session: Session) -> list[Finding]:
    names = ("server_version", "fsync", "full_page_writes", "synchronous_standby_names")
    row = session.execute(
        text("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
    ).one()
    version, fsync, whole_pages, standbys = row
    safe = fsync == whole_pages == "on"
    found = [Finding("postgresql" if safe else "postgresql_unsafe", safe, {"version": version})]
    if standbys:
        found.append(_standbys(session, standbys))
    return found


def _standbys(session: Session, names: str) -> Finding:
    streaming = session.scalar(
        text(
            "SELECT count(*) FROM pg_stat_replication "
            "WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')"
        )
    )
    code = "standby" if streaming else "standby_missing"
    return Finding(code, bool(streaming), {"names": names, "streaming": streaming})
