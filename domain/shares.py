"""Shares in percent as they are shown: rounded half up, never against the verdict beside them.

Source: ours. A share that is cut tells 4 of 11 as 36.3 %; a share that is rounded tells 66.66 of
100 as 67 %, which beside "at least 2/3: not reached" looks like a mistake of the count. So it is
rounded, and where the rounded number would look as if it said the opposite of the exact verdict,
the threshold is named in its place ("under 2/3"). That tells nothing that number and verdict
would not have told together. Whole numbers only.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from domain.sources import rule


def rounded_share(part: int, whole: int, places: int = 0) -> int:
    """The share in percent with so many decimals as one whole number; 0 of nothing is 0.

    One decimal of 4 of 11 is 364.
    """
    if whole == 0:
        return 0
    return (200 * part * 10**places + whole) // (2 * whole)


def percent_text(part: int, whole: int, places: int = 1) -> str:
    """The share as people read it, without its sign: ``36.4``."""
    digits = str(rounded_share(part, whole, places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


class Said(StrEnum):
    """How a share is told: by its number, or by the threshold that it is under or over."""

    NUMBER = "number"
    UNDER = "under"
    OVER = "over"


@rule(
    "shares.beside_a_verdict",
    source="ours",
    says="A rounded share that would look against its exact verdict is told by the threshold.",
    basis="ours",
)
def beside_a_verdict(
    shown: Fraction, threshold: Fraction, *, included: bool, reached: bool
) -> Said:
    """How a rounded share (of one) is told beside the exact verdict ``reached``.

    ``included``: whether exactly the threshold suffices.
    """
    looks_reached = shown >= threshold if included else shown > threshold
    if looks_reached is reached:
        return Said.NUMBER
    return Said.OVER if reached else Said.UNDER


def drawn_share(shown: Fraction, threshold: Fraction, said: Said) -> int:
    """The length of a share in thousandths, always on that side of the threshold that is true."""
    if said is Said.NUMBER:
        return int(1000 * shown)
    mark = int(1000 * threshold)
    return mark - 1 if said is Said.UNDER else mark + 1
