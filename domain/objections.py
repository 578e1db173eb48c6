"""Objections (异议): grounds, outcomes, and the state that follows from what was recorded.

Source: ours, after domain.md §5. Every objection is answered; a motion cannot be put to the vote
while one to it is unanswered; a resolution lists them all by ground and outcome.
"""

from __future__ import annotations

from enum import StrEnum

from domain.errors import NotNow, Refused
from domain.sources import rule

MAX_TEXT = 4000


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


# What the committee may record; only the objector withdraws.
COMMITTEE_OUTCOMES = (
    ObjectionOutcome.ACCEPTED,
    ObjectionOutcome.MEDIATED,
    ObjectionOutcome.UNRESOLVED,
)


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


def check_text(text: str, *, field: str) -> str:
    """The text without blanks around it.

    Refuses ``objection_text_missing`` and ``objection_text_too_long`` (limit).
    """
    cleaned = text.strip()
    if not cleaned:
        raise Refused("objection_text_missing", field=field)
    if len(cleaned) > MAX_TEXT:
        raise Refused("objection_text_too_long", field=field, limit=MAX_TEXT)
    return cleaned


@rule(
    "objections.close",
    source="ours",
    says="An objection is closed after its answer; accepting names the option's new version, "
    "leaving it unresolved needs a note.",
    basis="ours",
)
def check_close(
    current: ObjectionState, outcome: ObjectionOutcome, *, note: str, has_version: bool
) -> None:
    """Refuse ``objection_closed``, ``objection_not_answered``, ``withdrawal_not_yours``,
    ``objection_version_missing`` (accepted), ``objection_note_missing`` (unresolved)."""
    if current is ObjectionState.CLOSED:
        raise NotNow("objection_closed")
    if outcome is ObjectionOutcome.WITHDRAWN:
        raise Refused("withdrawal_not_yours", field="outcome")
    if current is ObjectionState.SUBMITTED:
        raise NotNow("objection_not_answered")
    if outcome is ObjectionOutcome.ACCEPTED and not has_version:
        raise Refused("objection_version_missing", field="version")
    if outcome is ObjectionOutcome.UNRESOLVED and not note.strip():
        raise Refused("objection_note_missing", field="note")
