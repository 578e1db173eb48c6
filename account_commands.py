"""The flask commands for accounts: the first one, and the way back in when a phone is lost."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from command_line import Needing
from domain.errors import Refused
from domain.passwords import SHORTEST
from services.accounts import create_administrator, reset_by_operator


def register(app: Flask) -> None:
    """Give the program the commands."""
    app.cli.add_command(create_admin)
    app.cli.add_command(reset_factor)


@click.command("create-admin", cls=Needing)
@click.option("--login", prompt="Login name", help="Not a phone number.")
@click.option("--name", prompt="Name as others see it", default="Administrator")
@click.password_option(
    help=f"At least {SHORTEST} characters; asked for when left out, which keeps it out of the "
    "shell's history."
)
@with_appcontext
def create_admin(login: str, name: str, password: str) -> None:
    """Make a system administrator, who makes communities and their first members."""
    now = current_app.extensions["clock"]()
    try:
        account = create_administrator(name=name, login=login, password=password, now=now)
    except Refused as refusal:
        click.echo(f"Not made: {refusal}", err=True)
        raise SystemExit(2) from refusal
    click.echo(f"{account.login} can sign in now.")


@click.command("reset-second-factor", cls=Needing)
@click.argument("login")
@with_appcontext
def reset_factor(login: str) -> None:
    """Take the second factor off LOGIN, which is signed out and enrols anew.

    For whoever runs the machine, when nobody with the program's own rights can help.
    """
    now = current_app.extensions["clock"]()
    try:
        reset_by_operator(login, now=now)
    except Refused as refusal:
        click.echo(f"Not reset: {refusal}", err=True)
        raise SystemExit(2) from refusal
    click.echo(f"{login} has no second factor now and is signed out.")
