"""How a share was worked out, in sentences: the steps of ``domain.costs.explain`` for a reader."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from blueprints.shared.localisation import area, money
from blueprints.shared.words import word
from domain.costs import Step

SENTENCES = {
    "price": _l("The works cost %(amount)s yuan."),
    "subsidy": _l("The subsidy pays %(amount)s yuan of it."),
    "set_aside": _l("Of the subsidy %(exact)s yuan are kept back for low-income reductions."),
    "shared": _l("%(exact)s yuan remain and are shared."),
    "paid_by": _l("The remaining %(amount)s yuan are paid by: %(payer)s."),
    "area": _l(
        "Shared by area: this dwelling has %(area)s of %(total_area)s m², so %(exact)s yuan."
    ),
    "equal": _l("All %(dwellings)s dwellings pay the same: %(exact)s yuan each."),
    "floor_percent": _l("Floor %(floor)s pays %(percent)s %% of it: %(exact)s yuan."),
    "floor_coefficient": _l(
        "Floor %(floor)s has the coefficient %(coefficient)s, all floors together %(sum)s; "
        "so the floor pays %(exact)s yuan."
    ),
    "coefficient_times_area": _l(
        "Coefficient of floor %(floor)s times area: %(coefficient)s × %(area)s = %(weight)s; "
        "all dwellings together %(sum)s; so %(exact)s yuan."
    ),
    "household_percent": _l(
        "A dwelling on floor %(floor)s pays %(percent)s %% of it: %(exact)s yuan."
    ),
    "within_area": _l(
        "Inside the floor by area: this dwelling has %(area)s of %(floor_area)s m², "
        "so %(exact)s yuan."
    ),
    "within_equal": _l("The %(dwellings)s dwellings of the floor pay the same: %(exact)s yuan."),
    "reduction": _l("A reduction by %(part)s takes off %(exact)s yuan; the subsidy bears it."),
    "pays": _l("Rounded to the fen, this dwelling pays %(amount)s yuan."),
    "receives": _l("Rounded to the fen, this dwelling receives %(amount)s yuan."),
    "pays_nothing": _l("This dwelling pays nothing."),
}
_AREAS = frozenset({"area", "total_area", "floor_area"})
# The product of a coefficient and an area in 0.01 m², which a reader sees in m².
_WEIGHTS = frozenset({"weight", "sum"})


def _shown(step: Step, name: str, value: int | str) -> str:
    if name == "amount":
        return money(int(value))
    if name in _AREAS:
        return area(int(value))
    if name == "payer":
        return word("payers", value)
    if name in _WEIGHTS and step.code == "coefficient_times_area":
        return _hundredth(str(value))
    if name == "exact":
        return _grouped(str(value))
    return str(value)


def _grouped(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    return f"{sign}{int(whole):,}.{rest}" if rest else f"{sign}{int(whole):,}"


def _hundredth(text: str) -> str:
    """A decimal text divided by a hundred; a fraction is left as it is."""
    if "/" in text:
        return text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    whole = whole.rjust(3, "0")
    return f"{sign}{whole[:-2]}.{whole[-2:]}{rest}"


def step_sentences(steps: Iterable[Step]) -> list[str]:
    """One sentence for each step, in the reader's language; areas in m², money in yuan."""
    return [
        str(SENTENCES[step.code])
        % {name: _shown(step, name, value) for name, value in step.params.items()}
        for step in steps
    ]
