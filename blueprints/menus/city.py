"""Filling in what is known for the city: what is empty is filled, what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from werkzeug.datastructures import MultiDict

from blueprints.menus.forms import SCHEME_FLOOR, SUBSIDY_FLOOR, OptionForm
from blueprints.shared.words import word
from domain.errors import Refused
from domain.quantities import format_money, parse_money
from domain.schemes import WITHOUT_TABLE
from domain.subsidies import SubsidyKind

# What a kind of subsidy is made of: whoever has typed some of it has chosen the kind.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    SubsidyKind.FIXED: ("subsidy_amount",),
    SubsidyKind.PERCENT_CAPPED: ("subsidy_percent", "subsidy_cap"),
    SubsidyKind.BY_FLOORS: (SUBSIDY_FLOOR,),
}
_WORDS = {
    "subsidy_kind": "subsidy_kinds",
    "scheme_kind": "scheme_kinds",
    "within": "schemes_within",
}


def _chosen(sent: Mapping[str, Any]) -> frozenset[str]:
    """The fields of choice that stay, because what belongs to the choice was typed."""

    def typed(*starts: str) -> bool:
        return any(name.startswith(starts) and str(value).strip() for name, value in sent.items())

    stays: set[str] = set()
    made_of = _MADE_OF.get(str(sent.get("subsidy_kind")))
    if made_of and typed(*made_of):
        stays.add("subsidy_kind")
    if sent.get("scheme_kind") not in (None, "", *WITHOUT_TABLE) and typed(SCHEME_FLOOR):
        stays |= {"scheme_kind", "within"}
    return frozenset(stays)


def filled(sent: MultiDict[str, Any], city: Mapping[str, Any]) -> MultiDict[str, Any]:
    """The form as sent, with the city's subsidy and floor table where nothing was typed."""
    made = MultiDict(sent)
    chosen = _chosen(sent)
    for name, value in city.items():
        stays = name in chosen if name in _WORDS else bool(str(sent.get(name) or "").strip())
        if not stays:
            made.setlist(name, [_text(value)])
    return made


def kept(form: OptionForm, city: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(Field, what the city has) wherever what was typed differs from it."""
    rows = []
    for name, value in city.items():
        field = form._fields.get(name)
        if field is None or value in (None, "") or _same(field, value):
            continue
        said = word(_WORDS[name], value) if name in _WORDS else _text(value)
        rows.append((str(field.label.text), said))
    return rows


def _same(field: Any, value: Any) -> bool:
    typed = (field.raw_data or [field.data])[0]
    if isinstance(value, int):
        with suppress(Refused):
            return parse_money(str(typed)) == value
        return False
    return str(typed or "").strip() == str(value)


def _text(value: Any) -> str:
    return format_money(value) if isinstance(value, int) else value or ""
