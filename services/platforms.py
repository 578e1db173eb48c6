"""The result of an authority's own voting platform: entered, confirmed, and put into the count.

Like a paper it is typed in by one person and, without a look at that, once more by another; only
when both say the same it counts. What it then amounts to is ``domain.platforms``'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from documents.sheets import read_sheets
from domain.accounts import Actor
from domain.ballots import FIELDS, match, read_ballots
from domain.cities import Channel
from domain.errors import NotNow, NotYours, Refused
from domain.periods import local_day
from domain.plans import MotionStage
from domain.platforms import Form, Papers, Part, Totals, check_totals, combined, count_totals
from domain.ratios import Matter
from domain.register_tables import Fault, known_headers
from domain.vocabulary import AreaSource
from domain.voters import Dwelling, Voter, VoterKind
from domain.votes import Choice, Count, Mark, Vote, count
from models import instants, votes_queries
from models.platforms import PlatformResult, standing_result
from models.votes import Motion, Roll
from services import motions
from services.audit import plan_chain, record
from services.transaction import transaction

LONGEST = 200


class ListRefused(Refused):
    """A platform's list that cannot be taken: each faulty line, and who is on no roll."""

    def __init__(self, faults: Sequence[Fault], unknown: Sequence[str]) -> None:
        super().__init__("platform_list_faulty", field="list")
        self.faults, self.unknown = tuple(faults), tuple(unknown)


@dataclass(frozen=True)
class ResultDraft:
    """A platform's result as typed in: exactly one of ``totals`` and ``votes`` is given."""

    authority: str
    document_number: str
    document_date: date
    papers: Papers = Papers.APART
    totals: Totals | None = None
    votes: Mapping[int, Vote] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """What the document gives."""
        return Form.BALLOTS if self.totals is None else Form.TOTALS


def voters_of(roll: Roll) -> list[Voter]:
    """The heads of a posted roll as the rules see them, owners by name."""
    return [
        Voter(
            voter.number,
            tuple(
                Dwelling(
                    one.dwelling_id,
                    one.building,
                    one.entrance,
                    one.room,
                    one.floor,
                    one.area,
                    AreaSource(one.area_source),
                )
                for one in voter.dwellings
            ),
            frozenset(owner.name for owner in voter.owners),
            voter.area,
            VoterKind(voter.kind),
        )
        for voter in roll.voters
    ]


def _roll(motion: Motion) -> Roll:
    roll = votes_queries.newest_roll(motion.id)
    if roll is None:
        raise NotNow("roll_not_posted")
    return roll


def read_list(motion: Motion, name: str, data: bytes) -> dict[int, Vote]:
    """The platform's exported ballots against the motion's roll, read as ``flask count`` reads.

    Refuses what ``read_sheets`` and ``read_ballots`` refuse of a whole file, and ``ListRefused``
    with the lines that are wrong or name nobody on the roll.
    """
    tables = read_sheets(data, name)
    table = next((one for one in tables if known_headers(one, FIELDS, None) >= 2), tables[0])
    read = read_ballots(table)
    matched = match(read.lines, voters_of(_roll(motion)))
    faults = (*read.faults, *matched.faults)
    if faults or matched.unknown:
        raise ListRefused(faults, matched.unknown)
    return dict(matched.votes)


def _check(draft: ResultDraft, motion: Motion, now: datetime) -> None:
    for name in ("authority", "document_number"):
        text = getattr(draft, name).strip()
        if not text:
            raise Refused("statement_line_missing", field=name)
        if len(text) > LONGEST:
            raise Refused("statement_line_too_long", field=name, most=LONGEST)
    if draft.document_date > local_day(now):
        raise Refused("statement_date_later", field="document_date")
    if motion.closes_at is not None and draft.document_date < local_day(motion.opens_at or now):
        raise Refused("platform_date_before_vote", field="document_date")
    voters = voters_of(_roll(motion))
    if draft.totals is not None:
        check_totals(draft.totals, voters, {})
    elif not draft.votes:
        raise Refused("platform_list_empty", field="list")


@dataclass(frozen=True)
class Stated:
    """What came of an entry: it waits, or the second one agreed with it, or differed."""

    result: PlatformResult
    matched: bool | None = None


def enter_result(actor: Actor, motion: Motion, draft: ResultDraft, *, now: datetime) -> Stated:
    """The platform's result is entered, or, entered by another before, confirmed or rejected.

    Refuses ``platform_not_used``, ``motion_not_at_this_stage`` unless the vote is closed and not
    counted, ``second_person_needed``, ``platform_confirmed_already``, wrong words and dates,
    ``platform_list_empty``, and what ``check_totals`` refuses.
    """
    with transaction() as session:
        motion = motions.locked(session, motion.id)
        if motion.channel != Channel.OFFICIAL_PLATFORM:
            raise NotNow("platform_not_used")
        now = instants.now(session)
        motions.require(motion, now, {MotionStage.CLOSED})
        known = standing_result(motion.id)
        if known is None:
            _check(draft, motion, now)
            return Stated(_enter(session, actor, motion, draft, now))
        if known.confirmed_at is not None:
            raise NotNow("platform_confirmed_already")
        if known.entered_by == actor.account_id:
            raise NotYours("second_person_needed")
        _check(draft, motion, now)
        return _confirm(session, actor, motion, known, draft, now)


def _stored(draft: ResultDraft) -> dict[str, object]:
    totals = draft.totals
    return {
        "authority": draft.authority.strip(),
        "document_number": draft.document_number.strip(),
        "document_date": draft.document_date,
        "form": draft.form.value,
        "papers": draft.papers.value if totals else Papers.APART.value,
        "totals": {
            choice.value: [part.persons, part.area]
            for choice in Choice
            if totals and (part := getattr(totals, choice))
        },
        "votes": [[number, str(vote)] for number, vote in sorted(draft.votes.items())],
    }


def _enter(
    session: Session, actor: Actor, motion: Motion, draft: ResultDraft, now: datetime
) -> PlatformResult:
    made = PlatformResult(
        motion_id=motion.id, entered_by=actor.account_id, entered_at=now, **_stored(draft)
    )
    session.add(made)
    session.flush()
    record(
        session,
        plan_chain(motion.plan_id),
        "platform_entered",
        actor=actor,
        now=now,
        details={"motion": motion.id, "form": made.form},
    )
    return made


def _confirm(
    session: Session,
    actor: Actor,
    motion: Motion,
    known: PlatformResult,
    draft: ResultDraft,
    now: datetime,
) -> Stated:
    said = _stored(draft)
    matched = all(getattr(known, name) == value for name, value in said.items())
    if matched:
        known.confirmed_at, known.confirmed_by = now, actor.account_id
    else:
        known.rejected_at = now
    record(
        session,
        plan_chain(motion.plan_id),
        "platform_confirmed" if matched else "platform_rejected",
        actor=actor,
        now=now,
        details={"motion": motion.id, "form": known.form},
    )
    return Stated(known, matched)


def confirmed_result(motion: Motion) -> PlatformResult:
    """The result that counts; refuses ``platform_result_missing``, ``platform_unconfirmed``."""
    found = standing_result(motion.id)
    if found is None:
        raise NotNow("platform_result_missing")
    if found.confirmed_at is None:
        raise NotNow("platform_unconfirmed")
    return found


def totals_of(result: PlatformResult) -> Totals:
    """The totals as stored."""
    return Totals(*(Part(*result.totals[choice.value]) for choice in Choice))


def listed_votes(result: PlatformResult) -> dict[int, Vote]:
    """The votes by voter number as stored; empty where the document gives totals only."""
    return {int(number): _vote(said) for number, said in result.votes}


def _vote(said: str) -> Vote:
    return Mark(said) if said in tuple(Mark) else Choice(said)


def counted_with(
    result: PlatformResult, matter: Matter, heads: Sequence[Voter], cast: Mapping[int, Vote]
) -> Count:
    """The count of the platform's result and of the papers entered here, ``cast``."""
    if result.form == Form.BALLOTS:
        return count(matter, heads, combined(listed_votes(result), cast))
    papers = cast if result.papers == Papers.APART else {}
    return count_totals(matter, heads, totals_of(result), papers)


def source_of(result: PlatformResult, cast: Mapping[int, Vote]) -> dict[str, object]:
    """What the count's document says of its source (docs/bundle.md, 5)."""
    totals = result.form == Form.TOTALS
    if totals:
        aside = sorted(cast) if result.papers == Papers.INCLUDED else []
    else:
        aside = sorted(set(listed_votes(result)) & set(cast))
    return {
        "authority": result.authority,
        "document": result.document_number,
        "date": result.document_date.isoformat(),
        "form": result.form,
        "papers": result.papers if totals else None,
        "totals": {
            choice: {"persons": persons, "area": area}
            for choice, (persons, area) in result.totals.items()
        }
        if totals
        else None,
        "votes": None if totals else result.votes,
        "set_aside": aside,
    }
