"""The facade: every dwelling in its place, named, escaped, and readable without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts import samples, windows
from charts.bands import BandBuilding, BandPart, FacadeBand, band_facade, band_pieces
from charts.facade import (
    BAY,
    FLOOR,
    STAIR,
    FacadeBuilding,
    FacadeDwelling,
    FacadeEntrance,
    FacadeKey,
    facade,
    facade_entrance,
    page_pieces,
)

SVG = "{http://www.w3.org/2000/svg}"


def dwelling(room: str, floor: int, state: str = "need", **more: object) -> FacadeDwelling:
    label = f"{room} on floor {floor}: {state}"
    return FacadeDwelling(room, floor, state, state[0], label, **more)  # type: ignore[arg-type]


def one_entrance(*dwellings: FacadeDwelling) -> FacadeBuilding:
    return FacadeBuilding("3幢", (FacadeEntrance("1单元", dwellings),))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def places(svg: str) -> dict[str, tuple[int, int]]:
    """Room → where its window stands (links and plain windows alike)."""
    found = {}
    root = parsed(svg)
    for group in [*root.iter(f"{SVG}a"), *root.iter(f"{SVG}g")]:
        use = group.find(f"{SVG}use")
        title = group.find(f"{SVG}title")
        if use is not None and title is not None and title.text:
            found[title.text.split(" ")[0]] = (int(use.get("x", "0")), int(use.get("y", "0")))
    return found


def test_higher_floors_stand_above_lower_ones_and_equal_rooms_above_each_other() -> None:
    rooms = [dwelling(f"{floor}0{flat}", floor) for floor in (1, 2, 3) for flat in (1, 2)]
    at = places(facade(one_entrance(*rooms)))
    assert at["301"][1] == at["201"][1] - FLOOR == at["101"][1] - 2 * FLOOR
    assert at["301"][0] == at["201"][0] == at["101"][0]
    assert at["102"][0] == at["101"][0] + BAY + STAIR


def test_a_screen_reader_hears_the_top_floor_first_and_each_floor_from_left_to_right() -> None:
    rooms = [dwelling(f"{floor}0{flat}", floor) for floor in (2, 1, 3) for flat in (2, 1)]
    assert list(places(facade(one_entrance(*rooms)))) == ["301", "302", "201", "202", "101", "102"]


def test_a_missing_flat_leaves_wall_and_moves_nobody() -> None:
    at = places(facade(one_entrance(dwelling("102", 1), dwelling("201", 2), dwelling("202", 2))))
    assert at["102"][0] == at["202"][0] > at["201"][0]


def test_rooms_that_end_alike_on_one_floor_still_get_their_own_window() -> None:
    at = places(facade(one_entrance(dwelling("A01", 1), dwelling("B01", 1), dwelling("201", 2))))
    assert at["A01"] != at["B01"]


def test_a_floor_without_dwellings_is_drawn_all_the_same() -> None:
    svg = facade(one_entrance(dwelling("101", 1), dwelling("301", 3)))
    assert [f"{floor}F" in svg for floor in (1, 2, 3)] == [True, True, True]


def test_there_is_no_floor_nought_between_the_basement_and_the_ground_floor() -> None:
    svg = facade(one_entrance(dwelling("-101", -1), dwelling("101", 1)))
    assert ">-1F<" in svg
    assert ">0F<" not in svg


def test_a_building_without_dwellings_is_still_a_drawing() -> None:
    assert parsed(facade(FacadeBuilding("9幢", ()))).tag == f"{SVG}svg"
    assert "1单元" in facade(one_entrance())


def test_each_dwelling_with_an_address_is_a_link_with_its_whole_name() -> None:
    svg = facade(one_entrance(dwelling("101", 1, href="/dwellings/7"), dwelling("102", 1)))
    links = list(parsed(svg).iter(f"{SVG}a"))
    assert [(a.get("href"), a.get("aria-label")) for a in links] == [
        ("/dwellings/7", "101 on floor 1: need")
    ]
    images = [g.get("aria-label") for g in parsed(svg).iter(f"{SVG}g") if g.get("role") == "img"]
    assert images == ["102 on floor 1: need"]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "https://e.example", ""]
)
def test_an_address_outside_the_program_is_never_linked(href: str) -> None:
    svg = facade(one_entrance(dwelling("101", 1, href=href)))
    assert not list(parsed(svg).iter(f"{SVG}a"))


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=3))
@settings(max_examples=60, deadline=None)
def test_whatever_people_write_the_drawing_stays_well_formed(
    label: str, room: str, letter: str
) -> None:
    evil = label + "\"'><script>alert(1)</script>]]>"
    flat = FacadeDwelling(room, 1, "oppose", letter, evil, href="/x?a=1&b=2", mark=letter)
    built = FacadeBuilding(
        evil, (FacadeEntrance(evil, (flat,)),), (FacadeKey("oppose", letter, evil),), evil
    )
    root = parsed(facade(built))
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    parsed(facade_entrance(built, 0))
    parsed(
        band_facade(
            BandBuilding(evil, (FacadeBand(1, 2, evil, (BandPart("need", letter, 3, evil),)),))
        )
    )


def test_an_unknown_state_is_a_fault_and_not_a_grey_window() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        facade(one_entrance(dwelling("101", 1, "perhaps")))


def test_no_two_drawings_on_a_page_share_an_id() -> None:
    pieces = page_pieces(samples.building("en"), "en", uid="menu")
    other = band_pieces(samples.bands("en"), "en", uid="bands")
    ids = [
        element.get("id")
        for piece in (*pieces.entrances, *other.entrances)
        for element in parsed(piece.svg).iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids))
    assert [piece.anchor for piece in pieces.entrances] == ["menu-1", "menu-2", "menu-3"]


def test_every_reference_inside_a_drawing_is_defined_in_it() -> None:
    for svg in (facade(samples.building()), band_facade(samples.bands())):
        root = parsed(svg)
        ids = {element.get("id") for element in root.iter() if element.get("id")}
        used = {use.get("href", "")[1:] for use in root.iter(f"{SVG}use")}
        filled = {
            value[5:-1]
            for element in root.iter()
            if (value := element.get("fill", "")).startswith("url(#")
        }
        assert used | filled <= ids


def test_no_inline_style_so_that_the_security_policy_lets_it_pass() -> None:
    for svg in (facade(samples.building()), band_facade(samples.bands())):
        assert not [element for element in parsed(svg).iter() if element.get("style")]


def test_only_the_home_of_the_reader_is_framed() -> None:
    svg = facade(one_entrance(dwelling("101", 1, here=True), dwelling("102", 1)))
    assert svg.count('href="#facade-here"') == 1


def test_a_very_wide_building_says_that_it_must_scroll() -> None:
    entrances = tuple(
        FacadeEntrance(f"{n}单元", (dwelling("101", 1), dwelling("102", 1))) for n in range(1, 6)
    )
    assert page_pieces(FacadeBuilding("1幢", entrances)).long
    assert not page_pieces(FacadeBuilding("1幢", entrances[:2])).long


def test_a_band_held_back_shows_no_bar_and_says_why() -> None:
    svg = band_facade(BandBuilding("3幢", (FacadeBand(1, 2, "too few answers"),)))
    root = parsed(svg)
    names = [g.get("aria-label") for g in root.iter(f"{SVG}g") if g.get("role") == "img"]
    assert names == ["2F–1F too few answers"]
    assert "bands-need" not in svg


def test_the_bar_of_a_band_is_filled_to_its_end_whatever_the_weights() -> None:
    parts = tuple(
        BandPart(state, "", weight, "")
        for state, weight in zip(("need", "accept", "oppose"), (7, 1, 3), strict=True)
    )
    root = parsed(band_facade(BandBuilding("3幢", (FacadeBand(1, 3, "11", parts),))))
    group = next(g for g in root.iter(f"{SVG}g") if g.get("role") == "img")
    bars = [
        (int(r.get("x", "0")), int(r.get("width", "0")))
        for r in group.iter(f"{SVG}rect")
        if r.get("class") is None and int(r.get("height", "0")) == 40
    ]
    frame = next(r for r in group.iter(f"{SVG}rect") if r.get("class") == "f-frame")
    assert sum(width for _, width in bars) == int(frame.get("width", "0"))
    assert all(x + width == following for (x, width), (following, _) in pairwise(bars))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("state", list(windows.FacadeState))
def test_the_letter_in_every_window_can_be_read(state: windows.FacadeState) -> None:
    look = windows.LOOKS[state]
    assert contrast(look.fill, look.ink) >= 4.5


def test_answers_differ_in_hatching_or_strongly_in_grey_so_that_black_and_white_prints_read() -> (
    None
):
    answers = [windows.LOOKS[windows.FacadeState(state)] for state in samples.LETTERS["en"]]
    for index, one in enumerate(answers):
        for other in answers[index + 1 :]:
            assert (one.hatch, one.dashed) != (other.hatch, other.dashed) or contrast(
                one.fill, other.fill
            ) >= 3
