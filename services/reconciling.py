"""Where the printed ballots are: printed = collected + void + outstanding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.votes import Mark
from models.votes import PaperEntry, PaperSheet


@dataclass(frozen=True)
class Reconciliation:
    """Where the printed ballots are. ``collected`` are entered or confirmed, valid or not."""

    printed: int
    collected: int
    confirmed: int
    invalid: int
    void: int

    @property
    def outstanding(self) -> int:
        """Printed ballots that neither came back nor are void."""
        return self.printed - self.collected - self.void

    @property
    def waiting(self) -> int:
        """Entered once, not yet by a second person."""
        return self.collected - self.confirmed


def standing_entry(sheet: PaperSheet) -> PaperEntry | None:
    """The sheet's entry that was not rejected."""
    return next((entry for entry in sheet.entries if entry.rejected_at is None), None)


def reconcile(sheets: Sequence[PaperSheet]) -> Reconciliation:
    """The figures of these printed ballots; printed = collected + void + outstanding."""
    entries = [standing_entry(sheet) for sheet in sheets if sheet.voided_at is None]
    collected = [entry for entry in entries if entry is not None]
    confirmed = [entry for entry in collected if entry.confirmed_at is not None]
    return Reconciliation(
        printed=len(sheets),
        collected=len(collected),
        confirmed=len(confirmed),
        invalid=sum(entry.choice == Mark.INVALID for entry in confirmed),
        void=sum(sheet.voided_at is not None for sheet in sheets),
    )
