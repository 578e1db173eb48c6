"""What two people publish, for tests that need it published: one prepares, the other releases.

Called as the acts are thought of: ``publish(actor, plan, buildings, …)``, ``announce(actor, motion,
…)``, ``issue(actor, plan, …)``, ``state(actor, resolution, draft, …)``. The actor releases; another
member of the committee has prepared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.accounts import Actor, Role
from domain.statements import StatementDraft
from models import votes_queries
from models.accounts import Account, RoleGrant
from models.database import session as current_session
from models.plans import Notice, Plan
from models.publications import Publication
from models.publications_queries import committee_of
from models.register import Building, Community
from models.resolutions import Resolution
from models.statements import Statement, statements_of
from models.votes import Motion
from services import publications
from services.menus_publishing import Terms
from services.transaction import transaction
from tests.visitor import Page, Visitor


def somebody_else(actor: Actor, community: Community, *, now: datetime) -> Actor:
    """Another member of the community's committee; made where there is none."""
    for account in committee_of(community):
        if account.id != actor.account_id:
            return account.actor()
    with transaction() as session:
        account = Account(display_name=f"{community.name}居委会第二人", created_at=now)
        session.add(
            RoleGrant(
                account=account,
                role=Role.COMMITTEE,
                community_id=community.id,
                granted_at=now,
            )
        )
    return account.actor()


def parts(actor: Actor, made: Publication, *, now: datetime) -> tuple[str, ...]:
    """What has to be ticked before it can be released."""
    return publications.waiting(actor, made, now=now).sections


def publish(
    actor: Actor, plan: Plan, buildings: Sequence[Building], *, terms: Terms, now: datetime
) -> tuple[Plan, ...]:
    """The menu is published; the plans in the order of the buildings."""
    other = somebody_else(actor, plan.building.community, now=now)
    made = publications.prepare_menu(other, plan, buildings, terms=terms, now=now)
    done = publications.release(actor, made, now=now)
    found = [current_session().get_one(Plan, int(one)) for one in done.result.split(",")]
    order = [building.id for building in buildings]
    return tuple(sorted(found, key=lambda one: order.index(one.building_id)))


def announce(actor: Actor, motion: Motion, *, now: datetime, **dates: Any) -> Notice:
    """The motion is announced; its notice."""
    other = somebody_else(actor, motion.plan.building.community, now=now)
    made = publications.prepare_vote(other, motion, now=now, **dates)
    publications.release(actor, made, now=now)
    return next(one for one in votes_queries.notices_of(motion.id) if one.kind == "vote")


def issue(actor: Actor, plan: Plan, *, now: datetime) -> Resolution:
    """The resolution is issued."""
    other = somebody_else(actor, plan.building.community, now=now)
    made = publications.prepare_resolution(other, plan, now=now)
    done = publications.release(actor, made, now=now, read=parts(actor, made, now=now))
    query = current_session().query(Resolution).filter_by(number=done.result)
    return query.one()


def state(
    actor: Actor, resolution: Resolution, draft: StatementDraft, *, now: datetime
) -> Statement:
    """The statement is published; the resolution's newest."""
    other = somebody_else(actor, resolution.plan.building.community, now=now)
    made = publications.prepare_statement(other, resolution, draft, now=now)
    publications.release(actor, made, now=now)
    return statements_of([resolution.id])[resolution.id][-1]


def release_page(second: Visitor, page: Page) -> Page:
    """The second person opens what the first one has just prepared, and releases it."""
    path = page.answer.request.path
    assert path.startswith("/publications/"), path
    page = second.get(path)
    return second.post(page, ticked(page), action="/release")


def ticked(page: Page) -> dict[str, list[str]]:
    """The boxes of every part, ticked; nothing where there are no parts."""
    boxes = [box.get("value", "") for box in page.all("input", name="read")]
    return {"read": boxes} if boxes else {}
