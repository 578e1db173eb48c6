"""What would be published now, kind by kind: what the second person reads, and what publishes it.

``services.publications`` holds the rows and sees to it that two people did it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.disclosure import Policy
from domain.publications import Kind
from domain.statements import StatementDraft
from models.plans import Plan
from models.resolutions import Resolution
from models.votes import Motion
from services import announcing, menus_publishing, resolutions, resolutions_drafts, statements
from services.announcing import Announcement
from services.menus_publishing import Terms
from services.resolutions import Address

People = Mapping[str, int | None]


@dataclass(frozen=True)
class Case:
    """What is to be published: whose act, of which plan (a vote: of which motion), and with what
    it was prepared (``Publication.arguments``); inside this transaction, now."""

    session: Session
    actor: Actor
    plan: Plan
    motion_id: int | None
    arguments: Mapping[str, Any]
    now: datetime
    # Where a page of the program is to be found from outside, as the request knows it.
    address: Address | None = None


@dataclass(frozen=True)
class Found:
    """What would be published now: ``shown`` to the second person; ``act`` publishes it.

    ``act`` returns where it led, as ``Publication.result`` keeps it. ``sections`` are the parts
    that the second person ticks one by one; where there are none, nothing is ticked.
    """

    shown: Mapping[str, object]
    act: Callable[[People], str]
    sections: tuple[str, ...] = ()


def terms_of(arguments: Mapping[str, Any]) -> Terms:
    """What households are told with a prepared menu."""
    return Terms(
        policy=Policy(arguments["policy"]),
        threshold=arguments["threshold"],
        days=arguments["days"],
        decision=arguments["decision"],
        place=arguments["place"],
    )


def announcement_of(arguments: Mapping[str, Any]) -> Announcement:
    """The dates of a prepared announcement, and where its notice hangs."""
    return Announcement(
        opens_at=datetime.fromisoformat(arguments["opens_at"]),
        closes_at=datetime.fromisoformat(arguments["closes_at"]),
        notice_days=arguments["notice_days"],
        place=arguments["place"],
        # One that was prepared before there were hours.
        box_hours=arguments.get("box_hours"),
    )


def _menu(case: Case) -> Found:
    session, actor, plan, arguments = case.session, case.actor, case.plan, case.arguments
    menu = menus_publishing.ready(
        session, actor, plan, arguments["buildings"], terms_of(arguments), case.now
    )

    def act(people: People) -> str:
        published = menus_publishing.publish_within(session, actor, menu, people, case.now)
        own = next((one for one in published if one.id == plan.id), published[0])
        return ",".join(str(one.id) for one in (own, *(p for p in published if p is not own)))

    return Found(menu.shown(), act)


def _vote(case: Case) -> Found:
    motion = case.session.get_one(Motion, case.motion_id)
    announced = announcement_of(case.arguments)
    announcing.check(
        motion,
        opens_at=announced.opens_at,
        closes_at=announced.closes_at,
        notice_days=announced.notice_days,
        box_hours=announced.box_hours,
        now=case.now,
    )

    def act(people: People) -> str:
        announcing.announce_within(case.session, case.actor, motion, announced, people, case.now)
        return str(motion.id)

    return Found(announcing.shown(motion, announced), act)


def _resolution(case: Case) -> Found:
    found = resolutions_drafts.ready(case.plan, now=case.now)

    def act(people: People) -> str:
        issued = resolutions.issue_within(
            case.session, case.actor, case.plan, found, people, case.now, case.address
        )
        return issued.number

    shown = resolutions_drafts.shown(case.plan, found, now=case.now)
    return Found(shown, act, resolutions_drafts.sections(found.content))


def statement_of(arguments: Mapping[str, Any]) -> StatementDraft:
    """What a prepared statement says."""
    return StatementDraft(
        act=arguments["act"],
        authority=arguments["authority"],
        document_number=arguments["document_number"],
        document_date=date.fromisoformat(arguments["document_date"]),
        reason=arguments["reason"],
    )


def _statement(case: Case) -> Found:
    resolution = case.session.get_one(Resolution, case.arguments["resolution"])
    draft = statement_of(case.arguments)
    statements.check_now(resolution, draft, now=case.now)

    def act(people: People) -> str:
        statements.issue_within(case.session, case.actor, resolution, draft, people, case.now)
        return resolution.number

    return Found(statements.shown(resolution, draft), act)


FINDERS: dict[Kind, Callable[[Case], Found]] = {
    Kind.MENU: _menu,
    Kind.VOTE: _vote,
    Kind.RESOLUTION: _resolution,
    Kind.STATEMENT: _statement,
}
