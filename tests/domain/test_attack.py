"""Nobody's answer can be worked out from what is published, and the attack would see it if so.

Run at full length with ``LOUYI_HARD=1``: 1,000 random buildings instead of a few dozen.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from domain import releases
from domain.disclosure import (
    Audience,
    Figure,
    Policy,
    publish,
    publish_compound,
    shown_percent,
)
from domain.releases import (
    UNANSWERED,
    Answer,
    Band,
    Ledger,
    Question,
    Release,
    Sheet,
    Table,
    TableKind,
    Thresholds,
    bands_for,
    renew,
)
from tests.domain.attack import Attack, Scene, determined, determined_ballots

HARD = bool(os.environ.get("LOUYI_HARD"))
BUILDINGS = 1000 if HARD else 24
STANCES = ("need", "accept", "indifferent", "oppose")
START = datetime(2026, 4, 1, 3, 11, 41, 902113, tzinfo=UTC)


@dataclass
class Compound:
    """A random compound: who lives where, who owns what, and what they think of one item."""

    rng: random.Random
    buildings: int
    sheet: Sheet
    homes: list[tuple[str, str, int, str, bool]] = field(default_factory=list)
    bands: dict[str, tuple[Band, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = self.rng
        for number in range(self.buildings):
            unit = f"{number + 1}幢"
            floors, flats = rng.choice([4, 5, 6, 6, 6, 7, 11]), rng.choice([2, 4, 4, 6, 8])
            for floor in range(1, floors + 1):
                for flat in range(flats):
                    key = f"{unit}-{floor}{flat:02}"
                    owner = "buyer" + unit if rng.random() < 0.05 else key
                    self.homes.append((key, unit, floor, owner, rng.random() < 0.08))
            self.bands[unit] = bands_for(dict.fromkeys(range(1, floors + 1), flats), Thresholds())
        self.slant = rng.choice([0.0, 0.5, 0.9, 1.0])

    def answer(self, floor: int) -> dict[str, str]:
        """One household's mind: the higher, the more in favour; often nearly all alike."""
        high = min(1.0, floor / 6)
        weights = [0.2 + self.slant * high, 0.2, 0.1, 0.2 + self.slant * (1 - high)]
        if self.slant == 1.0:
            weights = [0.93, 0.04, 0.01, 0.02]
        chosen = {}
        for question in self.sheet.questions:
            if self.rng.random() < 0.95:
                even = [1] * len(question.choices)
                fits = len(question.choices) == len(weights)
                picked = self.rng.choices(question.choices, weights if fits else even)
                chosen[question.key] = picked[0]
        return chosen

    def days(self) -> list[list[Answer]]:
        """The answers as they stand on each day of a consultation, with changes of mind."""
        given: dict[str, Answer] = {}
        days = []
        for _ in range(5):
            for key, unit, floor, owner, tenant in self.homes:
                if self.rng.random() < (0.12 if key in given else 0.4):
                    given[key] = Answer(key, unit, floor, owner, self.answer(floor), tenant)
            days.append(list(given.values()))
        return days


Publisher = Callable[[Compound, Ledger, list[Answer]], list[tuple[Table, Figure]]]


def shown_to_all(
    compound: Compound, ledger: Ledger, answers: list[Answer]
) -> list[tuple[Table, Figure]]:
    """All that public and residents see of a compound under the default policy."""
    seen = []
    for audience in (Audience.PUBLIC, Audience.RESIDENT):
        for unit, bands in compound.bands.items():
            publication = publish(
                audience,
                Policy.BANDED,
                unit=unit,
                sheet=compound.sheet,
                ledger=ledger,
                bands=bands,
                answers=answers,
            )
            for apart, figures in ((False, publication.figures), (True, publication.tenants)):
                seen += [(Table(TableKind.BAND, unit, one.band, apart), one) for one in figures]
        floors = {answer.floor for answer in answers}
        whole = publish_compound(audience, sheet=compound.sheet, ledger=ledger, floors=floors)
        for apart, figures in ((False, whole.figures), (True, whole.tenants)):
            seen += [(Table(TableKind.FLOOR, "", one.band, apart), one) for one in figures]
    return seen


def scenes(compound: Compound, publisher: Publisher = shown_to_all) -> list[Scene]:
    """What an attacker collects over the days, one scene per question of the sheet."""
    sheet = compound.sheet
    alone = len(sheet.questions) == 1
    found = [Scene((*one.choices, UNANSWERED), changes_differ=alone) for one in sheet.questions]
    versions: dict[tuple[str, bool], list[releases.Values]] = {}
    ledger = Ledger(sheet.key)
    for number, answers in enumerate(compound.days()):
        now = START + timedelta(days=number)
        ledger = renew(ledger, answers, sheet, compound.bands, now, compound=True)
        for table, figure in publisher(compound, ledger, answers):
            if figure.counts is None:
                continue
            members = []
            for entry in ledger.shown(table).values():
                household = (entry.dwelling, table.tenants)
                history = versions.setdefault(household, [])
                if entry.values not in history:
                    history.append(entry.values)
                members.append((household, history.index(entry.values)))
                for scene in found:
                    scene.owners[household] = entry.owner
            for scene, question in zip(found, sheet.questions, strict=True):
                scene.publish(members, figure.counts[question.key])
    for place, scene in enumerate(found):
        scene.truth = {
            household: tuple(values[place] for values in history)
            for household, history in versions.items()
        }
    return found


ELEVATOR = Sheet("elevator", (Question("elevator", STANCES),))
LIGHTS = Sheet(
    "lights", (Question("lights", STANCES), Question("lights.option", ("warm", "cold", "none")))
)


def attacked(seed: int, buildings: int, sheet: Sheet = ELEVATOR) -> tuple[int, int]:
    """Determined and published households of one random compound."""
    caught: set[object] = set()
    shown = 0
    for scene in scenes(Compound(random.Random(seed), buildings, sheet)):
        caught |= determined(scene)
        shown = max(shown, len(scene.truth))
    return len(caught), shown


def sizes(total: int) -> list[int]:
    """Compounds of one to eight buildings that make up ``total`` buildings."""
    rng = random.Random(total)
    found: list[int] = []
    while sum(found) < total:
        found.append(min(rng.choice([1, 1, 2, 3, 5, 8]), total - sum(found)))
    return found


@pytest.mark.rule("disclosure.cover")
@pytest.mark.rule("disclosure.renew")
@pytest.mark.trust("4.3")
def test_no_household_of_random_buildings_is_determined(figure):
    caught = shown = 0
    for seed, buildings in enumerate(sizes(BUILDINGS)):
        sheet = LIGHTS if seed % 4 == 3 else ELEVATOR
        found, published = attacked(seed, buildings, sheet)
        caught, shown = caught + found, shown + published
    figure("buildings", BUILDINGS, "households shown", shown, "determined", caught)
    assert shown > 5 * BUILDINGS
    assert caught == 0


def caught_in(seeds: range, sheet: Sheet = ELEVATOR, buildings: int = 3) -> int:
    return sum(attacked(seed, buildings, sheet)[0] for seed in seeds)


def without(monkeypatch: pytest.MonkeyPatch, *guards: str) -> None:
    for guard in guards:
        monkeypatch.setattr(releases, guard, lambda *args, **kwargs: True)


@pytest.mark.trust("4.3", control=True)
def test_control_publishing_floor_by_floor_is_caught():
    """What residents of an open plan see, were it shown to everybody: most are determined."""
    caught = shown = 0
    for seed in range(6):
        compound = Compound(random.Random(seed), 2, ELEVATOR)
        answers = [one for one in compound.days()[-1] if not one.tenant]
        scene = Scene((*STANCES, UNANSWERED))
        for answer in answers:
            scene.truth[answer.dwelling] = (answer.choices.get("elevator", UNANSWERED),)
            scene.owners[answer.dwelling] = answer.owner_key
        for unit, bands in compound.bands.items():
            publication = publish(
                Audience.RESIDENT,
                Policy.OPEN,
                unit=unit,
                sheet=ELEVATOR,
                ledger=Ledger("elevator"),
                bands=bands,
                answers=answers,
            )
            for figure in publication.figures:
                floor = figure.band.lowest
                here = [one for one in answers if (one.unit, one.floor) == (unit, floor)]
                assert figure.counts is not None
                scene.publish([(one.dwelling, 0) for one in here], figure.counts["elevator"])
        caught, shown = caught + len(determined(scene)), shown + len(answers)
    print(f"floor by floor: {caught} of {shown}")
    assert 4 * caught > shown


def test_control_without_the_alibis_bands_and_floors_together_are_caught(monkeypatch):
    without(monkeypatch, "is_covered")
    assert caught_in(range(5), buildings=2) > 20


def test_control_without_any_rule_on_unanimity_whole_bands_are_caught(monkeypatch):
    without(monkeypatch, "is_covered", "_varied")
    assert caught_in(range(4), buildings=1) > 20


def test_the_alibis_alone_would_hold_where_the_rule_on_unanimity_were_forgotten(monkeypatch):
    without(monkeypatch, "_varied")
    assert caught_in(range(4)) == 0


def test_control_without_batches_the_difference_of_two_days_is_caught(monkeypatch):
    without(monkeypatch, "is_covered", "may_enter")
    assert caught_in(range(3), buildings=1) > 20


def test_control_without_minding_who_changed_an_answer_somebody_is_caught(monkeypatch):
    """Found by this very attack: alibis must not have changed where one is known not to have."""
    monkeypatch.setattr(
        "domain.cover._shape", lambda kind: [None if one is None else len(one) for one in kind]
    )
    assert caught_in(range(1)) > 0


def band_of_ten(answers: list[str], owners: list[str] | None = None) -> Ledger:
    given = [
        Answer(f"{at}", "3幢", 1 + at % 2, owners[at] if owners else f"{at}", {"elevator": one})
        for at, one in enumerate(answers)
    ]
    return renew(Ledger("elevator"), given, ELEVATOR, {"3幢": (Band(1, 2),)}, START)


@pytest.mark.rule("disclosure.batch")
@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        (["need"] * 8 + ["oppose"] * 2, True),
        (["need"] * 9 + ["oppose"], False),
        (["need"] * 10, False),
        (["need"] * 7 + ["oppose"] * 2, False),
    ],
)
def test_ten_households_and_two_of_another_mind_are_needed(answers, shown):
    assert bool(band_of_ten(answers).releases) is shown


def test_ten_flats_of_two_buyers_are_not_shown():
    answers = ["need"] * 5 + ["oppose"] * 5
    assert not band_of_ten(answers, ["a"] * 5 + ["b"] * 5).releases
    # Three owners are enough for the threshold, but one of them would know too much.
    assert not band_of_ten(answers, [*"aaaaa", *"bbbb", "c"]).releases
    assert band_of_ten(answers, [*"aaabbb", *"ccdd"]).releases


def test_the_attack_finds_what_a_difference_of_two_figures_gives_away():
    scene = Scene(("yes", "no"))
    people = [f"{number}" for number in range(6)]
    scene.truth = {one: ("no",) if one in "05" else ("yes",) for one in people}
    scene.owners = {one: one for one in people}
    scene.publish([(one, 0) for one in people[:5]], {"yes": 4, "no": 1})
    assert Attack(scene).determined([None]) == set()
    # The one who answered no knows what the other four said.
    assert determined(scene) == {"1", "2", "3", "4"}
    scene.publish([(one, 0) for one in people], {"yes": 4, "no": 2})
    assert Attack(scene).determined([None]) == {"5"}


def test_the_attack_sees_through_crossing_tables():
    """Two bands and two floors: what is left over on one floor is unanimous."""
    scene = Scene(("yes", "no"))
    answers = {"a1": "yes", "a2": "no", "b1": "yes", "b2": "yes"}
    scene.truth = {one: (answer,) for one, answer in answers.items()}
    scene.owners = {one: one for one in answers}
    scene.publish([("a1", 0), ("a2", 0)], {"yes": 1, "no": 1})
    scene.publish([("b1", 0), ("b2", 0)], {"yes": 2, "no": 0})
    scene.publish([("a1", 0), ("b1", 0)], {"yes": 2, "no": 0})
    assert Attack(scene).determined([None]) == set(answers)


@pytest.mark.rule("disclosure.area_share")
@pytest.mark.trust("4.2")
def test_exact_areas_would_name_the_voters_and_whole_percents_hardly_do():
    """200 stairwells of 16 owners whose areas differ; the figure of agreeing heads is exact."""
    rng = random.Random(16)
    found = dict.fromkeys(("exact", "metre", "percent"), 0)
    stairwells = 200 if HARD else 30
    for _ in range(stairwells):
        areas = rng.sample(range(45_00, 110_00), 16)
        agreed = [rng.random() < 0.75 for _ in areas]
        area = sum(one for one, yes in zip(areas, agreed, strict=True) if yes)
        shown = {
            "exact": area,
            "metre": (area + 50) // 100,
            "percent": shown_percent(area, sum(areas)),
        }
        for rounding, value in shown.items():
            published = {"agree": sum(agreed), "area": value}
            found[rounding] += determined_ballots(areas, agreed, published, rounding)
    share = {rounding: 100 * number // (16 * stairwells) for rounding, number in found.items()}
    print(f"determined ballots in percent: {share}")
    assert share["exact"] > 80
    assert share["percent"] < 15


def test_a_release_is_a_record_that_says_when_and_over_whom():
    ledger = band_of_ten(["need"] * 6 + ["oppose"] * 4)
    assert [type(one) for one in ledger.releases] == [Release]
    assert ledger.last(ledger.tables()[0]) == START
