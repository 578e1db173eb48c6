"""Every command of flask's: help needs no settings, and what is missing is said in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup

import app as program
import command_line
from extensions import db
from tests.services.test_settings import SAFE, UNSAFE

ROOT = Path(__file__).parents[2]


def registered() -> dict[str, click.Command]:
    bare = Flask("all", static_folder=None)
    return dict(program._with_commands(bare).cli.commands)


COMMANDS = registered()
NEEDING = sorted(COMMANDS.keys() - command_line.OFFLINE)
# Of flask itself; each asks for the program.
FLASKS_OWN = ("routes", "run", "shell")


@pytest.fixture
def flask(monkeypatch, tmp_path):
    """``flask WORDS`` with these settings and no others, from the folder of the program."""
    for name in os.environ:
        if name.startswith(("LOUYI_", "SECRET_", "DATABASE_", "FLASK_")):
            monkeypatch.delenv(name)

    def run(*words: str, **settings: str) -> Result:
        for name, value in ({"LOUYI_INSTANCE": str(tmp_path / "instance")} | settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["flask", "--app", "app", *words])
        monkeypatch.chdir(ROOT)
        group = FlaskGroup(name="flask")
        return CliRunner().invoke(group, ["--app", "app", *words], prog_name="flask")

    made = []
    build = program.create_app

    def create_app():
        made.append(build())
        return made[-1]

    monkeypatch.setattr(program, "create_app", create_app)
    yield run
    # From 3.13 on Python warns of a file that nobody closed.
    for one in made:
        if "sqlalchemy" in one.extensions:
            with one.app_context():
                db.engine.dispose()


def one_line(done: Result, part: str) -> None:
    assert done.exit_code != 0
    lines = done.output.strip().splitlines()
    assert len(lines) == 1, done.output
    assert lines[0].startswith("Error: ") and part in lines[0]


def test_a4_every_command_is_one_that_needs_the_program_or_works_from_files():
    assert len(NEEDING) >= 6
    for name, command in COMMANDS.items():
        assert isinstance(command, command_line.Needing) is (name in NEEDING), name


@pytest.mark.parametrize("name", [name for name in sorted(COMMANDS) if name != "verify"])
def test_a4_help_of_every_command_needs_no_settings(flask, name, tmp_path):
    done = flask(name, "--help")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Usage: flask {name} ")
    assert not (tmp_path / "instance").exists()


def test_a4_the_list_of_commands_needs_no_settings(flask):
    done = flask("--help")
    assert done.exit_code == 0 and "Traceback" not in done.output
    listed = {line.split()[0] for line in done.output.splitlines() if line.startswith("  ")}
    assert listed >= {*COMMANDS, *FLASKS_OWN}


@pytest.mark.parametrize("name", [*NEEDING, *FLASKS_OWN])
def test_a4_without_settings_every_command_says_in_one_line_what_is_missing(flask, name):
    one_line(flask(name), "LOUYI_HOSTS is empty")


@pytest.mark.parametrize("wrong", UNSAFE.values(), ids=UNSAFE.keys())
def test_a4_an_unsafe_setting_is_named_in_one_line(flask, wrong):
    one_line(flask("import-roster", "nowhere.xlsx", **(SAFE | wrong)), next(iter(wrong)))


def test_a4_a_folder_that_cannot_be_made_is_named_in_one_line(flask, tmp_path):
    (tmp_path / "file").touch()
    where = {"LOUYI_INSTANCE": str(tmp_path / "file" / "instance")}
    one_line(flask("purge", **(SAFE | where)), "LOUYI_INSTANCE")


@pytest.mark.parametrize(
    ("words", "url"),
    [
        (["purge"], ""),
        (["audit-export", "system"], ""),
        (["reset-second-factor", "anna"], ""),
        (["create-admin", "--login", "anna", "--name", "A", "--password", "long enough 1 2"], ""),
        (["purge"], "postgresql://nobody@127.0.0.1:1/nothing"),
        (["restore-check", "dump", "--into", "postgresql://nobody@127.0.0.1:1/nothing"], ""),
    ],
)
def test_a4_a_database_without_tables_or_out_of_reach_is_said_in_one_line(
    flask, tmp_path, words, url
):
    dump = tmp_path / "dump"
    dump.write_bytes(b"PGDMP and more")
    words = [str(dump) if word == "dump" else word for word in words]
    done = flask(*words, **SAFE, **({"DATABASE_URL": url} if url else {}))
    assert done.exit_code not in (0, None)
    assert len(done.output.strip().splitlines()) == 1, done.output
    assert "database" in done.output and "Traceback" not in done.output


def test_a4_a_word_that_happens_to_be_a_commands_name_is_not_the_command():
    asked = command_line.asked_command
    assert asked(["--app", "app", "create-admin", "--login", "count"]) == "create-admin"
    assert asked(["-A", "count", "--debug", "share", "--help"]) == "share"
    assert asked(["--help"]) is None


def _plain(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("LOUYI_", "SECRET_", "DATABASE_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    environment["LOUYI_INSTANCE"] = str(folder / "instance")
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    "words",
    [
        ("flask", "--app", "app", "import-roster", "roster.xlsx"),
        ("alembic", "upgrade", "head"),
        ("gunicorn", "-c", "deploy/gunicorn.conf.py", "app:create_app()"),
    ],
    ids=lambda words: words[0],
)
def test_a4_on_a_real_command_line_too(tmp_path, words):
    done = _plain(*words, folder=tmp_path)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "LOUYI_HOSTS is empty" in said.strip().splitlines()[-1]
