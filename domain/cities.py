"""City profiles: what differs from city to city, each value with its source.

Source: each value's own ``source`` line in ``reference/cities/*.toml``; ``verified = false`` marks
what was seen in notices or reports but not checked against the rule's text. Nothing of this is
law for the whole country and nothing of it is in code. A city gives what it knows; the rest comes
from the default profile with the default's source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.errors import Refused
from domain.periods import MAX_DAYS, PeriodKind
from domain.schemes import Scheme, parse_scheme
from domain.sources import rule
from domain.subsidies import Subsidy, parse_subsidy

Value = TypeVar("Value")


class Channel(StrEnum):
    """How ballots are cast. Paper must always be offered."""

    IN_APP = "in_app"
    PAPER = "paper"
    OFFICIAL_PLATFORM = "official_platform"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[Value]):
    """A value, where it comes from, and whether it was checked against that source."""

    value: Value
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CityProfile:
    """The settings of one city; days are counted as ``period_kind`` says.

    ``result_within_days`` is how soon a result must be posted, ``result_posting_days`` how long it
    stays posted. ``disclosure_households`` is the least number of answers behind a figure.
    """

    key: str
    name_zh: str
    name_en: str
    period_kind: Sourced[PeriodKind]
    roll_posting_days: Sourced[int]
    notice_days: Sourced[int]
    result_within_days: Sourced[int]
    result_posting_days: Sourced[int]
    channels: Sourced[tuple[Channel, ...]]
    proxy_limit: Sourced[int]
    subsidy: Sourced[Subsidy]
    floor_table: Sourced[Scheme]
    exact_areas_posted: Sourced[bool]
    disclosure_households: Sourced[int]

    def name(self, language: str) -> str:
        """The city's name in Chinese for any ``zh``, else in English."""
        return self.name_zh if language.lower().startswith("zh") else self.name_en


def faulty(key: str, reason: str, **params: object) -> Refused:
    """The refusal of a reference value: which ``key`` and for what ``reason``."""
    return Refused("reference_value_wrong", field=key, key=key, reason=reason, **params)


def _whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused("not_a_whole_number", value=value)
        if not least <= value <= most:
            raise Refused("out_of_range", value=value, least=least, most=most)
        return value

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused("not_true_or_false", value=value)
    return value


def _kind(value: object) -> PeriodKind:
    if value not in tuple(PeriodKind):
        raise Refused("not_a_choice", value=value, known=tuple(map(str, PeriodKind)))
    return PeriodKind(str(value))


@rule(
    "cities.paper_offered",
    source="建房〔2009〕274号 / our decision",
    says="Whatever channels a city allows, paper is one of them.",
    basis="ours",
)
def read_channels(value: object) -> tuple[Channel, ...]:
    """The channels of a profile; refuses unknown ones, repetitions, and profiles without paper."""
    known = tuple(map(str, Channel))
    if not isinstance(value, list) or any(one not in known for one in value):
        raise Refused("not_a_choice", value=value, known=known)
    if len(set(value)) != len(value):
        raise Refused("listed_twice", value=value)
    if Channel.PAPER not in value:
        raise Refused("paper_not_offered", value=value)
    return tuple(Channel(one) for one in value)


def _plain(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Refused("not_a_table", value=value)
    return value


_READERS: dict[str, Callable[[object], object]] = {
    "period_kind": _kind,
    "roll_posting_days": _whole(1, MAX_DAYS),
    "notice_days": _whole(1, MAX_DAYS),
    "result_within_days": _whole(1, MAX_DAYS),
    "result_posting_days": _whole(1, MAX_DAYS),
    "channels": read_channels,
    "proxy_limit": _whole(0, 100),
    "subsidy": lambda value: parse_subsidy(_plain(value)),
    "floor_table": lambda value: parse_scheme(_plain(value)),
    "exact_areas_posted": _flag,
    "disclosure_households": _whole(5, 1000),
}


def _sourced(key: str, plain: object) -> Sourced[object]:
    if not isinstance(plain, Mapping):
        raise faulty(key, "not_a_table")
    for needed in ("value", "source", "verified"):
        if needed not in plain:
            raise faulty(f"{key}.{needed}", "missing")
    for given in plain:
        if given not in ("value", "source", "verified"):
            raise faulty(f"{key}.{given}", "unknown_key")
    source = plain["source"]
    if not isinstance(source, str) or not source.strip():
        raise faulty(f"{key}.source", "no_source")
    if not isinstance(plain["verified"], bool):
        raise faulty(f"{key}.verified", "not_true_or_false")
    try:
        value = _READERS[key](plain["value"])
    except Refused as refusal:
        inner = refusal.params.get("key")
        where = f"{key}.value.{inner}" if inner else f"{key}.value"
        raise faulty(where, refusal.code, value=refusal.params.get("value")) from refusal
    return Sourced(value, source.strip(), plain["verified"])


def _name(plain: Mapping[str, object], language: str) -> str:
    names = plain.get("name")
    name = names.get(language) if isinstance(names, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise faulty(f"name.{language}", "missing")
    return name.strip()


def city_profile(
    key: str, plain: Mapping[str, object], default: CityProfile | None = None
) -> CityProfile:
    """The profile a reference file describes; what it leaves out is taken from ``default``.

    Refuses ``reference_value_wrong`` (key, reason) for a missing, unknown or unreadable value;
    without a ``default`` every value must be given.
    """
    for given in plain:
        if given not in _READERS and given != "name":
            raise faulty(given, "unknown_key")
    values: dict[str, object] = {}
    for field in _READERS:
        if field in plain:
            values[field] = _sourced(field, plain[field])
        elif default is not None:
            values[field] = getattr(default, field)
        else:
            raise faulty(field, "missing")
    return CityProfile(key, _name(plain, "zh"), _name(plain, "en"), **values)  # type: ignore[arg-type]
