"""Who votes for whom on a motion: mandates recorded by the committee, withdrawn, and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused, Stale
from domain.mandates import MandateDraft, check_mandate
from domain.periods import local_day
from domain.plans import MotionStage
from domain.vocabulary import OwnerKind
from domain.voters import Mandate as Rule
from domain.voters import MandateKind
from models import instants, votes_queries
from models import mandates as queries
from models.mandates import Mandate
from models.register import Owner
from models.votes import Motion, Roll, RollVoter
from services import motions, notices
from services.audit import plan_chain, record
from services.transaction import transaction

# A proxy that came with a paper may be recorded while the paper is typed in.
RECORDABLE_AT = frozenset(
    {MotionStage.ROLL_POSTED, MotionStage.NOTICE, MotionStage.VOTING, MotionStage.CLOSED}
)
WITHDRAWABLE_AT = frozenset({MotionStage.ROLL_POSTED, MotionStage.NOTICE, MotionStage.VOTING})
LONGEST = 200


@dataclass(frozen=True)
class Given:
    """A mandate as typed in; the holder is an owner on the roll, or anybody else by name."""

    kind: str
    principal_id: int
    holder_owner_id: int | None
    holder_name: str
    document: str
    seen_on: date
    not_property_staff: bool


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def as_rule(mandate: Mandate) -> Rule:
    """The mandate as the rules see it."""
    return rule_of(
        mandate.id,
        mandate.kind,
        voter=mandate.voter_id,
        owner=mandate.owner_id,
        holder=mandate.holder,
        holder_owner=mandate.holder_owner_id,
    )


def rule_of(
    id: int, kind: str, *, voter: int, owner: int, holder: str, holder_owner: int | None
) -> Rule:
    """A mandate as the rules see it, from its columns.

    A company's letter is opened by its representative: named by name only, that is whoever holds
    the company's own account.
    """
    who = f"name {_plain(holder)}"
    if holder_owner is not None:
        who = str(holder_owner)
    elif kind == MandateKind.COMPANY:
        who = str(owner)
    return Rule(MandateKind(kind), who, id, str(owner), voter)


def _same_holder(mandate: Mandate, owner_id: int | None, name: str) -> bool:
    if owner_id is not None and mandate.holder_owner_id is not None:
        return mandate.holder_owner_id == owner_id
    return _plain(mandate.holder) == _plain(name)


def give(actor: Actor, voter: RollVoter, given: Given, *, now: datetime) -> Mandate:
    """The mandate is on record and its holder may answer for the voter.

    Refuses what ``domain.mandates.check_mandate`` refuses, ``mandate_holder_missing``,
    ``mandate_seen_later`` after the close, ``roll_superseded``, ``motion_not_at_this_stage``.
    """
    with transaction() as session:
        motion = motions.locked(session, voter.roll.motion_id)
        now = instants.now(session)
        motions.require(motion, now, RECORDABLE_AT)
        roll = _newest(motion, voter)
        name = _holder_name(roll, given)
        _check(session, motion, voter, given, name, now)
        made = Mandate(
            motion_id=motion.id,
            voter_id=voter.id,
            owner_id=given.principal_id,
            kind=given.kind,
            holder=name,
            holder_owner_id=given.holder_owner_id,
            document=given.document.strip(),
            seen_on=given.seen_on,
            not_property_staff=given.not_property_staff,
            recorded_at=now,
            recorded_by=actor.account_id,
        )
        session.add(made)
        session.flush()
        record(
            session,
            plan_chain(motion.plan_id),
            "mandate_given",
            actor=actor,
            now=now,
            details={
                "motion": motion.id,
                "voter": voter.number,
                "mandate": made.id,
                "kind": made.kind,
            },
        )
    return made


def _newest(motion: Motion, voter: RollVoter) -> Roll:
    newest = votes_queries.newest_roll(motion.id)
    if newest is None or newest.id != voter.roll_id:
        raise Stale("roll_superseded")
    return newest


def _holder_name(roll: Roll, given: Given) -> str:
    names = {owner.owner_id: owner.name for one in roll.voters for owner in one.owners}
    if given.holder_owner_id is not None:
        if given.holder_owner_id not in names:
            raise Refused("mandate_holder_missing", field="holder_owner")
        return names[given.holder_owner_id]
    name = " ".join(given.holder_name.split())
    if not name:
        raise Refused("mandate_holder_missing", field="holder_name")
    if len(name) > LONGEST or len(given.document.strip()) > LONGEST:
        field = "holder_name" if len(name) > LONGEST else "document"
        raise Refused("statement_line_too_long", field=field, most=LONGEST)
    return name


def _check(
    session: Session, motion: Motion, voter: RollVoter, given: Given, name: str, now: datetime
) -> None:
    standing = queries.live_mandates(motion.id)
    principal = session.get(Owner, given.principal_id)
    kind = OwnerKind(principal.kind) if principal else OwnerKind.PERSON
    latest = motion.closes_at if motion.closes_at and motion.closes_at <= now else None
    if latest is not None and given.seen_on >= local_day(latest):
        raise Refused("mandate_seen_later", field="seen_on")
    if given.kind not in tuple(MandateKind):
        raise Refused("mandate_kind_unknown", field="kind")
    owned = given.holder_owner_id
    draft = MandateDraft(
        kind=MandateKind(given.kind),
        voter=voter.id,
        principal=str(given.principal_id),
        principal_kind=kind,
        holder=str(owned) if owned is not None else f"name {_plain(name)}",
        document=given.document,
        seen_on=given.seen_on,
        not_property_staff=given.not_property_staff,
    )
    check_mandate(
        draft,
        [(as_rule(one), _same_holder(one, owned, name)) for one in standing],
        owners=frozenset(str(owner.owner_id) for owner in voter.owners),
        today=local_day(now),
        proxy_limit=notices.city_of(motion.plan).proxy_limit.value,
    )


def withdraw(actor: Actor, mandate: Mandate, *, reason: str, now: datetime) -> Mandate:
    """The mandate holds no longer; what was cast by it stands until the owner answers anew.

    Refuses ``mandate_reason_missing``, ``mandate_withdrawn_before`` and, once the vote has closed,
    ``motion_not_at_this_stage``.
    """
    if not reason.strip():
        raise Refused("mandate_reason_missing", field="reason")
    with transaction() as session:
        motion = motions.locked(session, mandate.motion_id)
        now = instants.now(session)
        motions.require(motion, now, WITHDRAWABLE_AT)
        found = session.get_one(Mandate, mandate.id, populate_existing=True)
        if found.withdrawn_at is not None:
            raise NotNow("mandate_withdrawn_before")
        found.withdrawn_at, found.withdrawn_by = now, actor.account_id
        found.withdraw_reason = reason.strip()
        record(
            session,
            plan_chain(motion.plan_id),
            "mandate_withdrawn",
            actor=actor,
            now=now,
            details={"motion": motion.id, "mandate": found.id},
        )
    return found


def carry(session: Session, actor: Actor, old: Roll, new: Roll, now: datetime) -> None:
    """Inside the correction of a roll: who voted for whom still does, where the owners are the
    same; every mandate on the old version is closed."""
    heads = {frozenset(o.owner_id for o in voter.owners): voter for voter in new.voters}
    owners = {voter.id: frozenset(o.owner_id for o in voter.owners) for voter in old.voters}
    for mandate in queries.mandates_of_roll(old.id):
        kept = heads.get(owners[mandate.voter_id])
        mandate.withdrawn_at, mandate.withdrawn_by = now, actor.account_id
        mandate.withdraw_reason = f"roll version {new.version}"
        if kept is None:
            continue
        session.add(
            Mandate(
                voter_id=kept.id,
                **{
                    name: getattr(mandate, name)
                    for name in (
                        "motion_id",
                        "owner_id",
                        "kind",
                        "holder",
                        "holder_owner_id",
                        "document",
                        "seen_on",
                        "not_property_staff",
                        "recorded_at",
                        "recorded_by",
                    )
                },
            )
        )


def of_voter(standing: Iterable[Mandate], voter_id: int) -> list[Mandate]:
    """The live mandates for one head."""
    return [one for one in standing if one.voter_id == voter_id and one.withdrawn_at is None]


def in_use(standing: Sequence[Mandate], owner_id: int, own: Iterable[int]) -> Mandate | None:
    """The mandate by which somebody who is ``own`` answers in this owner's name; None in person."""
    if owner_id in set(own):
        return None
    return next((one for one in standing if one.owner_id == owner_id), None)
