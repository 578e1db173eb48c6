"""The register's own words: columns of a roster, what the reader of files remarks, its faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.messages import sentence
from domain.errors import Refused
from domain.quantities import format_area
from domain.register_tables import Fault, Remark

FIELDS = {
    "building": _l("Building"),
    "entrance": _l("Entrance"),
    "room": _l("Room"),
    "floor": _l("Floor"),
    "area": _l("Area"),
    "area_source": _l("Source of the area"),
    "owners": _l("Owners"),
    "tenure": _l("Tenure"),
    "occupancy": _l("Use"),
    "phone": _l("Telephone"),
    "note": _l("Note"),
    "counts": _l("Counts in votes"),
}
# What stands first must be looked at; the rest is said for completeness.
REMARKS = {
    "room_repeated_below": _l(
        "The room comes again further down, with other figures. This row was read; check it."
    ),
    "total_differs": _l("The total in the file differs from the rows read."),
    "not_counted": _l("Does not count in votes, because room or note says so."),
    "floor_differs_from_room": _l("The floor given is not the one the room number stands for."),
    "area_unusual": _l("An unusual area."),
    "sheet_also_has_header": _l("This sheet looks like a roster too, and was not read."),
    "owner_deceased": _l("The owner has died; heirs will stand in."),
    "owner_developer": _l(
        "Not sold, or not handed over yet: belongs to the developer, who is one person in a vote."
    ),
    "owner_company": _l("A company or another body, not a person."),
    "spelling_unified": _l("Another spelling of the same building or entrance."),
    "filled_from_above": _l("Blank; taken from the row above."),
    "filled_from_merge": _l("Taken from the merged cell."),
    "floor_from_room": _l("The floor was taken from the room number."),
    "entrance_assumed": _l("No entrance is given; the building has one."),
    "area_source_assumed": _l("No source of the area is given; taken as property register."),
    "tenure_assumed": _l("No tenure is given; taken as private."),
    "occupancy_assumed": _l("Whether the owner lives there is not said; taken as yes."),
    "occupancy_unread": _l("The use is not understood and was left out."),
    "relation_dropped": _l("A relation such as 配偶 was taken off the name."),
    "owner_joined": _l("A blank inside a name was taken out."),
    "owner_repeated": _l("The same owner was named twice."),
    "id_number_dropped": _l("An identity card number was left out; none is ever kept."),
    "phone_unread": _l("The telephone number is not understood and was left out."),
    "total_agrees": _l("The total in the file agrees with the rows read."),
    "total_not_stated": _l("The total row gives no figure to compare."),
    "header_repeated": _l("The column names are repeated here."),
    "line_not_read": _l("A line without room, area and owner; not read."),
}


@dataclass(frozen=True)
class RemarkGroup:
    """All remarks of one kind: the sentence, the rows, and what stands there."""

    text: str
    rows: str
    values: str


@dataclass(frozen=True)
class FaultLine:
    """A refused cell: row, column as the spreadsheet shows it, the value, the reason."""

    row: int
    column: str
    value: str
    reason: str


def field_name(field: str) -> str:
    """The reader's word for a column of a roster."""
    return str(FIELDS.get(field, field))


def fault_line(fault: Fault) -> FaultLine:
    """The fault as a line of the table of refused rows."""
    place = " ".join(filter(None, (fault.column, fault.header))) or field_name(fault.field)
    return FaultLine(fault.row, place, fault.value, fault_text(fault))


def fault_text(fault: Fault) -> str:
    """Why the row was refused, in a sentence."""
    differs = fault.params.get("differs")
    params: dict[str, Any] = {"value": fault.value, **fault.params}
    text = sentence(Refused(fault.code, **params))
    if isinstance(differs, tuple) and differs:
        names = ", ".join(field_name(name) for name in differs)
        text += " " + _("The two differ in: %(fields)s. Check both.", fields=names)
    return text


def remark_groups(remarks: Iterable[Remark]) -> list[RemarkGroup]:
    """The remarks by kind, those first that must be looked at."""
    order = list(REMARKS)
    groups: dict[str, list[Remark]] = {}
    for remark in remarks:
        groups.setdefault(remark.code, []).append(remark)
    return [
        RemarkGroup(
            text=str(REMARKS[code]),
            rows=ranges(sorted({remark.row for remark in found if remark.row})),
            values=_values(found),
        )
        for code, found in sorted(groups.items(), key=lambda group: order.index(group[0]))
    ]


def _values(remarks: Sequence[Remark]) -> str:
    if remarks[0].code in ("total_differs", "total_agrees"):
        return "; ".join(_total(remark) for remark in remarks)
    shown = list(dict.fromkeys(remark.value for remark in remarks if remark.value))
    more = _(" and %(number)s more", number=len(shown) - 6) if len(shown) > 6 else ""
    return ", ".join(shown[:6]) + more


def _total(remark: Remark) -> str:
    params = dict(remark.params)
    if params["figure"] == "area":
        params |= {
            "stated": f"{format_area(int(str(params['stated'])))} m²",
            "read": f"{format_area(int(str(params['read'])))} m²",
        }
    return _("%(stated)s in the file, %(read)s read, %(refused)s rows refused", **params)


def ranges(numbers: Sequence[int]) -> str:
    """[2, 3, 4, 7] → "2–4, 7"."""
    parts = []
    for _key, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _index, number in run]
        parts.append(str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}")
    return ", ".join(parts)


def refusal_text(refused: Refused) -> str:
    """A refusal of the whole file, with the columns it names in the reader's words."""
    text = sentence(refused)
    columns = refused.params.get("columns")
    if isinstance(columns, tuple):
        text = f"{', '.join(field_name(name) for name in columns)}: {text}"
    return text
