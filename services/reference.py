"""Reading ``reference/``: city profiles, the menu catalogue, holidays of years to come.

A wrong file stops the start: the refusal ``reference_file_wrong`` names file, key and reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from domain.catalogue import CatalogueItem, catalogue
from domain.cities import CityProfile, city_profile, faulty
from domain.errors import Refused
from services.calendars import ChineseCalendar, HolidayYear

ROOT = Path(__file__).resolve().parent.parent / "reference"
DEFAULT_CITY = "default"
Read = TypeVar("Read")


@dataclass(frozen=True)
class Reference:
    """Everything read from ``reference/``."""

    cities: Mapping[str, CityProfile]
    catalogue: Mapping[str, CatalogueItem]
    calendar: ChineseCalendar

    def city(self, key: str | None) -> CityProfile:
        """The profile of a city, or the default one for a city that has none."""
        return self.cities.get(key or DEFAULT_CITY, self.cities[DEFAULT_CITY])


def _read(path: Path, build: Callable[[Mapping[str, object]], Read]) -> Read:
    """What ``build`` makes of a TOML file, every fault with the file's name."""
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _wrong(path, "", "no_such_file") from None
    except UnicodeDecodeError:
        raise _wrong(path, "", "not_utf8") from None
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, "", f"not_toml: {error}") from None
    try:
        return build(plain)
    except Refused as refusal:
        reason = str(refusal.params.get("reason", refusal.code))
        raise _wrong(path, str(refusal.params.get("key", "")), reason, refusal.params) from refusal


def _wrong(
    path: Path, key: str, reason: str, params: Mapping[str, object] | None = None
) -> Refused:
    value = (params or {}).get("value")
    return Refused("reference_file_wrong", file=path.name, key=key, reason=reason, value=value)


def _day(key: str, value: object, year: int) -> date:
    if not isinstance(value, date):
        raise faulty(key, "not_a_date", value=value)
    if value.year != year:
        raise faulty(key, "date_of_another_year", value=value)
    return value


def _spans(key: str, value: object, year: int) -> frozenset[date]:
    if not isinstance(value, list):
        raise faulty(key, "not_a_list")
    days: set[date] = set()
    for span in value:
        if not isinstance(span, list) or len(span) != 2:
            raise faulty(key, "not_a_span", value=span)
        first, last = (_day(key, one, year) for one in span)
        if last < first:
            raise faulty(key, "span_backwards", value=span)
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return frozenset(days)


def _holiday_year(place: int, plain: object) -> HolidayYear:
    where = f"year[{place}]"
    if not isinstance(plain, Mapping):
        raise faulty(where, "not_a_table")
    needed = {"year", "source", "published", "rest", "worked"}
    for name in sorted(needed ^ set(plain)):
        raise faulty(f"{where}.{name}", "missing" if name in needed else "unknown_key")
    year, source, published = plain["year"], plain["source"], plain["published"]
    if isinstance(year, bool) or not isinstance(year, int):
        raise faulty(f"{where}.year", "not_a_whole_number", value=year)
    if not isinstance(source, str) or not source.strip():
        raise faulty(f"{where}.source", "no_source")
    if not isinstance(published, bool):
        raise faulty(f"{where}.published", "not_true_or_false", value=published)
    rest, worked = (_spans(f"{where}.{name}", plain[name], year) for name in ("rest", "worked"))
    if rest & worked:
        raise faulty(f"{where}.worked", "listed_twice", value=min(rest & worked))
    return HolidayYear(year, source, published, rest, worked)


def _holidays(plain: Mapping[str, object]) -> dict[int, HolidayYear]:
    for given in plain:
        if given != "year":
            raise faulty(str(given), "unknown_key")
    listed = plain.get("year", [])
    if not isinstance(listed, list):
        raise faulty("year", "not_a_list")
    years: dict[int, HolidayYear] = {}
    for place, one in enumerate(listed):
        year = _holiday_year(place, one)
        if year.year in years:
            raise faulty(f"year[{place}].year", "listed_twice", value=year.year)
        years[year.year] = year
    return years


def load_calendar(root: Path = ROOT) -> ChineseCalendar:
    """The working-day calendar; refuses ``reference_file_wrong``."""
    return ChineseCalendar(_read(root / "holidays.toml", _holidays))


def load_catalogue(root: Path = ROOT) -> dict[str, CatalogueItem]:
    """The menu catalogue by key; refuses ``reference_file_wrong``."""
    return _read(root / "catalogue.toml", catalogue)


def load_cities(root: Path = ROOT) -> dict[str, CityProfile]:
    """All city profiles by key, the default first; refuses ``reference_file_wrong``."""
    folder = root / "cities"
    default = _read(folder / f"{DEFAULT_CITY}.toml", partial(city_profile, DEFAULT_CITY))
    cities = {DEFAULT_CITY: default}
    for path in sorted(folder.glob("*.toml")):
        if path.stem != DEFAULT_CITY:
            cities[path.stem] = _read(path, partial(city_profile, path.stem, default=default))
    return cities


def load_reference(root: Path = ROOT) -> Reference:
    """Everything under ``reference/``; refuses ``reference_file_wrong`` (file, key, reason)."""
    return Reference(load_cities(root), load_catalogue(root), load_calendar(root))


@cache
def reference() -> Reference:
    """The program's own reference data, read once; the start calls it, so a wrong file stops it."""
    return load_reference()
