"""The flask command that erases personal data whose time is over."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from command_line import Needing
from services.purging import purge as purge_now


def register(app: Flask) -> None:
    """Give the program the command."""
    app.cli.add_command(purge)


@click.command("purge", cls=Needing)
@click.option("--apply", "apply", is_flag=True, help="Erase; without it only say what would go.")
@with_appcontext
def purge(apply: bool) -> None:
    """Erase personal data that is no longer needed (docs/privacy.md)."""
    figures = purge_now(apply=apply, now=current_app.extensions["clock"]()).figures()
    if not figures:
        click.echo("Nothing is due.")
        return
    click.echo("Erased:" if apply else "Would be erased (run with --apply to do it):")
    for name, number in figures.items():
        click.echo(f"  {name.replace('_', ' ')}: {number}")
