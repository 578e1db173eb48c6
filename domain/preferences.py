"""What a household may say about a menu before any vote (意愿), and when. Never a vote.

Source: ours. A household answers each item (need / can accept / indifferent / oppose, which needs a
reason), ranks its options, may say "none of these" and the most it would pay, and may leave any of
it open. Answers can be changed while ``published_at <= now < closes_at``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import NotNow, Refused
from domain.plans import is_open
from domain.quantities import MAX_MONEY
from domain.releases import Question, Sheet
from domain.sources import rule

MAX_REASON = 1000
# The two questions about an item whose answers are released together, and the last choice of the
# second one.
STANCE = "stance"
FIRST = "first"
NONE_OF_THESE = "none"


class Stance(StrEnum):
    """需要, 可以接受, 无所谓, 反对. Opposing needs a reason."""

    NEED = "need"
    ACCEPT = "accept"
    INDIFFERENT = "indifferent"
    OPPOSE = "oppose"


@dataclass(frozen=True, slots=True)
class ItemAnswerDraft:
    """A household's word on one item. ``ranking``: option ids, the most wanted first; fen."""

    stance: Stance | None = None
    reason: str = ""
    ranking: tuple[int, ...] = ()
    none_of_these: bool = False
    max_pay: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said at all: the item is left open."""
        return self == ItemAnswerDraft()


def ranking_from(places: Mapping[int, int | None]) -> tuple[int, ...]:
    """The option ids by the place each was given, those without a place left out.

    Gaps do not matter. Refuses ``rank_twice`` (place) when two options have the same place.
    """
    taken: dict[int, int] = {}
    for option, place in places.items():
        if place is None:
            continue
        if place in taken:
            raise Refused("rank_twice", field=f"rank_{option}", place=place)
        taken[place] = option
    return tuple(taken[place] for place in sorted(taken))


@rule(
    "preferences.answer",
    source="ours",
    says="Opposing an item needs a reason; only offered options are ranked, each once.",
    basis="ours",
)
def check_answer(draft: ItemAnswerDraft, offered: Sequence[int]) -> ItemAnswerDraft:
    """The answer as it is to be kept; ``offered`` are the ids of the options one may rank.

    A reason is kept with an opposition only. Refuses ``oppose_without_reason``, ``reason_too_long``
    (limit), ``option_not_offered``, ``rank_twice`` (place), ``none_and_ranked``,
    ``max_pay_negative``, ``money_absurd``.
    """
    reason = draft.reason.strip() if draft.stance is Stance.OPPOSE else ""
    if draft.stance is Stance.OPPOSE and not reason:
        raise Refused("oppose_without_reason", field="reason")
    if len(reason) > MAX_REASON:
        raise Refused("reason_too_long", field="reason", limit=MAX_REASON)
    for place, option in enumerate(draft.ranking):
        if option not in offered:
            raise Refused("option_not_offered")
        if option in draft.ranking[:place]:
            raise Refused("rank_twice", field=f"rank_{option}", place=place + 1)
    if draft.none_of_these and draft.ranking:
        raise Refused("none_and_ranked", field="none_of_these")
    if draft.max_pay is not None and draft.max_pay < 0:
        raise Refused("max_pay_negative", field="max_pay")
    if draft.max_pay is not None and draft.max_pay > MAX_MONEY:
        raise Refused("money_absurd", field="max_pay")
    return replace(draft, reason=reason)


class Consultation(StrEnum):
    """Whether households may answer: not yet, now, no longer, or the plan was stopped."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"


@rule(
    "preferences.consultation",
    source="ours",
    says="Households answer and change answers while published_at <= now < closes_at.",
    basis="ours",
)
def consultation(
    published_at: datetime | None,
    closes_at: datetime | None,
    *,
    stopped_at: Sequence[datetime | None] = (),
    now: datetime,
) -> Consultation:
    """Whether the consultation is open at ``now``; any instant of ``stopped_at`` that is past
    (withdrawn, suspended, annulled) stops it."""
    if any(instant is not None and instant <= now for instant in stopped_at):
        return Consultation.STOPPED
    if published_at is None or published_at > now:
        return Consultation.NOT_YET
    return Consultation.OPEN if is_open(published_at, closes_at, now) else Consultation.CLOSED


def require_open(state: Consultation) -> None:
    """Refuse (409) ``consultation_not_yet``, ``consultation_closed``, ``plan_stopped``."""
    codes = {
        Consultation.NOT_YET: "consultation_not_yet",
        Consultation.CLOSED: "consultation_closed",
        Consultation.STOPPED: "plan_stopped",
    }
    if state in codes:
        raise NotNow(codes[state])


@rule(
    "preferences.owners",
    source="ours",
    says="Answers belong to the owners who gave them, and end when none of these owns the dwelling "
    "any more.",
    basis="ours",
)
def still_theirs(
    gave: Collection[int], before: Collection[int], after: Collection[int]
) -> set[int]:
    """Of the owners who gave an answer, those who own the dwelling ``after`` the change.

    None of them: the answer is a former owner's, and nobody else's. Where it is not known who gave
    it (``gave`` empty), it was all owners ``before``.
    """
    return set(gave or before) & set(after)


def sheet_key(item: int) -> str:
    """The name under which figures about an item are released."""
    return f"item:{item}"


def sheet_of(item: int, options: Sequence[int], *, earlier: Sheet | None = None) -> Sheet:
    """The questions about an item whose answers are released together.

    What was once released stays readable: an ``earlier`` sheet keeps its questions, and choices are
    only ever added to it.
    """
    questions = {STANCE: tuple(str(stance) for stance in Stance)}
    if len(options) > 1:
        questions[FIRST] = (*(str(option) for option in options), NONE_OF_THESE)
    if earlier is not None:
        kept = {question.key: question.choices for question in earlier.questions}
        questions = {
            key: tuple(dict.fromkeys((*choices, *questions.get(key, ()))))
            for key, choices in kept.items()
        }
    return Sheet(
        sheet_key(item), tuple(Question(key, choices) for key, choices in questions.items())
    )


def choices_of(draft: ItemAnswerDraft, sheet: Sheet) -> dict[str, str]:
    """What of an answer goes into figures: question → choice, open questions left out."""
    said: dict[str, str] = {}
    if draft.stance is not None:
        said[STANCE] = str(draft.stance)
    if draft.none_of_these:
        said[FIRST] = NONE_OF_THESE
    elif draft.ranking:
        said[FIRST] = str(draft.ranking[0])
    asked = {question.key for question in sheet.questions}
    return {key: choice for key, choice in said.items() if key in asked}
