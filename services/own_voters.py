"""For whom an actor may be asked on a motion: its own heads, and those whose mandate it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.accounts import Actor
from domain.own_ballot import Together
from models import own_voters_queries as queries
from models import votes_queries
from models.mandates import Mandate
from models.votes import Ballot, Motion, RollDwelling, RollVoter
from services import mandates
from services.ballots import PAPER, in_order, together_for
from services.rolls import acting


@dataclass(frozen=True)
class OwnVoter:
    """A head for which the actor may be asked: its dwellings, and how its ballot stands.

    ``person`` is the owner in whose name the actor answers, None when a representative was named
    and it is another, or somebody else answers by a mandate (``represented``). ``mandate`` is the
    actor's own, by which it answers. ``mine`` are that person's ballots in order, what was given on
    paper last, since it prevails; ``stands`` how the head's ballot stands for the actor; ``others``
    whether a co-owner has answered; ``paper`` whether that person's own confirmed paper stands.
    """

    voter: RollVoter
    person: int | None
    mine: tuple[Ballot, ...]
    stands: Together
    others: bool
    paper: bool
    mandate: Mandate | None = None
    represented: Mandate | None = None

    @property
    def latest(self) -> Ballot | None:
        """The person's newest ballot."""
        return self.mine[-1] if self.mine else None

    @property
    def disputed(self) -> bool:
        """Whether the co-owners' answers differ and nobody has settled it."""
        return self.stands is Together.DISPUTED

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
    return own_voters_on(actor, [motion.id]).get(motion.id, ())


def own_voters_on(
    actor: Actor, motion_ids: Collection[int], *, aside: Collection[str] = ()
) -> Mapping[int, tuple[OwnVoter, ...]]:
    """Motion id → ``own_voters``, of those motions where there are any; the ballots with the
    receipts ``aside`` do not count and are left out."""
    owners = votes_queries.owner_ids(actor)
    voters = queries.voters_of(motion_ids, owners) if owners and motion_ids else {}
    if not voters:
        return {}
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    for ballot in queries.ballots_of(voter.id for voter in voters):
        if ballot.receipt not in aside:
            ballots[ballot.voter_id].append(ballot)
    found: dict[int, list[OwnVoter]] = defaultdict(list)
    for voter, standing in voters.items():
        found[voter.roll.motion_id].append(_own_voter(voter, ballots[voter.id], owners, standing))
    return {motion_id: tuple(own) for motion_id, own in found.items()}


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
        mine=tuple(sorted(mine, key=in_order)),
        stands=together_for(voter, ballots, person),
        others=len(mine) < len(ballots),
        paper=any(ballot.channel == PAPER for ballot in mine),
        mandate=used,
        represented=next(iter(replaced), None),
    )
