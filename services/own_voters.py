"""For whom an actor may be asked on a motion: its own heads, and those whose mandate it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.accounts import Actor
from domain.votes import Mark
from models import mandates as mandates_queries
from models import votes_queries
from models.mandates import Mandate
from models.votes import Ballot, Motion, RollDwelling, RollVoter
from services import mandates
from services.ballots import PAPER, vote_of
from services.rolls import acting


@dataclass(frozen=True)
class OwnVoter:
    """A head for which the actor may be asked: its dwellings, and how its ballot stands.

    ``person`` is the owner in whose name the actor answers, None when a representative was named
    and it is another, or somebody else answers by a mandate (``represented``). ``mandate`` is the
    actor's own, by which it answers. ``latest`` is that person's newest ballot; ``others`` whether
    a co-owner has answered; ``disputed`` whether the answers differ and nobody was named; ``paper``
    whether that person's own confirmed paper stands.
    """

    voter: RollVoter
    person: int | None
    latest: Ballot | None
    others: bool
    disputed: bool
    paper: bool
    mandate: Mandate | None = None
    represented: Mandate | None = None

    @property
    def dwellings(self) -> list[RollDwelling]:
        """The head's dwellings in order."""
        return sorted(self.voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room))

    @property
    def rooms(self) -> str:
        """``1单元301、1单元302``."""
        return "、".join(f"{one.entrance}{one.room}" for one in self.dwellings)

    @property
    def share(self) -> int | None:
        """What all the head's dwellings pay together, in fen."""
        shares = [dwelling.share for dwelling in self.voter.dwellings]
        return None if None in shares else sum(share or 0 for share in shares)


def own_voters(actor: Actor, motion: Motion) -> tuple[OwnVoter, ...]:
    """The heads behind which the actor stands on the motion's roll, or for which it holds a
    mandate, by number."""
    owners = votes_queries.owner_ids(actor)
    if not owners:
        return ()
    voters = votes_queries.voters_of(motion.id, owners)
    ballots = votes_queries.ballots_of(motion.id, [voter.id for voter in voters])
    standing = mandates_queries.live_mandates(motion.id) if voters else ()
    return tuple(
        _own_voter(
            voter,
            [b for b in ballots if b.voter_id == voter.id],
            owners,
            mandates.of_voter(standing, voter.id),
        )
        for voter in voters
    )


def _own_voter(
    voter: RollVoter,
    ballots: Sequence[Ballot],
    owners: Sequence[int],
    standing: Sequence[Mandate],
) -> OwnVoter:
    person = acting(voter, owners, map(mandates.as_rule, standing))
    names = {*owners, person}
    mine = [ballot for ballot in ballots if ballot.owner_id in names]
    used = mandates.in_use(standing, person, owners) if person is not None else None
    replaced = [one for one in standing if one.owner_id in owners] if person is None else []
    return OwnVoter(
        voter=voter,
        person=person,
        latest=max(mine, key=lambda one: (one.channel == PAPER, one.sequence), default=None),
        others=len(mine) < len(ballots),
        disputed=vote_of(voter, ballots) is Mark.DISPUTED,
        paper=any(ballot.channel == PAPER for ballot in mine),
        mandate=used,
        represented=next(iter(replaced), None),
    )
