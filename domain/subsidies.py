"""Public subsidies: what a city pays towards the price, before anything is shared.

The formulas are configuration of each city (``reference/cities/*.toml``), not law. Money in fen.

    {"kind": "none"}
    {"kind": "fixed", "amount": "200000.00"}
    {"kind": "by_floors", "amounts": {"4": "160000.00", "5": "180000.00"}}
    {"kind": "percent_capped", "percent": "40", "cap": "280000.00"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from domain import sources
from domain.errors import Refused
from domain.exact import number_text, read_floor, read_number
from domain.quantities import format_money, parse_money


class SubsidyKind(StrEnum):
    """The shapes of formula that city rules have."""

    NONE = "none"
    FIXED = "fixed"
    BY_FLOORS = "by_floors"
    PERCENT_CAPPED = "percent_capped"


_KEYS = {
    SubsidyKind.NONE: {"kind"},
    SubsidyKind.FIXED: {"kind", "amount"},
    SubsidyKind.BY_FLOORS: {"kind", "amounts"},
    SubsidyKind.PERCENT_CAPPED: {"kind", "percent", "cap"},
}


@dataclass(frozen=True)
class Subsidy:
    """A city's formula; ``fixed``, ``cap`` in fen, ``by_floors`` floors of the building → fen."""

    kind: SubsidyKind
    fixed: int = 0
    by_floors: Mapping[int, int] = field(default_factory=dict)
    percent: Fraction = Fraction(0)
    cap: int = 0

    def to_dict(self) -> dict[str, object]:
        """The plain form that ``parse_subsidy`` reads."""
        plain: dict[str, object] = {"kind": self.kind.value}
        if self.kind is SubsidyKind.FIXED:
            plain["amount"] = format_money(self.fixed)
        elif self.kind is SubsidyKind.BY_FLOORS:
            plain["amounts"] = {
                str(floors): format_money(amount) for floors, amount in self.by_floors.items()
            }
        elif self.kind is SubsidyKind.PERCENT_CAPPED:
            plain |= {"percent": number_text(self.percent), "cap": format_money(self.cap)}
        return plain


def _money(value: object, key: str) -> int:
    text = str(value) if isinstance(value, str | int) else ""
    try:
        amount = parse_money(text)
    except Refused as refusal:
        raise Refused("subsidy_money_unreadable", field=key, key=key, value=value) from refusal
    if amount < 0:
        raise Refused("subsidy_negative", field=key, key=key, value=value)
    return amount


def _percent(value: object) -> Fraction:
    percent = read_number(value, "percent")
    if not 0 <= percent <= 100:
        raise Refused("percent_out_of_range", field="percent", key="percent", value=value)
    return percent


def _amounts(value: object) -> dict[int, int]:
    if not isinstance(value, Mapping) or not value:
        raise Refused("subsidy_amounts_missing", field="amounts", key="amounts")
    amounts: dict[int, int] = {}
    for floors, amount in value.items():
        number = read_floor(floors)
        if number in amounts:
            raise Refused("floor_twice", field="amounts", key="amounts", floor=number)
        amounts[number] = _money(amount, f"amounts.{floors}")
    return amounts


def parse_subsidy(plain: Mapping[str, object]) -> Subsidy:
    """The formula of a plain mapping (TOML, JSON); numbers as text or whole numbers.

    Refuses, each with ``key``: ``subsidy_kind_unknown``, ``subsidy_key_unknown``,
    ``subsidy_key_missing``, ``subsidy_amounts_missing``, ``subsidy_money_unreadable``,
    ``subsidy_negative``, ``number_unreadable``, ``percent_out_of_range``, ``floor_unreadable``,
    ``floor_twice``.
    """
    try:
        kind = SubsidyKind(str(plain.get("kind")))
    except ValueError:
        raise Refused(
            "subsidy_kind_unknown", field="kind", key="kind", value=plain.get("kind")
        ) from None
    for key in sorted(set(plain) - _KEYS[kind]):
        raise Refused("subsidy_key_unknown", field=key, key=key)
    for key in sorted(_KEYS[kind] - set(plain)):
        raise Refused("subsidy_key_missing", field=key, key=key)
    if kind is SubsidyKind.FIXED:
        return Subsidy(kind, fixed=_money(plain["amount"], "amount"))
    if kind is SubsidyKind.BY_FLOORS:
        return Subsidy(kind, by_floors=_amounts(plain["amounts"]))
    if kind is SubsidyKind.PERCENT_CAPPED:
        return Subsidy(kind, percent=_percent(plain["percent"]), cap=_money(plain["cap"], "cap"))
    return Subsidy(kind)


@sources.rule(
    "costs.subsidy",
    source="city rules, e.g. 上海 min(40 %, 28 万), 济南 by floors / reference/cities",
    says="A subsidy is none, fixed, by the number of floors, or a percentage up to a cap.",
    basis="practice",
)
def subsidy_amount(subsidy: Subsidy, price: int, floors: int) -> int:
    """What the city pays in fen for works of ``price`` fen on a building of ``floors`` floors.

    A percentage is rounded down to the fen. Refuses ``subsidy_floors_unknown`` (floors).
    """
    if subsidy.kind is SubsidyKind.FIXED:
        return subsidy.fixed
    if subsidy.kind is SubsidyKind.BY_FLOORS:
        if floors not in subsidy.by_floors:
            raise Refused("subsidy_floors_unknown", field="floors", floors=floors)
        return subsidy.by_floors[floors]
    share = price * subsidy.percent.numerator // (100 * subsidy.percent.denominator)
    return min(share, subsidy.cap)


@sources.rule(
    "costs.subsidy_first",
    source="how city rules apply their subsidies / our decision",
    says="Subsidies are subtracted first; what the households share is the net cost.",
    basis="ours",
)
def net_cost(price: int, subsidy: int) -> int:
    """What is left for the households, in fen.

    Refuses ``price_negative``, ``subsidy_negative``, ``subsidy_exceeds_price`` (price, subsidy).
    """
    if price < 0:
        raise Refused("price_negative", field="price", price=price)
    if subsidy < 0:
        raise Refused("subsidy_negative", field="subsidy", key="subsidy", value=subsidy)
    if subsidy > price:
        raise Refused("subsidy_exceeds_price", field="subsidy", price=price, subsidy=subsidy)
    return price - subsidy
