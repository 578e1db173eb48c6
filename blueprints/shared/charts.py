"""Words that the same chart carries on several pages."""

from __future__ import annotations

from flask_babel import gettext as _

from blueprints.shared.words import word
from charts.demand import DemandWords


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
