"""Choosing a package of works under a budget from the households' answers. It only proposes.

Source: the method of equal shares (Peters, Pierczyński, Skowron 2021, "Proportional participatory
budgeting with additive utilities"); weights, completion and order of ties are ours:

* An answer *need* counts 2 points, *can accept* 1, anything else none. A candidate is looked at
  only when more households want it than oppose it.
* The budget is divided equally among the households that answered. A candidate is bought when
  those who want it can pay for it; each pays the same rate per point, or all it has left. In every
  round the candidate with the lowest rate is bought.
* Ties: more points, then the lower cost, then the earlier place in the menu.
* Completion: what is left over buys, in the order of "most wanted first", whatever still fits.
* A candidate that excludes one already bought, or requires one not bought, has to stand back.

The payments are a way of counting, not bills: what a household really pays is decided by
the motion's cost scheme. They are also figures about answers, so numbers of payers are only for
those who may see a building's answers. Money in fen; payments are exact fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import gcd

from domain.errors import Refused
from domain.preferences import Stance
from domain.sources import rule

# One request works out no more than this; a whole compound at once is no question for a page.
MOST_HOUSEHOLDS = 2_000
MOST_OPTIONS = 60

POINTS: Mapping[Stance, int] = {Stance.NEED: 2, Stance.ACCEPT: 1}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One option that could be bought for ``cost`` fen (after subsidies).

    Options of one item exclude each other. ``excludes`` and ``requires`` are keys of candidates.
    """

    key: str
    cost: int
    excludes: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """One household's stances by candidate; what is missing counts as indifferent."""

    household: str
    stances: Mapping[str, Stance] = field(default_factory=dict)


class Way(StrEnum):
    """How a candidate came into the package."""

    SHARED = "shared"
    COMPLETED = "completed"
    MOST_WANTED = "most_wanted"


class Reason(StrEnum):
    """Why a candidate stayed out."""

    NOT_WANTED = "not_wanted"
    TOO_DEAR = "too_dear"
    EXCLUDED = "excluded"
    REQUIREMENT_MISSING = "requirement_missing"


@dataclass(frozen=True, slots=True)
class Step:
    """One purchase: its points, who paid how much of it at which rate per point, and what is left.

    Only shared purchases have payers ("these 14 households together paid for the lights");
    ``left`` is what remains of the whole budget in fen.
    """

    key: str
    way: Way
    cost: int
    points: int
    left: int
    rate: Fraction | None = None
    payments: tuple[tuple[str, Fraction], ...] = ()

    @property
    def payers(self) -> int:
        """How many households paid together."""
        return len(self.payments)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A package: the purchases in order, and why each other candidate stayed out."""

    budget: int
    steps: tuple[Step, ...]
    left_out: Mapping[str, Reason]

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys bought, in order."""
        return tuple(step.key for step in self.steps)

    @property
    def spent(self) -> int:
        """What the package costs, in fen."""
        return sum(step.cost for step in self.steps)

    def spent_by(self, way: Way) -> int:
        """What of that came into it in this way, in fen."""
        return sum(step.cost for step in self.steps if step.way is way)

    def served(self, wishes: Iterable[Wish]) -> int:
        """How many households get at least one thing they want."""
        return sum(
            any(POINTS.get(wish.stances.get(key, Stance.INDIFFERENT)) for key in self.chosen)
            for wish in wishes
        )


class _Field:
    """The candidates as they stand: who wants them, and which are bought."""

    def __init__(self, candidates: Sequence[Candidate], wishes: Sequence[Wish]) -> None:
        self.candidates = {one.key: one for one in candidates}
        self.supporters: dict[str, list[tuple[int, int]]] = {key: [] for key in self.candidates}
        opposed = dict.fromkeys(self.candidates, 0)
        for number, wish in enumerate(wishes):
            for key, stance in wish.stances.items():
                if key not in self.candidates:
                    continue
                points = POINTS.get(stance, 0)
                if points:
                    self.supporters[key].append((number, points))
                opposed[key] += stance is Stance.OPPOSE
        self.points = {key: sum(p for _, p in who) for key, who in self.supporters.items()}
        self.wanted = {
            key: None for key in self.candidates if len(self.supporters[key]) > opposed[key]
        }
        self.place = {key: place for place, key in enumerate(self.candidates)}
        self.bought: set[str] = set()
        # What a purchase rules out, said from either side.
        self.rules_out = {one.key: set(one.excludes) for one in candidates}
        for one in candidates:
            for other in one.excludes:
                self.rules_out.setdefault(other, set()).add(one.key)
        self.excluded: set[str] = set()

    def obstacle(self, key: str) -> Reason | None:
        """What keeps a candidate out, leaving money aside."""
        if key not in self.wanted:
            return Reason.NOT_WANTED
        if key in self.excluded:
            return Reason.EXCLUDED
        if not self.candidates[key].requires <= self.bought:
            return Reason.REQUIREMENT_MISSING
        return None

    def buy(self, key: str) -> None:
        """``key`` is bought, and what it excludes has to stand back."""
        self.bought.add(key)
        self.excluded |= self.rules_out[key]

    def free(self) -> list[str]:
        """The candidates that could be bought next if there is money."""
        return [key for key in self.wanted if key not in self.bought and self.obstacle(key) is None]

    def order(self, key: str) -> tuple[int, int, int]:
        """Most points, then the lower cost, then the menu's order."""
        return (-self.points[key], self.candidates[key].cost, self.place[key])

    def left_out(self) -> dict[str, Reason]:
        """Why each candidate that was not bought stayed out."""
        return {
            key: self.obstacle(key) or Reason.TOO_DEAR
            for key in self.candidates
            if key not in self.bought
        }


class _Purses:
    """What every household has left: whole numbers over one common denominator, hence exact."""

    def __init__(self, households: int, budget: int) -> None:
        self.denominator = max(households, 1)
        self.left = [budget] * households

    def rate(self, cost: int, supporters: Sequence[tuple[int, int]]) -> Fraction | None:
        """The lowest rate per point at which the supporters can pay ``cost``; None if they cannot.

        Those who have less than the rate asks of them pay all they have.
        """
        total = cost * self.denominator
        if sum(self.left[who] for who, _ in supporters) < total:
            return None
        # Poorest per point first; points are 1 or 2, so twice the purse over them stays whole.
        poorest = sorted((2 * self.left[who] // points, who, points) for who, points in supporters)
        points_left = sum(points for _, points in supporters)
        for per_two_points, who, points in poorest:
            if 2 * total <= per_two_points * points_left:
                break
            total -= self.left[who]
            points_left -= points
        return Fraction(total, points_left * self.denominator) if points_left else Fraction(0)

    def pay(
        self, rate: Fraction, supporters: Sequence[tuple[int, int]]
    ) -> list[tuple[int, Fraction]]:
        """Take from each supporter what the rate asks, at most all it has; who paid how much."""
        scale = rate.denominator // gcd(rate.denominator, self.denominator)
        self.left = [one * scale for one in self.left]
        self.denominator *= scale
        per_point = rate.numerator * (self.denominator // rate.denominator)
        payments = []
        for who, points in supporters:
            amount = min(self.left[who], per_point * points)
            self.left[who] -= amount
            if amount:
                payments.append((who, Fraction(amount, self.denominator)))
        return payments


def _check(candidates: Sequence[Candidate], wishes: Sequence[Wish], budget: int) -> None:
    if budget < 0:
        raise Refused("budget_negative", field="budget", budget=budget)
    for candidate in candidates:
        if candidate.cost < 0:
            raise Refused("price_negative", field="cost", key=candidate.key)
    for name, keys in (
        ("candidates", [candidate.key for candidate in candidates]),
        ("wishes", [wish.household for wish in wishes]),
    ):
        key, times = next(iter(Counter(keys).most_common(1)), ("", 0))
        if times > 1:
            raise Refused("listed_twice", field=name, key=key)


@rule(
    "packages.size",
    source="ours",
    says="A package is worked out for at most 2,000 households and 60 options in one request.",
    basis="ours",
)
def check_size(households: int, options: int) -> None:
    """Refuse (``package_too_large``: households, options) what one request does not work out."""
    if households > MOST_HOUSEHOLDS or options > MOST_OPTIONS:
        raise Refused(
            "package_too_large",
            field="budget",
            households=households,
            options=options,
            most_households=MOST_HOUSEHOLDS,
            most_options=MOST_OPTIONS,
        )


class _Shares:
    """The rounds of equal shares: who can still pay for what, and at which rate."""

    def __init__(self, ground: _Field, wishes: Sequence[Wish], budget: int) -> None:
        self.ground = ground
        self.names = [wish.household for wish in wishes]
        self.purses = _Purses(len(wishes), budget)
        self.bounds = dict.fromkeys(ground.wanted, Fraction(0))

    def cheapest(self) -> tuple[Fraction, str] | None:
        """The free candidate with the lowest rate, ties as stated above.

        Rates only rise as purses empty, so the last known rates are bounds from below and most
        candidates need not be looked at again; what cannot be paid now never can.
        """
        best: tuple[Fraction, tuple[int, int, int], str] | None = None
        free = [key for key in self.ground.free() if key in self.bounds]
        for key in sorted(free, key=self.bounds.__getitem__):
            if best is not None and self.bounds[key] > best[0]:
                break
            supporters = self.ground.supporters[key]
            rate = self.purses.rate(self.ground.candidates[key].cost, supporters)
            if rate is None:
                del self.bounds[key]
                continue
            self.bounds[key] = rate
            offer = (rate, self.ground.order(key), key)
            best = offer if best is None else min(best, offer)
        return None if best is None else (best[0], best[2])

    def buy(self, key: str, rate: Fraction, left: int) -> Step:
        """The purchase of ``key``, its supporters' purses the lighter for it."""
        cost, points = self.ground.candidates[key].cost, self.ground.points[key]
        paid = self.purses.pay(rate, self.ground.supporters[key])
        self.ground.buy(key)
        payments = tuple((self.names[who], amount) for who, amount in paid)
        return Step(key, Way.SHARED, cost, points, left - cost, rate, payments)


def _most_wanted(ground: _Field, left: int, way: Way) -> list[Step]:
    """Whatever fits into ``left``, most points first; a purchase can make another one possible."""
    steps: list[Step] = []
    while True:
        fitting = [key for key in ground.free() if ground.candidates[key].cost <= left]
        if not fitting:
            return steps
        key = min(fitting, key=ground.order)
        cost = ground.candidates[key].cost
        left -= cost
        ground.buy(key)
        steps.append(Step(key, way, cost, ground.points[key], left))


@rule(
    "packages.equal_shares",
    source="method of equal shares (Peters, Pierczyński, Skowron 2021); weights, completion ours",
    says="A package is bought by equal shares of the budget, then completed by most wanted first.",
    basis="ours",
)
def equal_shares(candidates: Sequence[Candidate], wishes: Sequence[Wish], budget: int) -> Proposal:
    """The package that equal shares of ``budget`` (fen) buy, completed as stated in the module.

    ``candidates`` stand in the menu's order. Refuses ``budget_negative``, ``price_negative`` (key)
    and ``listed_twice`` (key).
    """
    _check(candidates, wishes, budget)
    ground = _Field(candidates, wishes)
    shares = _Shares(ground, wishes, budget)
    steps: list[Step] = []
    left = budget
    while (offer := shares.cheapest()) is not None:
        rate, key = offer
        steps.append(shares.buy(key, rate, left))
        left = steps[-1].left
    steps += _most_wanted(ground, left, Way.COMPLETED)
    return Proposal(budget, tuple(steps), ground.left_out())


@rule(
    "packages.most_wanted_first",
    source="ours, for comparison",
    says="Most wanted first buys by points until the budget is used, whoever it serves.",
    basis="ours",
)
def most_wanted_first(
    candidates: Sequence[Candidate], wishes: Sequence[Wish], budget: int
) -> Proposal:
    """The package of the plain order by points, under the same conditions and refusals."""
    _check(candidates, wishes, budget)
    ground = _Field(candidates, wishes)
    steps = _most_wanted(ground, budget, Way.MOST_WANTED)
    return Proposal(budget, tuple(steps), ground.left_out())
