"""Motions and the vote in one place: what other parts of the program call.

The work is done in ``motions`` (drawing up), ``announcing``, ``rolls``, ``casting``,
``counts``, ``paper``, ``boxes`` and ``late_papers``.
"""

from __future__ import annotations

from services.announcing import earliest_opening, hindrances
from services.ballots import Receipt, is_disputed, receipt_state
from services.boxes import box_of, read_box
from services.casting import cast
from services.counts import (
    Recorded,
    Result,
    Turnout,
    count,
    recorded,
    recount,
    result,
    sees_exact,
    turnout,
)
from services.late_papers import note_late
from services.motions import (
    cancel,
    draft,
    draft_everywhere,
    edit,
    facts,
    redraw,
    stage,
)
from services.own_voters import OwnVoter, own_voters, own_voters_on
from services.paper import confirm_paper, enter_paper, print_sheets, void_sheet
from services.rolls import correct_roll, name_representative, post_roll
from services.signed import signed_list

__all__ = [
    "OwnVoter",
    "Receipt",
    "Recorded",
    "Result",
    "Turnout",
    "box_of",
    "cancel",
    "cast",
    "confirm_paper",
    "correct_roll",
    "count",
    "draft",
    "draft_everywhere",
    "earliest_opening",
    "edit",
    "enter_paper",
    "facts",
    "hindrances",
    "is_disputed",
    "name_representative",
    "note_late",
    "own_voters",
    "own_voters_on",
    "post_roll",
    "print_sheets",
    "read_box",
    "receipt_state",
    "recorded",
    "recount",
    "redraw",
    "result",
    "sees_exact",
    "signed_list",
    "stage",
    "turnout",
    "void_sheet",
]
