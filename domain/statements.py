"""What happens to a resolution after it was issued: suspended, resumed, annulled, withdrawn.

Sources: 民法典 280 (a court may annul a decision; one year), 278 (the owners decide, so they may
decide otherwise). A resolution is never changed: each of these is a document of its own that names
the digest of the resolution, numbered, chained to the one before it, and signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import NotNow, Refused
from domain.periods import ZONE
from domain.sources import rule

KIND = "louyi.statement"
FORM = 1
LONGEST_LINE = 200
LONGEST_REASON = 4000


class Act(StrEnum):
    """What a statement says about the resolution."""

    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How a resolution stands by its statements; the last two for good."""

    VALID = "valid"
    SUSPENDED = "suspended"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({Standing.ANNULLED, Standing.WITHDRAWN})
_OPEN_TO = {
    Standing.VALID: (Act.SUSPENDED, Act.ANNULLED, Act.WITHDRAWN),
    Standing.SUSPENDED: (Act.RESUMED, Act.ANNULLED, Act.WITHDRAWN),
    Standing.ANNULLED: (),
    Standing.WITHDRAWN: (),
}


@rule(
    "resolution.statements",
    source="民法典 280, 278 / Civil Code arts. 280, 278",
    says="A court's annulment or a withdrawal ends a resolution; a suspension can be lifted.",
)
def standing(acts: Iterable[str]) -> Standing:
    """How a resolution stands after these acts, in order."""
    now = Standing.VALID
    for act in acts:
        now = Standing.VALID if act == Act.RESUMED else Standing(act)
    return now


def acts_open_to(now: Standing) -> tuple[Act, ...]:
    """What may still be stated."""
    return _OPEN_TO[now]


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What is recorded of one resolution: instants, and the acts stated about it, in order."""

    issued_at: datetime
    in_force_at: datetime
    requirements_at: datetime | None
    acts: tuple[tuple[str, datetime], ...] = ()

    @property
    def standing(self) -> Standing:
        """How it stands by its acts."""
        return standing(act for act, _at in self.acts)

    @property
    def since(self) -> datetime:
        """When it came to stand so."""
        return self.acts[-1][1] if self.acts else self.issued_at


@dataclass(frozen=True, slots=True)
class OfPlan:
    """What a plan's stage follows from, drawn from all its resolutions."""

    result_posted_at: datetime | None = None
    in_force_at: datetime | None = None
    requirements_issued_at: datetime | None = None
    suspended_at: datetime | None = None
    annulled_at: datetime | None = None


@rule(
    "plan.resolutions_standing",
    source="民法典 280 / Civil Code art. 280; how several resolutions make one stage: ours",
    says="Ended resolutions carry no plan; one suspended of those left suspends it; all, annul it.",
    basis="ours",
)
def of_plan(issued: Sequence[IssuedFacts], drafted: Iterable[datetime]) -> OfPlan:
    """The facts of a plan from its resolutions and the instants its live motions were drafted.

    A motion drafted after the last resolution ended puts something to the vote again, and the plan
    goes on by its motions.
    """
    live = [one for one in issued if one.standing not in ENDED]
    if issued and not live:
        ended = max(one.since for one in issued)
        return OfPlan() if any(at >= ended for at in drafted) else OfPlan(annulled_at=ended)
    stops = [one.since for one in live if one.standing is Standing.SUSPENDED]
    handed = [one.requirements_at for one in live if one.requirements_at]
    return OfPlan(
        result_posted_at=min((one.issued_at for one in live), default=None),
        in_force_at=min((one.in_force_at for one in live), default=None),
        requirements_issued_at=min(handed, default=None),
        suspended_at=min(stops, default=None),
    )


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """What the committee states: the act, by whose document, and why, in words without names."""

    act: str
    authority: str
    document_number: str
    document_date: date
    reason: str


def check(draft: StatementDraft, acts: Iterable[str], *, today: date) -> Act:
    """The act; refuses ``statement_act_unknown``, ``statement_not_now`` (standing), missing or too
    long words, and ``statement_date_later``."""
    if draft.act not in tuple(Act):
        raise Refused("statement_act_unknown", field="act")
    now = standing(acts)
    if Act(draft.act) not in acts_open_to(now):
        raise NotNow("statement_not_now", field="act", standing=now.value)
    for name in ("authority", "document_number"):
        text = getattr(draft, name).strip()
        if not text:
            raise Refused("statement_line_missing", field=name)
        if len(text) > LONGEST_LINE:
            raise Refused("statement_line_too_long", field=name, most=LONGEST_LINE)
    if not draft.reason.strip():
        raise Refused("statement_reason_missing", field="reason")
    if len(draft.reason) > LONGEST_REASON:
        raise Refused("statement_line_too_long", field="reason", most=LONGEST_REASON)
    if draft.document_date > today:
        raise Refused("statement_date_later", field="document_date")
    return Act(draft.act)


@dataclass(frozen=True, slots=True)
class StatementFrame:
    """What surrounds a statement: which resolution, the statement before, the audit anchor."""

    number: str
    corrects: str
    sequence: int
    previous: str | None
    issued_at: datetime
    audit_seq: int
    audit_digest: str


def document(frame: StatementFrame, draft: StatementDraft) -> dict[str, object]:
    """The statement as plain values; ``corrects`` is the digest of the resolution."""
    return {
        "kind": KIND,
        "form": FORM,
        "number": frame.number,
        "corrects": frame.corrects,
        "sequence": frame.sequence,
        "previous": frame.previous,
        "act": str(draft.act),
        "authority": draft.authority.strip(),
        "document": draft.document_number.strip(),
        "date": draft.document_date.isoformat(),
        "reason": draft.reason.strip(),
        "issued_at": frame.issued_at.astimezone(ZONE).isoformat(timespec="seconds"),
        "audit": {"seq": frame.audit_seq, "digest": frame.audit_digest},
    }
