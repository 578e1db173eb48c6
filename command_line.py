"""How flask's command line meets the settings: help needs none, a refusal is one line.

A command that needs the program is of the class ``Needing``. Where the settings are unsafe the
program is not built; a bare app stands in for it, which knows the commands and the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup
from sqlalchemy.exc import DBAPIError

from domain.errors import NotStored, NotYetKnown

# Commands that anyone may run without a database, a secret or a setting.
OFFLINE = frozenset({"count", "share", "verify", "restore-check"})
# Options of flask itself that are followed by a word of their own.
_WITH_A_WORD = frozenset({"--app", "-A", "--env-file", "-e"})
_REASON = "LOUYI_NOT_BUILT"


def asked_command(words: Sequence[str]) -> str | None:
    """The command among the words after ``flask``, past its own options."""
    rest = iter(words)
    for word in rest:
        if word in _WITH_A_WORD:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def works_from_files() -> bool:
    """Whether the flask command line asks for a command that needs files and nothing else."""
    asked = click.get_current_context(silent=True) is not None
    return asked and asked_command(sys.argv[1:]) in OFFLINE


def stand_in(reason: object) -> Flask | None:
    """A bare app that says ``reason`` for every command that needs the program.

    None where no command line asks: whoever starts a server is told by the exception. Flask's own
    commands (``run``, ``routes``, ``shell``) ask for the program when they run already; they end
    here, with the reason in one line.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return None
    if not isinstance(context.command, FlaskGroup):
        raise click.ClickException(str(reason))
    bare = Flask("app", static_folder=None)
    bare.config[_REASON] = str(reason)
    return bare


class Needing(click.Command):
    """A command that needs the program and its database, and says in one line what is missing."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Refuses before anything is asked for; ``--help`` is answered all the same."""
        reason = current_app.config.get(_REASON) if current_app else None
        if reason and "--help" not in args:
            raise click.ClickException(reason)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """What the command does; a database that is away or without tables is one line."""
        try:
            return super().invoke(ctx)
        except (NotStored, NotYetKnown, DBAPIError) as error:
            raise click.ClickException(_of_database(error)) from error


def _of_database(error: BaseException) -> str:
    cause: BaseException = error
    while not isinstance(cause, DBAPIError) and cause.__cause__ is not None:
        cause = cause.__cause__
    said = str(getattr(cause, "orig", None) or cause).strip().splitlines()
    first = said[0].rstrip(".") if said else type(cause).__name__
    return (
        f"The database did not do it: {first}. "
        "Does it run, is DATABASE_URL right, and were the tables made (alembic upgrade head)?"
    )
