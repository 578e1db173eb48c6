"""A list of ballots as a file gives it: its lines, and whom each speaks for on a roll.

The columns are those of "Count, without a server": room (with building and entrance where the roll
has several) or voter, and choice. A line that cannot be read is a fault; a line for somebody who
is not on the roll is listed as unknown and not counted. Nothing is guessed: where the roll has
several buildings, a ballot that names none is a fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain import register_words as words
from domain import sources
from domain.errors import Refused
from domain.register_headers import BUILDING, ENTRANCE, ROOM
from domain.register_tables import Fault, Field, Line, Table, read_table
from domain.voters import Dwelling, Voter
from domain.votes import DISPUTED, INVALID, Choice, Vote

VOTER: Final = Field(
    "voter", ("表决权人", "业主", "产权人", "业主姓名", "姓名", "voter", "owner", "owners")
)
CHOICE: Final = Field(
    "choice",
    ("表决意见", "表决", "意见", "选择", "投票", "表决结果", "choice", "vote"),
    required=True,
)
FIELDS: Final = (BUILDING, ENTRANCE, Field("room", ROOM.headers), VOTER, CHOICE)

CHOICES: Final[Mapping[Vote, tuple[str, ...]]] = {
    Choice.AGREE: ("同意", "赞成", "agree"),
    Choice.AGAINST: ("反对", "不同意", "against"),
    Choice.ABSTAIN: ("弃权", "abstain"),
    INVALID: ("无效", "invalid"),
}


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One line: the address or voter as written, and its choice (or ``INVALID``)."""

    line: Line
    building: str
    entrance: str
    room: str
    voter: str
    choice: Vote

    @property
    def said(self) -> str:
        """Whom the line names, for a list that people read."""
        return words_of_address(self.building, self.entrance, self.room) or self.voter


def words_of_address(building: str, entrance: str, room: str) -> str:
    """``"3幢1单元301"``; a dash keeps two numbers apart: ``"1-101"``."""
    text = ""
    for part in filter(None, (building, entrance, room)):
        text += f"-{part}" if text[-1:].isdigit() else part
    return text


@dataclass(frozen=True, slots=True)
class Ballots:
    """The lines read and the faults of those that could not be."""

    lines: tuple[BallotLine, ...]
    faults: tuple[Fault, ...]


def read_ballots(table: Table) -> Ballots:
    """The ballots of a table.

    Refuses ``header_row_missing`` (sheet), ``columns_missing`` and ``columns_ambiguous`` (columns,
    row). Faults: ``choice_missing``, ``choice_unknown``, ``room_or_voter_missing``, and what a
    cell that is a date, an error or a formula refuses.
    """
    read = read_table(table, FIELDS)
    read.require()
    if not {"room", "voter"} & read.fields:
        raise Refused("columns_missing", columns=("room",), row=read.header_row)
    lines: list[BallotLine] = []
    faults: list[Fault] = []
    for line in read.lines:
        try:
            found = _ballot(line)
        except Refused as refused:
            faults.append(line.refusal(refused.field or "choice", refused))
        else:
            lines.append(found)
    return Ballots(tuple(lines), tuple(faults))


def _text(line: Line, name: str) -> str:
    try:
        return line.text(name)
    except Refused as refused:
        raise Refused(refused.code, field=name, **refused.params) from None


def _ballot(line: Line) -> BallotLine:
    written = _text(line, "choice")
    if not written:
        raise Refused("choice_missing", field="choice")
    choice = words.choice_of(CHOICES, written)
    if choice is None:
        raise Refused("choice_unknown", field="choice", value=written)
    room, voter = words.room_text(_text(line, "room")), _text(line, "voter")
    if not room and not voter:
        raise Refused("room_or_voter_missing", field="room")
    return BallotLine(line, _text(line, "building"), _text(line, "entrance"), room, voter, choice)


class _Finder:
    """Finds the voter a line speaks for; addresses are compared by what identifies them."""

    def __init__(self, voters: Sequence[Voter], lines: Sequence[BallotLine]) -> None:
        self._by_address: dict[tuple[str, str, str], Voter] = {}
        self._entrances: dict[str, set[str]] = defaultdict(set)
        self._by_number = {str(voter.number): voter for voter in voters}
        self._by_owner: dict[str, list[Voter]] = defaultdict(list)
        for voter in voters:
            for dwelling in voter.dwellings:
                address = _address(dwelling)
                self._by_address[address] = voter
                self._entrances[address[0]].add(address[1])
            for owner in voter.owners:
                self._by_owner[owner].append(voter)
        # A roll without a building (or entrance) column is one building's; so are the ballots
        # while they all name the same one.
        named = {words.building_key(line.building) for line in lines if line.building}
        self._building_unnamed = set(self._entrances) == {""} and len(named) == 1
        self._entrances_named: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            if line.entrance:
                self._entrances_named[self._building(line)].add(words.entrance_key(line.entrance))

    def _building(self, line: BallotLine) -> str:
        if self._building_unnamed:
            return ""
        if line.building:
            return words.building_key(line.building)
        return next(iter(self._entrances)) if len(self._entrances) == 1 else ""

    def _entrance(self, line: BallotLine, building: str) -> str:
        known = self._entrances[building]
        if known == {""} and len(self._entrances_named[building]) == 1:
            return ""
        if line.entrance:
            return words.entrance_key(line.entrance)
        return next(iter(known)) if len(known) == 1 else ""

    def find(self, line: BallotLine) -> Voter | None:
        """The line's voter, None when there is none on the roll.

        Refuses ``building_missing``, ``entrance_missing`` and ``voter_ambiguous``.
        """
        if not line.room:
            return self._named(line)
        building = self._building(line)
        if not line.building and len(self._entrances) > 1:
            raise Refused("building_missing", field="building")
        if building not in self._entrances:
            return None
        entrance = self._entrance(line, building)
        if not line.entrance and len(self._entrances[building]) > 1:
            raise Refused("entrance_missing", field="entrance")
        return self._by_address.get((building, entrance, line.room.casefold()))

    def _named(self, line: BallotLine) -> Voter | None:
        if line.voter in self._by_number:
            return self._by_number[line.voter]
        names = words.owners_of_texts((line.voter,)).names
        found = self._by_owner.get(names[0], []) if names else []
        found = [voter for voter in found if set(names) <= voter.owners]
        whole = [voter for voter in found if voter.owners == set(names)]
        if len(found) > 1 and len(whole) != 1:
            raise Refused("voter_ambiguous", field="voter", value=line.voter)
        return next(iter(whole or found), None)


def _address(dwelling: Dwelling) -> tuple[str, str, str]:
    return (
        words.building_key(dwelling.building) if dwelling.building else "",
        words.entrance_key(dwelling.entrance) if dwelling.entrance else "",
        dwelling.room.casefold(),
    )


@dataclass(frozen=True, slots=True)
class Matched:
    """Ballots against a roll: a vote by voter number, what is listed apart, and faults.

    ``invalid`` are the voters with an invalid ballot, even beside a valid one; ``unknown`` is whom
    the lines name that are on no roll.
    """

    votes: Mapping[int, Vote]
    invalid: tuple[int, ...]
    unknown: tuple[str, ...]
    faults: tuple[Fault, ...]


@sources.rule(
    "count.one_ballot",
    source="解释 9 / Supreme People's Court on unit ownership, art. 9",
    says="A buyer's one ballot covers all the buyer's dwellings; two different choices dispute it.",
    basis="ours",
)
def match(lines: Sequence[BallotLine], voters: Sequence[Voter]) -> Matched:
    """What each voter's lines amount to; beside a valid ballot an invalid one has no effect.

    Faults: ``building_missing``, ``entrance_missing``, ``voter_ambiguous``, and what an owner's
    name that cannot be read refuses.
    """
    finder = _Finder(voters, lines)
    choices: dict[int, set[Vote]] = defaultdict(set)
    unknown: list[str] = []
    faults: list[Fault] = []
    for ballot in lines:
        try:
            voter = finder.find(ballot)
        except Refused as refused:
            faults.append(ballot.line.refusal(refused.field or "voter", refused))
            continue
        if voter is None:
            unknown.append(ballot.said)
            continue
        choices[voter.number].add(ballot.choice)
    return Matched(
        votes={number: _vote(said) for number, said in choices.items()},
        invalid=tuple(sorted(number for number, said in choices.items() if INVALID in said)),
        unknown=tuple(unknown),
        faults=tuple(faults),
    )


def _vote(said: set[Vote]) -> Vote:
    valid = said - {INVALID}
    if len(valid) > 1:
        return DISPUTED
    return valid.pop() if valid else INVALID
