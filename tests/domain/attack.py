"""The attack program: from everything published, which single answers can be worked out?

The attacker is given more than anyone would have: every figure ever published, exactly which
households each figure counts and who changed an answer in between, and, in turn for every
owner, that owner's own answers. Households counted in exactly the same figures are
interchangeable, so the unknowns are whole numbers: how many households of such a cell have which
history of answers. An answer is determined when no other whole-number solution exists (HiGHS,
exact). It shares no code with the publisher; figures are read through the public functions.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Household = Hashable
History = tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """One figure: which version of whose answer it counts, and how many answered what."""

    members: frozenset[tuple[Household, int]]
    counts: Mapping[str, int]


@dataclass
class Scene:
    """What the attacker knows, and the truth to compare with (one question)."""

    choices: Sequence[str]
    figures: list[Published] = field(default_factory=list)
    truth: dict[Household, History] = field(default_factory=dict)
    owners: dict[Household, Hashable] = field(default_factory=dict)
    changes_differ: bool = True

    def publish(self, members: Iterable[tuple[Household, int]], counts: Mapping[str, int]) -> None:
        """Add a figure, once: the same figure on another day tells nothing new."""
        figure = Published(frozenset(members), counts)
        if figure.members and figure not in self.figures:
            self.figures.append(figure)


Signature = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1024)
def _histories(choices: tuple[str, ...], length: int, differ: bool) -> tuple[History, ...]:
    return tuple(
        history
        for history in itertools.product(choices, repeat=length)
        if not differ or all(one != two for one, two in itertools.pairwise(history))
    )


class Attack:
    """The system of equations of a scene, and the search for other solutions."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        signatures: dict[Household, list[tuple[int, int]]] = defaultdict(list)
        for number, figure in enumerate(scene.figures):
            for household, version in figure.members:
                signatures[household].append((number, version))
        self.cells: dict[Signature, list[Household]] = defaultdict(list)
        for household, signature in signatures.items():
            self.cells[tuple(sorted(signature))].append(household)
        self.cell_of = {one: cell for cell, group in self.cells.items() for one in group}
        self.index: dict[tuple[Signature, History], int] = {}
        for cell, group in self.cells.items():
            for history in self._possible(group[0]):
                self.index[cell, history] = len(self.index)
        self.rows: list[np.ndarray] = []
        self.sums: list[int] = []
        self._equations()
        self.worlds = [self._true_world()]

    def _possible(self, household: Household) -> tuple[History, ...]:
        length = len(self.scene.truth[household])
        return _histories(tuple(self.scene.choices), length, self.scene.changes_differ)

    def _equations(self) -> None:
        for number, figure in enumerate(self.scene.figures):
            for choice in self.scene.choices:
                row = np.zeros(len(self.index))
                for (cell, history), place in self.index.items():
                    row[place] = sum(
                        history[version] == choice for at, version in cell if at == number
                    )
                self.rows.append(row)
                self.sums.append(figure.counts[choice])
        for cell, group in self.cells.items():
            row = np.zeros(len(self.index))
            for history in self._possible(group[0]):
                row[self.index[cell, history]] = 1
            self.rows.append(row)
            self.sums.append(len(group))

    def _true_world(self) -> np.ndarray:
        world = np.zeros(len(self.index), dtype=int)
        for household, cell in self.cell_of.items():
            world[self.index[cell, self.scene.truth[household]]] += 1
        for row, total in zip(self.rows, self.sums, strict=True):
            assert int(row @ world) == total, "the figures do not say what happened"
        return world

    def _known(self, insider: Hashable | None) -> Counter[tuple[Signature, History]]:
        return Counter(
            (self.cell_of[one], self.scene.truth[one])
            for one, owner in self.scene.owners.items()
            if insider is not None and owner == insider and one in self.cell_of
        )

    def _others(self, cell: Signature, insider: Hashable | None) -> list[Household]:
        owners = self.scene.owners
        return [one for one in self.cells[cell] if insider is None or owners[one] != insider]

    def _mask(self, cell: Signature, version: int, choice: str) -> np.ndarray:
        mask = np.zeros(len(self.index))
        for history in self._possible(self.cells[cell][0]):
            mask[self.index[cell, history]] = history[version] == choice
        return mask

    def _another_world(
        self, mask: np.ndarray, least: int, known: Counter[tuple[Signature, History]]
    ) -> bool:
        """Whether some solution has fewer than ``least`` of the masked answers."""
        lower = np.zeros(len(self.index))
        for place, number in known.items():
            lower[self.index[place]] = number
        if any(mask @ world < least and (world >= lower).all() for world in self.worlds):
            return True
        found = milp(
            mask,
            constraints=LinearConstraint(np.array(self.rows), self.sums, self.sums),
            integrality=np.ones(len(self.index)),
            bounds=Bounds(lower, np.inf),
        )
        assert found.success, found.message
        world = np.rint(found.x).astype(int)
        self.worlds.append(world)
        return bool(mask @ world < least)

    def determined(self, insiders: Iterable[Hashable | None]) -> set[Household]:
        """Every household of which some published answer follows for one of the insiders."""
        caught: set[Household] = set()
        for insider in insiders:
            known = self._known(insider)
            for cell in self.cells:
                others = self._others(cell, insider)
                if not others or set(others) <= caught:
                    continue
                for version in range(len(self.scene.truth[others[0]])):
                    # Only versions that some figure counts were ever published.
                    if all(version != shown for _, shown in cell):
                        continue
                    answers = {self.scene.truth[one][version] for one in others}
                    # Two answers in a cell: its households can be exchanged, none is determined.
                    if len(answers) > 1:
                        continue
                    mask = self._mask(cell, version, answers.pop())
                    own = sum(
                        number * int(mask[self.index[place]]) for place, number in known.items()
                    )
                    if not self._another_world(mask, len(others) + own, known):
                        caught |= set(others)
        return caught


def determined(scene: Scene) -> set[Household]:
    """The households an outsider, or any one owner, can be sure about."""
    attack = Attack(scene)
    return attack.determined([None, *dict.fromkeys(scene.owners.values())])


def determined_ballots(
    areas: Sequence[int], agreed: Sequence[bool], published: Mapping[str, int], rounding: str
) -> int:
    """How many ballots follow from the number of agreeing owners and their area.

    ``rounding`` is ``exact``, ``metre`` (whole m²) or ``percent`` of the whole; all subsets of
    owners are tried, so at most 20 of them.
    """
    owners = len(areas)
    subsets = ((np.arange(1 << owners)[:, None] >> np.arange(owners)) & 1).astype(np.int64)
    sums = subsets @ np.array(areas)
    shown = {
        "exact": sums,
        "metre": (sums + 50) // 100,
        "percent": (200 * sums + sum(areas)) // (2 * sum(areas)),
    }[rounding]
    fitting = subsets[(subsets.sum(axis=1) == published["agree"]) & (shown == published["area"])]
    assert any((row == np.array(agreed)).all() for row in fitting)
    return int((fitting.min(axis=0) == fitting.max(axis=0)).sum())
