"""A resolution's building: what each floor pays, and what its households had said, band by band.

Drawn from the stored document alone, which holds nothing that could not be public: the homes and
the shares of each floor, and answers by bands as they were released (disclosure policy). Page,
print and PDF take the same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charts.bands import BandBuilding, BandPart, FacadeBand
from charts.facade import FacadeKey
from charts.windows import FacadeState
from domain.quantities import format_money, parse_money

STANCES = (
    FacadeState.NEED,
    FacadeState.ACCEPT,
    FacadeState.INDIFFERENT,
    FacadeState.OPPOSE,
    FacadeState.UNANSWERED,
)


@dataclass(frozen=True)
class DecidedWords:
    """Every word on the drawings, in the reader's language.

    ``pays`` has the places ``%(homes)s`` and ``%(amount)s``, ``free`` the place ``%(homes)s``,
    ``said`` the place ``%(homes)s``.
    """

    cost: str
    pays: str
    free: str
    demand: str
    said: str
    held_back: str
    stances: Mapping[str, str]


def cost_building(
    name: str, shares: Sequence[Mapping[str, Any]], words: DecidedWords
) -> BandBuilding | None:
    """Each floor with its homes and what each of them pays; ``None`` without shares."""
    bands = tuple(
        FacadeBand(one["floor"], one["floor"], _pays(one, words), homes=one["dwellings"])
        for one in shares
    )
    return BandBuilding(name, bands, title=f"{name} · {words.cost}") if bands else None


def _pays(share: Mapping[str, Any], words: DecidedWords) -> str:
    lowest, highest = parse_money(share["lowest"]), parse_money(share["highest"])
    if lowest == highest == 0:
        return words.free % {"homes": share["dwellings"]}
    least, most = format_money(lowest, grouped=True), format_money(highest, grouped=True)
    amount = least if lowest == highest else f"{least} – {most}"
    return words.pays % {"homes": share["dwellings"], "amount": amount}


def demand_building(
    name: str, item: str, bands: Sequence[Mapping[str, Any]], words: DecidedWords
) -> BandBuilding | None:
    """The answers about an item by bands, some of them held back; ``None`` without bands."""
    drawn = tuple(_said(band, words) for band in bands)
    title = f"{name} · {words.demand} · {item}"
    shown = any(band.parts for band in drawn)
    key = tuple(FacadeKey(one, _letter(one, words), words.stances[one]) for one in STANCES)
    return BandBuilding(name, drawn, key if shown else (), title) if drawn else None


def _letter(state: str, words: DecidedWords) -> str:
    return "" if state == FacadeState.UNANSWERED else words.stances[state][0].upper()


def _said(band: Mapping[str, Any], words: DecidedWords) -> FacadeBand:
    counts = band["counts"]
    if not counts:
        return FacadeBand(band["lowest"], band["highest"], words.held_back)
    parts = tuple(
        BandPart(state, _letter(state, words) or words.stances[state], counts[state], str(number))
        for state in STANCES
        if (number := counts.get(state, 0))
    )
    label = words.said % {"homes": sum(counts.values())}
    return FacadeBand(band["lowest"], band["highest"], label, parts)
