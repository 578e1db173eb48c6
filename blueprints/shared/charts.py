"""What the same chart has on several pages: its words, and its figures as a table to download."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from blueprints.shared.words import word
from charts.demand import DemandOption, DemandWords
from charts.demand import table as demand_rows
from charts.majority import MajorityBar, MajorityWords
from documents.tables import Area, Sheet, Value


def demand_words(*, option: str, floor: str) -> DemandWords:
    """The words of a demand chart; ``option`` and ``floor`` head what its rows are about."""
    return DemandWords(
        option=option,
        floor=floor,
        need=word("stances", "need"),
        accept=word("stances", "accept"),
        indifferent=word("stances", "indifferent"),
        oppose=word("stances", "oppose"),
        unanswered=word("stances", "unanswered"),
        households=_("Households"),
    )


def demand_sheet(name: str, options: Sequence[DemandOption], words: DemandWords) -> Sheet:
    """The figures of a demand chart; where they are held back their cells are empty."""
    head, rows = demand_rows(options, words)
    return Sheet(name, head, [[None if cell == "—" else cell for cell in row] for row in rows])


def majority_sheet(name: str, bars: Sequence[MajorityBar], words: MajorityWords) -> Sheet:
    """The figures of the four tests, one of them a row: what it counts, and out of how many."""
    units = {"persons": _("owners"), "area": _("m²"), "percent": _("percent")}
    head = [words.test, _("Counted"), _("Value"), _("Out of"), _("Unit")]
    rows: list[list[Value]] = [
        [
            bar.label,
            part.label,
            _measured(part.value, bar.unit, part.text),
            _measured(bar.whole, bar.unit),
            units[bar.unit],
            bar.threshold_text,
            bar.verdict,
        ]
        for bar in bars
        for part in bar.parts
    ]
    return Sheet(name, [*head, words.threshold, words.verdict], rows)


def _measured(value: int, unit: str, text: str = "") -> Value:
    """A published share is drawn in thousandths; where its number may not be told ("under 2/3",
    domain.shares) its text stands instead."""
    if unit == "area":
        return Area(value)
    if unit == "percent":
        return text if value % 10 else value // 10
    return value
