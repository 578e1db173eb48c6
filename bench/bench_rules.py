"""Counting 1,000,000 ballots and 100,000 shares, against plain loops over integers.

Each floor does the same job with lists of integers and nothing else: no objects, no checks, no
names. Rule and floor alternate, and the quickest round of each is compared, since whatever else
runs on the machine only ever adds time.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from fractions import Fraction

from domain.costs import Scheme, SchemeKind, share
from domain.voters import Dwelling, Voter, VoterKind
from domain.votes import Choice, Mark, Matter, count

ROUNDS = 7
TARGET = 3
BALLOTS = 1_000_000
SHARES = 100_000
PER_STAIRWELL = 24
NET = 400_000_00
COEFFICIENTS = {1: 0, 2: 5, 3: 10, 4: 11, 5: 12, 6: 13}


def _seconds(work: Callable[[], object]) -> float:
    # As timeit does: a collection that falls into a round measures what else lies in memory.
    gc.collect()
    gc.disable()
    try:
        before = time.perf_counter()
        work()
        return time.perf_counter() - before
    finally:
        gc.enable()


def _compare(name: str, ours: Callable[[], object], floor: Callable[[], object]) -> bool:
    rounds = [(_seconds(floor), _seconds(ours)) for _ in range(ROUNDS)]
    least, best = (min(column) for column in zip(*rounds, strict=True))
    ratio = best / least
    print(
        f"{name:<52} {best * 1000:8.1f} ms   floor {least * 1000:8.1f} ms   "
        f"{ratio:4.2f} x   (target {TARGET} x{'' if ratio <= TARGET else ', MISSED'})"
    )
    return ratio <= TARGET


def _plain_count(words: Sequence[int], areas: Sequence[int]) -> tuple[int, ...]:
    """Agree 0, against 1, abstain 2, disputed 3, invalid 4."""
    agree = agree_area = part = part_area = total = total_area = 0
    for word, area in zip(words, areas, strict=True):
        total += 1
        total_area += area
        if word == 0:
            agree += 1
            agree_area += area
            part += 1
            part_area += area
        elif word < 4:
            part += 1
            part_area += area
    passed = (
        3 * part >= 2 * total
        and 3 * part_area >= 2 * total_area
        and 4 * agree >= 3 * part
        and 4 * agree_area >= 3 * part_area
    )
    return passed, agree, agree_area, part, part_area


def _bench_count(chance: random.Random) -> bool:
    voters = tuple(
        Voter(number, (), frozenset(), chance.randint(3000, 15000), VoterKind.OWNER)
        for number in range(1, BALLOTS + 1)
    )
    choices = [*Choice, *Mark]
    words = [chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 3, 4)) for _ in voters]
    votes = {voter.number: choices[word] for voter, word in zip(voters, words, strict=True)}
    areas = [voter.area for voter in voters]
    result = count(Matter.REBUILD, voters, votes)
    assert _plain_count(words, areas)[1:] == (
        result.persons.agree,
        result.area.agree,
        result.persons.participating,
        result.area.participating,
    )
    return _compare(
        f"count of {BALLOTS:,} ballots",
        lambda: count(Matter.REBUILD, voters, votes),
        lambda: _plain_count(words, areas),
    )


def _plain_share(net: int, weights: list[int], floors: list[int], rooms: list[int]) -> list[int]:
    total = sum(weights)
    amounts, remainders = [], []
    for weight in weights:
        exact = net * weight
        amounts.append(exact // total)
        remainders.append(exact % total)
    left = net - sum(amounts)
    if left:
        cut = sorted(remainders)[-left]
        tied = []
        for place, remainder in enumerate(remainders):
            if remainder > cut:
                amounts[place] += 1
                left -= 1
            elif remainder == cut:
                tied.append((floors[place], rooms[place], place))
        for *_, place in sorted(tied)[:left]:
            amounts[place] += 1
    return amounts


def _plain_by_floor(
    net: int, areas: list[int], floors: list[int], rooms: list[int], table: dict[int, int]
) -> list[int]:
    """A coefficient for each floor, by area inside it; scaled by the product of all floors."""
    floor_areas: dict[int, int] = {}
    for floor, area in zip(floors, areas, strict=True):
        floor_areas[floor] = floor_areas.get(floor, 0) + area
    product = 1
    for area in floor_areas.values():
        product *= area
    unit = {floor: table[floor] * product // area for floor, area in floor_areas.items()}
    weights = [unit[floor] * area for floor, area in zip(floors, areas, strict=True)]
    return _plain_share(net, weights, floors, rooms)


def _stairwell(chance: random.Random, many: int, floors: int) -> list[Dwelling]:
    per_floor = many // floors
    return [
        Dwelling(
            key=place,
            building="3幢",
            entrance="1单元",
            room=f"{place // per_floor + 1}{place % per_floor + 1:02d}",
            floor=place // per_floor + 1,
            area=chance.randint(4000, 15000),
        )
        for place in range(many)
    ]


def _bench_shares(chance: random.Random) -> list[bool]:
    table = {floor: Fraction(tenths, 10) for floor, tenths in COEFFICIENTS.items()}
    by_floor = Scheme(SchemeKind.FLOOR_COEFFICIENT, floors=table)
    by_area = Scheme(SchemeKind.AREA)
    stairwells = [
        _stairwell(chance, PER_STAIRWELL, len(table)) for _ in range(SHARES // PER_STAIRWELL + 1)
    ]
    compound = _stairwell(chance, SHARES - SHARES % len(table), len(table))
    verdicts = []
    for name, groups in (("stairwells of 24", stairwells), ("one compound", [compound])):
        columns = [
            (
                [d.area for d in group],
                [d.floor for d in group],
                [int(d.room) for d in group],
            )
            for group in groups
        ]

        def floor_of_area(columns: list[tuple[list[int], ...]] = columns) -> list[list[int]]:
            return [_plain_share(NET, areas, fl, rooms) for areas, fl, rooms in columns]

        def floor_of_table(columns: list[tuple[list[int], ...]] = columns) -> list[list[int]]:
            return [_plain_by_floor(NET, areas, fl, r, COEFFICIENTS) for areas, fl, r in columns]

        for scheme, floor in ((by_area, floor_of_area), (by_floor, floor_of_table)):

            def ours(
                groups: list[list[Dwelling]] = groups, scheme: Scheme = scheme
            ) -> list[tuple[object, ...]]:
                return [share(NET, group, scheme) for group in groups]

            assert [[own.amount for own in shares] for shares in ours()] == floor()  # type: ignore[attr-defined]
            verdicts.append(
                _compare(f"{SHARES:,} shares, {scheme.kind.value}, {name}", ours, floor)
            )
    return verdicts


def main() -> bool:
    """Print each figure beside its floor; whether all targets are met."""
    chance = random.Random(278)
    return all([_bench_count(chance), *_bench_shares(chance)])
