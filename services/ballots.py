"""Casting: one answer of one voter, recorded with a receipt, changeable until the close.

A cast is six statements in all with the sign-in and the look-up of the motion: one takes the locks
(the motion's row, then the plan's audit chain), one reads everything the rule speaks of, two write.
The locks make casts, the close and the count of a motion queue; the unique key of (motion, voter,
sequence) is the guard if they ever did not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, NotYours, Refused
from domain.mandates import names_open_to
from domain.plans import is_open
from domain.receipts import Sealed, commitment, list_digest, receipt_code
from domain.votes import Answer, Choice, Mark, standing
from models import casts_queries, instants, votes_queries
from models.votes import Ballot, RollVoter
from services import audit, mandates
from services.audit import GENESIS, Head, plan_chain
from services.rolls import acting_for
from services.transaction import transaction

IN_APP = "in_app"
PAPER = "paper"


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


def _lock(session: Session, motion: Voted) -> Any:
    """The motion's times and the instant, read under its lock and that of the plan's chain."""
    return casts_queries.lock(session.connection(), motion.id, plan_chain(motion.plan_id))


def _rows(
    session: Session, motion: Voted, owners: Sequence[int], form_key: str, voter: int | None
) -> Sequence[Row[Any]]:
    """What the rule speaks of, one row for each of the actor's owners on the roll."""
    chain = plan_chain(motion.plan_id)
    connection = session.connection()
    return casts_queries.rows(
        connection, motion.id, chain, owners=owners, form_key=form_key, voter=voter
    )


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


def _check_takes_casts(times: Any, row: Row[Any], now: datetime) -> None:
    check_open(times.announced_at, times.opens_at, times.closes_at, times.cancelled_at, now)
    if row.counted:
        # A request that was under way at the close and was overtaken by the count.
        raise NotNow("vote_closed")
    if times.channel != IN_APP:
        raise NotNow("channel_not_in_app", channel=times.channel)
    if row.paper:
        raise NotNow("paper_confirmed")


def _sent_before(session: Session, actor: Actor, motion: Voted, key: str, choice: str) -> Receipt:
    ballot = session.scalars(
        select(Ballot).where(Ballot.motion_id == motion.id, Ballot.form_key == key)
    ).one()
    if ballot.account_id != actor.account_id:
        raise Refused("form_key_taken")
    differs = ballot.choice != choice
    return Receipt(ballot.receipt, ballot.cast_at, ballot.sequence, again=True, differs=differs)


def _chosen(
    rows: Sequence[Row[Any]], voter: int | None, owners: Sequence[int]
) -> tuple[Row[Any], int]:
    """The row of the owner in whose name the head is voted for, and that owner."""
    if not rows:
        raise NotYours("not_on_roll")
    numbers = {row.number for row in rows}
    if voter is None and len(numbers) > 1:
        raise Refused("voter_not_chosen", field="voter")
    if voter is not None and voter not in numbers:
        raise NotYours("not_on_roll")
    own = [row for row in rows if voter in (None, row.number)]
    standing = [
        mandates.rule_of(
            row.mandate_id,
            row.mandate_kind,
            voter=row.id,
            owner=row.owner_id,
            holder=row.mandate_holder,
            holder_owner=row.mandate_holder_owner,
        )
        for row in own
        if row.mandate_id is not None
    ]
    names = names_open_to([row.owner_id for row in own], owners, standing)
    if not names:
        raise NotYours("represented_by_another")
    representative = own[0].representative
    known = {*names, representative} if representative else names
    person = acting_for(known, representative, names)
    if person is None:
        raise NotYours("representative_named")
    return next(row for row in own if row.owner_id == person), person


def _form_key(form_key: str) -> str:
    if not 8 <= len(form_key) <= 200:
        raise Refused("form_key_missing")
    return form_key


def cast(
    actor: Actor,
    motion: Voted,
    choice: str,
    *,
    form_key: str,
    now: datetime,
    voter: int | None = None,
) -> Receipt:
    """The actor's answer is recorded as the voter's newest, and the receipt returned.

    Whether it is in time the database's clock decides, read under the motion's lock.
    ``voter`` is the number on the roll, needed only by who owns under several heads. The same
    ``form_key`` again gives the first receipt again. Refuses ``choice_missing``, ``not_on_roll``,
    ``voter_not_chosen``, ``represented_by_another``, ``representative_named``, ``vote_not_open``,
    ``vote_closed``, ``motion_cancelled``, ``channel_not_in_app`` (channel), ``paper_confirmed``,
    ``form_key_missing``, ``form_key_taken``.
    """
    if choice not in tuple(Choice):
        raise Refused("choice_missing", field="choice")
    key = _form_key(form_key)
    with transaction() as session:
        times = _lock(session, motion)
        owners = votes_queries.owner_ids(actor)
        rows = _rows(session, motion, owners, key, voter)
        if rows and rows[0].sent:
            return _sent_before(session, actor, motion, key, choice)
        row, person = _chosen(rows, voter, owners)
        # The request's clock was read before the queue; in time is who is so by the database's.
        now = instants.read(session, times.instant)
        _check_takes_casts(times, row, now)
        sealed = Sealed(
            receipt=receipt_code(secrets.token_bytes(16)),
            motion=motion.id,
            voter=row.number,
            person=person,
            choice=choice,
            sequence=row.last + 1,
            channel=IN_APP,
            cast_at=now,
        )
        add_ballot(
            session,
            actor,
            motion,
            sealed,
            voter_id=row.id,
            form_key=key,
            after=Head(row.seq, row.digest) if row.seq else Head(0, GENESIS),
            mandate_id=row.mandate_id if person not in owners else None,
        )
    return Receipt(sealed.receipt, sealed.cast_at, sealed.sequence)


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
    nonce = secrets.token_hex(16)
    digest = commitment(sealed, nonce)
    chain = plan_chain(motion.plan_id)
    if after is None:
        audit.lock(session, chain)
    entry = audit.entry(
        chain,
        "ballot_cast",
        actor=actor,
        now=sealed.cast_at,
        details={"motion": motion.id, "receipt": sealed.receipt, "commitment": digest},
        after=after or audit.head(chain),
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
    casts_queries.add(session.connection(), ballot, entry)
    if mandate_id is not None:
        casts_queries.add_mandate(session.connection(), sealed.receipt, mandate_id)
    return head


def vote_of(voter: RollVoter, ballots: Sequence[Ballot]) -> Choice | Mark | None:
    """What a voter's ballots amount to by ``domain.votes.standing``; None without any."""
    named = voter.representative
    return standing(
        (
            Answer(voter.number, str(ballot.owner_id), Choice(ballot.choice), ballot.sequence)
            for ballot in ballots
        ),
        str(named.owner_id) if named else None,
    )


@dataclass(frozen=True)
class ReceiptState:
    """What a receipt's page says: never the choice.

    ``replaced``: the same person's later ballot holds; ``on_list`` is None before the count.
    """

    ballot: Ballot
    replaced: bool
    on_list: bool | None
    disputed: bool


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
    ballots = votes_queries.ballots_of(ballot.motion_id, [ballot.voter_id])
    later = any(b.owner_id == ballot.owner_id and b.sequence > ballot.sequence for b in ballots)
    return ReceiptState(
        ballot=ballot,
        replaced=later,
        on_list=_on_list(ballot),
        disputed=vote_of(voter, ballots) is Mark.DISPUTED,
    )
