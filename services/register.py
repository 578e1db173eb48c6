"""Importing a roster: upload, preview, confirm. Nothing is written before it was shown.

The preview is worked out afresh from the uploaded cells and the register as it is; its digest goes
through the confirmation, so that what is applied is what was shown, all of it or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from documents.sheets import read_sheets
from domain.accounts import Actor
from domain.errors import Refused, Stale
from domain.register import Roster, read_roster
from domain.register_difference import Difference, difference
from domain.register_drafts import checked_place
from domain.register_rows import DwellingRow
from domain.register_settling import KnownBuilding, settled
from domain.register_tables import EMPTY, Cell, CellKind, Merge, Table, clean
from domain.vocabulary import AreaSource, Occupancy, Tenure
from models import locking
from models.database import session as current_session
from models.register import Building, Community, Dwelling, HeaderMapping, RosterImport
from models.register_queries import dwellings_of, mappings_of, owners_named
from services.audit import community_chain, record
from services.register_applying import Applied, apply_difference
from services.register_lock import register_transaction
from services.transaction import transaction

# An upload that nobody confirms holds names and telephones; it is dropped by the next one.
UPLOADS_KEPT = timedelta(days=7)
SAMPLES = 3


@dataclass(frozen=True)
class Reading:
    """How a file is to be read: headers mapped by hand, which sheet, which building."""

    mapping: Mapping[str, str]
    sheet: str | None = None
    building: str = ""


@dataclass(frozen=True)
class Preview:
    """What a confirmation would do. ``digest`` stands for all of it.

    ``blocked`` is why nothing can be confirmed yet; ``namesakes`` are names that the register has
    several owners of, of whom a new dwelling goes to the first; ``samples`` are a few values of
    each column by its letter, for whoever says by hand what the column is.
    """

    upload: RosterImport
    reading: Reading
    sheets: tuple[str, ...]
    roster: Roster | None
    difference: Difference | None
    blocked: Refused | None
    namesakes: tuple[str, ...]
    digest: str
    samples: Mapping[str, tuple[str, ...]]


def upload_roster(
    actor: Actor, community: Community, *, file_name: str, data: bytes, now: datetime
) -> RosterImport:
    """The file's cells are kept for a preview; refuses whatever ``read_sheets`` refuses.

    The same file uploaded again continues where the first upload stands.
    """
    tables = read_sheets(data, file_name)
    digest = hashlib.sha256(data).hexdigest()
    with transaction() as session:
        _forget_old_uploads(session, community, now)
        upload = session.scalar(
            select(RosterImport).where(
                RosterImport.community_id == community.id,
                RosterImport.sha256 == digest,
                RosterImport.applied_at.is_(None),
            )
        )
        if upload is None:
            upload = RosterImport(
                community_id=community.id,
                file_name=file_name[-200:],
                sha256=digest,
                uploaded_by=actor.account_id,
                uploaded_at=now,
                tables=_tables_to_json(tables),
                reading={},
            )
            session.add(upload)
        session.flush()
        return upload


def try_file(
    community: Community | None, *, file_name: str, data: bytes, reading: Reading
) -> Preview:
    """What importing the file would do to the community (to a new one, when there is none).

    Nothing is stored; refuses whatever ``read_sheets`` refuses.
    """
    upload = RosterImport(
        community_id=community.id if community else 0,
        file_name=file_name,
        tables=_tables_to_json(read_sheets(data, file_name)),
        reading=asdict(reading),
    )
    return preview_import(upload)


def _forget_old_uploads(session: Session, community: Community, now: datetime) -> None:
    session.execute(
        delete(RosterImport).where(
            RosterImport.community_id == community.id,
            RosterImport.applied_at.is_(None),
            RosterImport.uploaded_at < now - UPLOADS_KEPT,
        )
    )


def set_reading(
    actor: Actor, upload: RosterImport, reading: Reading, *, now: datetime
) -> RosterImport:
    """The file is read so from now on; headers mapped by hand are remembered for the community.

    A header that ``reading`` does not map any more is forgotten. Refuses ``import_applied``,
    ``text_too_long``.
    """
    del actor, now
    building = checked_place(reading.building) if reading.building.strip() else ""
    with transaction() as session:
        upload = session.get_one(RosterImport, upload.id, populate_existing=True)
        if upload.applied_at is not None:
            raise Stale("import_applied")
        # A column without a header is mapped in this file only: the next one's E is another's.
        by_header = {k: v for k, v in reading.mapping.items() if not k.startswith("#")}
        by_letter = {k: v for k, v in reading.mapping.items() if k.startswith("#")}
        upload.reading = {"mapping": by_letter, "sheet": reading.sheet, "building": building}
        in_file = {clean(cell.text) for t in _tables(upload) for row in t.rows for cell in row}
        for header in (in_file & set(mappings_of(upload.community_id))) - set(by_header):
            session.execute(
                delete(HeaderMapping).where(
                    HeaderMapping.community_id == upload.community_id,
                    HeaderMapping.header == header,
                )
            )
        for header, field in by_header.items():
            session.merge(
                HeaderMapping(community_id=upload.community_id, header=header[:200], field=field)
            )
        return upload


def remembered(community: Community) -> dict[str, str]:
    """The headers that the community's committee has mapped by hand, with their fields."""
    return mappings_of(community.id)


def reading_of(upload: RosterImport) -> Reading:
    """How the upload is read: what the community remembers, and what was said of this file."""
    own = upload.reading
    return Reading(
        mapping=mappings_of(upload.community_id) | dict(own.get("mapping") or {}),
        sheet=own.get("sheet"),
        building=str(own.get("building") or ""),
    )


def preview_import(upload: RosterImport) -> Preview:
    """What confirming the upload would do to the register as it is now; writes nothing."""
    reading = reading_of(upload)
    tables = _tables(upload)
    names = tuple(table.name for table in tables)
    try:
        roster = read_roster(tables, reading.mapping, sheet=reading.sheet)
    except Refused as refused:
        return Preview(upload, reading, names, None, None, refused, (), "", {})
    roster = settled(roster, known_buildings(upload.community_id), reading.building)
    living = [d for d in dwellings_of(upload.community_id) if d.retired_at is None]
    told = difference([as_row(dwelling) for dwelling in living], roster)
    return Preview(
        upload=upload,
        reading=reading,
        sheets=names,
        roster=roster,
        difference=told,
        blocked=_blocked(roster),
        namesakes=_namesakes(upload.community_id, told),
        digest=_digest(roster, told),
        samples=_samples(roster, tables),
    )


def _samples(roster: Roster, tables: Iterable[Table]) -> dict[str, tuple[str, ...]]:
    table = next(table for table in tables if table.name == roster.sheet)
    below = table.rows[roster.header_row :]
    samples = {}
    for column in roster.columns:
        cells = (row[column.index] for row in below if column.index < len(row))
        values = dict.fromkeys(clean(cell.text) for cell in cells if not cell.blank)
        samples[column.letter] = tuple(value[:40] for value in list(values)[:SAMPLES])
    return samples


def _blocked(roster: Roster) -> Refused | None:
    if roster.missing:
        return Refused("columns_missing", columns=roster.missing, row=roster.header_row)
    if roster.ambiguous:
        return Refused("columns_ambiguous", columns=roster.ambiguous, row=roster.header_row)
    if not roster.dwellings:
        return Refused("import_no_dwellings")
    if any(not row.building_key for row in roster.dwellings):
        return Refused("import_no_building", field="building")
    return None


def _namesakes(community_id: int, told: Difference) -> tuple[str, ...]:
    names = {name for row in told.added for name in row.owners}
    for change in told.changed:
        names |= set(change.new.owners) - set(change.old.owners)
    found = owners_named(community_id, sorted(names))
    return tuple(name for name, owners in found.items() if len(owners) > 1)


def _digest(roster: Roster, told: Difference) -> str:
    shown = {
        "added": [asdict(row) for row in told.added],
        "changed": [asdict(change) for change in told.changed],
        "gone": [asdict(row) for row in told.gone],
        "refused": [[fault.row, fault.column, fault.code] for fault in roster.refused],
    }
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def confirm_import(
    actor: Actor,
    upload: RosterImport,
    *,
    digest: str,
    retire_gone: bool | None,
    accept_refused: bool = False,
    now: datetime,
) -> Applied:
    """The register is as the preview with this digest said, all of it; the cells are dropped.

    Confirming twice gives the first result again. Refuses whatever blocks the preview,
    ``import_outdated`` (the register has changed since the preview), ``import_refused_rows``
    (rows) until they are accepted, ``import_gone_undecided`` (dwellings) until somebody says what
    becomes of dwellings that the file no longer has.
    """
    with register_transaction(upload.community_id) as session:
        upload = locking.locked(session, RosterImport, upload.id)
        if upload.applied_at is not None:
            return Applied(**upload.reading["applied"])
        preview = preview_import(upload)
        told = _confirmable(preview, digest, retire_gone, accept_refused)
        applied = apply_difference(
            session, upload.community_id, told, retire_gone=bool(retire_gone), now=now
        )
        upload.applied_at = now
        upload.tables = []
        upload.reading = {"applied": asdict(applied)}
        assert preview.roster is not None
        details = {
            "import": upload.id,
            "sha256": upload.sha256,
            "refused": len(preview.roster.refused_rows),
            **asdict(applied),
        }
        chain = community_chain(upload.community_id)
        record(session, chain, "roster_imported", actor=actor, now=now, details=details)
        return applied


def _confirmable(
    preview: Preview, digest: str, retire_gone: bool | None, accept_refused: bool
) -> Difference:
    if preview.blocked is not None:
        raise preview.blocked
    assert preview.roster is not None and preview.difference is not None
    if preview.digest != digest:
        raise Stale("import_outdated")
    refused = len(preview.roster.refused_rows)
    if refused and not accept_refused:
        raise Refused("import_refused_rows", field="accept_refused", rows=refused)
    gone = len(preview.difference.gone)
    if gone and retire_gone is None:
        raise Refused("import_gone_undecided", field="gone", dwellings=gone)
    return preview.difference


def drop_upload(actor: Actor, upload: RosterImport, *, now: datetime) -> None:
    """The upload is forgotten, nothing else changes; refuses ``import_applied``."""
    del actor, now
    with transaction() as session:
        upload = session.get_one(RosterImport, upload.id, populate_existing=True)
        if upload.applied_at is not None:
            raise Stale("import_applied")
        session.delete(upload)


# The register as a roster


def known_buildings(community_id: int) -> dict[str, KnownBuilding]:
    """The community's buildings by key, with the names of their entrances."""
    buildings = current_session().scalars(
        select(Building)
        .where(Building.community_id == community_id)
        .options(selectinload(Building.entrances))
        .execution_options(populate_existing=True)
    )
    return {
        building.key: KnownBuilding(
            building.name, {entrance.key: entrance.name for entrance in building.entrances}
        )
        for building in buildings
    }


def as_row(dwelling: Dwelling) -> DwellingRow:
    """A dwelling of the register as a roster would describe it."""
    entrance = dwelling.entrance
    return DwellingRow(
        building=entrance.building.name,
        building_key=entrance.building.key,
        entrance=entrance.name,
        entrance_key=entrance.key,
        room=dwelling.room,
        floor=dwelling.floor,
        area=dwelling.area,
        area_source=AreaSource(dwelling.area_source),
        owners=tuple(held.owner.name for held in dwelling.ownerships),
        tenure=Tenure(dwelling.tenure),
        occupancy=Occupancy(dwelling.occupancy),
        counts=dwelling.counts,
        phone=dwelling.phone,
        note=dwelling.note,
    )


# Cells between upload and confirmation


def _tables_to_json(tables: Iterable[Table]) -> list[Any]:
    return [
        {
            "name": table.name,
            "merges": table.knows_merges,
            "rows": [[_cell_to_json(cell) for cell in row] for row in table.rows],
        }
        for table in tables
    ]


def _cell_to_json(cell: Cell) -> list[str]:
    if cell is EMPTY or cell == EMPTY:
        return []
    if cell.merge is Merge.NONE:
        return [cell.text, cell.kind.value]
    return [cell.text, cell.kind.value, cell.merge.value]


def _tables(upload: RosterImport) -> Sequence[Table]:
    return [
        Table(
            name=table["name"],
            rows=tuple(tuple(_cell(cell) for cell in row) for row in table["rows"]),
            knows_merges=table["merges"],
        )
        for table in upload.tables
    ]


def _cell(parts: Sequence[str]) -> Cell:
    if not parts:
        return EMPTY
    merge = Merge(parts[2]) if len(parts) > 2 else Merge.NONE
    return Cell(parts[0], CellKind(parts[1]), merge)
