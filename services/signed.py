"""The list of votes as signed, for owners and committee; each look is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.accounts import Actor
from domain.cities import Channel
from domain.errors import NotNow, NotYours
from domain.platforms import Form, combined
from domain.votes import Vote
from models import paper_boxes, votes_queries
from models.mandates import Mandate, kinds_of_ballots
from models.votes import Ballot, Motion, RollVoter
from services import platforms
from services.audit import plan_chain, record
from services.ballots import in_order, serial_of
from services.boxes import counted_papers
from services.counts import cast_votes, sees_exact
from services.transaction import transaction


@dataclass(frozen=True)
class SignedLine:
    """One head in the signed list: where, who, what was counted, on which channel."""

    voter: RollVoter
    vote: Vote | None
    channel: str | None
    cast_at: datetime | None
    # By whose hand, where it was not an owner's own.
    mandate: Mandate | None
    # The day on which its paper was handed in, where one was.
    handed_in: date | None = None


def signed_list(actor: Actor, motion: Motion, *, now: datetime) -> list[SignedLine]:
    """The votes as signed, head by head; that they were read is put on record.

    Refuses ``result_sealed`` before the count and ``signed_file_not_yours``.
    """
    if not sees_exact(actor, motion):
        raise NotYours("signed_file_not_yours")
    with transaction() as session:
        # The motion was read afresh by whoever asks; a count, once there, never changes.
        if motion.counted is None or motion.counted.counted_at > now:
            raise NotNow("result_sealed")
        record(
            session,
            plan_chain(motion.plan_id),
            "signed_file_opened",
            actor=actor,
            now=now,
            details={"motion": motion.id},
        )
        return _signed_lines(motion)


def _signed_lines(motion: Motion) -> list[SignedLine]:
    roll = votes_queries.newest_roll(motion.id)
    voters = roll.voters if roll else []
    papers = counted_papers(motion)
    every = votes_queries.ballots_of(motion.id)
    ballots = [ballot for ballot in every if serial_of(ballot) not in papers.excluded]
    latest = _that_hold(voters, ballots)
    handed_in = paper_boxes.handed_in_days(motion.id)
    by_mandate = kinds_of_ballots(ballot.id for ballot in latest.values())
    cast = cast_votes(voters, ballots, papers)
    listed = _listed(motion)
    votes = combined(listed, cast)
    lines = []
    for voter in voters:
        ballot = latest.get(voter.id)
        on_platform = voter.number in listed and votes[voter.number] != cast.get(voter.number)
        if on_platform or ballot is None:
            channel = Channel.OFFICIAL_PLATFORM.value if voter.number in listed else None
            vote, day = votes.get(voter.number), handed_in.get(voter.id)
            lines.append(SignedLine(voter, vote, channel, None, None, day))
            continue
        mandate = by_mandate.get(ballot.id)
        vote = votes.get(voter.number)
        day = handed_in.get(voter.id)
        lines.append(SignedLine(voter, vote, ballot.channel, ballot.cast_at, mandate, day))
    return lines


def _that_hold(voters: Sequence[RollVoter], ballots: Sequence[Ballot]) -> dict[int, Ballot]:
    """Voter → the ballot that its vote is: the representative's where that one has answered; what
    came on paper before what came online, then the later one."""
    named = {one.id: one.representative.owner_id for one in voters if one.representative}

    def order(ballot: Ballot) -> tuple[bool, bool, int]:
        return (ballot.owner_id == named.get(ballot.voter_id), *in_order(ballot))

    return {ballot.voter_id: ballot for ballot in sorted(ballots, key=order)}


def _listed(motion: Motion) -> dict[int, Vote]:
    """What the official platform's list says, where there is one."""
    if motion.channel != Channel.OFFICIAL_PLATFORM:
        return {}
    result = platforms.confirmed_result(motion)
    return platforms.listed_votes(result) if result.form == Form.BALLOTS else {}
