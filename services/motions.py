"""Motions: drawn up from a published option, edited, cancelled, drawn up anew.

From the announcement on nothing of a motion changes any more (triggers see to it). Whoever is
about to change a motion locks, always in this order: the plan's row where the rule speaks of the
plan, the motion's row, the plan's audit chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused, Stale
from domain.menus import DecidedBy
from domain.plans import MotionFacts, MotionStage, motion_stage
from domain.ratios import Rule, rule_of
from models import instants, locking, votes_queries
from models.menus import OptionVersion
from models.plans import Plan
from models.register import Entrance
from models.statements import acts_of_motion
from models.votes import Motion, Roll
from services import notices
from services.audit import plan_chain, record
from services.statements import has_ended
from services.transaction import transaction

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000
# Until the vote is closed a motion can be taken back; a closed one has to be counted.
CANCELLABLE = frozenset(
    {MotionStage.DRAFT, MotionStage.ROLL_POSTED, MotionStage.NOTICE, MotionStage.VOTING}
)
BEFORE_ANNOUNCEMENT = frozenset({MotionStage.DRAFT, MotionStage.ROLL_POSTED})


def locked(session: Session, motion_id: int) -> Motion:
    """The motion, read afresh and locked until the transaction ends."""
    try:
        return locking.locked(session, Motion, motion_id)
    except NoResultFound:
        raise Stale("changed_meanwhile") from None


def facts(
    motion: Motion, roll: Roll | None = None, superseded_at: datetime | None = None
) -> MotionFacts:
    """What is recorded of the motion; ``roll`` is its first version, if the caller has it."""
    first = roll or (motion.rolls[0] if motion.rolls else None)
    return MotionFacts(
        roll_posted_at=first.posted_at if first else None,
        announced_at=motion.announced_at,
        opens_at=motion.opens_at,
        closes_at=motion.closes_at,
        counted_at=motion.counted.counted_at if motion.counted else None,
        outcome=motion.counted.outcome if motion.counted else None,
        cancelled_at=motion.cancelled_at,
        superseded_at=superseded_at,
    )


def stage(motion: Motion, now: datetime) -> MotionStage:
    """Where the motion stands, from recorded facts."""
    return motion_stage(facts(motion), now)


def require(motion: Motion, now: datetime, allowed: Iterable[MotionStage]) -> MotionStage:
    """The motion's stage; refuses ``motion_not_at_this_stage`` (stage) unless it is allowed."""
    at = stage(motion, now)
    if at not in allowed:
        raise NotNow("motion_not_at_this_stage", stage=at.value)
    return at


def require_active(plan: Plan, now: datetime) -> None:
    """Refuse ``plan_not_active`` when the plan was withdrawn, suspended or annulled."""
    ended = (plan.withdrawn_at, plan.suspended_at, plan.annulled_at)
    if any(instant is not None and instant <= now for instant in ended):
        raise NotNow("plan_not_active")


def check_words(title: str, text: str) -> None:
    """Refuse a title or text that is missing or too long."""
    if not title.strip():
        raise Refused("motion_title_missing", field="title")
    if len(title) > TITLE_LENGTH:
        raise Refused("motion_title_too_long", field="title", most=TITLE_LENGTH)
    if not text.strip():
        raise Refused("motion_text_missing", field="text")
    if len(text) > TEXT_LENGTH:
        raise Refused("motion_text_too_long", field="text", most=TEXT_LENGTH)


def check_matter(matter: int, version: OptionVersion) -> None:
    """Refuse an unknown matter, and one whose rule is weaker than the item's."""
    weaker = rule_of(matter) is Rule.ORDINARY
    if weaker and rule_of(version.option.item.matter) is Rule.SPECIAL:
        raise Refused("matter_weaker", field="matter", item=version.option.item.matter)


def check_channel(plan: Plan, channel: str | None) -> str:
    """How the motion is voted on: as asked for, or the first way of the city's.

    Refuses ``channel_not_offered`` where the city's profile does not name it.
    """
    offered = notices.city_of(plan).channels.value
    if channel is None:
        return offered[0].value
    if channel not in offered:
        raise Refused("channel_not_offered", field="channel")
    return channel


def _check_version(session: Session, version_id: int) -> OptionVersion:
    version = session.get(OptionVersion, version_id, populate_existing=True)
    if version is None or version.published_at is None:
        raise Refused("option_not_published", field="version")
    if version.option.item.consult_only:
        raise Refused("item_not_voted", field="version")
    if version.option.withdrawn_at is not None:
        raise Refused("option_withdrawn", field="version")
    newest = votes_queries.newest_version(version.option_id)
    if newest is not None and newest.id != version.id:
        raise Refused("option_has_newer_version", field="version", number=newest.number)
    return version


def _check_entrance(version: OptionVersion, entrance: Entrance | None) -> None:
    item = version.option.item
    if item.decided_by == DecidedBy.BUILDING and entrance is not None:
        raise Refused("electorate_is_building", field="entrance")
    if item.decided_by == DecidedBy.ENTRANCE and entrance is None:
        raise Refused("entrance_needed", field="entrance")
    if entrance is not None and entrance.building_id != item.plan.building_id:
        raise Refused("entrance_of_another_building", field="entrance")


def _check_alone(option_id: int, entrance_id: int | None) -> None:
    for other in votes_queries.live_motions(option_id):
        failed = other.counted is not None and other.counted.outcome != "adopted"
        failed = failed or has_ended(acts_of_motion(other.id))
        if other.entrance_id == entrance_id and not failed:
            raise Refused("motion_already_drawn", number=other.number)


@dataclass(frozen=True)
class Wording:
    """What a motion says, and the matter of art. 278 by which it is decided."""

    title: str
    text: str
    matter: int
    channel: str


def draft(
    actor: Actor,
    version: OptionVersion,
    *,
    entrance: Entrance | None,
    title: str,
    text: str,
    matter: int,
    now: datetime,
    redraws: Motion | None = None,
    channel: str | None = None,
) -> Motion:
    """A motion on this option version exists, to be edited until it is announced.

    Refuses ``option_not_published``, ``item_not_voted``, ``option_withdrawn``,
    ``option_has_newer_version``, ``electorate_is_building``, ``entrance_needed``,
    ``entrance_of_another_building``, ``motion_already_drawn`` (number), ``matter_unknown``,
    ``matter_weaker``, ``channel_not_offered``, missing or too long words, ``plan_not_active``.
    """
    check_words(title, text)
    with transaction() as session:
        plan, version = _ready(session, version, matter, now)
        chosen = check_channel(plan, channel)
        if redraws is not None:
            _check_redraw(locked(session, redraws.id), version, entrance, now)
        _check_alone(version.option_id, entrance.id if entrance else None)
        words = Wording(title, text, matter, chosen)
        return _drawn(session, actor, plan, version, entrance, words, now, redraws)


def draft_everywhere(
    actor: Actor,
    version: OptionVersion,
    *,
    title: str,
    text: str,
    matter: int,
    now: datetime,
    channel: str | None = None,
) -> list[Motion]:
    """One motion for each entrance of the building that has none on this option yet.

    Refuses what ``draft`` refuses; ``motion_already_drawn`` when every entrance has one.
    """
    check_words(title, text)
    with transaction() as session:
        plan, version = _ready(session, version, matter, now)
        words = Wording(title, text, matter, check_channel(plan, channel))
        drawn: list[Motion] = []
        refused: Refused | None = None
        for entrance in plan.building.entrances:
            try:
                _check_alone(version.option_id, entrance.id)
            except Refused as refusal:
                refused = refusal
                continue
            drawn.append(_drawn(session, actor, plan, version, entrance, words, now, None))
        if refused is not None and not drawn:
            raise refused
        return drawn


def _ready(
    session: Session, version: OptionVersion, matter: int, now: datetime
) -> tuple[Plan, OptionVersion]:
    plan_id = version.option.item.plan_id
    plan = locking.locked(session, Plan, plan_id)
    require_active(plan, now)
    version = _check_version(session, version.id)
    check_matter(matter, version)
    return plan, version


def _drawn(
    session: Session,
    actor: Actor,
    plan: Plan,
    version: OptionVersion,
    entrance: Entrance | None,
    words: Wording,
    now: datetime,
    redraws: Motion | None,
) -> Motion:
    _check_entrance(version, entrance)
    last = session.scalar(select(func.max(Motion.number)).where(Motion.plan_id == plan.id))
    motion = Motion(
        plan=plan,
        number=(last or 0) + 1,
        version=version,
        entrance=entrance,
        title=words.title.strip(),
        text=words.text.strip(),
        matter=words.matter,
        channel=words.channel,
        redraws_id=redraws.id if redraws else None,
        drafted_at=now,
        drafted_by=actor.account_id,
    )
    session.add(motion)
    session.flush()
    record(
        session,
        plan_chain(plan.id),
        "motion_drafted",
        actor=actor,
        now=now,
        details={
            "motion": motion.id,
            "version": version.id,
            "entrance": motion.entrance_id,
            "redraws": motion.redraws_id,
        },
    )
    return motion


def _check_redraw(
    old: Motion, version: OptionVersion, entrance: Entrance | None, now: datetime
) -> None:
    if not has_ended(acts_of_motion(old.id)):
        require(old, now, {MotionStage.FAILED, MotionStage.CANCELLED})
    same = old.version.option.item_id == version.option.item_id
    if not same or old.entrance_id != (entrance.id if entrance else None):
        raise Refused("redraws_something_else")
    again = votes_queries.redrawn_as([old.id]).get(old.id)
    if again is not None:
        raise Refused("motion_already_redrawn", number=again.number)


def redraw(
    actor: Actor,
    motion: Motion,
    *,
    now: datetime,
    title: str | None = None,
    text: str | None = None,
    matter: int | None = None,
    version: OptionVersion | None = None,
    channel: str | None = None,
) -> Motion:
    """A motion that failed, was cancelled, or whose resolution has ended is drawn up anew, as a
    new motion that names it.

    It takes the newest published version of the option unless ``version`` says otherwise. Refuses
    what ``draft`` refuses, ``motion_not_at_this_stage`` and ``motion_already_redrawn`` (number).
    """
    version = version or votes_queries.newest_version(motion.version.option_id) or motion.version
    return draft(
        actor,
        version,
        entrance=motion.entrance,
        title=motion.title if title is None else title,
        text=motion.text if text is None else text,
        matter=motion.matter if matter is None else matter,
        now=now,
        redraws=motion,
        channel=channel,
    )


def edit(
    actor: Actor,
    motion: Motion,
    *,
    title: str,
    text: str,
    matter: int,
    revision: int,
    now: datetime,
    channel: str | None = None,
) -> Motion:
    """The motion's words, matter and channel are these, while it is not announced.

    Refuses ``changed_meanwhile`` when somebody saved after ``revision``,
    ``motion_not_at_this_stage``, and what ``draft`` refuses of words and matter.
    """
    check_words(title, text)
    with transaction() as session:
        motion = locked(session, motion.id)
        require(motion, now, BEFORE_ANNOUNCEMENT)
        if motion.revision != revision:
            raise Stale("changed_meanwhile")
        check_matter(matter, motion.version)
        motion.title, motion.text, motion.matter = title.strip(), text.strip(), matter
        if channel is not None:
            motion.channel = check_channel(motion.plan, channel)
        record(
            session,
            plan_chain(motion.plan_id),
            "motion_edited",
            actor=actor,
            now=now,
            details={"motion": motion.id, "matter": matter},
        )
    return motion


def cancel(actor: Actor, motion: Motion, *, reason: str, now: datetime) -> Motion:
    """The motion is cancelled with its reason; what was cast stays recorded and is not counted.

    Refuses ``cancel_reason_missing`` and, once the vote has closed, ``motion_not_at_this_stage``.
    """
    if not reason.strip():
        raise Refused("cancel_reason_missing", field="reason")
    with transaction() as session:
        motion = locked(session, motion.id)
        now = instants.now(session)
        require(motion, now, CANCELLABLE)
        motion.cancelled_at, motion.cancel_reason = now, reason.strip()
        record(
            session,
            plan_chain(motion.plan_id),
            "motion_cancelled",
            actor=actor,
            now=now,
            details={"motion": motion.id},
        )
    return motion
