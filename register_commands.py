"""``flask import-roster``: what upload, preview and confirmation do in the browser."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from blueprints.register.words import fault_line, refusal_text, remark_groups
from command_line import Needing
from domain.accounts import ANONYMOUS
from domain.errors import Refused
from domain.quantities import format_area
from domain.register import Roster
from domain.register_difference import Difference
from domain.register_drafts import CommunityDraft
from models.register import Community
from models.register_queries import community_named
from services import register as service
from services import register_editing
from services.reference import DEFAULT_CITY
from services.register import Preview, Reading
from services.register_applying import Applied

# The status when nothing was imported.
CANNOT_IMPORT = 2


def register(app: Flask) -> None:
    """Give the program the command."""
    app.cli.add_command(import_roster)


@click.command("import-roster", cls=Needing)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", "name", required=True, help="The community; made if there is none.")
@click.option("--city", default=DEFAULT_CITY, show_default=True, help="Of a new community.")
@click.option("--building", default="", help="The building, when the file names none.")
@click.option("--sheet", help="The sheet, when the first with column names is not the one.")
@click.option("--keep-gone", is_flag=True, help="Keep dwellings that the file no longer has.")
@click.option("--strict", is_flag=True, help="Import nothing when a row cannot be read.")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@with_appcontext
def import_roster(
    file: Path,
    name: str,
    city: str,
    building: str,
    sheet: str | None,
    keep_gone: bool,
    strict: bool,
    dry_run: bool,
) -> None:
    """Import a roster (.xlsx or .csv): the rows that can be read, all of them or none."""
    now = current_app.extensions["clock"]()
    data = file.read_bytes()
    with force_locale("en"):
        try:
            preview = _preview(community_named(name), file.name, data, sheet, building)
            _show(file.name, preview)
            if dry_run or (strict and preview.roster and preview.roster.refused):
                click.echo("Nothing was imported.")
                raise SystemExit(0 if dry_run else CANNOT_IMPORT)
            community = community_named(name) or _new_community(name, city, now)
            applied = _apply(community, file.name, data, preview, keep_gone, now)
        except Refused as refused:
            click.echo(f"{file.name}: {refusal_text(refused)}", err=True)
            raise SystemExit(CANNOT_IMPORT) from None
    click.echo(
        f"Imported into {name}: {applied.added} added, {applied.restored} brought back, "
        f"{applied.changed} changed, {applied.retired} retired, {applied.deleted} deleted."
    )


def _preview(
    community: Community | None, file_name: str, data: bytes, sheet: str | None, building: str
) -> Preview:
    mapping = service.remembered(community) if community else {}
    reading = Reading(mapping, sheet, building)
    preview = service.try_file(community, file_name=file_name, data=data, reading=reading)
    if preview.blocked is not None:
        raise preview.blocked
    return preview


def _new_community(name: str, city: str, now: datetime) -> Community:
    made = register_editing.add_community(ANONYMOUS, CommunityDraft(name, city), now=now)
    click.echo(f"New community: {name}.")
    return made


def _apply(
    community: Community,
    file_name: str,
    data: bytes,
    shown: Preview,
    keep_gone: bool,
    now: datetime,
) -> Applied:
    upload = service.upload_roster(ANONYMOUS, community, file_name=file_name, data=data, now=now)
    service.set_reading(ANONYMOUS, upload, shown.reading, now=now)
    return service.confirm_import(
        ANONYMOUS,
        upload,
        digest=shown.digest,
        retire_gone=not keep_gone,
        accept_refused=True,
        now=now,
    )


def _show(file_name: str, preview: Preview) -> None:
    """The preview in words; what was not read goes to the standard error."""
    roster, told = preview.roster, preview.difference
    if roster is None or told is None:
        return
    for fault in roster.refused:
        line = fault_line(fault)
        value = f" “{line.value}”" if line.value else ""
        click.echo(
            f"{file_name}: line {line.row}, column {line.column}{value}: {line.reason}", err=True
        )
    _show_figures(roster, told)
    for group in remark_groups(roster.remarks):
        where = f" Lines {group.rows}." if group.rows else ""
        click.echo(f"Note: {group.text}{where} {group.values}".rstrip())
    for owner, rows in roster.owners_of_several.items():
        click.echo(f"One owner: {owner}: {', '.join(row.address for row in rows)}")


def _show_figures(roster: Roster, told: Difference) -> None:
    totals = roster.totals
    click.echo(
        f"Read: {totals.dwellings} dwellings, {format_area(totals.area)} m²; in votes count "
        f"{totals.counted}, {format_area(totals.counted_area)} m². "
        f"Lines that cannot be read: {len(roster.refused_rows)}."
    )
    click.echo(
        f"New: {len(told.added)}, changed: {len(told.changed)}, unchanged: "
        f"{len(told.unchanged)}, no longer in the file: {len(told.gone)}."
    )
    if roster.unknown_columns:
        names = ", ".join(column.key for column in roster.unknown_columns)
        click.echo(f"Columns left out: {names}")
    if roster.sheets_not_read:
        click.echo(f"Sheets not read: {', '.join(roster.sheets_not_read)}")
