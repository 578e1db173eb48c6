"""Who the voters are: from dwellings to legal heads, and who may act for each head.

Sources: 民法典 278(2); 最高人民法院《建筑物区分所有权》解释 (2020) art. 8 (area: property
register, else survey, else sale contract) and art. 9 (persons: one dwelling is one person, several
dwellings of one buyer are one person, everything the developer has not sold or handed over is one
person); 《业主大会和业主委员会指导规则》(建房〔2009〕274号) art. 25 (parking left out; co-owners
name one of them; guardians) and art. 26 (written proxies).

Area is in hundredths of a square metre. Who may act is decided apart from what a head weighs:
a representative, a guardian, an heir, a company's representative or a proxy changes only whose
hand marks the ballot.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain import sources
from domain.errors import Refused
from domain.vocabulary import AreaSource


@lru_cache(maxsize=65536)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key by which ``"2" < "10"``, ``"0101" < "102"``, and numbers precede words."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Dwelling:
    """An exclusive part (专有部分) as far as counting and sharing need it; ``area`` in 0.01 m².

    ``owners`` are the keys of all owners (for what the developer has not sold or not handed over:
    the developer's); an empty set says that nobody is recorded. ``counts`` is false for garages,
    parking and whatever else the rules of procedure leave out of the electorate.
    """

    key: str | int
    building: str
    entrance: str
    room: str
    floor: int
    area: int
    area_source: AreaSource = AreaSource.REGISTER
    owners: frozenset[str] = frozenset()
    developer_unsold: bool = False
    counts: bool = True


def roll_order(dwelling: Dwelling) -> tuple[object, ...]:
    """The order of the roll: building, entrance, floor, room; the key settles equal addresses."""
    return (
        natural(dwelling.building),
        natural(dwelling.entrance),
        dwelling.floor,
        natural(dwelling.room),
        dwelling.room,
        str(dwelling.key),
    )


class VoterKind(StrEnum):
    """Whose head it is; ``unrecorded`` when the roster names no owner."""

    OWNER = "owner"
    CO_OWNERS = "co_owners"
    DEVELOPER = "developer"
    UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class Voter:
    """One legal head (表决权人): its dwellings in roll order, the sum of their areas (0.01 m²)."""

    number: int
    dwellings: tuple[Dwelling, ...]
    owners: frozenset[str]
    area: int
    kind: VoterKind


def _head_of(dwelling: Dwelling) -> tuple[str, object]:
    if dwelling.developer_unsold:
        return ("developer", None)
    if not dwelling.owners:
        # Two dwellings of which nothing is known are not thereby one buyer's.
        return ("unrecorded", dwelling.key)
    return ("owners", dwelling.owners)


def _kind(dwelling: Dwelling) -> VoterKind:
    if dwelling.developer_unsold:
        return VoterKind.DEVELOPER
    if not dwelling.owners:
        return VoterKind.UNRECORDED
    return VoterKind.OWNER if len(dwelling.owners) == 1 else VoterKind.CO_OWNERS


@sources.rule(
    "voters.one_buyer",
    source="建筑物区分所有权解释 9 / Supreme People's Court on unit ownership, art. 9",
    says="One dwelling is one person; several dwellings of one buyer are one person, areas added.",
)
@sources.rule(
    "voters.same_owners",
    source="how 同一买受人 of 解释 9 is read here / our reading of art. 9",
    says="Two dwellings have one buyer when their sets of owners are equal, in any order.",
    basis="ours",
)
@sources.rule(
    "voters.developer",
    source="建筑物区分所有权解释 9 / Supreme People's Court on unit ownership, art. 9",
    says="All that the developer has not sold or not handed over is one person, with all its area.",
)
@sources.rule(
    "voters.not_counting",
    source="指导规则 25 / Guiding rules (2009) art. 25",
    says="Garages, parking and parts marked as not counting give neither a person nor area.",
)
def voters_from(dwellings: Iterable[Dwelling]) -> tuple[Voter, ...]:
    """The electorate of these dwellings, numbered from 1 in roll order whatever the input order.

    Refuses ``dwelling_twice`` (room) and ``area_not_positive`` (value, room).
    """
    heads: dict[tuple[str, object], list[Dwelling]] = defaultdict(list)
    seen: set[str | int] = set()
    for dwelling in sorted(dwellings, key=roll_order):
        if dwelling.key in seen:
            raise Refused("dwelling_twice", field="room", room=dwelling.room)
        seen.add(dwelling.key)
        if dwelling.area <= 0:
            raise Refused(
                "area_not_positive", field="area", value=dwelling.area, room=dwelling.room
            )
        if dwelling.counts:
            heads[_head_of(dwelling)].append(dwelling)
    return tuple(
        Voter(
            number=number,
            dwellings=tuple(owned),
            owners=frozenset().union(*(dwelling.owners for dwelling in owned)),
            area=sum(dwelling.area for dwelling in owned),
            kind=_kind(owned[0]),
        )
        for number, owned in enumerate(heads.values(), start=1)
    )


@sources.rule(
    "voters.area_source",
    source="建筑物区分所有权解释 8 / Supreme People's Court on unit ownership, art. 8",
    says="An area rests on the property register, else on the survey, else on the sale contract.",
)
def best_area(areas: Iterable[tuple[AreaSource, int]]) -> tuple[AreaSource, int]:
    """Of one dwelling's recorded areas (0.01 m²) the one that counts, with its source.

    Refuses ``area_missing`` without any, ``area_conflicting`` (source) when one source says two.
    """
    recorded: dict[AreaSource, int] = {}
    for source, area in areas:
        if recorded.setdefault(source, area) != area:
            raise Refused("area_conflicting", field="area", source=source.value)
    for source in AreaSource:
        if source in recorded:
            return source, recorded[source]
    raise Refused("area_missing", field="area")


class MandateKind(StrEnum):
    """Why somebody other than, or one among, the owners may act."""

    REPRESENTATIVE = "representative"  # 共有人推选的代表, one of the co-owners
    GUARDIAN = "guardian"  # 监护人, for a ward
    HEIR = "heir"  # 继承人, for a deceased owner
    COMPANY = "company"  # 法人的代表人
    PROXY = "proxy"  # 书面委托的代理人


# These stand in for the owner, who then cannot act in person.
REPLACING = (MandateKind.GUARDIAN, MandateKind.HEIR, MandateKind.COMPANY)


@dataclass(frozen=True, slots=True)
class Mandate:
    """``holder`` may act on ground of ``kind``; ``sequence`` is the order in which it was recorded.

    ``principal`` is the owner stood for (of a proxy: whoever gave it); unused for a representative.
    ``voter`` limits it to one head, and a representative or proxy always has one.
    """

    kind: MandateKind
    holder: str
    sequence: int
    principal: str | None = None
    voter: int | None = None
    written: bool = True
    holder_is_property_staff: bool = False


def representative_of(voter: Voter, mandates: Iterable[Mandate]) -> str | None:
    """The person whom the co-owners of ``voter`` named last, or None."""
    named = [
        mandate
        for mandate in mandates
        if mandate.kind is MandateKind.REPRESENTATIVE and mandate.voter == voter.number
    ]
    return max(named, key=lambda mandate: mandate.sequence).holder if named else None


def _in_own_right(voter: Voter, mandates: Sequence[Mandate]) -> dict[str, str]:
    """Person → name in which that person acts, before representatives and proxies are looked at."""
    acting: dict[str, str] = {}
    for owner in voter.owners:
        standing_in = [
            mandate
            for mandate in mandates
            if mandate.kind in REPLACING
            and mandate.principal == owner
            and mandate.voter in (None, voter.number)
        ]
        if not standing_in:
            acting.setdefault(owner, owner)
        for mandate in standing_in:
            # Several heirs are co-owners of the estate: each answers in a name of their own, so
            # that a conflict between them shows.
            several = sum(other.kind is MandateKind.HEIR for other in standing_in) > 1
            acting[mandate.holder] = mandate.holder if several else owner
    return acting


def _valid_proxies(mandates: Iterable[Mandate], holder: str, limit: int | None) -> list[Mandate]:
    valid: list[Mandate] = []
    represented: list[int] = []
    for mandate in sorted(mandates, key=lambda mandate: mandate.sequence):
        if mandate.kind is not MandateKind.PROXY or mandate.holder != holder:
            continue
        if not mandate.written or mandate.holder_is_property_staff or mandate.voter is None:
            continue
        if mandate.voter not in represented:
            if limit is not None and len(represented) >= limit:
                continue
            represented.append(mandate.voter)
        valid.append(mandate)
    return valid


@sources.rule(
    "voters.representative",
    source="指导规则 25 / Guiding rules (2009) art. 25",
    says="Co-owners are one voter; once they have named one of them, only that one acts.",
    basis="practice",
)
@sources.rule(
    "voters.ward",
    source="指导规则 25; 民法典 23, 34 / Guiding rules (2009) art. 25; Civil Code arts. 23, 34",
    says="A guardian acts for a ward, heirs for the dead, a representative for a company.",
)
@sources.rule(
    "voters.proxy",
    source="指导规则 26; 潍坊 (limit 3) / Guiding rules (2009) art. 26; Weifang",
    says="A proxy is written, not the property company's staff, and for few enough voters.",
    basis="practice",
)
def acts_in_name_of(
    voter: Voter, person: str, mandates: Sequence[Mandate], *, proxy_limit: int | None = None
) -> str | None:
    """In whose name ``person`` may answer for ``voter``; None when that person may not.

    ``proxy_limit`` is the number of voters one person may be proxy for; of more, those recorded
    first are valid. An answer given by a proxy, guardian, sole heir or company representative is
    the principal's answer, so the next one by either replaces it.
    """
    acting = _in_own_right(voter, mandates)
    representative = representative_of(voter, mandates)
    if representative in acting:
        acting = {representative: acting[representative]}
    if person in acting:
        return acting[person]
    for mandate in reversed(_valid_proxies(mandates, person, proxy_limit)):
        if mandate.voter == voter.number and mandate.principal in acting:
            return acting[mandate.principal]
    return None


def may_act(
    voter: Voter, person: str, mandates: Sequence[Mandate], *, proxy_limit: int | None = None
) -> bool:
    """Whether ``person`` may answer for ``voter`` under these mandates."""
    return acts_in_name_of(voter, person, mandates, proxy_limit=proxy_limit) is not None


def check_proxy(
    mandate: Mandate, mandates: Iterable[Mandate], *, proxy_limit: int | None = None
) -> None:
    """Nothing, when ``mandate`` is a proxy that may be recorded beside the earlier ``mandates``.

    Refuses ``proxy_not_written``, ``proxy_property_staff``, ``proxy_limit`` (limit, held).
    """
    if not mandate.written:
        raise Refused("proxy_not_written", field="written")
    if mandate.holder_is_property_staff:
        raise Refused("proxy_property_staff", field="holder")
    held = {
        other.voter
        for other in mandates
        if other.kind is MandateKind.PROXY and other.holder == mandate.holder
    } - {mandate.voter}
    if proxy_limit is not None and len(held) >= proxy_limit:
        raise Refused("proxy_limit", field="holder", limit=proxy_limit, held=len(held))
