"""The menu: classes of items, who decides and who pays, what an option says and what it costs.

Source: General Office of the State Council 2020 No. 23 (国办发〔2020〕23号) for the three classes;
民法典 278 for the matter that decides an item. Ours: a published option is changed only by a new
version, and readers are shown field by field what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from domain.errors import Refused
from domain.quantities import MAX_MONEY
from domain.schemes import parse_scheme
from domain.sources import rule
from domain.subsidies import SubsidyKind, net_cost, parse_subsidy, subsidy_amount

MAX_QUANTITY = 1_000_000_00
MAX_LINE = 200
MAX_UNIT = 40


class ItemClass(StrEnum):
    """基础类, 完善类, 提升类."""

    BASIC = "basic"
    IMPROVE = "improve"
    ENHANCE = "enhance"


class DecidedBy(StrEnum):
    """The deciding unit, hence the electorate: the whole building or each entrance for itself."""

    BUILDING = "building"
    ENTRANCE = "entrance"


class Payer(StrEnum):
    """Who pays what the subsidy leaves over."""

    HOUSEHOLDS = "households"
    MAINTENANCE_FUND = "maintenance_fund"
    STATE = "state"
    OPERATOR = "operator"


@dataclass(frozen=True)
class ItemDraft:
    """An item as somebody writes it; ``matter`` is the number in art. 278 para. 1."""

    title: str
    item_class: ItemClass
    matter: int
    unit: str
    decided_by: DecidedBy
    description: str = ""
    consult_only: bool = False
    catalogue_key: str | None = None


@dataclass(frozen=True)
class OptionDraft:
    """An option as somebody writes it; quantity in hundredths of the item's unit, price in fen.

    ``subsidy`` and ``scheme`` are the plain forms of ``domain.subsidies`` and ``domain.schemes``.
    """

    title: str
    quantity: int
    unit_price: int
    payer: Payer
    subsidy: Mapping[str, Any] = field(default_factory=lambda: {"kind": "none"})
    scheme: Mapping[str, Any] = field(default_factory=lambda: {"kind": "area", "within": "area"})
    specification: str = ""
    location: str = ""
    excludes: str = ""
    requires: str = ""
    constraints: str = ""
    picture_id: int | None = None


@dataclass(frozen=True)
class Change:
    """One field that two versions of an option differ in."""

    field: str
    old: Any
    new: Any


def check_price(quantity: int, unit_price: int) -> None:
    """Refuse a quantity (hundredths of a unit) or a unit price (fen) that makes no sense."""
    if quantity <= 0:
        raise Refused("quantity_not_positive", field="quantity")
    if quantity > MAX_QUANTITY:
        raise Refused("quantity_absurd", field="quantity")
    if unit_price < 0:
        raise Refused("price_negative", field="unit_price")
    if quantity * unit_price > MAX_MONEY * 100:
        raise Refused("money_absurd", field="unit_price")


def total_price(quantity: int, unit_price: int) -> int:
    """What a deciding unit pays in fen before the subsidy; a half fen rounds up."""
    check_price(quantity, unit_price)
    return (quantity * unit_price + 50) // 100


def _line(text: str, code: str, name: str, most: int = MAX_LINE) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Refused(f"{code}_missing", field=name)
    if len(cleaned) > most:
        raise Refused(f"{code}_too_long", field=name, most=most)
    return cleaned


def checked_item(draft: ItemDraft) -> ItemDraft:
    """The draft with its lines trimmed.

    Refuses ``item_title_missing``, ``unit_missing``, ``item_title_too_long`` and ``unit_too_long``
    (most), ``matter_unknown``.
    """
    if not 1 <= draft.matter <= 9:
        raise Refused("matter_unknown", field="matter")
    return replace(
        draft,
        title=_line(draft.title, "item_title", "title"),
        unit=_line(draft.unit, "unit", "unit", MAX_UNIT),
        description=draft.description.strip(),
    )


def checked_option(draft: OptionDraft) -> OptionDraft:
    """The draft with its texts trimmed and its subsidy and scheme in their plain forms.

    Refuses ``option_title_missing``, ``option_title_too_long`` and ``location_too_long`` (most),
    what ``check_price``, ``parse_subsidy``, ``parse_scheme`` and ``net_cost`` refuse.
    """
    total = total_price(draft.quantity, draft.unit_price)
    subsidy = parse_subsidy(draft.subsidy)
    if subsidy.kind is not SubsidyKind.BY_FLOORS:
        net_cost(total, subsidy_amount(subsidy, total, 0))
    location = " ".join(draft.location.split())
    if len(location) > MAX_LINE:
        raise Refused("location_too_long", field="location", most=MAX_LINE)
    return replace(
        draft,
        title=_line(draft.title, "option_title", "title"),
        location=location,
        subsidy=subsidy.to_dict(),
        scheme=parse_scheme(draft.scheme).to_dict(),
        specification=draft.specification.strip(),
        excludes=draft.excludes.strip(),
        requires=draft.requires.strip(),
        constraints=draft.constraints.strip(),
    )


@rule(
    "menus.changes",
    source="our decision",
    says="A new version of an option shows field by field what was and what is now.",
    basis="ours",
)
def changes(old: OptionDraft, new: OptionDraft) -> tuple[Change, ...]:
    """The fields in which two versions differ, in the order in which an option is read."""
    return tuple(
        Change(one.name, getattr(old, one.name), getattr(new, one.name))
        for one in fields(OptionDraft)
        if getattr(old, one.name) != getattr(new, one.name)
    )
