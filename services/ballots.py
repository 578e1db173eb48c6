"""Ballots as they are written and read: receipts, what a voter's ballots amount to.

Casting one is ``services.casting``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow
from domain.own_ballot import Together, together
from domain.plans import is_open
from domain.receipts import Sealed, commitment, list_digest
from domain.votes import Answer, Choice, Mark, standing
from models import casts_queries, links, own_voters_queries, votes_queries
from models.prepared import send
from models.results_queries import OwnLine
from models.votes import Ballot, Motion, RollVoter
from services import audit
from services.audit import Head, plan_chain

IN_APP = "in_app"
PAPER = "paper"


# No form that is sent online has a key that begins so: it would keep a slip from being confirmed.
OF_PAPER = "paper-"


def paper_key(serial: int, entry_id: int) -> str:
    """The form key of a ballot that came on paper: by it the ballot is found on the slip."""
    return f"{OF_PAPER}{serial}-{entry_id}"


def serial_of(ballot: Ballot) -> int | None:
    """The number of the slip from which the ballot was read; None of one cast online."""
    return int(ballot.form_key.split("-")[1]) if ballot.channel == PAPER else None


@dataclass(frozen=True)
class Receipt:
    """What the voter is handed. ``again``: this form had been recorded before, nothing was added;
    ``differs``: and it now said something else, which was not taken."""

    code: str
    cast_at: datetime
    sequence: int
    again: bool = False
    differs: bool = False


class Voted(Protocol):
    """A motion as a cast and its audit entry need it."""

    @property
    def id(self) -> int: ...

    @property
    def plan_id(self) -> int: ...


def check_open(
    announced_at: datetime | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
    cancelled_at: datetime | None,
    now: datetime,
) -> None:
    """Refuse ``motion_cancelled``, ``vote_not_open`` or ``vote_closed`` unless voting is open."""
    if cancelled_at is not None and cancelled_at <= now:
        raise NotNow("motion_cancelled")
    if announced_at is None or opens_at is None or now < opens_at:
        raise NotNow("vote_not_open")
    if not is_open(opens_at, closes_at, now):
        raise NotNow("vote_closed")


def written_rows(
    actor: Actor, motion: Voted, sealed: Sealed, *, voter_id: int, form_key: str, after: Head
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a ballot, and that of its audit entry, which follows ``after``."""
    nonce = secrets.token_hex(16)
    digest = commitment(sealed, nonce)
    entry = audit.entry(
        plan_chain(motion.plan_id),
        "ballot_cast",
        actor=actor,
        now=sealed.cast_at,
        details={"motion": motion.id, "receipt": sealed.receipt, "commitment": digest},
        after=after,
    )
    head = audit.head_of(entry)
    ballot = {
        "motion_id": motion.id,
        "voter_id": voter_id,
        "sequence": sealed.sequence,
        "owner_id": sealed.person,
        "choice": sealed.choice,
        "channel": sealed.channel,
        "cast_at": sealed.cast_at,
        "account_id": actor.account_id,
        "form_key": form_key,
        "receipt": sealed.receipt,
        "nonce": nonce,
        "commitment": digest,
        "audit_seq": head.seq,
        "audit_digest": head.digest,
    }
    return ballot, entry


def add_ballot(
    session: Session,
    actor: Actor,
    motion: Voted,
    sealed: Sealed,
    *,
    voter_id: int,
    form_key: str,
    after: Head | None = None,
    mandate_id: int | None = None,
) -> Head:
    """Inside the caller's transaction and under its locks: a ballot with its audit entry, whose
    number and digest are returned, and by what mandate it was cast."""
    chain = plan_chain(motion.plan_id)
    if after is None:
        audit.lock(session, chain)
        after = audit.head(chain)
    ballot, entry = written_rows(
        actor, motion, sealed, voter_id=voter_id, form_key=form_key, after=after
    )
    link = links.of(session.connection())
    send(link, casts_queries.written(link.engine.dialect.name, ballot, entry, mandate_id))
    return audit.head_of(entry)


def vote_of(voter: RollVoter, ballots: Sequence[Ballot]) -> Choice | Mark | None:
    """What a voter's ballots amount to by ``domain.votes.standing``; None without any."""
    named = voter.representative
    return _amount_to(voter.number, named.owner_id if named else None, ballots)


def is_disputed(line: OwnLine) -> bool:
    """Whether the ballots of a head on the roll, read as plain columns, are disputed."""
    return _amount_to(line.number, line.representative, line.ballots) is Mark.DISPUTED


def together_for(voter: RollVoter, ballots: Sequence[Ballot], person: int | None) -> Together:
    """How a voter's ballots stand for whoever answers in this owner's name
    (``domain.own_ballot.together``)."""
    named = voter.representative
    return together(
        _answers(voter.number, ballots),
        None if person is None else str(person),
        str(named.owner_id) if named else None,
    )


def _amount_to(number: int, named: int | None, ballots: Sequence[Any]) -> Choice | Mark | None:
    return standing(_answers(number, ballots), str(named) if named else None)


def _answers(number: int, ballots: Sequence[Any]) -> list[Answer]:
    return [
        Answer(
            number,
            str(ballot.owner_id),
            Choice(ballot.choice),
            ballot.sequence,
            paper=ballot.channel == PAPER,
        )
        for ballot in ballots
    ]


def in_order(ballot: Ballot) -> tuple[bool, int]:
    """Which of one person's ballots holds: the last in this order. Paper prevails."""
    return ballot.channel == PAPER, ballot.sequence


@dataclass(frozen=True)
class ReceiptState:
    """What a receipt's page says: never the choice.

    ``replaced``: the same person's later ballot holds; ``slip``: the number of the paper ballot
    that this one is, or that replaced it; ``on_list`` is None before the count; ``late``: it came
    on a slip that was late, and does not count.
    """

    ballot: Ballot
    replaced: bool
    slip: int | None
    on_list: bool | None
    disputed: bool
    late: bool = False


def set_aside(motion: Motion) -> frozenset[str]:
    """The receipts of late paper ballots that the count left out; none before the count."""
    if motion.counted is None:
        return frozenset()
    papers = json.loads(motion.counted.document).get("papers") or {}
    return frozenset(papers.get("set_aside", ()))


def _on_list(ballot: Ballot) -> bool | None:
    """Whether the ballot is on the list whose digest the count recorded; None before the count."""
    counted = ballot.motion.counted
    if counted is None:
        return None
    listed = votes_queries.closed_list(ballot.motion_id)
    recorded = json.loads(counted.document)["ballots"]["digest"]
    return list_digest(listed) == recorded and (ballot.receipt, ballot.commitment) in listed


def receipt_state(ballot: Ballot) -> ReceiptState:
    """How the ballot behind a receipt stands."""
    voter = next(iter(votes_queries.voters_by_id([ballot.voter_id])))
    aside = set_aside(ballot.motion)
    every = votes_queries.ballots_of(ballot.motion_id, [ballot.voter_id])
    ballots = [one for one in every if one.receipt not in aside]
    late = ballot.receipt in aside
    own = [b for b in ballots if b.owner_id == ballot.owner_id and not late]
    newest = max(own, key=in_order, default=ballot)
    return ReceiptState(
        ballot=ballot,
        replaced=in_order(newest) > in_order(ballot),
        slip=_slip(ballot if ballot.channel == PAPER else newest),
        on_list=_on_list(ballot),
        disputed=vote_of(voter, ballots) is Mark.DISPUTED,
        late=late,
    )


def _slip(ballot: Ballot) -> int | None:
    """The number of the paper that this ballot was read from; None when it was cast online."""
    if ballot.channel != PAPER:
        return None
    read = [
        slip.number
        for slip in own_voters_queries.slips_of([ballot.voter_id])
        if slip.owner_id == ballot.owner_id and slip.confirmed_at and not slip.invalid
    ]
    return next(iter(read), None)
