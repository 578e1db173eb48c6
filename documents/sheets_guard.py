"""Before a workbook is parsed: is it one, is it small enough, does it attack the parser?

A workbook is a zip of XML parts. Every part is read once as a stream of elements, with nothing
built from it: entities and document types are refused, elements, rows, columns and merged ranges
are counted. What passes costs the parser a bounded effort.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, NoReturn
from xml.parsers import expat

from domain.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_PARTS = 200
MAX_ROWS = 5_000
MAX_COLUMNS = 60
# What Excel itself can hold in a cell.
MAX_CELL_TEXT = 32_767
# A sheet of numbers at the limits above has 605,000 elements. Styles and the like cost the parser
# far more each; honest files have fewer.
MAX_CELLS = MAX_ROWS * MAX_COLUMNS
# Texts, values and formulas of one cell: a text in a thousand colours has no more.
MAX_IN_CELL = 5_000
MAX_ELEMENTS = 620_000
MAX_OTHER_ELEMENTS = 50_000
MAX_DEPTH = 64
MAX_FORMULA_TEXT = 200
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CELL_PARTS = frozenset({"row", "c", "v", "is", "t", "f", "si"})
_COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class MergedRange:
    """First and last row and column of a merged range, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class SheetFacts:
    """What the stream of a part showed: how far its cells reach, what is merged, what is a formula.

    ``formulas`` is keyed by row and column, counted from 1.
    """

    rows: int = 0
    columns: int = 0
    merged: list[MergedRange] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class _Counts:
    elements: int = 0
    others: int = 0
    cells: int = 0
    sheets: set[str] = field(default_factory=set)


def checked_workbook(data: bytes) -> dict[str, SheetFacts]:
    """Facts about each XML part of a workbook that is within all limits; refuses any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _checked(archive)
    # What the zip reader, the inflater and the XML parser raise for files that are broken.
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        EOFError,
        NotImplementedError,
        ValueError,
    ):
        _refuse("file_unreadable")


def _refuse(code: str, **params: object) -> NoReturn:
    raise Refused(code, field="file", **params) from None


def _checked(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        _refuse("file_too_many_parts", limit=MAX_PARTS)
    # zipfile hands out no more than the size declared here, whatever the compressed data hold.
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        _refuse("file_too_big_unpacked", limit=MAX_UNPACKED)
    names = [part.filename for part in parts]
    if len(set(names)) < len(names) or "[Content_Types].xml" not in names:
        _refuse("file_unreadable")
    counts = _Counts()
    facts: dict[str, SheetFacts] = {}
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in _METHODS:
            _refuse("file_unreadable")
        with archive.open(part) as stream:
            head = stream.read(1024)
            # Pictures and printer settings are passed over; by content, since a name can lie.
            if re.match(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff|[\s\0])*<", head):
                scan = _Scan(part.filename, counts)
                scan.run(head, stream)
                facts[part.filename] = scan.facts
    return facts


class _Scan:
    """One XML part as a stream of elements."""

    def __init__(self, name: str, counts: _Counts) -> None:
        self.facts = SheetFacts()
        self._name = name
        self._counts = counts
        self._depth = 0
        self._row = 0
        self._column = 0
        self._in_cell = 0
        self._targets: set[str] = set()
        self._parser = expat.ParserCreate()

    def run(self, head: bytes, stream: IO[bytes]) -> None:
        """Read the part to its end; refuses what is over a limit or hostile."""
        parser = self._parser
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        block = head
        while block:
            parser.Parse(block, False)
            block = stream.read(65536)
        parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        _refuse("file_hostile")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        counts = self._counts
        counts.elements += 1
        kind = name if name in _CELL_PARTS else name.rpartition(":")[2]
        if kind in _CELL_PARTS:
            self._cell_part(kind, attributes)
        else:
            counts.others += 1
            self._other(kind, attributes)
        if (
            counts.elements > MAX_ELEMENTS
            or counts.others > MAX_OTHER_ELEMENTS
            or self._depth > MAX_DEPTH
        ):
            _refuse("file_too_complicated")

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _formula(self) -> None:
        """From here to the end of the element the text is a formula."""
        parts: list[str] = []

        def end(name: str) -> None:
            self._end(name)
            self._parser.CharacterDataHandler = None
            self._parser.EndElementHandler = self._end
            formula = "".join(parts)[:MAX_FORMULA_TEXT]
            self.facts.formulas[self._row, self._column] = f"={formula}"

        self._parser.CharacterDataHandler = parts.append
        self._parser.EndElementHandler = end

    def _cell_part(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "c":
            self._cell(attributes.get("r"))
        elif kind == "row":
            self._next_row(attributes.get("r"))
        elif self._column:
            # The cell has content: many sheets format a million rows and fill fifty.
            self._reach()
            self._in_cell += 1
            if self._in_cell > MAX_IN_CELL:
                _refuse("file_too_complicated")
            if kind == "f":
                self._formula()

    def _reach(self) -> None:
        if self._row > MAX_ROWS:
            _refuse("too_many_rows", limit=MAX_ROWS)
        if self._column > MAX_COLUMNS:
            _refuse("too_many_columns", limit=MAX_COLUMNS)
        self.facts.rows = max(self.facts.rows, self._row)
        self.facts.columns = max(self.facts.columns, self._column)

    def _next_row(self, number: str | None) -> None:
        row = int(number) if number else self._row + 1
        if row <= self._row:
            _refuse("file_unreadable")
        self._row, self._column = row, 0

    def _cell(self, coordinate: str | None) -> None:
        row, column = _position(coordinate) if coordinate else (self._row, self._column + 1)
        if row != self._row or column <= self._column:
            _refuse("file_unreadable")
        self._column = column
        self._in_cell = 0
        self._counts.cells += 1
        if self._counts.cells > MAX_CELLS:
            _refuse("file_too_complicated")

    def _other(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif kind == "sheet":
            # A thousand sheets that are all one part would be parsed a thousand times.
            self._once(
                self._counts.sheets,
                next((v for k, v in attributes.items() if k.endswith(":id")), ""),
            )
        elif kind == "Relationship" and attributes.get("Target", "").endswith(".xml"):
            self._once(self._targets, posixpath.basename(attributes["Target"]))

    def _once(self, seen: set[str], name: str) -> None:
        if name in seen or len(seen) >= MAX_PARTS:
            _refuse("file_unreadable")
        seen.add(name)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _position(first)
        bottom, right = _position(last or first)
        self.facts.merged.append(MergedRange(top, left, bottom, right))


def _position(coordinate: str) -> tuple[int, int]:
    match = _COORDINATE.fullmatch(coordinate)
    if not match:
        _refuse("file_unreadable")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
