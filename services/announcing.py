"""Announcing a motion: when voting may open, what stands in the way, and the notice given.

From here on nothing of the motion changes any more, so two people do it, and everything is checked
once more (``services/publications.py``), inside the transaction and with the plan's row held: an
objection or a new version cannot slip in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused
from domain.papers import check_hours, hours_of
from domain.periods import Period, check_window, local_day, start_of
from models import votes_queries
from models.objections_queries import open_against
from models.plans import Notice, Plan
from models.votes import Motion
from services import notices
from services.audit import plan_chain, record
from services.menus_options import option_draft
from services.motions import BEFORE_ANNOUNCEMENT, require, require_active

LONGEST_VOTE = timedelta(days=366)


@dataclass(frozen=True)
class Opening:
    """When voting may open at the earliest if the notice were given now.

    ``notice`` is the period of the notice, ``roll_ends_at`` the first instant after the posting of
    the roll; ``at`` is the later of both ends.
    """

    notice: Period
    roll_ends_at: datetime | None

    @property
    def at(self) -> datetime:
        """The first instant at which voting may open."""
        return max(self.notice.ends_at, self.roll_ends_at or self.notice.ends_at)


def least_notice_days(motion: Motion) -> int:
    """The days of notice that the city asks for."""
    return notices.city_of(motion.plan).notice_days.value


def earliest_opening(motion: Motion, *, now: datetime, days: int | None = None) -> Opening:
    """When voting on the motion may open if it were announced now with ``days`` of notice."""
    days = least_notice_days(motion) if days is None else days
    posted = [n.ends_at for n in votes_queries.notices_of(motion.id) if n.kind == "roll"]
    return Opening(
        notice=notices.period_from(motion.plan, days, now=now),
        # A correction of the roll starts no new posting: the first one was announced with its end.
        roll_ends_at=posted[0] if posted else None,
    )


def _check_announcement(
    motion: Motion, opens_at: datetime, closes_at: datetime, days: int, now: datetime
) -> None:
    least = least_notice_days(motion)
    if days < least:
        raise Refused("notice_too_short", field="notice_days", least=least)
    opening = earliest_opening(motion, now=now, days=days)
    check_window(opens_at, closes_at, opening.notice)
    if opens_at < opening.at:
        raise Refused("opens_before_roll_posting_ends", field="opens_at", earliest=opening.at)
    if closes_at - opens_at > LONGEST_VOTE:
        raise Refused("vote_too_long", field="closes_at", most=LONGEST_VOTE.days)


@dataclass(frozen=True)
class Ground:
    """What an announcement stands on: the posted roll, open objections, and the option's state.

    ``newest`` is the number of a newer published version, if there is one.
    """

    roll_posted: bool
    unanswered: int
    newest: int | None
    withdrawn: bool


def hindering(plan: Plan, ground: Ground, now: datetime) -> list[Refused]:
    """What keeps a motion on this ground from being announced now, dates left aside."""
    found: list[Refused] = []
    if not ground.roll_posted:
        found.append(NotNow("roll_not_posted"))
    consultation = plan.consultation_closes_at
    if plan.menu_published_at is None or consultation is None or now < consultation:
        found.append(NotNow("consultation_not_closed"))
    if ground.unanswered:
        found.append(NotNow("objection_unanswered", number=ground.unanswered))
    if ground.newest is not None:
        found.append(Refused("motion_version_superseded", number=ground.newest))
    if ground.withdrawn:
        found.append(Refused("option_withdrawn"))
    return found


def hindrances(motion: Motion, *, now: datetime) -> list[Refused]:
    """What keeps the motion from being announced now, dates left aside; empty when nothing does."""
    newest = votes_queries.newest_version(motion.version.option_id)
    superseded = newest is not None and newest.id != motion.option_version_id
    ground = Ground(
        roll_posted=bool(motion.rolls),
        unanswered=len(open_against(motion.version)),
        newest=newest.number if newest is not None and superseded else None,
        withdrawn=motion.version.option.withdrawn_at is not None,
    )
    return hindering(motion.plan, ground, now)


def check(
    motion: Motion,
    *,
    opens_at: datetime,
    closes_at: datetime,
    notice_days: int,
    now: datetime,
    box_hours: int | None = None,
) -> None:
    """Refuse to announce the motion at this moment.

    Refuses ``roll_not_posted``, ``consultation_not_closed``, ``objection_unanswered`` (number),
    ``motion_version_superseded`` (number), ``option_withdrawn``, ``notice_too_short`` (least),
    ``opens_before_notice_ends`` and ``opens_before_roll_posting_ends`` (earliest),
    ``close_before_open``, ``vote_too_long`` (most), ``box_hours_wrong`` (least, most),
    ``motion_not_at_this_stage``, ``plan_not_active``.
    """
    require_active(motion.plan, now)
    require(motion, now, BEFORE_ANNOUNCEMENT)
    found = hindrances(motion, now=now)
    if found:
        raise found[0]
    _check_announcement(motion, opens_at, closes_at, notice_days, now)
    check_hours(hours_of(box_hours))


@dataclass(frozen=True)
class Announcement:
    """What a notice of the vote fixes besides the motion itself: its dates, where it hangs, and in
    how many hours after the close the box of papers is closed (None: it names none)."""

    opens_at: datetime
    closes_at: datetime
    notice_days: int
    place: str = ""
    box_hours: int | None = None

    def shown(self) -> dict[str, object]:
        """As plain values; what was prepared before there were hours says the same as then."""
        plain = asdict(self)
        if self.box_hours is None:
            del plain["box_hours"]
        return plain


def shown(motion: Motion, announced: Announcement) -> dict[str, object]:
    """Everything that the announcement would fix, as plain values: what a second person reads."""
    version, roll = motion.version, votes_queries.newest_roll(motion.id)
    return {
        "title": motion.title,
        "text": motion.text,
        "matter": motion.matter,
        "entrance": motion.entrance_id,
        "version": version.id,
        "option": asdict(option_draft(version)),
        "roll": None if roll is None else roll.id,
        "announcement": announced.shown(),
    }


def announce_within(
    session: Session,
    actor: Actor,
    motion: Motion,
    announced: Announcement,
    people: Mapping[str, int | None],
    now: datetime,
) -> Notice:
    """Inside the caller's transaction: the motion is announced for good and its notice posted.

    For ``services.publications`` alone, which sees to it that two people did it (``people``), holds
    plan and motion, and has checked everything by ``check`` once more.
    """
    motion.announced_at, motion.notice_days = now, announced.notice_days
    motion.opens_at, motion.closes_at = announced.opens_at, announced.closes_at
    motion.box_hours = announced.box_hours
    head = record(
        session,
        plan_chain(motion.plan_id),
        "motion_announced",
        actor=actor,
        now=now,
        details={
            "motion": motion.id,
            "opens_at": announced.opens_at.isoformat(),
            "closes_at": announced.closes_at.isoformat(),
            "days": announced.notice_days,
            **people,
        },
    )
    return notices.post(
        session,
        motion.plan,
        "vote",
        actor=actor,
        days=announced.notice_days,
        head=head,
        now=now,
        motion_id=motion.id,
        place=announced.place,
    )


def usual_window(earliest: datetime, days: int = 7) -> tuple[datetime, datetime]:
    """Opening and closing as a form proposes them: whole days from the earliest opening on."""
    opens = start_of(local_day(earliest))
    if opens < earliest:
        opens += timedelta(days=1)
    return opens, opens + timedelta(days=days)
