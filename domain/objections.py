"""Objections (异议): grounds, outcomes, and the state that follows from what was recorded."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    """On what an objection rests."""

    LIGHT = "light"
    NOISE = "noise"
    VENTILATION = "ventilation"
    PRIVACY = "privacy"
    ACCESS = "access"
    STRUCTURE = "structure"
    COST = "cost"
    VALUE = "value"
    PROCEDURE = "procedure"
    OTHER = "other"


class ObjectionOutcome(StrEnum):
    """How an objection ended. Accepted means the option was revised."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    MEDIATED = "mediated"
    UNRESOLVED = "unresolved"


class ObjectionState(StrEnum):
    """Submitted, answered, or closed with an outcome."""

    SUBMITTED = "submitted"
    ANSWERED = "answered"
    CLOSED = "closed"


def state(*, answered: bool, outcome: ObjectionOutcome | None) -> ObjectionState:
    """The state; an objection withdrawn before it was answered is closed as well."""
    if outcome is not None:
        return ObjectionState.CLOSED
    return ObjectionState.ANSWERED if answered else ObjectionState.SUBMITTED
