"""On the first page of a household: the votes that wait for it, and how each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.accounts import Actor
from domain.own_ballot import ASKED, Together, most_urgent
from models.mandates import Mandate
from models.plans import Plan
from models.votes import Motion
from services.ballots import IN_APP
from services.own_voters import OwnVoter, own_voters_on


@dataclass(frozen=True)
class ToVote:
    """A motion and the heads for which the actor may be asked on it: its own together, each one
    for which it holds a mandate apart. ``open``: voting is open; closed, only a dispute is told."""

    motion: Motion
    plan: Plan
    own: tuple[OwnVoter, ...]
    open: bool

    @property
    def share(self) -> int | None:
        """What all of them pay together, in fen."""
        shares = [one.share for one in self.own]
        return None if None in shares else sum(share or 0 for share in shares)

    @property
    def heads(self) -> int:
        """How many they are."""
        return len(self.own)

    @property
    def voted(self) -> int:
        """Of how many nothing is asked any more."""
        return sum(one.stands not in ASKED for one in self.own)

    @property
    def first(self) -> OwnVoter:
        """The head of which there is most urgently something to say."""
        return next(one for one in self.own if one.stands is self.stands)

    @property
    def stands(self) -> Together:
        """How it stands, the most urgent first."""
        return most_urgent(one.stands for one in self.own)

    @property
    def mandate(self) -> Mandate | None:
        """The actor's mandate, where the head is somebody else's."""
        return self.own[0].mandate


def votes_of(actor: Actor, asked: Mapping[int, tuple[Motion, Plan, bool]]) -> tuple[ToVote, ...]:
    """What there is to say to the actor of these motions: id → motion, plan, whether it is open.

    Of a motion that has closed only a ballot that stayed disputed is told.
    """
    found = [
        ToVote(motion, plan, group, is_open)
        for motion_id, own in own_voters_on(actor, asked.keys()).items()
        for motion, plan, is_open in (asked[motion_id],)
        for group in _by_right(own, motion)
    ]
    return tuple(one for one in found if one.open or one.stands is Together.DISPUTED)


def _by_right(own: Sequence[OwnVoter], motion: Motion) -> list[tuple[OwnVoter, ...]]:
    """The heads behind which the actor stands itself; then each of its mandates, which are used
    online only."""
    in_person = tuple(one for one in own if one.mandate is None)
    by_mandate = [(one,) for one in own if one.mandate is not None and motion.channel == IN_APP]
    return [group for group in (in_person, *by_mandate) if group]
