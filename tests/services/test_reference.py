"""The reference files that ship, and that a wrong one stops the start with file, key and reason."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from domain.errors import Refused
from domain.menus import DecidedBy, ItemClass
from domain.schemes import SchemeKind
from domain.subsidies import subsidy_amount
from services.reference import ROOT, load_reference

REFERENCE = load_reference()
CITIES = ["default", "nanjing", "guangzhou", "shanghai", "beijing"]
CITIES += ["hangzhou", "jinan", "chengdu", "wuxi", "shenzhen"]


@pytest.mark.parametrize("city", CITIES)
def test_every_promised_city_has_a_profile_in_both_languages(city):
    profile = REFERENCE.cities[city]
    assert profile.name("en").isascii()
    assert not profile.name("zh").isascii()


def test_a_city_without_a_profile_gets_the_default():
    assert REFERENCE.city("atlantis") is REFERENCE.cities["default"]
    assert REFERENCE.city(None) is REFERENCE.cities["default"]
    assert REFERENCE.city("jinan").notice_days.value == 15


def test_figures_of_cities_are_never_claimed_to_be_checked_when_they_are_not():
    for key, profile in REFERENCE.cities.items():
        if key != "default":
            assert not profile.subsidy.verified, key
            assert not profile.notice_days.verified, key


def test_the_subsidies_of_the_cities_give_the_amounts_seen():
    subsidy = {key: profile.subsidy.value for key, profile in REFERENCE.cities.items()}
    assert subsidy_amount(subsidy["shanghai"], 600_000_00, 6) == 240_000_00
    assert subsidy_amount(subsidy["shanghai"], 800_000_00, 6) == 280_000_00
    assert subsidy_amount(subsidy["jinan"], 700_000_00, 7) == 220_000_00
    assert subsidy_amount(subsidy["hangzhou"], 700_000_00, 7) == 200_000_00
    assert subsidy_amount(subsidy["nanjing"], 700_000_00, 7) == 0


def test_without_an_agreement_costs_go_by_area_and_guangzhou_has_its_table():
    assert REFERENCE.city(None).floor_table.value.kind is SchemeKind.AREA
    assert REFERENCE.city("guangzhou").floor_table.value.kind is SchemeKind.FLOOR_COEFFICIENT


def test_the_catalogue_has_at_least_thirty_items_in_all_three_classes():
    items = REFERENCE.catalogue.values()
    assert len(items) >= 30
    for item_class in ItemClass:
        assert sum(item.item_class is item_class for item in items) >= 5
    elevator = REFERENCE.catalogue["elevator"]
    assert elevator.name.text("zh-Hans") == "加装电梯"
    assert (elevator.matter, elevator.decided_by) == (7, DecidedBy.ENTRANCE)
    assert elevator.excludes == ("stair_lift",)


def test_every_catalogue_item_tells_a_contractor_something_and_names_objections():
    for item in REFERENCE.catalogue.values():
        assert len(item.fields) >= 2, item.key
        assert item.grounds, item.key
        assert not item.name.zh.isascii(), item.key
        assert item.name.en.isascii(), item.key


def test_the_calendar_knows_this_year_and_lists_the_next_ones():
    calendar = REFERENCE.calendar
    assert calendar.is_published(date(2026, 12, 31))
    assert not calendar.is_published(date(2027, 1, 4))
    assert calendar.known_through() >= 2029


FAULTS = [
    ("cities/jinan.toml", "value = 15", 'value = "15"', "notice_days.value", "not_a_whole_number"),
    ("cities/jinan.toml", 'zh = "济南"', "", "name.zh", "missing"),
    ("cities/default.toml", "[proxy_limit]", "[proxies]", "proxies", "unknown_key"),
    ("cities/shanghai.toml", '"40"', '"140"', "subsidy.value.percent", "percent_out_of_range"),
    ("cities/wuxi.toml", "[name]", "[name", "", "not_toml"),
    ("catalogue.toml", 'class = "basic"', 'class = "luxury"', "water_supply.class", "not_a_choice"),
    ("catalogue.toml", "matter = 7", "matter = 10", "water_supply.matter", "out_of_range"),
    ("catalogue.toml", 'requires = ["fire_safety"]', 'requires = ["water"]', None, "no_such_item"),
    ("catalogue.toml", 'excludes = ["stair_lift"]', "excludes = []", None, "exclusion_one_sided"),
    ("catalogue.toml", 'key = "drainage"', 'key = "water_supply"', "water_supply", "listed_twice"),
    ("catalogue.toml", "state_funded =", "state_paid =", "water_supply.state_paid", "unknown_key"),
    ("catalogue.toml", 'unit = { zh = "户", en', 'unit = { zh = "户", fr', None, None),
    ("catalogue.toml", 'grounds = ["access"', 'grounds = ["taste"', None, "not_a_choice"),
    ("holidays.toml", "2027-01-01,", "2026-01-01,", "year[0].rest", "date_of_another_year"),
    ("holidays.toml", "[2027-01-01, 2027-01-03]", "[2027-01-01]", "year[0].rest", "not_a_span"),
    ("holidays.toml", "worked = []", "", "year[0].worked", "missing"),
    ("holidays.toml", "year = 2028", "year = 2027", "year[1].rest", "date_of_another_year"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), FAULTS)
def test_a_wrong_reference_file_stops_the_start(tmp_path, file, old, new, key, reason):
    root = tmp_path / "reference"
    shutil.copytree(ROOT, root)
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_reference(root)
    assert refused.value.code == "reference_file_wrong"
    assert refused.value.params["file"] == path.name
    assert key is None or refused.value.params["key"] == key
    assert reason is None or str(refused.value.params["reason"]).startswith(reason)


def test_a_missing_or_unreadable_reference_file_stops_the_start(tmp_path):
    with pytest.raises(Refused) as refused:
        load_reference(tmp_path)
    assert refused.value.params["reason"] == "no_such_file"
    root = tmp_path / "reference"
    shutil.copytree(ROOT, root)
    (root / "holidays.toml").write_bytes("元旦".encode("gb18030"))
    with pytest.raises(Refused) as refused:
        load_reference(root)
    assert refused.value.params["reason"] == "not_utf8"
