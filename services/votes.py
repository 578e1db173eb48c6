"""Motions and the vote in one place: what other parts of the program call.

The work is done in ``motions`` (drawing up), ``announcing``, ``rolls``, ``casting``,
``counts`` and ``paper``.
"""

from __future__ import annotations

from services.announcing import earliest_opening, hindrances
from services.ballots import Receipt, is_disputed, receipt_state
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
from services.reconciling import reconcile
from services.rolls import correct_roll, name_representative, post_roll
from services.signed import signed_list

__all__ = [
    "OwnVoter",
    "Receipt",
    "Recorded",
    "Result",
    "Turnout",
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
    "own_voters",
    "own_voters_on",
    "post_roll",
    "print_sheets",
    "receipt_state",
    "reconcile",
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
