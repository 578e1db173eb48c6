"""What a household is told of its own ballot: how it stands among co-owners, how far it has come.

Sources: 指导规则 25 (co-owners are one vote); the words that follow from it are ours. What a
voter's answers amount to is ``domain.votes.standing``; here is only who is told which part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from domain.plans import DECIDED, MotionStage
from domain.sources import rule
from domain.votes import Answer, Mark, standing


class Together(StrEnum):
    """How a ballot stands for one of those who may look at it."""

    DISPUTED = "disputed"
    CO_OWNER_ANSWERED = "co_owner_answered"
    OPEN = "open"
    ANSWERED = "answered"
    REPRESENTED = "represented"


# Something is to be done by whoever is told so.
ASKED = frozenset({Together.CO_OWNER_ANSWERED, Together.OPEN})


@rule(
    "votes.together",
    source="指导规则 25 / Guiding rules (2009) art. 25",
    says="Each co-owner is asked until that one has answered; that answers differ is told to all "
    "of them, what another answered to none.",
    basis="ours",
)
def together(
    answers: Sequence[Answer], person: str | None, representative: str | None = None
) -> Together:
    """How one voter's ballot stands for whoever answers in the name of ``person``.

    ``person`` is None for an owner in whose place somebody else answers. As long as one person
    alone has answered nobody else learns more than that there is an answer.
    """
    if standing(answers, representative) is Mark.DISPUTED:
        return Together.DISPUTED
    if person is None:
        return Together.REPRESENTED
    people = {answer.person for answer in answers}
    if person in people:
        return Together.ANSWERED
    return Together.CO_OWNER_ANSWERED if people else Together.OPEN


def most_urgent(found: Iterable[Together]) -> Together:
    """What is to be said first of several ballots."""
    order = list(Together)
    return min(found, key=order.index)


class Step(StrEnum):
    """The way of one ballot."""

    CAST = "cast"
    SEALED = "sealed"
    COUNTED = "counted"
    RESOLVED = "resolved"


class Reached(StrEnum):
    """How far a step of it is."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    STOPPED = "stopped"


@rule(
    "votes.way",
    source="what a voter can follow / our decision",
    says="A ballot is cast, sealed until the close, counted, and stands in a resolution; none of "
    "it depends on the answer.",
    basis="ours",
)
def way(stage: MotionStage, *, cast: bool, resolved: bool) -> tuple[tuple[Step, Reached], ...]:
    """How far a ballot has come on a motion at this stage; ``cast``: there is a ballot at all.

    Without one the vote goes its way and the first step stops at the close: silence is no answer.
    """
    closed = stage is MotionStage.CLOSED or stage in DECIDED
    if stage is MotionStage.CANCELLED:
        reached = [Reached.DONE if cast else Reached.STOPPED, *[Reached.STOPPED] * 3]
    else:
        reached = [_first(stage, cast=cast, closed=closed), *_after(stage, cast, resolved)]
    return tuple(zip(Step, reached, strict=True))


def _first(stage: MotionStage, *, cast: bool, closed: bool) -> Reached:
    if cast:
        return Reached.DONE
    if closed:
        return Reached.STOPPED
    return Reached.CURRENT if stage is MotionStage.VOTING else Reached.NEXT


def _after(stage: MotionStage, cast: bool, resolved: bool) -> list[Reached]:
    if stage in DECIDED:
        if resolved:
            last = Reached.DONE
        else:
            last = Reached.CURRENT if stage is MotionStage.COUNTED else Reached.STOPPED
        return [Reached.DONE, Reached.DONE, last]
    sealed = cast or stage is MotionStage.CLOSED
    return [Reached.CURRENT if sealed else Reached.NEXT, Reached.NEXT, Reached.NEXT]
