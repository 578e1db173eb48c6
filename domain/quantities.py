"""Money and area as whole numbers: reading what people write, writing what people read.

Money is an ``int`` of fen (0.01 yuan), area an ``int`` of hundredths of a square metre. Both are
read through ``Decimal`` and never pass through a float (a float of 62.35 is not 62.35).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from domain.errors import Refused

AREA_UNITS = ("平方米", "㎡", "m²", "m2", "平米", "平方", "平")
MONEY_UNITS = ("元", "yuan", "RMB", "CNY", "￥", "¥")
# A dwelling above 100,000 m² or a price above 10^12 yuan is a slip of the pen, and 64-bit columns
# must hold sums of them.
MAX_AREA = 100_000_00
MAX_MONEY = 1_000_000_000_000_00


def _hundredths(text: str, units: tuple[str, ...], code: str) -> int:
    cleaned = unicodedata.normalize("NFKC", text).strip()
    for unit in (unicodedata.normalize("NFKC", unit) for unit in units):
        cleaned = cleaned.removesuffix(unit).removeprefix(unit).strip()
    cleaned = cleaned.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", cleaned, re.ASCII):
        raise Refused(code, value=text)
    try:
        scaled = Decimal(cleaned) * 100
    except InvalidOperation:  # pragma: no cover - the pattern above admits only decimals
        raise Refused(code, value=text) from None
    if scaled != scaled.to_integral_value():
        raise Refused(f"{code}_decimals", value=text)
    return int(scaled)


def parse_area(text: str) -> int:
    """Hundredths of a m² from ``"62.35㎡"``; refuses zero, negative, absurd, finer than 0.01 m²."""
    area = _hundredths(text, AREA_UNITS, "area_unreadable")
    if area <= 0:
        raise Refused("area_not_positive", value=text)
    if area > MAX_AREA:
        raise Refused("area_absurd", value=text)
    return area


def parse_money(text: str) -> int:
    """Fen from ``"700,000.00"``; refuses what is finer than a fen. Sign is the caller's matter."""
    amount = _hundredths(text, MONEY_UNITS, "money_unreadable")
    if abs(amount) > MAX_MONEY:
        raise Refused("money_absurd", value=text)
    return amount


def parse_hundredths(text: str) -> int:
    """What this program itself wrote with two decimals, zero and negative included."""
    return _hundredths(text, (), "number_unreadable")


def _format(hundredths: int, *, grouped: bool) -> str:
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole:,}.{rest:02d}" if grouped else f"{sign}{whole}.{rest:02d}"


def format_area(area: int) -> str:
    """``6235`` → ``"62.35"`` (square metres, no unit)."""
    return _format(area, grouped=False)


def format_money(amount: int, *, grouped: bool = False) -> str:
    """``1960784`` → ``"19607.84"`` or, grouped, ``"19,607.84"`` (yuan, no sign of currency)."""
    return _format(amount, grouped=grouped)


def grouped_money(written: str) -> str:
    """``"19607.84"``, as this program stores it, → ``"19,607.84"``, as people read it (yuan).

    Refuses ``number_unreadable`` what ``format_money`` did not write.
    """
    return format_money(parse_hundredths(written), grouped=True)


def trimmed(quantity: str) -> str:
    """A quantity written with decimals, without needless noughts: ``"1"`` from ``"1.00"``."""
    return quantity.rstrip("0").rstrip(".") if "." in quantity else quantity
