"""Rows that never change: triggers on both engines, since an ORM listener misses bulk statements.

``FROZEN`` lists, per table, the condition on the old row under which update and delete are refused
(``None``: always). Migrations install them; a test breaks each on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
BOXES: dict[str, str | None] = {
    "box_readings": "OLD.agreed_at IS NOT NULL OR OLD.rejected_at IS NOT NULL",
    "paper_boxes": None,
    "late_papers": None,
}
ALL: dict[str, str | None] = FROZEN | PUBLICATIONS | ERASURES | DUTIES | BOXES
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
# With what came by a later migration.
MOTION_FIXED_NOW = (*MOTION_FIXED, "box_hours")


def _motion_changed(same: str, fixed: Sequence[str] = MOTION_FIXED) -> str:
    changed = " OR ".join(f"NEW.{name} {same} OLD.{name}" for name in fixed)
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


def fix_on_announcement(connection: Connection, fixed: Sequence[str]) -> None:
    """These columns of a motion are fixed by its announcement, instead of those before."""
    sqlite = connection.dialect.name == "sqlite"
    same = "IS NOT" if sqlite else "IS DISTINCT FROM"
    _drop(connection, "motions", "update", sqlite=sqlite)
    _install(connection, "motions", "UPDATE", _motion_changed(same, fixed), sqlite=sqlite)


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


@dataclass(frozen=True)
class Erasable:
    """What may be taken from a table once its plan's year is over.

    ``stay``: columns that keep their value, in words; ``change``: column → what it must become;
    ``when``: the rest of a query on ``erasures`` that finds the row which allows it.
    """

    stay: str
    change: Mapping[str, str]
    when: str


_OF_MOTION = (
    "JOIN motions ON motions.plan_id = erasures.plan_id "
    "WHERE motions.id = OLD.motion_id AND OLD.{at} < erasures.until"
)
_OF_ROLL = (
    "JOIN motions ON motions.plan_id = erasures.plan_id "
    "JOIN rolls ON rolls.motion_id = motions.id "
    "WHERE rolls.id = {roll} AND rolls.posted_at < erasures.until"
)
_VOTERS_ROLL = "(SELECT roll_id FROM roll_voters WHERE roll_voters.id = OLD.voter_id)"
ERASABLE: dict[str, Erasable] = {
    "roll_owners": Erasable(
        "voter_id owner_id", {"name": "= '—'"}, _OF_ROLL.format(roll=_VOTERS_ROLL)
    ),
    "rolls": Erasable(
        "id motion_id version posted_at posted_by",
        {"reason": "= ''"},
        _OF_ROLL.format(roll="OLD.id"),
    ),
    "publications": Erasable(
        "id kind plan_id motion_id digest prepared_at prepared_by outcome ended_at ended_by result",
        {"reason": "= ''", "arguments": "= '{}'"},
        "WHERE erasures.plan_id = OLD.plan_id AND OLD.prepared_at < erasures.until",
    ),
}
# Of the tables that came after the erasures.
ERASABLE_DUTIES: dict[str, Erasable] = {
    "mandates": Erasable(
        "id motion_id voter_id owner_id kind holder_owner_id seen_on not_property_staff "
        "recorded_at recorded_by withdrawn_at withdrawn_by",
        {"holder": "= '—'", "document": "= ''", "withdraw_reason": "= ''"},
        _OF_MOTION.format(at="recorded_at"),
    ),
    "paper_details": Erasable(
        "entry_id mandate_id reason",
        {"first_collector": "= ''", "second_collector": "= ''"},
        "JOIN motions ON motions.plan_id = erasures.plan_id "
        "JOIN paper_entries ON paper_entries.motion_id = motions.id "
        "WHERE paper_entries.id = OLD.entry_id AND paper_entries.entered_at < erasures.until",
    ),
    "deliveries": Erasable(
        "id motion_id voter_id sequence outcome at account_id",
        {"place": "IN ('', '—')", "with_whom": "= ''"},
        _OF_MOTION.format(at="at"),
    ),
    # Of a confirmed one the votes stay, as ballots do: the count rests on them.
    "platform_results": Erasable(
        "id motion_id authority document_number document_date form papers totals entered_by "
        "entered_at confirmed_by confirmed_at rejected_at",
        {"votes": "= '[]'"},
        _OF_MOTION.format(at="entered_at") + " AND OLD.rejected_at IS NOT NULL",
    ),
}
# Of the tables of the box, and of one that was there before and has a column more since.
ERASABLE_BOXES: dict[str, Erasable] = {
    "late_papers": Erasable(
        "sheet_id motion_id handed_in recorded_by recorded_at after_count",
        {"first_collector": "= ''", "second_collector": "= ''"},
        _OF_MOTION.format(at="recorded_at"),
    ),
}
DETAILS = {
    "paper_details": Erasable(
        "entry_id mandate_id reason handed_in",
        ERASABLE_DUTIES["paper_details"].change,
        ERASABLE_DUTIES["paper_details"].when,
    ),
}
# What holds now, of all of them.
ERASABLE_NOW = ERASABLE | ERASABLE_DUTIES | ERASABLE_BOXES | DETAILS
# PostgreSQL compares no JSON.
_JSON = frozenset({"arguments", "totals", "votes"})


def _value(row: str, column: str) -> str:
    return f"CAST({row}.{column} AS TEXT)" if column in _JSON else f"{row}.{column}"


def _erases(known: Erasable, same: str) -> str:
    """The condition that an update does nothing but erase, and that the year is recorded over."""
    kept = [f"{_value('NEW', name)} {same} {_value('OLD', name)}" for name in known.stay.split()]
    gone = [f"{_value('NEW', name)} {becomes}" for name, becomes in known.change.items()]
    allowed = f"EXISTS (SELECT 1 FROM erasures {known.when})"
    return " AND ".join((*kept, *gone, allowed))


def allow_erasure(connection: Connection) -> None:
    """Freeze the table of erasures; what is ``ERASABLE`` may be erased where it says so."""
    install_on(connection, ERASURES)
    allow_erasure_on(connection, ERASABLE)


def allow_erasure_on(connection: Connection, tables: Mapping[str, Erasable]) -> None:
    """Of these frozen tables what is ``Erasable`` may be erased where an erasure is on record."""
    sqlite = connection.dialect.name == "sqlite"
    for table, known in tables.items():
        _drop(connection, table, "update", sqlite=sqlite)
        frozen_when = ALL[table]
        if sqlite:
            condition = f"NOT ({_erases(known, 'IS')})"
            if frozen_when:
                condition = f"({frozen_when}) AND {condition}"
            _install(connection, table, "UPDATE", condition, sqlite=True)
            continue
        connection.execute(
            text(
                f"CREATE FUNCTION louyi_erase_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN IF {_erases(known, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; "
                "RAISE EXCEPTION 'louyi: % is frozen', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
        when = f"WHEN ({frozen_when}) " if frozen_when else ""
        connection.execute(
            text(
                f"CREATE TRIGGER frozen_{table}_update BEFORE UPDATE ON {table} "
                f"FOR EACH ROW {when}EXECUTE FUNCTION louyi_erase_{table}()"
            )
        )


def forbid_erasure(connection: Connection) -> None:
    """As it was before ``allow_erasure``."""
    remove_from(connection, ERASURES)
    forbid_erasure_on(connection, ERASABLE)


def forbid_erasure_on(connection: Connection, tables: Mapping[str, Erasable]) -> None:
    """As it was before ``allow_erasure_on``."""
    sqlite = connection.dialect.name == "sqlite"
    for table in tables:
        _drop(connection, table, "update", sqlite=sqlite)
        if not sqlite:
            connection.execute(text(f"DROP FUNCTION louyi_erase_{table}()"))
        _install(connection, table, "UPDATE", ALL[table], sqlite=sqlite)


def thaw(connection: Connection) -> None:
    """Every trigger is gone, for tests that break on purpose what no statement can change."""
    forbid_erasure_on(connection, ERASABLE_BOXES)
    remove_from(connection, BOXES)
    forbid_erasure_on(connection, ERASABLE_DUTIES)
    remove_from(connection, DUTIES)
    forbid_erasure(connection)
    remove_from(connection, PUBLICATIONS)
    remove(connection)


def _drop(connection: Connection, table: str, act: str, *, sqlite: bool) -> None:
    suffix = "" if sqlite else f" ON {table}"
    connection.execute(text(f"DROP TRIGGER frozen_{table}_{act}{suffix}"))
