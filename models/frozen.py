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
# Tables that came with a later migration, which installs their triggers itself.
DUTIES: dict[str, str | None] = {
    "mandates": "OLD.withdrawn_at IS NOT NULL",
    "ballot_mandates": None,
    "platform_results": "OLD.confirmed_at IS NOT NULL OR OLD.rejected_at IS NOT NULL",
    "paper_details": None,
    "deliveries": None,
    "statements": None,
}
ALL: dict[str, str | None] = FROZEN | DUTIES
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
    for table, condition in FROZEN.items():
        for act in ("UPDATE", "DELETE"):
            _install(connection, table, act, condition, sqlite=sqlite)
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
    """Drop the triggers (a migration that rewrites a table does so and installs them again)."""
    sqlite = connection.dialect.name == "sqlite"
    for table in (*FROZEN, "motions"):
        for act in ("update", "delete"):
            suffix = "" if sqlite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER frozen_{table}_{act}{suffix}"))
    if not sqlite:
        connection.execute(text("DROP FUNCTION louyi_refuse()"))
