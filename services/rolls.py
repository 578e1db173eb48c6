"""The roll (业主清册) of a motion: built from the register, posted, corrected, and then used alone.

A posted roll is never changed. A correction is a new version with its reason, before the opening of
the vote only, and made by somebody other than whoever posted the version before it. Ballots take
their weight from the newest version; what happens to the register afterwards does not touch it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.mandates import names_open_to
from domain.plans import MotionStage
from domain.vocabulary import AreaSource, Tenure
from domain.voters import Dwelling as Part
from domain.voters import Mandate, MandateKind, Voter, VoterKind, acts_in_name_of, voters_from
from models import instants, votes_queries
from models.register import Dwelling
from models.votes import (
    Motion,
    PaperSheet,
    Representative,
    Roll,
    RollDwelling,
    RollOwner,
    RollVoter,
)
from services import costs, mandates, motions, notices
from services.audit import plan_chain, record
from services.transaction import transaction

CORRECTABLE = frozenset({MotionStage.ROLL_POSTED, MotionStage.NOTICE})


def part_of(dwelling: Dwelling) -> Part:
    """A dwelling of the register as the rules see it; needs its entrance and ownerships."""
    return Part(
        key=dwelling.id,
        building=dwelling.entrance.building.name,
        entrance=dwelling.entrance.name,
        room=dwelling.room,
        floor=dwelling.floor,
        area=dwelling.area,
        area_source=AreaSource(dwelling.area_source),
        owners=frozenset(str(owned.owner_id) for owned in dwelling.ownerships),
        developer_unsold=dwelling.tenure == Tenure.DEVELOPER,
        counts=dwelling.counts,
    )


class RollLine(NamedTuple):
    """One dwelling on a roll; two rolls differ when their lines do."""

    kind: str
    dwelling: int
    entrance: str
    room: str
    floor: int
    area: int
    area_source: str
    share: int | None
    owners: tuple[int, ...]
    names: str


@dataclass(frozen=True)
class Drawn:
    """The electorate as the register has it now; ``shares`` and ``names`` by id."""

    voters: tuple[Voter, ...]
    shares: dict[int, int]
    names: dict[int, str]

    def lines(self) -> set[RollLine]:
        """What a roll drawn now says, dwelling by dwelling."""
        return {
            RollLine(
                kind=voter.kind.value,
                dwelling=int(part.key),
                entrance=part.entrance,
                room=part.room,
                floor=part.floor,
                area=part.area,
                area_source=part.area_source.value,
                share=self.shares.get(int(part.key)),
                owners=tuple(sorted(int(owner) for owner in voter.owners)),
                names="、".join(self.names[owner] for owner in sorted(map(int, voter.owners))),
            )
            for voter in self.voters
            for part in voter.dwellings
        }


def draw(motion: Motion) -> Drawn:
    """The electorate of the motion from the register of this moment.

    Refuses what ``voters_from`` and the sharing refuse, and ``electorate_empty``.
    """
    dwellings = votes_queries.electorate_dwellings(motion.plan.building_id, motion.entrance_id)
    voters = voters_from(part_of(dwelling) for dwelling in dwellings)
    if not voters:
        raise Refused("electorate_empty")
    names = {owned.owner_id: owned.owner.name for d in dwellings for owned in d.ownerships}
    return Drawn(voters, costs.shares(motion.version, dwellings), names)


def roll_lines(roll: Roll) -> set[RollLine]:
    """What a posted roll says, dwelling by dwelling."""
    return {
        RollLine(
            kind=voter.kind,
            dwelling=dwelling.dwelling_id,
            entrance=dwelling.entrance,
            room=dwelling.room,
            floor=dwelling.floor,
            area=dwelling.area,
            area_source=dwelling.area_source,
            share=dwelling.share,
            owners=tuple(sorted(owner.owner_id for owner in voter.owners)),
            names="、".join(o.name for o in sorted(voter.owners, key=lambda o: o.owner_id)),
        )
        for voter in roll.voters
        for dwelling in voter.dwellings
    }


def _store(session: Session, roll: Roll, drawn: Drawn) -> None:
    """All rows of a roll, table by table, so that a large building costs few statements."""
    session.add(roll)
    session.flush()
    rows = [
        (
            RollVoter(roll_id=roll.id, number=voter.number, area=voter.area, kind=voter.kind.value),
            voter,
        )
        for voter in drawn.voters
    ]
    session.add_all([row for row, _voter in rows])
    session.flush()
    for row, voter in rows:
        session.add_all(
            RollDwelling(
                voter_id=row.id,
                dwelling_id=part.key,
                building=part.building,
                entrance=part.entrance,
                room=part.room,
                floor=part.floor,
                area=part.area,
                area_source=part.area_source.value,
                share=drawn.shares.get(int(part.key)),
            )
            for part in voter.dwellings
        )
        session.add_all(
            RollOwner(voter_id=row.id, owner_id=int(owner), name=drawn.names[int(owner)])
            for owner in sorted(voter.owners, key=int)
        )
    session.flush()


def post_roll(actor: Actor, motion: Motion, *, now: datetime) -> Roll:
    """The roll is posted as version 1, with each dwelling's share of the cost, and stays as it is.

    Refuses ``roll_already_posted``, ``motion_not_at_this_stage``, ``electorate_empty``,
    ``plan_not_active``, and what the register's data makes the rules refuse.
    """
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        if motion.rolls:
            raise NotNow("roll_already_posted")
        motions.require(motion, now, {MotionStage.DRAFT})
        motions.require_active(motion.plan, now)
        drawn = draw(motion)
        roll = Roll(motion_id=motion.id, version=1, posted_at=now, posted_by=actor.account_id)
        _store(session, roll, drawn)
        head = record(
            session,
            plan_chain(motion.plan_id),
            "roll_posted",
            actor=actor,
            now=now,
            details={"motion": motion.id, "roll": roll.id, "voters": len(drawn.voters)},
        )
        days = notices.city_of(motion.plan).roll_posting_days.value
        notices.post(
            session,
            motion.plan,
            "roll",
            actor=actor,
            days=days,
            head=head,
            now=now,
            motion_id=motion.id,
        )
        session.expire(motion, ["rolls"])
    return roll


def _carry_representatives(session: Session, old: Roll, new: Roll) -> None:
    """Whom co-owners named still acts for them in a corrected roll."""
    named = {
        frozenset(owner.owner_id for owner in voter.owners): voter.representative
        for voter in old.voters
        if voter.representative is not None
    }
    for voter in session.scalars(select(RollVoter).where(RollVoter.roll_id == new.id)):
        kept = named.get(frozenset(owner.owner_id for owner in voter.owners))
        if kept is not None:
            session.add(
                Representative(
                    voter_id=voter.id,
                    owner_id=kept.owner_id,
                    named_at=kept.named_at,
                    recorded_by=kept.recorded_by,
                    document=kept.document,
                )
            )


def correct_roll(actor: Actor, motion: Motion, *, reason: str, now: datetime) -> Roll:
    """A new version of the roll, drawn from the corrected register, holds from now on.

    Printed ballots of the version before are void. Refuses ``roll_reason_missing``,
    ``roll_not_posted``, ``roll_frozen`` once voting has opened, ``second_person_needed`` to whoever
    posted the version before, ``roll_unchanged`` when the register says the same.
    """
    if not reason.strip():
        raise Refused("roll_reason_missing", field="reason")
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        now = instants.now(session)
        old = votes_queries.newest_roll(motion.id)
        if old is None:
            raise NotNow("roll_not_posted")
        if motions.stage(motion, now) not in CORRECTABLE:
            raise NotNow("roll_frozen")
        if old.posted_by == actor.account_id:
            raise NotYours("second_person_needed")
        drawn = draw(motion)
        if drawn.lines() == roll_lines(old):
            raise Refused("roll_unchanged")
        roll = Roll(
            motion_id=motion.id,
            version=old.version + 1,
            posted_at=now,
            posted_by=actor.account_id,
            reason=reason.strip(),
        )
        _store(session, roll, drawn)
        _carry_representatives(session, old, roll)
        session.expire(roll)
        mandates.carry(session, actor, old, roll, now)
        _void_sheets(session, actor, motion.id, roll.version, now)
        record(
            session,
            plan_chain(motion.plan_id),
            "roll_corrected",
            actor=actor,
            now=now,
            details={"motion": motion.id, "roll": roll.id, "version": roll.version},
        )
        session.expire(motion, ["rolls"])
    return roll


def _void_sheets(
    session: Session, actor: Actor, motion_id: int, version: int, now: datetime
) -> None:
    live = select(PaperSheet).where(
        PaperSheet.motion_id == motion_id, PaperSheet.voided_at.is_(None)
    )
    for sheet in session.scalars(live):
        sheet.voided_at, sheet.voided_by = now, actor.account_id
        sheet.void_reason = f"roll version {version}"


def acting(voter: RollVoter, owners: Iterable[int], standing: Iterable[Mandate] = ()) -> int | None:
    """In which owner's name the actor, who is these owners, may answer for the voter; None when in
    none.

    Needs ``voter.owners`` and ``voter.representative``; the rules are those of ``domain.voters``
    and, for the ``standing`` mandates, ``domain.mandates``.
    """
    behind = {owner.owner_id for owner in voter.owners}
    return acting_for(
        behind,
        voter.representative.owner_id if voter.representative else None,
        names_open_to(behind, owners, standing),
    )


def acting_for(
    owners_of_voter: Iterable[int], representative: int | None, owners: Iterable[int]
) -> int | None:
    """``acting`` from plain ids."""
    head = Voter(0, (), frozenset(map(str, owners_of_voter)), 0, VoterKind.OWNER)
    named: Sequence[Mandate] = ()
    if representative is not None:
        named = (Mandate(MandateKind.REPRESENTATIVE, str(representative), 1, voter=0),)
    for owner in sorted(owners):
        in_name_of = acts_in_name_of(head, str(owner), named)
        if in_name_of is not None:
            return int(in_name_of)
    return None


def name_representative(
    actor: Actor, voter: RollVoter, owner_id: int, *, document: str, now: datetime
) -> Representative:
    """From now on only this co-owner answers for the voter; ``document`` says on what ground.

    Refuses ``representative_not_needed`` for a single owner, ``owner_not_of_voter``,
    ``document_missing``, ``roll_superseded``, and ``motion_not_at_this_stage`` once closed.
    """
    if not document.strip():
        raise Refused("document_missing", field="document")
    with transaction() as session:
        motion = motions.locked(session, voter.roll.motion_id)
        now = instants.now(session)
        motions.require(
            motion,
            now,
            {MotionStage.ROLL_POSTED, MotionStage.NOTICE, MotionStage.VOTING},
        )
        newest = votes_queries.newest_roll(motion.id)
        if newest is None or newest.id != voter.roll_id:
            raise Stale("roll_superseded")
        owners = {owner.owner_id for owner in voter.owners}
        if len(owners) < 2:
            raise Refused("representative_not_needed")
        if owner_id not in owners:
            raise Refused("owner_not_of_voter", field="owner")
        named = session.get(Representative, voter.id, populate_existing=True)
        if named is None:
            named = Representative(voter_id=voter.id)
            session.add(named)
        named.owner_id, named.named_at = owner_id, now
        named.recorded_by, named.document = actor.account_id, document.strip()
        record(
            session,
            plan_chain(motion.plan_id),
            "representative_named",
            actor=actor,
            now=now,
            details={"motion": motion.id, "voter": voter.id, "owner": owner_id},
        )
        session.flush()
        session.expire(voter, ["representative"])
    return named
