"""What the committee may write into the register by hand, checked like a row of a roster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain import register_words as words
from domain.errors import Refused
from domain.register_tables import clean, folded
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure

YEARS = range(1900, 2101)
MAX_LINE = 200


@dataclass(frozen=True, slots=True)
class CommunityDraft:
    """A compound; ``city`` is the key of its city profile."""

    name: str
    city: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class BuildingDraft:
    name: str
    built_year: int | None = None


@dataclass(frozen=True, slots=True)
class DwellingDraft:
    """A dwelling as typed: ``area`` in 0.01 m², ``owners`` as one text, several by 、."""

    room: str
    floor: int
    area: int
    owners: str
    area_source: AreaSource = AreaSource.REGISTER
    tenure: Tenure = Tenure.PRIVATE
    occupancy: Occupancy = Occupancy.OWNER
    counts: bool = True
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OwnerDraft:
    name: str
    kind: OwnerKind
    distinguisher: str = ""


def _line(text: str, field: str, *, limit: int = MAX_LINE, required: bool = True) -> str:
    line = clean(text)
    if required and not line:
        raise Refused("text_missing", field=field)
    if len(line) > limit:
        raise Refused("text_too_long", field=field, limit=limit)
    return line


def checked_community(draft: CommunityDraft) -> CommunityDraft:
    """The draft tidied; refuses ``text_missing`` and ``text_too_long`` (limit)."""
    return replace(
        draft,
        name=_line(draft.name, "name"),
        address=_line(draft.address, "address", required=False),
    )


def checked_building(draft: BuildingDraft) -> BuildingDraft:
    """The draft tidied; refuses missing and overlong names and ``year_absurd`` (value)."""
    if draft.built_year is not None and draft.built_year not in YEARS:
        raise Refused("year_absurd", field="built_year", value=draft.built_year)
    return replace(draft, name=checked_place(draft.name))


def checked_place(name: str) -> str:
    """The name of a building or an entrance; refuses ``text_missing`` and ``text_too_long``."""
    return _line(folded(name), "name", limit=words.MAX_WORD)


def checked_dwelling(draft: DwellingDraft) -> tuple[DwellingDraft, tuple[str, ...]]:
    """The draft tidied, and the owners' names.

    Refuses ``text_missing``, ``text_too_long`` (limit), ``floor_zero``, ``floor_absurd`` (value),
    ``area_not_positive`` (value), ``phone_unreadable`` (value), ``owners_missing``,
    ``owners_incomplete``, ``owners_ambiguous`` (value), ``owner_too_long`` (limit).
    """
    if draft.floor == 0:
        raise Refused("floor_zero", field="floor", value=draft.floor)
    if draft.floor not in words.FLOORS:
        raise Refused("floor_absurd", field="floor", value=draft.floor)
    if draft.area <= 0:
        raise Refused("area_not_positive", field="area", value=draft.area)
    tidied = replace(
        draft,
        room=_line(words.room_text(draft.room), "room", limit=words.MAX_WORD),
        phone=_at("phone", words.phone_of_text, draft.phone) if draft.phone.strip() else "",
        note=words.without_id_numbers(
            _line(draft.note, "note", limit=words.MAX_NOTE, required=False)
        )[0],
    )
    try:
        names = words.owners_of_texts((draft.owners,)).names
    except Refused as refused:
        raise Refused(refused.code, field="owners", **refused.params) from refused
    if not names:
        raise Refused("owners_missing", field="owners")
    return tidied, names


def checked_owner(draft: OwnerDraft) -> OwnerDraft:
    """The draft tidied; refuses ``text_missing``, ``text_too_long``, ``owner_not_one`` (value)."""
    try:
        names = words.owners_of_texts((draft.name,)).names
    except Refused as refused:
        raise Refused(refused.code, field="name", **refused.params) from refused
    if len(names) != 1:
        code = "owner_not_one" if names else "text_missing"
        raise Refused(code, field="name", value=clean(draft.name))
    return replace(
        draft,
        name=names[0],
        distinguisher=_line(draft.distinguisher, "distinguisher", required=False),
    )


def _at(field: str, read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except Refused as refused:
        raise Refused(refused.code, field=field, **refused.params) from refused
