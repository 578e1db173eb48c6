"""The flask commands that work from files: no database, no configured secret."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from bundle_commands import verify
from domain.quantities import format_area, format_money
from domain.ratios import Figures, Outcome, Rule
from recovery_commands import restore_check
from services.counting import (
    Counted,
    File,
    Shared,
    Unreadable,
    address_of,
    count_files,
    share_files,
)

# The status for input that cannot be counted; click uses it for wrong options too.
CANNOT_COUNT = 2

OUTCOMES = {
    Outcome.ADOPTED: "adopted",
    Outcome.REJECTED: "rejected: not enough agreement",
    Outcome.NOT_QUORATE: "not quorate: too few took part, nothing is decided",
}
NEEDED = {Rule.SPECIAL: "at least 3/4", Rule.ORDINARY: "more than 1/2"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    """Give the program its commands that work from files."""
    app.cli.add_command(count)
    app.cli.add_command(share)
    app.cli.add_command(verify)
    app.cli.add_command(restore_check)


def _file(path: Path) -> File:
    return File(path.name, path.read_bytes())


def _give_up(unreadable: Unreadable) -> None:
    for line in unreadable.lines:
        click.echo(line, err=True)
    raise SystemExit(CANNOT_COUNT)


def _tell(notes: Sequence[str]) -> None:
    for note in notes:
        click.echo(note, err=True)


def _write_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


@click.command("count")
@click.option("--roll", type=FILE, required=True, help="The roster, .xlsx or .csv.")
@click.option("--ballots", type=FILE, required=True, help="Room or voter, and choice.")
@click.option("--matter", type=click.IntRange(1, 9), required=True, help="Item of art. 278.")
@click.option("--scope", help="Building, or building/entrance: 3幢/1单元.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def count(roll: Path, ballots: Path, matter: int, scope: str | None, as_json: bool) -> None:
    """Count ballots over a roster by Civil Code art. 278."""
    try:
        counted = count_files(_file(roll), _file(ballots), matter, scope)
    except Unreadable as unreadable:
        _give_up(unreadable)
    else:
        _tell(counted.notes)
        if as_json:
            _write_json(counted.json)
        else:
            _print_count(counted)


def _print_count(counted: Counted) -> None:
    result = counted.count
    click.echo(f"Matter {int(result.matter or 0)}, {result.rule.value}: {OUTCOMES[result.outcome]}")
    columns = ("total", "participating", "agree", "against", "abstain", "disputed", "invalid")
    click.echo(" " * 10 + "".join(f"{column:>14}" for column in columns))

    def row(name: str, figures: Figures, of_area: bool) -> None:
        values = [getattr(figures, column) for column in columns]
        texts = [format_area(value) if of_area else str(value) for value in values]
        click.echo(f"{name:<10}" + "".join(f"{text:>14}" for text in texts))

    row("persons", result.persons, False)
    row("area m²", result.area, True)

    def test(name: str, persons: bool, area: bool, short: str = "") -> None:
        said = ", ".join(
            f"{base} {'yes' if passed else 'no'}"
            for base, passed in (("persons", persons), ("area", area))
        )
        click.echo(f"{name}: {said}{short}")

    test("Took part, at least 2/3 of all", result.quorum_persons, result.quorum_area)
    persons, area = result.missing_persons.agreement, result.missing_area.agreement
    short = f"; short by {persons} persons, {format_area(area)} m²" if persons or area else ""
    test(
        f"Agreed, {NEEDED[result.rule]} of those",
        result.approval_persons,
        result.approval_area,
        short,
    )
    for name in ("disputed", "invalid", "unknown"):
        listed = counted.json[name]
        if isinstance(listed, list) and listed:
            click.echo(f"{name}: {', '.join(map(str, listed))}")


@click.command("share")
@click.option("--roster", type=FILE, required=True, help="The roster, .xlsx or .csv.")
@click.option("--scheme", type=FILE, required=True, help="The cost-sharing scheme, .toml.")
@click.option("--cost", required=True, help="The price in yuan: 700000.00.")
@click.option("--subsidy", default="0", show_default=True, help="What the city pays, in yuan.")
@click.option("--scope", help="Building, or building/entrance: 3幢/1单元.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def share(
    roster: Path, scheme: Path, cost: str, subsidy: str, scope: str | None, as_json: bool
) -> None:
    """Share a cost among dwellings by a scheme, to the fen."""
    try:
        shared = share_files(_file(roster), _file(scheme), cost, subsidy, scope)
    except Unreadable as unreadable:
        _give_up(unreadable)
    else:
        _tell(shared.notes)
        if as_json:
            _write_json(shared.to_json())
        else:
            _print_shares(shared)


def _print_shares(shared: Shared) -> None:
    for own in shared.shares:
        amount = format_money(own.amount, grouped=True)
        click.echo(f"{address_of(own.dwelling)}\tfloor {own.dwelling.floor}\t{amount:>16}")
    total = sum(own.amount for own in shared.shares)
    click.echo(f"total\t{len(shared.shares)} dwellings\t{format_money(total, grouped=True):>16}")
