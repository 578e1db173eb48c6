"""Equal shares for 500 households and 30 candidates, beside the least that could be done.

The floor goes once over every supporter of every candidate for each purchase that was made,
with plain integers: what any way of sharing has to look at. Both alternate, and the quickest
round of each is shown.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from domain.packages import Candidate, Wish, equal_shares
from domain.preferences import Stance

ROUNDS = 7
TARGET_SECONDS_HUNDREDTHS = 50
HOUSEHOLDS = 500
CANDIDATES = 30


def _seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def a_building() -> tuple[list[Candidate], list[Wish], int]:
    """500 households of a compound, 30 candidates of 20,000 to 900,000 yuan, money for half."""
    rng = random.Random(30)
    candidates = [
        Candidate(f"item{number}", rng.randint(20_000_00, 900_000_00))
        for number in range(CANDIDATES)
    ]
    wishes = []
    for household in range(HOUSEHOLDS):
        stances = {
            one.key: rng.choices(list(Stance), (4, 3, 2, 1))[0]
            for one in candidates
            if rng.random() < 0.8
        }
        wishes.append(Wish(f"household{household}", stances))
    return candidates, wishes, sum(one.cost for one in candidates) // 2


def main() -> bool:
    """Print the figure beside its floor; whether it meets the target."""
    candidates, wishes, budget = a_building()
    supporters = [
        [number for number, wish in enumerate(wishes) if wish.stances.get(one.key) is Stance.NEED]
        for one in candidates
    ]
    purses = [budget] * HOUSEHOLDS
    purchases = len(equal_shares(candidates, wishes, budget).steps)

    def floor() -> int:
        total = 0
        for _ in range(purchases):
            for group in supporters:
                for who in group:
                    total += purses[who]
        return total

    rounds = [
        (_seconds(floor), _seconds(lambda: equal_shares(candidates, wishes, budget)))
        for _ in range(ROUNDS)
    ]
    least, best = (min(column) for column in zip(*rounds, strict=True))
    met = best * 100 <= TARGET_SECONDS_HUNDREDTHS
    name = f"equal shares, {HOUSEHOLDS} households x {CANDIDATES} candidates"
    print(
        f"{name:<52} {best * 1000:8.1f} ms   floor {least * 1000:8.1f} ms   "
        f"{best / least:4.2f} x   (target 500 ms{'' if met else ', MISSED'})"
    )
    return met


if __name__ == "__main__":
    main()
