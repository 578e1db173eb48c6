"""On the first page: votes of others, rounds from door to door, and the committee's motions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.accounts import Actor, NoVote, Role, why_no_vote
from domain.errors import Refused
from domain.papers import box_ends_at
from domain.plans import MotionStage, motion_stage
from domain.today import Duty, MotionDay, duties
from models import home_duties_queries as queries
from models.home_duties_queries import OptionState
from models.objections import Objection
from models.paper_boxes import Waiting as Papers
from models.paper_boxes import waiting_of
from models.plans import Plan
from models.publications import Publication
from models.put_away import lying_of
from models.votes import Motion
from services.announcing import Ground, hindering
from services.home import Standing


@dataclass(frozen=True)
class Round:
    """The ballots of a motion to bring to the doors of the reader's part; ``done`` of ``whole``."""

    motion: Motion
    plan: Plan
    whole: int
    done: int


@dataclass(frozen=True)
class MotionTask:
    """A motion of the committee's with what can be done about it now, the most urgent first.

    ``publication`` waits for its second person; ``doors`` are (all voters, those visited);
    ``box_until``: the box of paper ballots can be closed by two people before this instant;
    ``own_papers``: slips that the reader entered and another has to read.
    """

    motion: Motion
    plan: Plan
    stage: MotionStage
    duties: tuple[Duty, ...]
    papers: Papers
    doors: tuple[int, int]
    publication: Publication | None
    box_until: datetime | None
    own_papers: int

    @property
    def deadline(self) -> datetime | None:
        """The close of the vote, once it is announced; what was counted waits for nothing."""
        open_ = self.motion.announced_at and self.stage is not MotionStage.FAILED
        return self.motion.closes_at if open_ else None


def _motions(
    known: Sequence[Standing], now: datetime, *stages: MotionStage
) -> dict[int, tuple[Motion, Plan]]:
    return {
        motion.id: (motion, place.plan)
        for place in known
        for motion in place.motions_at(now, *stages)
    }


@dataclass(frozen=True)
class OwnersVote:
    """A vote of the owners about a home that the reader rents."""

    motion: Motion
    plan: Plan


def owners_votes(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[OwnersVote]:
    """The votes announced or open about homes that the reader rents, and has no vote in.

    Votes of other entrances are told on their own pages: six of them would bury what is asked.
    """
    running = _motions(known, now, MotionStage.NOTICE, MotionStage.VOTING)
    homes = [grant.scope for grant in actor.grants_of(Role.RESIDENT)]
    return [
        OwnersVote(motion, plan)
        for motion, plan in running.values()
        if why_no_vote(actor, motion.electorate) is NoVote.TENANT
        and any(motion.electorate.contains(home) for home in homes)
    ]


def rounds(actor: Actor, known: Sequence[Standing], *, now: datetime) -> list[Round]:
    """The ballots to bring to the doors of the reader's part, until the vote closes."""
    open_ = _motions(known, now, MotionStage.NOTICE, MotionStage.VOTING)
    found = queries.doors_of(actor, open_.keys()) if open_ else {}
    return [
        Round(*pair, *found[motion_id]) for motion_id, pair in open_.items() if motion_id in found
    ]


_NO_PAPERS = Papers()


@dataclass(frozen=True)
class _Known:
    """What is read once for all motions of the page."""

    actor: Actor
    papers: Mapping[int, Papers]
    doors: Mapping[int, tuple[int, int]]
    entered: Mapping[int, int]
    put_away: Collection[int]
    options: Mapping[int, OptionState]
    waiting: Mapping[int, Publication]
    objections: Sequence[Objection]
    now: datetime

    def task(self, motion: Motion, plan: Plan, stage: MotionStage) -> MotionTask:
        papers = self.papers.get(motion.id, _NO_PAPERS)
        whole, done = self.doors.get(motion.id, (0, 0))
        publication = self.waiting.get(motion.id)
        found = self._hindrances(motion, plan) if motion.id in self.options else []
        box_until = self._box_until(motion, papers)
        day = MotionDay(
            stage,
            prepared_by_me=self._mine(publication.prepared_by if publication else None),
            result_by_me=self._mine(self.entered.get(motion.id)),
            box_by_me=self._box_by_me(papers, box_until),
            papers_to_enter=papers.to_enter,
            papers_to_read=papers.to_read_by(self.actor.account_id),
            own_papers=papers.entered_by(self.actor.account_id),
            papers_differing=papers.differing,
            doors_left=whole - done,
            hindered=bool(found),
            stuck=any(one.code in _FOR_EVER for one in found),
            put_away=motion.id in self.put_away,
        )
        return MotionTask(
            motion=motion,
            plan=plan,
            stage=stage,
            duties=duties(day),
            papers=papers,
            doors=(whole, done),
            publication=publication,
            box_until=box_until,
            own_papers=day.own_papers,
        )

    def _box_until(self, motion: Motion, papers: Papers) -> datetime | None:
        if not papers.printed or papers.boxed or motion.closes_at is None:
            return None
        ends_at = box_ends_at(motion.closes_at, motion.box_hours)
        return ends_at if motion.closes_at <= self.now < ends_at else None

    def _box_by_me(self, papers: Papers, box_until: datetime | None) -> bool | None:
        return None if box_until is None else papers.first_read_by == self.actor.account_id

    def _mine(self, account_id: int | None) -> bool | None:
        return None if account_id is None else account_id == self.actor.account_id

    def _hindrances(self, motion: Motion, plan: Plan) -> list[Refused]:
        option = self.options[motion.id]
        unanswered = sum(
            1
            for one in self.objections
            if one.answered_at is None
            and (
                one.option_id == option.option_id
                or (one.option_id is None and one.item_id == option.item_id)
            )
        )
        ground = Ground(True, unanswered, option.newest, option.withdrawn)
        return hindering(plan, ground, self.now)


# What no waiting mends: the motion's option has a newer version or is no longer offered.
_FOR_EVER = frozenset({"motion_version_superseded", "option_withdrawn"})


def motion_tasks(
    actor: Actor,
    known: Sequence[Standing],
    prepared: Sequence[Publication],
    unclosed: Sequence[Objection],
    *,
    now: datetime,
) -> list[MotionTask]:
    """Every motion about which something can be done now, once; by deadline, then by building.

    ``prepared`` waits for its second person, ``unclosed`` are the plans' objections without an
    outcome. The number of statements does not depend on how many motions there are.
    """
    staged = [
        (one.motion, place.plan, motion_stage(one.facts, now))
        for place in known
        for one in place.motions
    ]

    def ids(*stages: MotionStage) -> list[int]:
        return [motion.id for motion, _plan, stage in staged if stage in stages]

    posted, closed = ids(MotionStage.ROLL_POSTED), ids(MotionStage.CLOSED)
    entered = ids(MotionStage.VOTING, MotionStage.CLOSED)
    delivered, failed = ids(MotionStage.NOTICE, MotionStage.VOTING), ids(MotionStage.FAILED)
    read = _Known(
        actor,
        waiting_of(entered) if entered else {},
        queries.doors_of(actor, delivered) if delivered else {},
        {one.motion_id: one.entered_by for one in queries.waiting_results(closed)}
        if closed
        else {},
        lying_of(failed) if failed else frozenset(),
        queries.options_of(posted) if posted else {},
        {one.motion_id: one for one in prepared if one.motion_id is not None},
        unclosed,
        now,
    )
    tasks = [task for found in staged if (task := read.task(*found)).duties]
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(tasks, key=lambda one: one.deadline or last)
