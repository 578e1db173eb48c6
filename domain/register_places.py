"""Which building and entrance each line of a roster belongs to.

A cell that was really merged downwards speaks for all its lines. A text file cannot say what was
merged, so there a blank building or entrance is the one above, with a remark; a spreadsheet could
have said it, so there a blank between others is refused. Where a column says nothing at all, there
is one building, and each building has one entrance.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain import register_words as words
from domain.errors import Refused
from domain.register_rows import Place, RowReader
from domain.register_tables import Line


class Places:
    """Building and entrance of every line; refusals and remarks go to the row reader."""

    def __init__(self, lines: Sequence[Line], reader: RowReader, *, fills: bool) -> None:
        self._reader = reader
        self._fills = fills
        self._above: tuple[str, str] = ("", "")
        self._first_spelling: dict[tuple[str, ...], str] = {}
        self._any_building = any(not line.cell("building").blank for line in lines)
        # Buildings whose lines name an entrance, found with the same filling as below.
        self._with_entrances: set[str] = set()
        building = ""
        for line in lines:
            building = self._key_or_none(line) or building
            if not line.cell("entrance").blank:
                self._with_entrances.add(building)

    def of(self, line: Line) -> Place:
        """The line's place; where it cannot be told, a fault is added and the place is partial."""
        building = self._building(line)
        building_key = words.building_key(building) if building else ""
        same = (
            building_key == words.building_key(self._above[0]) if self._above[0] else not building
        )
        entrance = self._entrance(line, building_key, self._above[1] if same else "")
        entrance_key = words.entrance_key(entrance) if entrance else ""
        self._above = (building, entrance)
        return Place(
            building=self._spelling(line, "building", building, building_key),
            building_key=building_key,
            entrance=self._spelling(line, "entrance", entrance, building_key, entrance_key),
            entrance_key=entrance_key,
        )

    def _building(self, line: Line) -> str:
        if not line.cell("building").blank:
            return self._word(line, "building")
        if not self._any_building:
            return ""
        return self._blank(line, "building", self._above[0])

    def _entrance(self, line: Line, building_key: str, above: str) -> str:
        if not line.cell("entrance").blank:
            return self._word(line, "entrance")
        if building_key not in self._with_entrances:
            return ""
        return self._blank(line, "entrance", above)

    def _blank(self, line: Line, name: str, above: str) -> str:
        if self._fills and above:
            self._reader.remark(line, "filled_from_above", above, field=name)
            return above
        self._reader.refuse(line, name, f"{name}_missing")
        return ""

    def _word(self, line: Line, name: str) -> str:
        text = self._reader.attempt(line, name, lambda text: text) or ""
        if len(text) > words.MAX_WORD:
            self._reader.refuse(line, name, "text_too_long", limit=words.MAX_WORD)
        return text

    def _spelling(self, line: Line, name: str, text: str, *key: str) -> str:
        """The spelling that the file uses first, so that one building has one name."""
        first = self._first_spelling.setdefault(key, text)
        if first != text:
            self._reader.remark(line, "spelling_unified", text, field=name, read_as=first)
        return first

    def _key_or_none(self, line: Line) -> str | None:
        try:
            return words.building_key(line.text("building")) or None
        except Refused:
            return None
