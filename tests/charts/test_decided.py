"""The building of a resolution: floors with their shares, bands with their answers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from charts.bands import BandBuilding, FacadeBand, band_facade
from charts.cost import difference_bar
from charts.decided import DecidedWords, cost_building, demand_building
from charts.demand import BAR_WIDTH, DemandFloor, DemandOption, bar, reach

WORDS = DecidedWords(
    cost="cost",
    pays="%(homes)s × %(amount)s yuan",
    free="%(homes)s × nothing",
    demand="demand",
    said="%(homes)s households",
    held_back="not shown",
    stances={
        "need": "need",
        "accept": "accept",
        "indifferent": "indifferent",
        "oppose": "oppose",
        "unanswered": "no answer",
    },
)


def share(floor: int, lowest: str, highest: str, homes: int = 2) -> dict[str, object]:
    return {"floor": floor, "dwellings": homes, "lowest": lowest, "highest": highest}


def test_every_floor_says_how_many_homes_pay_how_much():
    shares = [share(1, "0.00", "0.00"), share(6, "49240.73", "52720.06", 3)]
    building = cost_building("3幢", shares, WORDS)
    assert building is not None
    assert [band.label for band in building.bands] == [
        "2 × nothing",
        "3 × 49,240.73 – 52,720.06 yuan",
    ]
    drawn = band_facade(building)
    assert drawn.count('<use href="#bands-plain"') == 5
    assert cost_building("3幢", [], WORDS) is None


def test_a_long_floor_says_how_many_homes_it_has_instead_of_drawing_all():
    drawn = band_facade(BandBuilding("3幢", (FacadeBand(1, 1, "", homes=12),)))
    assert drawn.count('<use href="#bands-plain"') == 3
    assert "… 12" in drawn


def test_a_long_sentence_is_set_smaller_so_that_it_stays_in_the_drawing():
    sizes = []
    for label in ("short", "答复太少或太一致，不公开；" * 3):
        drawn = ET.fromstring(band_facade(BandBuilding("3幢", (FacadeBand(1, 1, label),))))
        texts = [one for one in drawn.iter() if one.text == label]
        sizes.append(int(texts[0].attrib["font-size"]))
    assert sizes == [17, 11]


def test_bands_held_back_stay_without_figures():
    counts = {"need": 6, "accept": 3, "indifferent": 0, "oppose": 1, "unanswered": 2}
    bands = [
        {"lowest": 1, "highest": 3, "counts": None},
        {"lowest": 4, "highest": 6, "counts": counts},
    ]
    building = demand_building("3幢", "lift", bands, WORDS)
    assert building is not None
    assert [band.label for band in building.bands] == ["not shown", "12 households"]
    assert [part.weight for part in building.bands[1].parts] == [6, 3, 1, 2]
    assert building.key


def spans(drawn: str) -> list[tuple[int, int]]:
    found = re.findall(r'<rect x="(\d+)" y="3" width="(\d+)"', drawn)
    return sorted((int(x), int(x) + int(width)) for x, width in found)


def test_support_stands_to_the_right_of_the_middle_and_opposition_to_the_left():
    floor = DemandFloor("6", need=2, accept=1, indifferent=2, oppose=1)
    most = reach([DemandOption("lift", (floor,))])
    assert most == 4
    middle = BAR_WIDTH // 2
    # A household is 30 wide: one opposes, the two indifferent lie across, one accepts, two need.
    assert spans(bar(floor, most, "b")) == [
        (middle - 60, middle - 30),
        (middle - 30, middle),
        (middle, middle + 30),
        (middle + 30, middle + 60),
        (middle + 60, middle + 120),
    ]


def test_a_floor_without_answers_has_a_middle_and_nothing_else():
    assert spans(bar(DemandFloor("1", 0, 0, 0, 0, 4), 1, "b")) == []


def test_who_pays_less_stands_to_the_left_of_the_middle_and_who_pays_more_to_the_right():
    assert spans(difference_bar(-50_00, 100_00, "b")) == [(40, 80)]
    assert spans(difference_bar(100_00, 100_00, "b")) == [(80, 160)]
    assert spans(difference_bar(0, 0, "b")) == []
