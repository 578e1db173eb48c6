"""The menu: classes of items, who decides and who pays, and what an option costs.

Source: General Office of the State Council 2020 No. 23 (国办发〔2020〕23号) for the three classes.
"""

from __future__ import annotations

from enum import StrEnum

from domain.errors import Refused
from domain.quantities import MAX_MONEY

MAX_QUANTITY = 1_000_000_00


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
