"""The flask commands for bad days: ``backup`` a database in use, ``restore-check`` a copy of it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from command_line import Needing
from services import backups, restored

# Nothing was copied, or nothing could be checked.
CANNOT = 2
NOT_WHOLE = 1


def register(app: Flask) -> None:
    """Give the program the command that needs its database."""
    app.cli.add_command(backup)


@click.command("backup", cls=Needing)
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE while the program goes on."""
    try:
        size = backups.back_up(current_app.config["LOUYI"].database_url, file)
    except backups.CannotBackUp as error:
        click.echo(str(error), err=True)
        raise SystemExit(CANNOT) from None
    click.echo(f"{file}: {size:,} bytes. Check it with: flask --app app restore-check {file}")


@click.command("restore-check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", help="The empty PostgreSQL database to restore a copy by pg_dump into.")
def restore_check(file: Path, into: str | None) -> None:
    """Restore a copy aside, count everything again, say valid or the first thing that is not."""
    try:
        whole = restored.check_file(file, into)
    except backups.CannotBackUp as error:
        click.echo(str(error), err=True)
        raise SystemExit(CANNOT) from None
    except restored.NotWhole as fault:
        click.echo(f"not valid: {fault}", err=True)
        raise SystemExit(NOT_WHOLE) from None
    click.echo(
        f"valid: {whole.motions} motions counted again, {whole.ballots} ballots, "
        f"{whole.resolutions} resolutions, {whole.chains} audit logs with {whole.entries} entries."
    )
