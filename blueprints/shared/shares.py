"""Shares in percent in words, one way for pages, charts and tables."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from domain.shares import Said, beside_a_verdict, drawn_share, percent_text


@dataclass(frozen=True)
class Share:
    """A share as it is told and drawn: ``text`` with its sign, ``length`` in thousandths.

    ``met`` is the exact verdict, where there is a threshold.
    """

    text: str
    length: int
    met: bool | None = None


def share_of(
    part: int,
    whole: int,
    threshold: tuple[int, int] | None = None,
    *,
    strict: bool = False,
    met: bool | None = None,
    places: int = 1,
) -> Share:
    """``part`` of ``whole``, never told or drawn on that side of its threshold that is not true.

    ``met``: the exact verdict where ``part`` is rounded already; else it is worked out from the
    two numbers. ``strict``: exactly the threshold is not enough. Nothing of nothing meets nothing.
    """
    text = _("%(percent)s %%", percent=percent_text(part, whole, places))
    exact = min(Fraction(part, whole), Fraction(1)) if whole else Fraction(0)
    if threshold is None:
        return Share(text, int(1000 * exact))
    needed = Fraction(*threshold)
    if met is None:
        met = bool(whole) and (exact > needed if strict else exact >= needed)
    shown = Fraction(percent_text(part, whole, places)) / 100
    said = beside_a_verdict(shown, needed, included=not strict, reached=met)
    if said is not Said.NUMBER:
        fraction = f"{needed.numerator}/{needed.denominator}"
        text = (
            _("under %(fraction)s", fraction=fraction)
            if said is Said.UNDER
            else _("over %(fraction)s", fraction=fraction)
        )
        return Share(text, drawn_share(shown, needed, said), met)
    return Share(text, int(1000 * exact), met)
