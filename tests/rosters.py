"""Rosters for tests, and what was read, refused and remarked of them."""

from __future__ import annotations

from domain.register import DwellingRow, Roster, read_roster
from domain.register_tables import EMPTY, Cell, CellKind, Table

HEADER = ["幢号", "单元", "室号", "建筑面积", "产权人"]


SIXTH_FLOOR = ["3幢", "1单元", "602", "58.43", "邱国强"]


def roster(*rows: list[str], header: list[str] = HEADER, **options: object) -> Roster:
    return read_roster([Table.of_texts("清册", [header, *rows])], **options)  # type: ignore[arg-type]


def one(header: list[str], row: list[str]) -> DwellingRow:
    read = roster(row, header=header)
    assert read.refused == ()
    return read.dwellings[0]


def reasons(read: Roster) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in read.refused]


def said(read: Roster, code: str) -> list[tuple[int, str]]:
    return [(remark.row, remark.value) for remark in read.remarks if remark.code == code]


def sheet(*rows: list[Cell | str], name: str = "Sheet1") -> Table:
    cells = tuple(
        tuple(
            cell if isinstance(cell, Cell) else Cell(cell, CellKind.TEXT) if cell else EMPTY
            for cell in row
        )
        for row in rows
    )
    return Table(name, cells, knows_merges=True)
