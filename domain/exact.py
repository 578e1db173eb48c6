"""Exact numbers as people write them in tables and files, and as pages show them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from domain.errors import Refused


def read_number(value: object, key: str) -> Fraction:
    """An exact number from ``"-0.5"``, ``"100/3"``, an int or a Decimal.

    Refuses ``number_unreadable`` (key, value). A float is refused
    with everything else: 0.1 in a float is not one tenth.
    """
    text = str(value) if isinstance(value, str | int | Decimal) else ""
    pattern = r"[+-]?\d{1,9}(\.\d{1,9}|/0*[1-9]\d{0,8})?"
    if not re.fullmatch(pattern, text.strip(), re.ASCII):
        raise Refused("number_unreadable", field=key, key=key, value=value)
    return Fraction(text.strip())


def number_text(number: Fraction) -> str:
    """The shortest text that ``read_number`` reads back: a decimal if there is one, else a/b."""
    for places in range(10):
        scaled = number * 10**places
        if scaled.denominator == 1:
            sign = "-" if scaled < 0 else ""
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return f"{number.numerator}/{number.denominator}"


def read_floor(value: object) -> int:
    """A floor number from ``"3"``, ``"-1"``, an int; refuses ``floor_unreadable`` (key, value)."""
    text = str(value) if isinstance(value, str | int) else ""
    if not re.fullmatch(r"-?\d{1,3}", text.strip(), re.ASCII):
        raise Refused("floor_unreadable", field="floors", key="floors", value=value)
    return int(text)


def yuan_text(fen: Fraction) -> str:
    """An exact amount in fen as yuan with four decimals, the nearest one, for showing only."""
    scaled = abs(fen) * 100
    whole, rest = divmod(
        (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**4
    )
    return f"{'-' if fen < 0 and (whole or rest) else ''}{whole}.{rest:04d}"
