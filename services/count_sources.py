"""What a count's document says beside its figures: a platform's result, mandates, deliveries,
papers.

Each is there only where there is something to say, so that a count recorded before these existed
is still recounted to the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from domain.cities import Channel
from domain.votes import Vote
from models.mandates import kinds_of_ballots
from models.votes import Ballot, Motion, Roll
from services import boxes, deliveries, platforms


def beside(
    motion: Motion,
    roll: Roll,
    ballots: Sequence[Ballot],
    cast: Mapping[int, Vote],
    aside: Sequence[str] = (),
) -> dict[str, object]:
    """The further keys of the document; ``cast`` is what the ballots entered here amount to,
    ``aside`` the receipts of late papers that had been confirmed all the same."""
    said: dict[str, object] = {}
    if motion.channel == Channel.OFFICIAL_PLATFORM:
        said["platform"] = platforms.source_of(platforms.confirmed_result(motion), cast)
    by_mandate = kinds_of_ballots(ballot.id for ballot in ballots)
    if by_mandate:
        said["mandates"] = dict(Counter(one.kind for one in by_mandate.values()))
    delivered = deliveries.figures_of(motion.id, [voter.id for voter in roll.voters])
    if delivered.open < delivered.total:
        said["deliveries"] = {
            "delivered": delivered.delivered,
            "undeliverable": delivered.undeliverable,
            "refused": delivered.refused,
            "open": delivered.open,
        }
    papers = boxes.document(motion)
    if papers is not None:
        said["papers"] = papers | {"set_aside": list(aside)}
    return said
