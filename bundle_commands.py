"""The flask commands for whoever checks: ``verify`` a bundle, ``audit-export`` a chain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from command_line import Needing
from services.bundles import audit_lines

VERIFIER = Path(__file__).parent / "verifier" / "verify.py"
NOTHING_THERE = 2


def register(app: Flask) -> None:
    """Give the program the command that needs its database."""
    app.cli.add_command(audit_export)


@click.command("verify", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def verify(words: tuple[str, ...]) -> None:
    """Check a signed bundle of a resolution; --help says how.

    It is the stand-alone verifier in a process of its own, so that what is said here is what
    anybody else's copy says.
    """
    sys.stdout.flush()
    done = subprocess.run([sys.executable, "-E", str(VERIFIER), *words], check=False)
    raise SystemExit(done.returncode)


@click.command("audit-export", cls=Needing)
@click.argument("chain")
@with_appcontext
def audit_export(chain: str) -> None:
    """Write a chain of the audit log (plan:7, community:3, system), one entry a line."""
    lines = audit_lines(chain)
    if not lines:
        click.echo(f"There is no entry in {chain}.", err=True)
        raise SystemExit(NOTHING_THERE)
    for line in lines:
        click.echo(line)
