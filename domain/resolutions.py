"""The resolution (决议) of one building: what its document says, and how it is written down.

Source: 民法典 278, 280; ours for the form. The document is built once from plain values and stored
as RFC 8785 canonical JSON with its SHA-256; pages, PDF and requirement list are drawn from the
stored form and nothing is computed again. It holds no name and no flat: persons are exact, areas
are shares rounded to 1 % with the exact pass or fail (``domain/disclosure.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.disclosure import shown_area
from domain.errors import NotNow
from domain.periods import ZONE, local_day
from domain.quantities import format_area, format_money, parse_hundredths
from domain.ratios import Rule

KIND = "louyi.resolution"
# The form of what is written now; 1 had no ``failed`` and no ``objections`` of its own.
FORM = 2
# What form 2 added, as a reader of form 1 finds it: nothing.
LATER: Mapping[str, Any] = {"failed": (), "objections": ()}
PAPERS = ("printed", "collected", "void", "outstanding", "late")


@dataclass(frozen=True, slots=True)
class FloorShare:
    """What the dwellings of one floor pay, in fen, and how many there are."""

    floor: int
    dwellings: int
    lowest: int
    highest: int
    total: int


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection as a resolution tells it: ground and outcome, nothing of the objector."""

    ground: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class AdoptedOption:
    """The option that a motion adopted, as frozen by it. Quantity in hundredths, money in fen."""

    item: str
    item_class: str
    title: str
    version: int
    specification: str
    unit: str
    quantity: int
    unit_price: int
    price: int
    subsidy: int
    net: int
    payer: str
    scheme: Mapping[str, object]
    location: str
    requires: str
    excludes: str
    constraints: str


@dataclass(frozen=True, slots=True)
class DecidedMotion:
    """One motion with its count, ready for the document."""

    number: int
    title: str
    text: str
    matter: int
    entrance: str | None
    opened_at: datetime
    closed_at: datetime
    # The count as recorded, in the form of ``domain.votes.Count.to_json``.
    count: Mapping[str, Any]
    count_digest: str
    option: AdoptedOption
    shares: tuple[FloorShare, ...]
    objections: tuple[ObjectionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedMotion:
    """A motion that was counted and not adopted, ready for the document."""

    number: int
    title: str
    text: str
    matter: int
    entrance: str | None
    item: str
    option: str
    version: int
    opened_at: datetime
    closed_at: datetime
    count: Mapping[str, Any]
    count_digest: str
    objections: tuple[ObjectionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherObjection:
    """An objection to something that no vote of the document was about."""

    item: str
    line: ObjectionLine


@dataclass(frozen=True, slots=True)
class NotAdopted:
    """What was consulted on or voted on and is not part of this resolution, and why.

    ``reason``: rejected, not_quorate, not_voted or consulted_only.
    """

    item: str
    option: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the decisions: the place, the dates, the disclosure, the audit anchor."""

    community: str
    building: str
    city: str
    number: str
    issued_at: datetime
    notice_days: int
    in_force_at: datetime
    policy: str
    threshold: int
    exact_areas: bool
    audit_seq: int
    audit_digest: str
    corrects: str | None = None


def number_of(community: str, building: str, year: int, sequence: int) -> str:
    """The number a building's resolution is known by, for instance 工人新村3幢〔2026〕1号."""
    return f"{community}{building}〔{year}〕{sequence}号"


def shares_by_floor(shares: Iterable[tuple[int, int]]) -> tuple[FloorShare, ...]:
    """Per floor what its dwellings pay, from (floor, amount in fen) of each dwelling."""
    floors: dict[int, list[int]] = {}
    for floor, amount in shares:
        floors.setdefault(floor, []).append(amount)
    return tuple(
        FloorShare(floor, len(amounts), min(amounts), max(amounts), sum(amounts))
        for floor, amounts in sorted(floors.items())
    )


def check_issuable(*, adopted: int, undecided: int) -> None:
    """Refuse a resolution while a motion is being voted on, or when nothing was adopted."""
    if undecided:
        raise NotNow("motions_undecided", count=undecided)
    if not adopted:
        raise NotNow("nothing_adopted")


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says within its frame: what was adopted, what was not, and what was said."""

    adopted: tuple[DecidedMotion, ...]
    failed: tuple[FailedMotion, ...]
    not_adopted: tuple[NotAdopted, ...]
    objections: tuple[OtherObjection, ...]
    demand: Sequence[Mapping[str, object]]


def document(frame: Frame, content: Content) -> dict[str, object]:
    """The document as plain values: text, whole numbers, booleans, lists and mappings only."""
    return {
        "kind": KIND,
        "form": FORM,
        "number": frame.number,
        "community": frame.community,
        "building": frame.building,
        "city": frame.city,
        "issued_at": _instant(frame.issued_at),
        "notice_days": frame.notice_days,
        "in_force_at": _instant(frame.in_force_at),
        "motions": [_motion(one, exact_areas=frame.exact_areas) for one in content.adopted],
        "failed": [_failed(one, exact_areas=frame.exact_areas) for one in content.failed],
        "not_adopted": [
            {"item": one.item, "option": one.option, "reason": one.reason}
            for one in content.not_adopted
        ],
        "objections": [{"item": one.item, **_objection(one.line)} for one in content.objections],
        "demand": [dict(row) for row in content.demand],
        "disclosure": {
            "policy": frame.policy,
            "threshold": frame.threshold,
            "exact_areas": frame.exact_areas,
        },
        "audit": {"seq": frame.audit_seq, "digest": frame.audit_digest},
        "corrects": frame.corrects,
    }


def _instant(value: datetime) -> str:
    return value.astimezone(ZONE).isoformat(timespec="seconds")


def _motion(motion: DecidedMotion, *, exact_areas: bool) -> dict[str, object]:
    return {
        "number": motion.number,
        "title": motion.title,
        "text": motion.text,
        "entrance": motion.entrance,
        "opened_at": _instant(motion.opened_at),
        "closed_at": _instant(motion.closed_at),
        "option": _option(motion.option),
        "shares": [
            {
                "floor": one.floor,
                "dwellings": one.dwellings,
                "lowest": format_money(one.lowest),
                "highest": format_money(one.highest),
                "total": format_money(one.total),
            }
            for one in motion.shares
        ],
        "count": count_as_published(motion.count, motion.matter, exact_areas=exact_areas),
        "count_digest": motion.count_digest,
        "objections": [_objection(one) for one in motion.objections],
    }


def _failed(motion: FailedMotion, *, exact_areas: bool) -> dict[str, object]:
    return {
        "number": motion.number,
        "title": motion.title,
        "text": motion.text,
        "entrance": motion.entrance,
        "item": motion.item,
        "option": motion.option,
        "version": motion.version,
        "opened_at": _instant(motion.opened_at),
        "closed_at": _instant(motion.closed_at),
        "count": count_as_published(motion.count, motion.matter, exact_areas=exact_areas),
        "count_digest": motion.count_digest,
        "objections": [_objection(one) for one in motion.objections],
    }


def _objection(line: ObjectionLine) -> dict[str, str]:
    return {"ground": line.ground, "outcome": line.outcome, "note": line.note}


def _option(option: AdoptedOption) -> dict[str, object]:
    return {
        "item": option.item,
        "item_class": option.item_class,
        "title": option.title,
        "version": option.version,
        "specification": option.specification,
        "unit": option.unit,
        "quantity": format_area(option.quantity),
        "unit_price": format_money(option.unit_price),
        "price": format_money(option.price),
        "subsidy": format_money(option.subsidy),
        "net": format_money(option.net),
        "payer": option.payer,
        "scheme": dict(option.scheme),
        "location": option.location,
        "requires": option.requires,
        "excludes": option.excludes,
        "constraints": option.constraints,
    }


def count_as_published(
    count: Mapping[str, Any], matter: int, *, exact_areas: bool
) -> dict[str, object]:
    """The four ratios as anyone may read them, each with its threshold and the exact answer.

    Of nobody, nobody agrees: where nobody took part, ``approval`` is not reached whatever an older
    count says. Where the count tells what became of the printed ballots, so does this.
    """
    rule = Rule(count["rule"])
    law = rule.law
    persons, area = count["persons"], count["area"]
    quorum = count["quorum"]
    anybody = persons["participating"] > 0
    approval = {base: anybody and reached for base, reached in count["approval"].items()}
    published: dict[str, object] = {
        "matter": matter,
        "rule": rule.value,
        "source_zh": law.source_zh,
        "source_en": law.source_en,
        "outcome": count["outcome"],
        "quorum": {"numerator": law.quorum.numerator, "denominator": law.quorum.denominator},
        "approval": {
            "numerator": law.approval.numerator,
            "denominator": law.approval.denominator,
            "included": law.approval_included,
        },
        "persons": {
            "total": persons["total"],
            "participating": persons["participating"],
            "agree": persons["agree"],
            "quorum": quorum["persons"],
            "approval": approval["persons"],
        },
        "area": _area(area, quorum=quorum["area"], approval=approval["area"]),
    }
    platform = count.get("platform")
    if platform:
        keys = ("authority", "document", "date", "form")
        published["platform"] = {key: platform[key] for key in keys}
    papers = count.get("papers")
    if papers:
        published["papers"] = {key: papers[key] for key in PAPERS}
    if exact_areas:
        published["area_exact"] = {key: area[key] for key in ("total", "participating", "agree")}
    return published


def _area(area: Mapping[str, str], *, quorum: bool, approval: bool) -> dict[str, object]:
    total, part, agree = (
        parse_hundredths(area[key]) for key in ("total", "participating", "agree")
    )
    taking_part = shown_area(part, total, reached=quorum)
    agreeing = shown_area(agree, part, reached=approval)
    return {
        "participating_percent": taking_part.percent,
        "agree_percent": agreeing.percent,
        "quorum": taking_part.reached,
        "approval": agreeing.reached,
    }


def effective(in_force_at: datetime, now: datetime) -> bool:
    """Whether the notice period is over and the resolution binds."""
    return now >= in_force_at


def year_of(issued_at: datetime) -> int:
    """The year in the number: the calendar year in China."""
    return local_day(issued_at).year
