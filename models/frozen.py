"""Rows that never change: triggers on both engines, since an ORM listener misses bulk statements.

``FROZEN`` lists, per table, the condition on the old row under which update and delete are refused
(``None``: always). Migrations install them; a test breaks each on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

FROZEN: dict[str, str | None] = {
    "audit_entries": None,
    "ballots": None,
    "motion_counts": None,
    "resolutions": None,
    "resolution_motions": None,
    "requirement_issues": None,
    "demand_releases": None,
    "notices": None,
    "rolls": None,
    "roll_voters": None,
    "roll_dwellings": None,
    "roll_owners": None,
    "option_versions": "OLD.published_at IS NOT NULL",
}
# Tables that came with later migrations, which install their triggers themselves.
PUBLICATIONS: dict[str, str | None] = {"publications": "OLD.outcome IS NOT NULL"}
ERASURES: dict[str, str | None] = {"erasures": None}
DUTIES: dict[str, str | None] = {
    "mandates": "OLD.withdrawn_at IS NOT NULL",
    "ballot_mandates": None,
    "platform_results": "OLD.confirmed_at IS NOT NULL OR OLD.rejected_at IS NOT NULL",
    "paper_details": None,
    "deliveries": None,
    "statements": None,
}
ALL: dict[str, str | None] = FROZEN | PUBLICATIONS | ERASURES | DUTIES
# What of a motion is fixed by its announcement.
MOTION_FIXED = (
    "plan_id",
    "number",
    "option_version_id",
    "entrance_id",
    "title",
    "text",
    "matter",
    "channel",
    "announced_at",
    "notice_days",
    "opens_at",
    "closes_at",
)


def _motion_changed(same: str) -> str:
    changed = " OR ".join(f"NEW.{name} {same} OLD.{name}" for name in MOTION_FIXED)
    return f"OLD.announced_at IS NOT NULL AND ({changed})"


def install(connection: Connection) -> None:
    """Create the triggers on this database."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(
            text(
                "CREATE FUNCTION louyi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'louyi: % is frozen', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
    install_on(connection, FROZEN)
    same = "IS NOT" if sqlite else "IS DISTINCT FROM"
    _install(connection, "motions", "UPDATE", _motion_changed(same), sqlite=sqlite)
    _install(connection, "motions", "DELETE", "OLD.announced_at IS NOT NULL", sqlite=sqlite)


def install_on(connection: Connection, tables: Mapping[str, str | None]) -> None:
    """Create the triggers of these tables; those of the first release are there already."""
    sqlite = connection.dialect.name == "sqlite"
    for table, condition in tables.items():
        for act in ("UPDATE", "DELETE"):
            _install(connection, table, act, condition, sqlite=sqlite)


def remove_from(connection: Connection, tables: Mapping[str, str | None]) -> None:
    """Drop the triggers of these tables."""
    for table in tables:
        for act in ("update", "delete"):
            suffix = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER frozen_{table}_{act}{suffix}"))


def _install(
    connection: Connection, table: str, act: str, condition: str | None, *, sqlite: bool
) -> None:
    name = f"frozen_{table}_{act.lower()}"
    when = f"WHEN ({condition}) " if condition else ""
    if sqlite:
        body = f"BEGIN SELECT RAISE(ABORT, 'louyi: {table} is frozen'); END"
    else:
        body = "EXECUTE FUNCTION louyi_refuse()"
    connection.execute(
        text(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}{body}")
    )


def remove(connection: Connection) -> None:
    """Drop the triggers of the first release."""
    remove_from(connection, FROZEN | {"motions": None})
    if connection.dialect.name != "sqlite":
        connection.execute(text("DROP FUNCTION louyi_refuse()"))


# --- erasure (decision 0018) --------------------------------------------------------------------

# What may be taken from a posted roll once its plan's year is over: table -> (columns that stay,
# the change itself, the roll).
_ERASABLE = {
    "roll_owners": (
        ("voter_id", "owner_id"),
        "NEW.name = '—'",
        "(SELECT roll_id FROM roll_voters WHERE roll_voters.id = OLD.voter_id)",
    ),
    "rolls": (
        ("id", "motion_id", "version", "posted_at", "posted_by"),
        "NEW.reason = ''",
        "OLD.id",
    ),
}


def _erases(table: str, same: str) -> str:
    """The condition that an update does nothing but erase, and that the year is recorded over."""
    stay, change, roll = _ERASABLE[table]
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in stay)
    return (
        f"{kept} AND {change} AND EXISTS (SELECT 1 FROM erasures "
        "JOIN motions ON motions.plan_id = erasures.plan_id "
        "JOIN rolls ON rolls.motion_id = motions.id "
        f"WHERE rolls.id = {roll} AND rolls.posted_at < erasures.until)"
    )


def allow_erasure(connection: Connection) -> None:
    """Freeze the table of erasures; names and reasons of rolls may be erased where it says so."""
    sqlite = connection.dialect.name == "sqlite"
    for table, condition in ERASURES.items():
        for act in ("UPDATE", "DELETE"):
            _install(connection, table, act, condition, sqlite=sqlite)
    for table in _ERASABLE:
        _drop(connection, table, "update", sqlite=sqlite)
        if sqlite:
            _install(connection, table, "UPDATE", f"NOT ({_erases(table, 'IS')})", sqlite=True)
            continue
        connection.execute(
            text(
                f"CREATE FUNCTION louyi_erase_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN IF {_erases(table, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; "
                "RAISE EXCEPTION 'louyi: % is frozen', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
        connection.execute(
            text(
                f"CREATE TRIGGER frozen_{table}_update BEFORE UPDATE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION louyi_erase_{table}()"
            )
        )


def forbid_erasure(connection: Connection) -> None:
    """As it was before ``allow_erasure``."""
    sqlite = connection.dialect.name == "sqlite"
    for table in ERASURES:
        for act in ("update", "delete"):
            _drop(connection, table, act, sqlite=sqlite)
    for table in _ERASABLE:
        _drop(connection, table, "update", sqlite=sqlite)
        if not sqlite:
            connection.execute(text(f"DROP FUNCTION louyi_erase_{table}()"))
        _install(connection, table, "UPDATE", FROZEN[table], sqlite=sqlite)


def _drop(connection: Connection, table: str, act: str, *, sqlite: bool) -> None:
    suffix = "" if sqlite else f" ON {table}"
    connection.execute(text(f"DROP TRIGGER frozen_{table}_{act}{suffix}"))
