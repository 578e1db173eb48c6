"""A copy of a database in use, restored aside: whole, or the first thing that is not is named."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from extensions import db
from models.database import session as current_session
from services import restored
from tests import bundles_world

sqlite = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


@pytest.fixture
def aside(place, app, monkeypatch) -> Iterator[list[str]]:
    """Options that say where a copy is restored: for PostgreSQL an empty database."""
    if place.kind == "sqlite":
        yield []
        return
    server = create_engine(place.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        programs = connection.execute(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
        monkeypatch.setenv("PATH", f"{programs.scalar_one()}:{os.environ['PATH']}")
        connection.execute(text("CREATE DATABASE restored"))
        url = server.url.set(database="restored", drivername="postgresql")
        yield ["--into", url.render_as_string(hide_password=False)]
        connection.execute(text("DROP DATABASE restored"))
    server.dispose()


def run(app, *words: object):
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.mark.trust("5.1")
def test_a_copy_is_valid_and_counts_again_to_what_was_recorded(app, world, aside, tmp_path, figure):
    bundles_world.two_resolutions(world)
    current_session().rollback()
    file = tmp_path / "copy"
    made = run(app, "backup", file)
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = run(app, "restore-check", file, *aside)
    assert said.exit_code == 0, said.output
    assert said.output.startswith("valid: 2 motions counted again, 24 ballots, 2 resolutions")
    figure("motions counted again", 2, "differing", 0)
    again = run(app, "backup", file)
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert not list(tmp_path.glob("*.part"))


FALSE: dict[str, tuple[str, str]] = {
    "a ballot": ("UPDATE ballots SET choice = 'abstain' WHERE id = 3", "its commitment"),
    "the log": ("UPDATE audit_entries SET event = '{}' WHERE seq = 4", "entry 4 does not follow"),
    "a lost entry": (
        "DELETE FROM audit_entries WHERE id = "
        "(SELECT max(id) FROM audit_entries WHERE action = 'ballot_cast')",
        "does not follow",
    ),
    "a count": ("UPDATE motion_counts SET document = replace(document, 'adopted', 'x')", "digest"),
    "a lost ballot": ("DELETE FROM ballots WHERE id = 5", "another result"),
    "a roll": ("UPDATE roll_voters SET area = area + 1 WHERE number = 1", "another result"),
    "a resolution": (
        "UPDATE resolutions SET document = replace(document, 'louyi', 'x')",
        "digest is another",
    ),
    "a signature": (
        "UPDATE resolutions SET signature = (SELECT signature FROM resolutions WHERE id = 2) "
        "WHERE id = 1",
        "signature is wrong",
    ),
    "a revision": ("UPDATE alembic_version SET version_num = '0'", "at revision 0"),
}


def falsify(file: Path, statement: str) -> int:
    """What somebody does who has the file; the triggers are taken away first."""
    connection = sqlite3.connect(file, isolation_level=None)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    changed = connection.execute(statement).rowcount
    connection.close()
    return changed


@sqlite
@pytest.mark.trust("5.1", control=True)
def test_control_a_falsified_copy_is_named(app, world, tmp_path, figure):
    bundles_world.two_resolutions(world)
    current_session().rollback()
    for number, (what, (statement, said)) in enumerate(FALSE.items()):
        file = tmp_path / f"copy-{number}"
        assert run(app, "backup", file).exit_code == 0
        assert falsify(file, statement) > 0, what
        answer = run(app, "restore-check", file)
        assert answer.exit_code == 1, what
        assert said in answer.output, f"{what}: {answer.output}"
    figure("falsified copies", len(FALSE), "named", len(FALSE))


@sqlite
def test_what_is_no_copy_or_a_broken_one_is_said(app, world, tmp_path):
    file = tmp_path / "copy"
    file.write_text("not a database")
    assert "is no copy of a database" in run(app, "restore-check", file).output
    file.write_bytes(restored.SQLITE_BEGINS + b"\1" * 5000)
    answer = run(app, "restore-check", file)
    assert answer.exit_code == 1
    assert "not valid" in answer.output
    file.write_bytes(b"PGDMP and more")
    assert "--into" in run(app, "restore-check", file).output


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_without_its_programs_postgresql_is_not_copied_and_that_is_said(
    app, world, tmp_path, monkeypatch, aside
):
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = run(app, "backup", tmp_path / "copy")
    assert answer.exit_code == 2
    assert "pg_dump is not installed" in answer.output
    url = db.engine.url.render_as_string(hide_password=False)
    (tmp_path / "copy").write_bytes(b"PGDMP and more")
    answer = run(app, "restore-check", tmp_path / "copy", "--into", url)
    assert answer.exit_code == 2
    assert "is not empty" in answer.output
