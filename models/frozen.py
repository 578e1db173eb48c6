"""Rows that never change: triggers on both engines, since an ORM listener misses bulk statements.

``FROZEN`` lists, per table, the condition on the old row under which update and delete are refused
(``None``: always). Migrations install them; a test breaks each on purpose.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

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
    "publications": "OLD.outcome IS NOT NULL",
}
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
    # Tables of later migrations are not there yet; those migrations install their own.
    for table in _present(connection):
        install_on(connection, table)
    same = "IS NOT" if sqlite else "IS DISTINCT FROM"
    _install(connection, "motions", "UPDATE", _motion_changed(same), sqlite=sqlite)
    _install(connection, "motions", "DELETE", "OLD.announced_at IS NOT NULL", sqlite=sqlite)


def install_on(connection: Connection, table: str) -> None:
    """Create the triggers of one table that a later migration has made."""
    for act in ("UPDATE", "DELETE"):
        _install(connection, table, act, FROZEN[table], sqlite=connection.dialect.name == "sqlite")


def remove_from(connection: Connection, table: str) -> None:
    """Drop the triggers of one table."""
    suffix = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    for act in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER frozen_{table}_{act}{suffix}"))


def _present(connection: Connection) -> list[str]:
    there = set(inspect(connection).get_table_names())
    return [table for table in FROZEN if table in there]


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
    """Drop the triggers (a migration that rewrites a table does so and installs them again)."""
    sqlite = connection.dialect.name == "sqlite"
    for table in (*_present(connection), "motions"):
        remove_from(connection, table)
    if not sqlite:
        connection.execute(text("DROP FUNCTION louyi_refuse()"))
