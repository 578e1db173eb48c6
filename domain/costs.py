"""What each dwelling pays: shares of the net cost to the fen, and how each was worked out.

Sources: 民法典 283 (the agreement, else area). Rounding is ours: shares are rounded by the largest
remainder, ties to the lower floor, then the lower room, so that they add up to the net cost exactly
and nobody is a whole fen off the exact share. Money in fen, area in 0.01 m².
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import repeat
from typing import NamedTuple

from domain import sources
from domain.errors import Refused
from domain.exact import number_text, yuan_text
from domain.schemes import (
    Floor,
    Scheme,
    SchemeKind,
    Within,
    parse_scheme,
    unit_weights,
)
from domain.subsidies import net_cost
from domain.voters import Dwelling, natural

__all__ = [
    "Bill",
    "Scheme",
    "SchemeKind",
    "Share",
    "Step",
    "Within",
    "bill",
    "explain",
    "parse_scheme",
    "share",
]


class Share(NamedTuple):
    """What a dwelling pays (negative: receives), in fen; exactly it would be numerator/denominator.

    A tuple, not a dataclass, because a compound makes them by the ten thousand.
    """

    dwelling: Dwelling
    amount: int
    numerator: int
    denominator: int

    @property
    def exact(self) -> Fraction:
        """The share before rounding, in fen."""
        return Fraction(self.numerator, self.denominator)


# What Share(...) does, at half the time: making the tuples is a third of the work of sharing.
_new_share = partial(tuple.__new__, Share)


def _floors(dwellings: Sequence[Dwelling]) -> dict[int, Floor]:
    areas: dict[int, list[int]] = {}
    for dwelling in dwellings:
        areas.setdefault(dwelling.floor, []).append(dwelling.area)
    return {floor: Floor(len(listed), sum(listed)) for floor, listed in areas.items()}


@sources.rule(
    "costs.by_area",
    source="民法典 283 / Civil Code art. 283",
    says="Without an agreement each dwelling pays by its area.",
)
@sources.rule(
    "costs.equal",
    source="an agreement under 民法典 283 / Civil Code art. 283",
    says="Equal: every dwelling pays the same.",
    basis="practice",
)
def _weights(dwellings: Sequence[Dwelling], scheme: Scheme) -> list[int]:
    """Whole numbers in the proportion in which the dwellings pay."""
    if not dwellings:
        raise Refused("no_dwellings")
    areas = [dwelling.area for dwelling in dwellings]
    if min(areas) <= 0:
        small = next(dwelling for dwelling in dwellings if dwelling.area <= 0)
        raise Refused("area_not_positive", field="area", value=small.area, room=small.room)
    if len({dwelling.key for dwelling in dwellings}) != len(dwellings):
        keys = [dwelling.key for dwelling in dwellings]
        twice = next(dwelling for dwelling in dwellings if keys.count(dwelling.key) > 1)
        raise Refused("dwelling_twice", field="room", room=twice.room)
    if scheme.kind is SchemeKind.AREA:
        return areas
    if scheme.kind is SchemeKind.EQUAL:
        return [1] * len(dwellings)
    unit = unit_weights(scheme, _floors(dwellings))
    if scheme.by_area:
        return [
            unit[dwelling.floor] * area for dwelling, area in zip(dwellings, areas, strict=True)
        ]
    return [unit[dwelling.floor] for dwelling in dwellings]


def _tie_order(dwelling: Dwelling) -> tuple[object, ...]:
    return (
        dwelling.floor,
        natural(dwelling.room),
        dwelling.room,
        natural(dwelling.building),
        natural(dwelling.entrance),
        str(dwelling.key),
    )


@sources.rule(
    "costs.largest_remainder",
    source="rounding, which no law states / our decision",
    says="Shares add up to the fen: largest remainder, ties to the lower floor, then lower room.",
    basis="ours",
)
def _apportion(net: int, weights: Sequence[int], dwellings: Sequence[Dwelling]) -> list[Share]:
    """Whole shares of ``net`` fen in proportion to ``weights``, in the order of ``dwellings``."""
    total = sum(weights)
    if total <= 0:
        raise Refused("shares_sum_not_positive", field="floors", key="floors")
    exact = [net * weight for weight in weights]
    amounts = [numerator // total for numerator in exact]
    left = net - sum(amounts)
    if left:
        # Each remainder is below the total, so more than ``left`` of them are above 0 and a
        # dwelling that pays nothing never receives a fen of the rest.
        remainders = [numerator % total for numerator in exact]
        cut = sorted(remainders)[-left]
        tied = []
        for place, remainder in enumerate(remainders):
            if remainder > cut:
                amounts[place] += 1
                left -= 1
            elif remainder == cut:
                tied.append(place)
        if left < len(tied):
            tied.sort(key=lambda place: _tie_order(dwellings[place]))
        for place in tied[:left]:
            amounts[place] += 1
    return list(map(_new_share, zip(dwellings, amounts, exact, repeat(total), strict=False)))


def share(net: int, dwellings: Sequence[Dwelling], scheme: Scheme) -> tuple[Share, ...]:
    """The shares of ``net`` fen, in the order of ``dwellings``; they add up to ``net``.

    Whom the agreement leaves out must not be among ``dwellings``. Refuses ``net_negative``,
    ``no_dwellings``, ``dwelling_twice``, ``area_not_positive`` (value, room),
    ``scheme_floor_missing`` (floor), ``percent_not_hundred`` (total), ``shares_sum_not_positive``.
    """
    if net < 0:
        raise Refused("net_negative", field="net", net=net)
    return tuple(_apportion(net, _weights(dwellings, scheme), dwellings))


@dataclass(frozen=True)
class Bill:
    """A price shared out. ``shared`` is what was divided, ``set_aside`` what the subsidy kept back
    for low-income reductions (fen, exact); ``reductions`` dwelling key → part of its share waived.
    """

    price: int
    subsidy: int
    scheme: Scheme
    shares: tuple[Share, ...]
    weights: tuple[int, ...]
    reductions: Mapping[str | int, Fraction]
    set_aside: Fraction

    @property
    def net(self) -> int:
        """What the households pay together."""
        return self.price - self.subsidy

    @property
    def shared(self) -> Fraction:
        """What is divided by the scheme: the net cost and what reductions take from the subsidy."""
        return self.net + self.set_aside


def _check_reductions(
    reductions: Mapping[str | int, Fraction], dwellings: Sequence[Dwelling], weights: Sequence[int]
) -> None:
    weight_of = {d.key: weight for d, weight in zip(dwellings, weights, strict=True)}
    for key, part in reductions.items():
        if key not in weight_of:
            raise Refused("reduction_unknown_dwelling", field="reductions", dwelling=key)
        if not 0 <= part <= 1:
            raise Refused("reduction_out_of_range", field="reductions", value=number_text(part))
        if weight_of[key] < 0:
            raise Refused("reduction_on_receipt", field="reductions", dwelling=key)


def _kept(weights: Sequence[int], parts: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """The weights less the waived ``parts``, in whole numbers, and the part waived of them all."""
    scale = math.lcm(*(part.denominator for part in parts))
    kept = [
        weight * (scale - part.numerator * (scale // part.denominator))
        for weight, part in zip(weights, parts, strict=True)
    ]
    return kept, 1 - Fraction(sum(kept), scale * sum(weights))


def _set_aside(price: int, subsidy: int, waived: Fraction) -> Fraction:
    """What the subsidy pays for reductions when ``waived`` of all that is divided is waived."""
    # With N divided, N - waived·N = price - subsidy; so N = (price - subsidy) / (1 - waived), and
    # the subsidy suffices while waived·N <= subsidy, that is while waived·price <= subsidy.
    if waived * price > subsidy:
        raise Refused(
            "reductions_exceed_subsidy",
            field="reductions",
            needed=math.ceil(waived * price),
            subsidy=subsidy,
        )
    if waived == 1:
        return Fraction(price)
    return (price - subsidy) * Fraction(waived.numerator, waived.denominator - waived.numerator)


@sources.rule(
    "costs.reductions",
    source="city rules on low-income households / our decision",
    says="The subsidy bears low-income reductions first; the rest of it lowers everyone's cost.",
    basis="ours",
)
def bill(
    price: int,
    subsidy: int,
    dwellings: Sequence[Dwelling],
    scheme: Scheme,
    reductions: Mapping[str | int, Fraction] | None = None,
) -> Bill:
    """``price`` less ``subsidy`` shared out; what ``reductions`` waive is borne by the subsidy.

    The subsidy first pays what is waived, what remains of it lowers the cost that is divided; so
    the households still pay exactly price - subsidy. Refuses what ``net_cost`` and ``share``
    refuse, ``reduction_unknown_dwelling`` and ``reduction_on_receipt`` (dwelling),
    ``reduction_out_of_range`` (value), ``reductions_exceed_subsidy`` (needed, subsidy: fen).
    """
    net = net_cost(price, subsidy)
    weights = _weights(dwellings, scheme)
    waived = dict(reductions or {})
    _check_reductions(waived, dwellings, weights)
    shares, set_aside = _apportion(net, weights, dwellings), Fraction(0)
    if waived:
        parts = [waived.get(dwelling.key, Fraction(0)) for dwelling in dwellings]
        kept, part_of_all = _kept(weights, parts)
        set_aside = _set_aside(price, subsidy, part_of_all)
        if net:
            shares = _apportion(net, kept, dwellings)
    return Bill(price, subsidy, scheme, tuple(shares), tuple(weights), waived, set_aside)


@dataclass(frozen=True)
class Step:
    """One step from the price to an amount: a stable code and the plain values of its sentence.

    ``amount`` is in fen, ``exact`` text in yuan with four decimals, areas in 0.01 m², coefficients,
    percentages and parts text.
    """

    code: str
    params: Mapping[str, int | str]


def _per_floor_steps(shared: Fraction, own: Dwelling, bill: Bill) -> list[Step]:
    floors = _floors([share.dwelling for share in bill.shares])
    table, floor = bill.scheme.floors, floors[own.floor]
    total = sum((table[number] for number in floors), Fraction(0))
    part = shared * table[own.floor] * Fraction(total.denominator, total.numerator)
    values: dict[str, int | str] = {"floor": own.floor, "exact": yuan_text(part)}
    if bill.scheme.kind is SchemeKind.FLOOR_PERCENT:
        values["percent"] = number_text(table[own.floor])
    else:
        values |= {"coefficient": number_text(table[own.floor]), "sum": number_text(total)}
    if bill.scheme.by_area:
        inside = Step(
            "within_area",
            {
                "area": own.area,
                "floor_area": floor.area,
                "exact": yuan_text(part * Fraction(own.area, floor.area)),
            },
        )
    else:
        inside = Step(
            "within_equal",
            {
                "dwellings": floor.dwellings,
                "exact": yuan_text(part * Fraction(1, floor.dwellings)),
            },
        )
    return [Step(bill.scheme.kind.value, values), inside]


def _scheme_steps(shared: Fraction, own: Dwelling, exact: Fraction, bill: Bill) -> list[Step]:
    kind, table = bill.scheme.kind, bill.scheme.floors
    dwellings = [share.dwelling for share in bill.shares]
    values: dict[str, int | str]
    if kind is SchemeKind.AREA:
        values = {"area": own.area, "total_area": sum(d.area for d in dwellings)}
    elif kind is SchemeKind.EQUAL:
        values = {"dwellings": len(dwellings)}
    elif kind is SchemeKind.HOUSEHOLD_PERCENT:
        values = {"floor": own.floor, "percent": number_text(table[own.floor])}
    elif kind is SchemeKind.COEFFICIENT_TIMES_AREA:
        weighted = sum((table[d.floor] * d.area for d in dwellings), Fraction(0))
        values = {
            "floor": own.floor,
            "coefficient": number_text(table[own.floor]),
            "area": own.area,
            "weight": number_text(table[own.floor] * own.area),
            "sum": number_text(weighted),
        }
    else:
        return _per_floor_steps(shared, own, bill)
    return [Step(kind.value, values | {"exact": yuan_text(exact)})]


def explain(bill: Bill, key: str | int) -> tuple[Step, ...]:
    """Each step from the price to what the dwelling ``key`` pays; the last is its amount.

    Codes in order: ``price``, ``subsidy``, ``set_aside``, ``shared``; the scheme kind, for the
    per-floor kinds followed by ``within_area`` or ``within_equal``; ``reduction``; ``pays``,
    ``receives`` or ``pays_nothing``. Refuses ``dwelling_unknown``.
    """
    place = {share.dwelling.key: place for place, share in enumerate(bill.shares)}.get(key)
    if place is None:
        raise Refused("dwelling_unknown", dwelling=key)
    own = bill.shares[place]
    exact = bill.shared * Fraction(bill.weights[place], sum(bill.weights))
    steps = [Step("price", {"amount": bill.price}), Step("subsidy", {"amount": bill.subsidy})]
    if bill.set_aside:
        steps.append(Step("set_aside", {"exact": yuan_text(bill.set_aside)}))
    steps.append(Step("shared", {"exact": yuan_text(bill.shared)}))
    steps += _scheme_steps(bill.shared, own.dwelling, exact, bill)
    part = bill.reductions.get(key)
    if part:
        values = {"part": number_text(part), "exact": yuan_text(exact * part)}
        steps.append(Step("reduction", values))
    code = "pays" if own.amount > 0 else "receives" if own.amount < 0 else "pays_nothing"
    steps.append(Step(code, {"amount": abs(own.amount)}))
    return tuple(steps)
