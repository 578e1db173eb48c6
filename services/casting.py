"""Casting: one answer of one voter, recorded with a receipt, changeable until the close.

One statement takes the locks (the motion's row, then the plan's audit chain), one reads everything
the rule speaks of, two write. The locks make casts, the close and the count of a motion queue; the
unique key of (motion, voter, sequence) is the guard if they ever did not. Casts that queue for them
in the same process are carried out together (``services.company``), each judged by itself. Whose
sign-in is not looked up yet (``sessions.Claim``) is looked up under the locks too: who may cast is
judged by what holds when the ballot is written.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from domain.accounts import Actor
from domain.errors import NotNow, NotStored, NotYetKnown, NotYours, Refused
from domain.mandates import names_open_to
from domain.receipts import Sealed, receipt_code
from domain.votes import Choice
from models import casts_queries, instants, votes_queries
from models.database import engine, notes
from models.links import Link
from services import audit, mandates, sessions
from services.audit import GENESIS, Head, plan_chain
from services.ballots import IN_APP, OF_PAPER, Receipt, Voted, check_open, written_rows
from services.company import Company, Place
from services.rolls import acting_for
from services.sessions import Claim, NotAdmitted, Reader
from services.transaction import Writing, plain_transaction, stored_by_another

COMING, GOING = "louyi_coming", "louyi_going"


@dataclass(frozen=True)
class _Wish:
    """A cast as it was asked for; what needs no database is judged already."""

    who: Actor | Claim
    motion: Voted
    choice: str
    key: str
    voter: int | None


@dataclass(frozen=True)
class _Voter:
    """Who casts: the actor, and the owners that the actor is."""

    actor: Actor
    owners: Sequence[int]


_Cast = Place[_Wish, Receipt]
_Outcome = Receipt | Refused | NotAdmitted


@lru_cache(maxsize=64)
def _company(engine: object, motion_id: int) -> Company[_Wish, Receipt]:
    """The threads that cast on this motion. Should it be forgotten, the locks do it alone."""
    del engine, motion_id
    return Company()


def _look(
    link: Link, casts: Sequence[_Cast]
) -> Iterator[tuple[_Cast, _Voter | None, Sequence[Any]]]:
    """What the rule speaks of, read under the locks: for each cast who casts, nobody when that one
    is not admitted, and a row for each of the owners on the roll, with the motion's times."""
    motion = casts[0].wish.motion
    wanted = {"motion": motion.id, "chain": plan_chain(motion.plan_id)}
    numbers = {cast.wish.voter for cast in casts if cast.wish.voter is not None}
    keys = [cast.wish.key for cast in casts]
    rows, opened = casts_queries.locked(
        link,
        wanted | {"keys": keys, "numbers": sorted(numbers)},
        _claimed([cast.wish.who for cast in casts]),
    )
    readers = sessions.readers(opened)
    heads: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        heads[row.number].append(row)
    for cast in casts:
        wish = cast.wish
        voter = _voter(wish.who, readers)
        of_cast: Sequence[Any] = heads[wish.voter]
        if wish.voter is None and voter is not None:
            own = wanted | {"keys": [wish.key]}
            of_cast = casts_queries.heads_of_owners(link, own, voter.owners)
        yield cast, voter, _of_owners(of_cast, voter.owners) if voter else ()


def _claimed(who: Sequence[Actor | Claim]) -> dict[str, Any] | None:
    """The sign-ins to look up. One that ended between two clocks is taken for ended: whoever is
    not admitted is asked once more, by the page."""
    claims = [one for one in who if isinstance(one, Claim)]
    if not claims:
        return None
    tokens = sorted({claim.digest for claim in claims})
    return {"tokens": tokens, "now": max(claim.now for claim in claims)}


def _voter(who: Actor | Claim, readers: Mapping[str, Reader]) -> _Voter | None:
    if isinstance(who, Claim):
        reader = readers.get(who.digest)
        actor = reader.actor() if reader is not None else None
        if actor is None or not who.admits(actor):
            return None
    else:
        actor = who
    return _Voter(actor, votes_queries.owner_ids(actor))


def _of_owners(rows: Sequence[Any], owners: Sequence[int]) -> Sequence[Any]:
    """The rows of these owners, and of those who gave them a mandate."""
    return [row for row in rows if row.owner_id in owners or row.mandate_holder_owner in owners]


def _check_takes_casts(row: Any, now: datetime) -> None:
    check_open(row.announced_at, row.opens_at, row.closes_at, row.cancelled_at, now)
    if row.counted:
        # A request that was under way at the close and was overtaken by the count.
        raise NotNow("vote_closed")
    if row.channel != IN_APP:
        raise NotNow("channel_not_in_app", channel=row.channel)
    if row.paper:
        raise NotNow("paper_confirmed")


def _chosen(rows: Sequence[Any], voter: int | None, owners: Sequence[int]) -> tuple[Any, int]:
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


@dataclass
class _Together:
    """What casts that are carried out together write, one after the other as if each were alone."""

    writing: Writing
    head: Head | None = None
    last: dict[int, int] = field(default_factory=dict)
    sent: dict[str, tuple[int | None, str, Receipt]] = field(default_factory=dict)

    def outcome(self, wish: _Wish, voter: _Voter | None, rows: Sequence[Any]) -> _Outcome:
        """What this cast comes to, which is not said before the commit."""
        if voter is None:
            return NotAdmitted()
        try:
            return self.judge(wish, voter, rows)
        except Refused as refusal:
            return refusal

    def judge(self, wish: _Wish, voter: _Voter, rows: Sequence[Any]) -> Receipt:
        """The receipt of this cast, which is to be written; or of the same form sent before."""
        by = voter.actor.account_id
        before = self._sent_before(wish, by) if self._is_sent(wish, rows) else None
        if before is not None:
            return before
        row, person = _chosen(rows, wish.voter, voter.owners)
        # The request's clock was read before the queue; in time is who is so by the database's.
        now = instants.read(self.writing.link.engine, row.instant)
        _check_takes_casts(row, now)
        sealed = Sealed(
            receipt=receipt_code(secrets.token_bytes(16)),
            motion=wish.motion.id,
            voter=row.number,
            person=person,
            choice=wish.choice,
            sequence=self.last.get(row.id, row.last) + 1,
            channel=IN_APP,
            cast_at=now,
        )
        after = self.head or (Head(row.seq, row.digest) if row.seq else Head(0, GENESIS))
        ballot, entry = written_rows(
            voter.actor, wish.motion, sealed, voter_id=row.id, form_key=wish.key, after=after
        )
        mandate = None if person in voter.owners else row.mandate_id
        engine = self.writing.link.engine.dialect.name
        self.writing.writes += casts_queries.written(engine, ballot, entry, mandate)
        self.head, self.last[row.id] = audit.head_of(entry), sealed.sequence
        receipt = Receipt(sealed.receipt, sealed.cast_at, sealed.sequence)
        self.sent[wish.key] = by, wish.choice, receipt
        return receipt

    def _is_sent(self, wish: _Wish, rows: Sequence[Any]) -> bool:
        """Whether this form was sent by one of these casts, or any of theirs before them."""
        return bool(rows) and (wish.key in self.sent or rows[0].sent)

    def _sent_before(self, wish: _Wish, by: int | None) -> Receipt | None:
        if wish.key in self.sent:
            return _again(wish, by, *self.sent[wish.key])
        wanted = {"motion": wish.motion.id, "key": wish.key}
        for ballot in casts_queries.SENT.rows(self.writing.link, wanted):
            receipt = Receipt(ballot.receipt, ballot.cast_at, ballot.sequence)
            return _again(wish, by, ballot.account_id, ballot.choice, receipt)
        return None


def _again(
    wish: _Wish, by: int | None, account_id: int | None, choice: str, receipt: Receipt
) -> Receipt:
    if account_id != by:
        raise Refused("form_key_taken")
    return replace(receipt, again=True, differs=choice != wish.choice)


class _EachRefused(Exception):
    """There is nothing to acknowledge: the transaction ends without a commit."""


def _carry_out(casts: Sequence[_Cast]) -> None:
    """One transaction for these casts; their outcomes are said when it is committed."""
    outcomes: dict[_Cast, _Outcome] = {}
    with plain_transaction() as writing:
        # Then nobody else of this process is voting on it just now.
        writing.link.awake = len(casts) == 1
        together = _Together(writing)
        for cast, voter, rows in _look(writing.link, casts):
            outcomes[cast] = together.outcome(cast.wish, voter, rows)
        if not any(isinstance(outcome, Receipt) for outcome in outcomes.values()):
            _say(outcomes)
            raise _EachRefused
        # A receipt given once more waits for the commit too: the standby may not have it yet.
    _say(outcomes)


def _say(outcomes: Mapping[_Cast, _Outcome]) -> None:
    for cast, outcome in outcomes.items():
        if isinstance(outcome, Receipt):
            cast.result = outcome
        else:
            cast.error = outcome


def _lead(company: Company[_Wish, Receipt], place: _Cast) -> None:
    """Carry out this cast and those that wait; each has its outcome in the end."""
    casts = [place, *company.others()]
    try:
        _try(casts)
    finally:
        company.leave(casts)


def _anew(error: NotStored | NotYetKnown) -> NotStored | NotYetKnown:
    """The same for another thread: an error belongs to the one that raises it."""
    if isinstance(error, NotStored):
        return NotStored(error.failure)
    return NotYetKnown(*error.args)


def _try(casts: Sequence[_Cast]) -> None:
    try:
        _carry_out(casts)
    except _EachRefused:
        pass
    except (NotStored, NotYetKnown) as error:
        for cast in casts:
            cast.error = error if cast is casts[0] else _anew(error)
    except Exception as error:
        if len(casts) == 1:
            casts[0].error = error
            return
        # Nothing is stored, and one of them is the cause: each alone, so that only that one fails.
        for cast in casts:
            _try([cast])


def expect(motion_id: int) -> None:
    """This unit of work is going to cast on that motion: whoever casts on it just now may wait."""
    company = notes()[COMING] = _company(engine(), motion_id)
    company.expect()


def expected_no_longer() -> None:
    """Whether it has cast or not: its answer is said."""
    noted = notes()
    coming: Company[_Wish, Receipt] | None = noted.pop(COMING, None)
    going: Company[_Wish, Receipt] | None = noted.pop(GOING, None)
    if coming is not None:
        coming.met()
    if going is not None:
        going.gone()


def _is_expected(company: Company[_Wish, Receipt]) -> bool:
    """Whether the company counts on this unit of work, which from now on counts as there."""
    noted = notes()
    if noted.get(COMING) is not company:
        expected_no_longer()
        return False
    noted[GOING] = noted.pop(COMING)
    return True


def _form_key(form_key: str) -> str:
    if not 8 <= len(form_key) <= 200 or form_key.startswith(OF_PAPER):
        raise Refused("form_key_missing")
    return form_key


def cast(
    who: Actor | Claim,
    motion: Voted,
    choice: str,
    *,
    form_key: str,
    now: datetime,
    voter: int | None = None,
) -> Receipt:
    """The actor's answer is recorded as the voter's newest, and the receipt returned.

    Whether it is in time the database's clock decides, read under the motion's lock. Of a claim it
    is found out there who the actor is; raises ``NotAdmitted`` when it is nobody who may.
    ``voter`` is the number on the roll, needed only by who owns under several heads. The same
    ``form_key`` again gives the first receipt again. Refuses ``choice_missing``, ``not_on_roll``,
    ``voter_not_chosen``, ``represented_by_another``, ``representative_named``, ``vote_not_open``,
    ``vote_closed``, ``motion_cancelled``, ``channel_not_in_app`` (channel), ``paper_confirmed``,
    ``form_key_missing``, ``form_key_taken``.
    """
    if choice not in tuple(Choice):
        raise Refused("choice_missing", field="choice")
    # Whether it is in time is judged by the clock read under the lock.
    del now
    place: _Cast = Place(_Wish(who, motion, choice, _form_key(form_key), voter))
    company = _company(engine(), motion.id)
    if company.leads(place, expected=_is_expected(company)):
        _lead(company, place)
    elif place.result is not None or isinstance(place.error, NotYetKnown):
        stored_by_another()
    return place.answer()
