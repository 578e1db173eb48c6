"""Findings of the health page as sentences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from services.health import Finding

SENTENCES = {
    "migrated": _l("The database is at the newest revision, %(revision)s."),
    "not_migrated": _l(
        "The database is at revision %(revision)s, which is not this program's newest. Run: "
        "alembic upgrade head"
    ),
    "sqlite": _l("SQLite %(version)s. Processes that serve the program here: %(processes)s."),
    "sqlite_one_process": _l(
        "SQLite %(version)s, served by one process. Keep it at one with threads: below 3.51.3 "
        "several processes on one file can lose what was written (the WAL-reset bug)."
    ),
    "sqlite_too_many": _l(
        "SQLite %(version)s is served by %(processes)s processes. Below 3.51.3 they can lose what "
        "was written (the WAL-reset bug): run one process with threads, or PostgreSQL."
    ),
    "postgresql": _l("PostgreSQL %(version)s waits for the disk at every commit."),
    "postgresql_unsafe": _l(
        "PostgreSQL %(version)s does not wait for the disk: fsync or full_page_writes is off. A "
        "power cut can lose votes."
    ),
    "standby": _l("A synchronous standby (%(names)s) has every vote before it is acknowledged."),
    "standby_missing": _l(
        "The synchronous standby (%(names)s) is not there: votes wait and are answered “not yet "
        "known”."
    ),
    "clock": _l("This machine's clock and the database's differ by %(seconds)s s at most."),
    "clock_apart": _l(
        "This machine's clock and the database's differ by %(seconds)s s. Votes go by the "
        "database's; set both by the network's time."
    ),
    "disk": _l("Free on the disk: %(mb)s MB."),
    "disk_low": _l("Free on the disk: only %(mb)s MB. When it is full, votes cannot be recorded."),
    "disk_not_written": _l("Nothing can be written to the disk at present."),
}


def sentence(finding: Finding) -> str:
    """What the finding says to the administrator."""
    return str(SENTENCES[finding.code]) % finding.params
