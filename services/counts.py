"""Turnout while a vote runs, the count once it is closed, and what of it may be shown to whom.

Until the close nobody sees a result, the committee included: only who takes part, as heads and as a
share of the area rounded to 1 %. The count is recorded once, as canonical JSON (RFC 8785) with its
SHA-256; pages read it from there and never count again. ``recount`` builds the same text anew from
roll and ballots, so that anyone with the database can compare.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import rfc8785
from sqlalchemy.orm import Session

from domain.accounts import Actor, Permission, Scope
from domain.cities import Channel
from domain.disclosure import ShownRatio, shown_area, shown_percent
from domain.errors import NotNow
from domain.plans import DECIDED, MotionStage
from domain.quantities import parse_hundredths
from domain.ratios import Figures, Matter, Outcome, Rule, quorate
from domain.receipts import list_digest
from domain.voters import Voter, VoterKind
from domain.votes import INVALID, Count, Vote
from domain.votes import count as lawful_count
from models import instants, votes_queries
from models.votes import Ballot, Motion, MotionCount, Roll, RollVoter
from services import boxes, count_sources, motions, notices, platforms
from services.audit import Head, plan_chain, record
from services.ballots import PAPER, serial_of, vote_of
from services.boxes import CountedPapers, counted_papers
from services.transaction import transaction

FORMAT = "louyi-count-2"
# Counts recorded before papers had a list, and before nothing of nothing was no approval.
FIRST_FORMAT = "louyi-count-1"


@dataclass(frozen=True)
class Turnout:
    """Who takes part so far: heads, and the area as a share rounded to 1 %.

    ``enough_area`` is exact: whether that area is two thirds of all.
    """

    persons: int
    total: int
    percent: int
    enough_area: bool


def turnout(motion: Motion) -> Turnout:
    """The turnout of the motion by the newest roll; disputed ballots take part."""
    persons, total, area, total_area = votes_queries.turnout_figures(motion.id)
    enough = quorate(area, total_area)
    return Turnout(persons, total, shown_percent(area, total_area), enough)


def cast_votes(
    voters: Sequence[RollVoter], ballots: Sequence[Ballot], papers: CountedPapers
) -> dict[int, Vote]:
    """Voter number → what the ballots and papers of this program amount to; beside a valid ballot
    an invalid paper is void."""
    by_voter: dict[int, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        if serial_of(ballot) not in papers.excluded:
            by_voter[ballot.voter_id].append(ballot)
    votes: dict[int, Vote] = {}
    for voter in voters:
        vote = vote_of(voter, by_voter[voter.id])
        if vote is None and voter.id in papers.invalid:
            vote = INVALID
        if vote is not None:
            votes[voter.number] = vote
    return votes


def _counted(motion: Motion, roll: Roll, cast: Mapping[int, Vote]) -> Count:
    heads = [
        Voter(voter.number, (), frozenset(), voter.area, VoterKind(voter.kind))
        for voter in roll.voters
    ]
    if motion.channel == Channel.OFFICIAL_PLATFORM:
        result = platforms.confirmed_result(motion)
        return platforms.counted_with(result, Matter(motion.matter), heads, cast)
    return lawful_count(Matter(motion.matter), heads, cast)


def roll_document(roll: Roll) -> list[dict[str, object]]:
    """The roll as plain values without names: what the count rests on. Owners by their number."""
    return [
        {
            "voter": voter.number,
            "kind": voter.kind,
            "area": voter.area,
            "owners": sorted(owner.owner_id for owner in voter.owners),
            "representative": voter.representative.owner_id if voter.representative else None,
            "dwellings": [
                {
                    "building": dwelling.building,
                    "entrance": dwelling.entrance,
                    "room": dwelling.room,
                    "floor": dwelling.floor,
                    "area": dwelling.area,
                    "area_source": dwelling.area_source,
                    "share": dwelling.share,
                }
                for dwelling in sorted(voter.dwellings, key=lambda d: d.dwelling_id)
            ],
        }
        for voter in roll.voters
    ]


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat()


def _document(
    motion: Motion,
    roll: Roll,
    ballots: Sequence[Ballot],
    papers: CountedPapers,
    counted: Count,
    form: str,
) -> dict[str, object]:
    """Everything the count says: the published form of a count, and what it was made from."""
    by_paper = sum(ballot.channel == PAPER for ballot in ballots)
    return {
        **counted.to_json(),
        **_of_nothing(counted, form),
        "format": form,
        "motion": {
            "id": motion.id,
            "number": motion.number,
            "plan": motion.plan_id,
            "option_version": motion.option_version_id,
            "building": motion.plan.building.name,
            "entrance": motion.entrance.name if motion.entrance else None,
            "title": motion.title,
            "text": motion.text,
            "channel": motion.channel,
            "announced_at": _instant(motion.announced_at),
            "opens_at": _instant(motion.opens_at),
            "closes_at": _instant(motion.closes_at),
        },
        "roll": {
            "version": roll.version,
            "digest": hashlib.sha256(rfc8785.dumps(_plain(roll_document(roll)))).hexdigest(),
        },
        "ballots": {
            "cast": len(ballots),
            "voters": len({ballot.voter_id for ballot in ballots}),
            "paper": by_paper,
            "invalid_papers": [v.number for v in roll.voters if v.id in papers.invalid],
            "digest": list_digest((ballot.receipt, ballot.commitment) for ballot in ballots),
        },
    }


def _of_nothing(counted: Count, form: str) -> dict[str, object]:
    """In the first form nothing of nothing was three quarters; it is recounted as it was said."""
    said = form == FIRST_FORMAT and counted.rule is Rule.SPECIAL
    nobody = counted.persons.participating == 0
    return {"approval": {"persons": True, "area": True}} if said and nobody else {}


def _form_of(motion: Motion) -> str:
    """The form in which the motion was counted; the newest before it is."""
    known = motion.counted
    return FORMAT if known is None else str(json.loads(known.document)["format"])


def _plain(value: object) -> Any:
    # StrEnum members are text already; rfc8785 wants the built-in types.
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def recount(motion: Motion) -> str:
    """The count's document, built anew from the roll and the ballots as they are stored.

    Refuses ``roll_not_posted`` and, where the official platform decides, what
    ``platforms.confirmed_result`` refuses.
    """
    roll = votes_queries.newest_roll(motion.id)
    if roll is None:
        raise NotNow("roll_not_posted")
    ballots = votes_queries.ballots_of(motion.id)
    papers = counted_papers(motion)
    cast = cast_votes(roll.voters, ballots, papers)
    counted = _counted(motion, roll, cast)
    said = _document(motion, roll, ballots, papers, counted, _form_of(motion))
    aside = sorted(one.receipt for one in ballots if serial_of(one) in papers.excluded)
    plain = _plain(said | count_sources.beside(motion, roll, ballots, cast, aside))
    return rfc8785.dumps(plain).decode()


def digest_of(document: str) -> str:
    """The SHA-256 of a document's text, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def count(actor: Actor, motion: Motion, *, now: datetime) -> MotionCount:
    """The motion is counted and its result posted; counted before, the same record comes back.

    Refuses ``count_before_close`` before the close, ``motion_not_at_this_stage`` when it was
    cancelled, and what ``boxes.settle_for_count`` refuses while the papers are not ready.
    """
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        now = instants.now(session)
        known = session.get(MotionCount, motion.id, populate_existing=True)
        if known is not None:
            return known
        if motions.stage(motion, now) is MotionStage.VOTING:
            raise NotNow("count_before_close")
        motions.require(motion, now, {MotionStage.CLOSED})
        boxes.settle_for_count(session, actor, motion, now)
        document = recount(motion)
        counted = MotionCount(
            motion_id=motion.id,
            counted_at=now,
            counted_by=actor.account_id,
            outcome=json.loads(document)["outcome"],
            document=document,
            digest=digest_of(document),
        )
        session.add(counted)
        head = record(
            session,
            plan_chain(motion.plan_id),
            "motion_counted",
            actor=actor,
            now=now,
            details={"motion": motion.id, "digest": counted.digest, "outcome": counted.outcome},
        )
        _post_result(session, actor, motion, head, now)
        session.flush()
        session.expire(motion, ["counted"])
    return counted


def _post_result(session: Session, actor: Actor, motion: Motion, head: Head, now: datetime) -> None:
    """The result is posted for as long as the city asks."""
    notices.post(
        session,
        motion.plan,
        "result",
        actor=actor,
        days=notices.city_of(motion.plan).result_posting_days.value,
        head=head,
        now=now,
        motion_id=motion.id,
    )


@dataclass(frozen=True)
class Recorded:
    """A recorded count: exact figures (area in 0.01 m²) and what they decided.

    ``short_persons`` and ``short_area``: what more agreement among those taking part was missing;
    ``unquorate_persons`` and ``unquorate_area``: how much more had to take part.
    """

    rule: Rule
    matter: Matter
    outcome: Outcome
    persons: Figures
    area: Figures
    quorum_persons: bool
    quorum_area: bool
    approval_persons: bool
    approval_area: bool
    short_persons: int
    short_area: int
    disputed: tuple[int, ...]
    invalid: tuple[int, ...]
    paper: int
    digest: str
    platform: Mapping[str, Any] | None = None
    deliveries: Mapping[str, int] | None = None
    # Where the printed ballots were; None where none was printed, or before there were lists.
    papers: Mapping[str, Any] | None = None

    @property
    def nobody_took_part(self) -> bool:
        """Then there is nothing of which a share could agree: no approval, and none missed."""
        return self.persons.participating == 0

    @property
    def unquorate_persons(self) -> int:
        """Heads that were missing for the quorum."""
        return max(0, -(-2 * self.persons.total // 3) - self.persons.participating)

    @property
    def unquorate_area(self) -> int:
        """Area (0.01 m²) that was missing for the quorum."""
        return max(0, -(-2 * self.area.total // 3) - self.area.participating)

    @property
    def area_taking_part(self) -> ShownRatio:
        """The share of all area that took part, as it may be published."""
        return shown_area(self.area.participating, self.area.total, reached=self.quorum_area)

    @property
    def area_agreeing(self) -> ShownRatio:
        """The share of the area taking part that agreed, as it may be published."""
        return shown_area(self.area.agree, self.area.participating, reached=self.approval_area)


def recorded(counted: MotionCount) -> Recorded:
    """What the stored document of a count says."""
    plain = json.loads(counted.document)
    keys = ("total", "participating", "agree", "against", "abstain")
    return Recorded(
        rule=Rule(plain["rule"]),
        matter=Matter(plain["matter"]),
        outcome=Outcome(plain["outcome"]),
        persons=Figures(**{key: int(plain["persons"][key]) for key in keys}),
        area=Figures(**{key: parse_hundredths(plain["area"][key]) for key in keys}),
        quorum_persons=plain["quorum"]["persons"],
        quorum_area=plain["quorum"]["area"],
        approval_persons=plain["approval"]["persons"],
        approval_area=plain["approval"]["area"],
        short_persons=int(plain["short_by"]["persons"]),
        short_area=parse_hundredths(plain["short_by"]["area"]),
        disputed=tuple(plain["disputed"]),
        invalid=tuple(plain["invalid"]),
        paper=int(plain["ballots"]["paper"]),
        digest=counted.digest,
        platform=plain.get("platform"),
        deliveries=plain.get("deliveries"),
        papers=plain.get("papers"),
    )


@dataclass(frozen=True)
class Result:
    """What there is to show of a motion at a moment: sealed, only a turnout, or the count."""

    stage: MotionStage
    turnout: Turnout | None
    count: Recorded | None

    @property
    def sealed(self) -> bool:
        """Whether the result is not to be known yet, by anybody."""
        return self.count is None


def result(motion: Motion, now: datetime) -> Result:
    """The motion's result as far as it may be known at ``now``."""
    stage = motions.stage(motion, now)
    if stage in DECIDED and motion.counted is not None:
        return Result(stage, None, recorded(motion.counted))
    shown = stage in (MotionStage.VOTING, MotionStage.CLOSED)
    return Result(stage, turnout(motion) if shown else None, None)


class Decided(Protocol):
    """A motion as far as the place is concerned."""

    @property
    def scope(self) -> Scope: ...

    @property
    def electorate(self) -> Scope: ...


def sees_exact(actor: Actor, motion: Decided) -> bool:
    """Whether the actor sees exact areas and the signed list: an owner of the electorate, or the
    committee that keeps it."""
    return actor.may(Permission.OPEN_SIGNED_FILE, motion.electorate) or actor.may(
        Permission.RUN_VOTE, motion.scope
    )
