"""What a household is told, before it answers, about who will see what of its answer.

The text follows from what the plan has fixed: policy, threshold, bands. It is drawn from those
wherever it is shown, so that the page, the notice and the letter say the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from domain.disclosure import Policy
from domain.releases import Band


def band_text(lowest: int, highest: int) -> str:
    """Floors of a band."""
    if lowest == highest:
        return _("floor %(floor)s", floor=lowest)
    return _("floors %(lowest)s to %(highest)s", lowest=lowest, highest=highest)


def notice_text(
    policy: str, threshold: int, bands: Sequence[Band], decision: str = ""
) -> tuple[str, ...]:
    """The sentences, in the reader's language."""
    floors = _(", ").join(band_text(band.lowest, band.highest) for band in bands)
    told = _told_open if policy == Policy.OPEN else _told_banded
    sentences = [
        _(
            "Your answer is a wish, not a vote. You can change it until the consultation closes, "
            "and you may leave anything open."
        ),
        *told(floors, threshold),
        _(
            "For all buildings of the compound together, the figures are also shown floor by floor "
            "under the same condition."
        ),
        _(
            "The residents' committee sees the answers floor by floor and household by household; "
            "every such look is recorded. Reasons and objections are read by the committee."
        ),
    ]
    if decision:
        sentences.append(
            _(
                "Fewer than ten households were allowed by this decision: %(decision)s.",
                decision=decision,
            )
        )
    return tuple(sentences)


def _told_open(floors: str, threshold: int) -> tuple[str, ...]:
    return (
        _(
            "Signed-in residents of this building see how many households want what, floor by "
            "floor. On a floor with few households this can show what a single one answered."
        ),
        _(
            "Everybody else sees it only for groups of floors (%(floors)s), and only once at "
            "least %(threshold)s households of a group have answered.",
            floors=floors,
            threshold=threshold,
        ),
    )


def _told_banded(floors: str, threshold: int) -> tuple[str, ...]:
    return (
        _(
            "Residents and the public see how many households want what only for groups of "
            "floors (%(floors)s), and only once at least %(threshold)s households of a group "
            "have answered; never a single floor of this building, never a single household.",
            floors=floors,
            threshold=threshold,
        ),
    )


def bands_of(plain: Sequence[Sequence[int]] | None) -> tuple[Band, ...]:
    """The stored bands of a plan."""
    return tuple(Band(lowest, highest) for lowest, highest in plain or ())
