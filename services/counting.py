"""Counting and sharing from files alone: no database, no account, no setting (formats.md).

What cannot be read is raised as ``Unreadable`` with one line per fault, so that a person finds the
place; what was inferred comes back as notes. A roster that has any fault is not counted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.sheets import read_sheets
from domain import register_words as words
from domain.ballots import FIELDS, BallotLine, match, read_ballots, words_of_address
from domain.costs import Share, parse_scheme, share
from domain.errors import Refused
from domain.quantities import format_money, parse_money
from domain.register import DwellingRow, Remark, Roster, read_roster
from domain.register_tables import Fault, Table, known_headers
from domain.subsidies import net_cost
from domain.vocabulary import Tenure
from domain.voters import Dwelling, Voter, roll_order, voters_from
from domain.votes import Count, Matter, count


class Unreadable(Exception):
    """The input cannot be counted; ``lines`` say why, one fault each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class File:
    """A file's name, as it is to be called in messages, and its bytes."""

    name: str
    data: bytes


def _sentence(code: str, params: Mapping[str, object], value: object = None) -> str:
    """A code in words: ``room_repeated`` → ``room repeated (first row 4)``."""
    told = f' "{value}"' if value not in (None, "") else ""
    details = ", ".join(
        f"{name.replace('_', ' ')} {_plain(param)}"
        for name, param in params.items()
        if param not in ((), "") and name not in ("key", "value")
    )
    return code.replace("_", " ") + told + (f" ({details})" if details else "")


def _plain(param: object) -> str:
    return " and ".join(map(str, param)) if isinstance(param, tuple | list) else str(param)


def _fault_line(file: str, fault: Fault) -> str:
    header = f"{fault.header}: " if fault.header else ""
    column = fault.column or fault.field
    reason = _sentence(fault.code, fault.params, fault.value)
    return f"{file}: line {fault.row}, column {column}: {header}{reason}"


def _refusal_lines(file: str, refused: Refused) -> list[str]:
    """A refusal of a whole file, with the place as far as it is known."""
    params = dict(refused.params)
    row, columns = params.pop("row", None), params.pop("columns", None)
    place = f"{file}: " + (f"line {row}, " if row else "")
    if isinstance(columns, tuple):
        reason = _sentence(refused.code.replace("columns", "column"), params)
        return [f"{place}column {column}: {reason}" for column in columns]
    if "key" in params:
        place += f"key {params['key']}, "
    reason = _sentence(refused.code, params, params.get("value"))
    return [place.removesuffix(", ").removesuffix(": ") + ": " + reason]


def _tables(file: File) -> tuple[Table, ...]:
    try:
        return read_sheets(file.data, file.name)
    except Refused as refused:
        raise Unreadable(_refusal_lines(file.name, refused)) from refused


def _notes(file: str, remarks: Iterable[Remark]) -> list[str]:
    """One line for each kind of remark, with the lines it speaks of."""
    rows: dict[str, list[int]] = {}
    for remark in remarks:
        rows.setdefault(remark.code, []).append(remark.row)
    return [
        f"{file}: note: {_sentence(code, {})}, "
        + ("line " if len(found) == 1 else f"{len(found)} lines from ")
        + str(found[0])
        for code, found in rows.items()
    ]


def _roster(file: File) -> Roster:
    tables = _tables(file)
    try:
        # Without recorded owners one dwelling is one person, which is the rule's first sentence.
        roster = read_roster(tables, need_owners=False)
    except Refused as refused:
        raise Unreadable(_refusal_lines(file.name, refused)) from refused
    faults = [
        f"{file.name}: line {roster.header_row}, column {field}: column {reason}"
        for reason, fields in (("missing", roster.missing), ("ambiguous", roster.ambiguous))
        for field in fields
    ]
    faults += [
        _fault_line(file.name, fault) for fault in sorted(roster.refused, key=lambda f: f.row)
    ]
    if not faults and not roster.dwellings:
        faults = [f"{file.name}: no dwelling found"]
    if faults:
        raise Unreadable(faults)
    return roster


def _in_scope(file: File, roster: Roster, scope: str | None) -> tuple[DwellingRow, ...]:
    """The rows of ``3幢/1单元``, ``3幢``, or all of them."""
    if scope is None:
        return roster.dwellings
    parts = [part.strip() for part in scope.split("/")]
    if len(parts) > 2 or not all(parts):
        raise Unreadable([f"--scope: not a building or building/entrance: {scope}"])
    building = words.building_key(parts[0])
    rows = [row for row in roster.dwellings if row.building_key == building]
    if len(parts) == 2:
        entrance = words.entrance_key(parts[1])
        rows = [row for row in rows if row.entrance_key == entrance]
    if not rows:
        raise Unreadable([f"--scope: no dwelling of {scope} in {file.name}"])
    return tuple(rows)


def dwelling_of(row: DwellingRow) -> Dwelling:
    """A line of a roster as the rules see it; its owners' names stand for the owners."""
    return Dwelling(
        key="/".join(row.key),
        building=row.building,
        entrance=row.entrance,
        room=row.room,
        floor=row.floor,
        area=row.area,
        area_source=row.area_source,
        owners=frozenset(row.owners),
        developer_unsold=row.tenure is Tenure.DEVELOPER,
        counts=row.counts,
    )


def address_of(dwelling: Dwelling) -> str:
    """``3幢1单元301``."""
    return words_of_address(dwelling.building, dwelling.entrance, dwelling.room)


def _label(voter: Voter) -> str:
    return "、".join(address_of(dwelling) for dwelling in voter.dwellings)


@dataclass(frozen=True)
class Counted:
    """A count from files: the figures, the published form, and what to tell beside it."""

    count: Count
    json: Mapping[str, object]
    notes: tuple[str, ...]


def _ballots(file: File) -> tuple[BallotLine, ...]:
    tables = _tables(file)
    table = next((table for table in tables if known_headers(table, FIELDS, None) >= 2), tables[0])
    try:
        read = read_ballots(table)
    except Refused as refused:
        raise Unreadable(_refusal_lines(file.name, refused)) from refused
    if read.faults:
        raise Unreadable([_fault_line(file.name, fault) for fault in read.faults])
    return read.lines


def count_files(roll: File, ballots: File, matter: int, scope: str | None = None) -> Counted:
    """The count of the ballots over the roll; raises ``Unreadable`` when either cannot be read."""
    faults: list[str] = []
    roster, lines = None, None
    try:
        roster = _roster(roll)
    except Unreadable as unreadable:
        faults += unreadable.lines
    try:
        lines = _ballots(ballots)
    except Unreadable as unreadable:
        faults += unreadable.lines
    if roster is None or lines is None:
        raise Unreadable(faults)
    voters = voters_from(map(dwelling_of, _in_scope(roll, roster, scope)))
    matched = match(lines, voters)
    if matched.faults:
        raise Unreadable([_fault_line(ballots.name, fault) for fault in matched.faults])
    try:
        counted = count(Matter(matter), voters, matched.votes)
    except Refused as refused:
        raise Unreadable(_refusal_lines(roll.name, refused)) from refused
    labels = {voter.number: _label(voter) for voter in voters}
    return Counted(
        count=counted,
        json=counted.to_json(
            disputed=[labels[number] for number in counted.disputed],
            invalid=[labels[number] for number in matched.invalid],
            unknown=matched.unknown,
        ),
        notes=tuple(_notes(roll.name, roster.remarks)),
    )


@dataclass(frozen=True)
class Shared:
    """A cost shared from files, in roll order; ``net`` in fen."""

    net: int
    shares: tuple[Share, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The published form: amounts as text in yuan."""
        return {
            "net": format_money(self.net),
            "shares": [
                {
                    "building": share.dwelling.building,
                    "entrance": share.dwelling.entrance,
                    "room": share.dwelling.room,
                    "floor": share.dwelling.floor,
                    "amount": format_money(share.amount),
                }
                for share in self.shares
            ],
        }


def _scheme(file: File) -> Mapping[str, object]:
    try:
        # Unquoted 0.5 stays the decimal that was written.
        return tomllib.loads(file.data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = file.data[: error.start].count(b"\n") + 1
        raise Unreadable([f"{file.name}: line {line}: not UTF-8 text"]) from error
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        place = f"line {found[2]}, column {found[3]}: {found[1]}" if found else str(error)
        raise Unreadable([f"{file.name}: {place}"]) from error


def _amount(option: str, text: str) -> int:
    try:
        return parse_money(text)
    except Refused as refused:
        raise Unreadable([f"{option}: {_sentence(refused.code, {}, text)}"]) from refused


def share_files(
    roster: File, scheme: File, cost: str, subsidy: str, scope: str | None = None
) -> Shared:
    """``cost`` less ``subsidy`` shared among the dwellings that count.

    Raises ``Unreadable`` when a file cannot be read or the scheme does not fit the building.
    """
    price, paid = _amount("--cost", cost), _amount("--subsidy", subsidy)
    try:
        net = net_cost(price, paid)
    except Refused as refused:
        told = {name: format_money(fen) for name, fen in (("cost", price), ("subsidy", paid))}
        raise Unreadable([f"--subsidy: {_sentence(refused.code, told)}"]) from refused
    read = _roster(roster)
    dwellings = sorted(map(dwelling_of, _in_scope(roster, read, scope)), key=roll_order)
    sharing = [dwelling for dwelling in dwellings if dwelling.counts]
    try:
        shares = share(net, sharing, parse_scheme(_scheme(scheme)))
    except Refused as refused:
        raise Unreadable(_refusal_lines(scheme.name, refused)) from refused
    left_out = [
        f"{roster.name}: note: does not count and does not pay: {address_of(dwelling)}"
        for dwelling in dwellings
        if not dwelling.counts
    ]
    return Shared(net, shares, (*_notes(roster.name, read.remarks), *left_out))
