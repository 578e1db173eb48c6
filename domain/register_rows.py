"""One line of a roster → one dwelling, or the faults that refuse it.

Source of the readings: formats.md ("Roster"). Whatever is not written in the line itself (a floor
taken from the room, a building filled down from a merged cell) is said in a remark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from domain import register_headers as headers
from domain import register_words as words
from domain.errors import Refused
from domain.register_tables import Fault, Line, Merge, Remark, clean
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure

Value = TypeVar("Value")
Address = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class DwellingRow:
    """A dwelling as the roster describes it; ``area`` in 0.01 m², ``row`` its line in the file.

    Building and entrance are kept as written, their keys say which spellings mean the same; both
    are "" where the roster has no such column.
    """

    building: str
    building_key: str
    entrance: str
    entrance_key: str
    room: str
    floor: int
    area: int
    area_source: AreaSource = AreaSource.REGISTER
    owners: tuple[str, ...] = ()
    tenure: Tenure = Tenure.PRIVATE
    occupancy: Occupancy = Occupancy.OWNER
    counts: bool = True
    phone: str = ""
    note: str = ""
    row: int = 0

    @property
    def key(self) -> Address:
        """What identifies the dwelling inside its community."""
        return (self.building_key, self.entrance_key, self.room.casefold())

    @property
    def address(self) -> str:
        """ "3幢1单元301"; a dash keeps two numbers apart: "1号楼1-101"."""
        text = ""
        for part in filter(None, (self.building, self.entrance, self.room)):
            text += f"-{part}" if text[-1:].isdigit() else part
        return text

    @property
    def owner_kinds(self) -> tuple[OwnerKind, ...]:
        """The kind of each owner, in the order of ``owners``."""
        return tuple(words.owner_kind(name, self.tenure) for name in self.owners)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: building and entrance as they apply to it."""

    building: str
    building_key: str
    entrance: str
    entrance_key: str


@dataclass
class RowReader:
    """Reads lines one by one; ``faults`` and ``remarks`` gather what there is to say."""

    need_owners: bool = True
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def read(self, line: Line, place: Place) -> DwellingRow | None:
        """The line's dwelling, or None after adding the faults that refuse it."""
        before = len(self.faults)
        self._say_merged(line)
        room = self._room(line)
        area = self._area(line)
        floor = self._floor(line, room)
        note = self._note(line)
        tenure = self._choice(line, "tenure", headers.TENURES, Tenure.PRIVATE)
        owners = self._owners(line, tenure)
        area_source = self._choice(line, "area_source", headers.AREA_SOURCES, AreaSource.REGISTER)
        occupancy = self._occupancy(line)
        counts = self._counts(line, room or "", note)
        phone = self._phone(line)
        if len(self.faults) > before or room is None or area is None or floor is None:
            return None
        return DwellingRow(
            building=place.building,
            building_key=place.building_key,
            entrance=place.entrance,
            entrance_key=place.entrance_key,
            room=room,
            floor=floor,
            area=area,
            area_source=area_source,
            owners=owners,
            tenure=tenure,
            occupancy=occupancy,
            counts=counts,
            phone=phone,
            note=note,
            row=line.row,
        )

    def attempt(self, line: Line, name: str, parse: Callable[[str], Value]) -> Value | None:
        """What ``parse`` makes of the field, or None after adding its refusal as a fault."""
        try:
            return parse(line.text(name))
        except Refused as refused:
            self.faults.append(line.refusal(name, refused))
            return None

    def refuse(self, line: Line, name: str, code: str, limit: int | None = None) -> None:
        params = {} if limit is None else {"limit": limit}
        self.faults.append(line.fault(name, code, params=params))

    def remark(self, line: Line, code: str, value: str = "", **params: object) -> None:
        self.remarks.append(Remark(line.row, code, value, params))

    def _say_merged(self, line: Line) -> None:
        for name in ("building", "entrance", "floor", "owners", "tenure", "area_source"):
            if any(cell.merge is Merge.BELOW for _, cell in line.pairs(name)):
                self.remark(line, "filled_from_merge", line.seen(name), field=name)

    def _room(self, line: Line) -> str | None:
        room = self.attempt(line, "room", words.room_text)
        if room == "":
            self.refuse(line, "room", "room_missing")
        elif room and len(room) > words.MAX_WORD:
            self.refuse(line, "room", "text_too_long", limit=words.MAX_WORD)
        return room or None

    def _area(self, line: Line) -> int | None:
        cell = line.cell("area")
        if cell.blank:
            self.refuse(line, "area", "area_missing")
            return None
        if cell.merge is not Merge.NONE:
            # One figure for several dwellings may be each one's area or the sum of all.
            self.refuse(line, "area", "area_merged")
            return None
        area = self.attempt(line, "area", words.area_of_text)
        if area and area not in words.UNUSUAL_AREA:
            self.remark(line, "area_unusual", line.seen("area"))
        return area

    def _floor(self, line: Line, room: str | None) -> int | None:
        given = None
        if not line.cell("floor").blank:
            given = self.attempt(line, "floor", words.floor_of_text)
            if given is None:
                return None
        if room is None:
            return given
        try:
            derived = words.floor_of_room(room)
        except Refused as refused:
            if given is None:
                self.faults.append(line.refusal("room", refused))
            return given
        if given is None:
            self.remark(line, "floor_from_room", room, floor=derived)
        elif given != derived and not any(word in room for word in words.NOT_COUNTING):
            self.remark(line, "floor_differs_from_room", room, floor=given, room_floor=derived)
        return derived if given is None else given

    def _owners(self, line: Line, tenure: Tenure) -> tuple[str, ...]:
        try:
            found = words.owners_of_texts(tuple(cell.text for _, cell in line.pairs("owners")))
        except Refused as refused:
            self.faults.append(line.refusal("owners", refused))
            return ()
        if not found.names and self.need_owners:
            self.refuse(line, "owners", "owners_missing")
        for relation in found.dropped:
            self.remark(line, "relation_dropped", relation)
        for code, names in (
            ("owner_repeated", found.repeated),
            ("owner_joined", found.joined),
            ("owner_deceased", found.deceased),
        ):
            for name in names:
                self.remark(line, code, name)
        if found.id_numbers:
            self.remark(line, "id_number_dropped")
        for name in found.names:
            kind = words.owner_kind(name, tenure)
            if kind is not OwnerKind.PERSON:
                self.remark(line, f"owner_{kind.value}", name)
        return found.names

    def _choice(
        self, line: Line, name: str, known: Mapping[Value, tuple[str, ...]], default: Value
    ) -> Value:
        """The choice written; the default, said aloud, for a blank; an unknown word is a fault."""
        if line.cell(name).blank:
            self.remark(line, f"{name}_assumed")
            return default
        choice = self.attempt(line, name, lambda text: words.choice_of(known, text))
        if choice is None and not line.cell(name).blank:
            self.refuse(line, name, f"{name}_unknown")
        return default if choice is None else choice

    def _occupancy(self, line: Line) -> Occupancy:
        text = line.seen("occupancy")
        choice = words.choice_of(headers.OCCUPANCIES, text) if text else None
        if choice is None and text:
            self.remark(line, "occupancy_unread", text)
        elif choice is None or text.casefold() in headers.NOT_LET:
            # "Not let" leaves open whether the owner lives there or nobody does.
            self.remark(line, "occupancy_assumed", text)
        return choice or Occupancy.OWNER

    def _counts(self, line: Line, room: str, note: str) -> bool:
        if not line.cell("counts").blank:
            said = words.choice_of(headers.YES_NO, line.seen("counts"))
            if said is None:
                self.refuse(line, "counts", "counts_unknown")
            return said is not False
        for text in (room, note):
            if any(word in text for word in (*words.NOT_COUNTING, "不计入")):
                self.remark(line, "not_counted", text)
                return False
        return True

    def _phone(self, line: Line) -> str:
        phones = []
        for _, cell in line.pairs("phone"):
            try:
                phones.append(words.phone_of_text(cell.text))
            except Refused:
                self.remark(line, "phone_unread", clean(cell.text))
        return " / ".join(dict.fromkeys(phones))

    def _note(self, line: Line) -> str:
        texts = []
        for _, cell in line.pairs("note"):
            text, found = words.without_id_numbers(clean(cell.text))
            if found:
                self.remark(line, "id_number_dropped")
            texts.append(text)
        note = "; ".join(texts)
        if len(note) > words.MAX_NOTE:
            self.refuse(line, "note", "text_too_long", limit=words.MAX_NOTE)
        return note
