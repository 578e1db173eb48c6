"""Motions of 工人新村 3幢 at each step, through the services, for tests that need one.

The clock is moved along: after ``open_motion`` voting has just opened, after ``closed_motion`` it
is closed and, unless told otherwise, counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import timedelta

from domain.accounts import Capacity, Role
from domain.menus import OptionDraft
from domain.papers import HandedIn, write_serials
from domain.periods import local_day
from domain.votes import Choice
from models import votes_paper
from models.accounts import Account, RoleGrant
from models.plans import Plan
from models.register import Entrance
from models.votes import Motion, MotionCount, PaperSheet
from services import votes
from services.boxes import BoxState
from services.transaction import transaction
from tests import menus_world, two_people
from tests.world import World

TITLE = "加装电梯"
TEXT = "在本单元加装电梯一台，费用由业主按所附分摊办法承担。"
VOTING_DAYS = 7
_keys = itertools.count(1)

# Rooms of entrance 1 by whose owner an answer is given; 尹志强 answers for 301 and 302 at once.
ROOMS = ("101", "102", "201", "202", "301", "401", "402", "501", "502", "601", "602")
# 9 of 11 heads agree, 2 are against: adopted by heads and by area.
ADOPTED: Mapping[str, Choice] = {
    room: Choice.AGAINST if room in ("101", "102") else Choice.AGREE for room in ROOMS
}
# 8 of 11 agree, 3 are against: 8 heads are fewer than three quarters of 11.
REJECTED: Mapping[str, Choice] = {
    room: Choice.AGAINST if room in ("101", "102", "202") else Choice.AGREE for room in ROOMS
}
# 7 of 11 take part: fewer than two thirds.
NOT_QUORATE: Mapping[str, Choice] = dict.fromkeys(ROOMS[4:], Choice.AGREE)


def form_key() -> str:
    """A key as a form would carry."""
    return f"form-key-{next(_keys):08d}"


def consulted_plan(world: World) -> Plan:
    """A plan whose menu is published and whose consultation has just closed."""
    plan = menus_world.published_menu(world)
    assert plan.consultation_closes_at is not None
    world.clock.move_to(plan.consultation_closes_at)  # type: ignore[attr-defined]
    return plan


def drafted_motion(
    world: World,
    plan: Plan | None = None,
    *,
    option: OptionDraft = menus_world.SHAFT,
    entrance: Entrance | None = None,
    matter: int | None = None,
) -> Motion:
    """A motion on the option: the elevator of entrance 1 unless told otherwise."""
    plan = plan or consulted_plan(world)
    version = menus_world.version(plan, option)
    item = version.option.item
    if item.decided_by == "entrance" and entrance is None:
        entrance = world.first_entrance
    return votes.draft(
        world.actor(world.committee),
        version,
        entrance=entrance,
        title=TITLE,
        text=TEXT,
        matter=matter or item.matter,
        now=world.clock(),
    )


def posted_motion(world: World, plan: Plan | None = None, **how: object) -> Motion:
    """The same with its roll posted."""
    motion = drafted_motion(world, plan, **how)  # type: ignore[arg-type]
    votes.post_roll(world.actor(world.committee), motion, now=world.clock())
    return motion


def announced_motion(world: World, plan: Plan | None = None, **how: object) -> Motion:
    """The same announced, to open at the earliest instant and to close a week later."""
    motion = posted_motion(world, plan, **how)
    opens_at = votes.earliest_opening(motion, now=world.clock()).at
    two_people.announce(
        world.actor(world.committee),
        motion,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=VOTING_DAYS),
        now=world.clock(),
    )
    return motion


def open_motion(world: World, plan: Plan | None = None, **how: object) -> Motion:
    """The same with voting just opened."""
    motion = announced_motion(world, plan, **how)
    world.clock.move_to(motion.opens_at)  # type: ignore[attr-defined]
    return motion


def account_of(
    world: World, room: str, entrance: Entrance | None = None, owner: int = 0
) -> Account:
    """The account of an owner of the room; made, as by a redeemed letter, where there is none."""
    dwelling = world.dwelling(room, entrance)
    owned = sorted(dwelling.ownerships, key=lambda one: one.owner_id)[owner].owner
    place = dwelling.entrance
    with transaction() as session:
        grant = session.query(RoleGrant).filter_by(owner_id=owned.id).first()
        if grant is not None:
            return grant.account
        account = Account(display_name=owned.name, created_at=world.clock())
        session.add(account)
        session.add(
            RoleGrant(
                account=account,
                role=Role.RESIDENT,
                community_id=place.building.community_id,
                building_id=place.building_id,
                entrance_id=place.id,
                dwelling_id=dwelling.id,
                capacity=Capacity.OWNER,
                owner_id=owned.id,
                granted_at=world.clock(),
            )
        )
    return account


def cast(world: World, motion: Motion, account: Account, choice: str) -> votes.Receipt:
    """The account's owner answers now."""
    return votes.cast(world.actor(account), motion, choice, form_key=form_key(), now=world.clock())


def cast_all(
    world: World, motion: Motion, choices: Mapping[str, str], entrance: Entrance | None = None
) -> None:
    """Room by room, its (first) owner answers."""
    for room, choice in choices.items():
        cast(world, motion, account_of(world, room, entrance), choice)


def close(world: World, motion: Motion) -> None:
    """The clock stands at the first instant after the vote."""
    world.clock.move_to(motion.closes_at)  # type: ignore[attr-defined]


def close_box(world: World, motion: Motion, serials: str | None = None) -> None:
    """Two people write down the same numbers: those that were entered, unless told otherwise."""
    if serials is None:
        slips = votes.box_of(motion, world.clock()).slips
        serials = write_serials(one.facts.serial for one in slips if one.facts.in_time)
    for who in (world.committee, world.second_committee):
        actor = world.actor(who)
        votes.read_box(actor, motion, serials, empty=not serials, now=world.clock())


def counted(world: World, motion: Motion) -> MotionCount:
    """The vote is closed and counted; where papers were printed the box is closed first."""
    close(world, motion)
    if votes.box_of(motion, world.clock()).state == BoxState.OPEN:
        close_box(world, motion)
    return votes.count(world.actor(world.committee), motion, now=world.clock())


def closed_motion(
    world: World,
    choices: Mapping[str, str] = ADOPTED,
    plan: Plan | None = None,
    *,
    count: bool = True,
    **how: object,
) -> Motion:
    """A motion on which these rooms have voted, closed and counted."""
    motion = open_motion(world, plan, **how)
    cast_all(world, motion, choices, motion.entrance or world.first_entrance)
    if count:
        counted(world, motion)
    else:
        close(world, motion)
    return motion


def sheet_of(world: World, motion: Motion, room: str) -> PaperSheet:
    """The live printed ballot of the room's voter; all are printed if they are not yet."""
    votes.print_sheets(world.actor(world.committee), motion, now=world.clock())
    return next(
        sheet
        for sheet in votes_paper.paper_sheets(motion.id)
        if sheet.voided_at is None and any(d.room == room for d in sheet.voter.dwellings)
    )


def handed_in(world: World) -> HandedIn:
    """Handed in today, to two people."""
    return HandedIn(local_day(world.clock()), "崔组长", "林干事")


def handed_in_form(world: World) -> dict[str, str]:
    """The same as a form says it."""
    one = handed_in(world)
    days = {"handed_in": one.day.isoformat()}
    return days | {"first_collector": one.first, "second_collector": one.second}


def by_paper(world: World, motion: Motion, room: str, choice: str) -> votes.Receipt | None:
    """A paper ballot entered by one member of the committee and confirmed by another."""
    sheet = sheet_of(world, motion, room)
    now = world.clock()
    votes.enter_paper(
        world.actor(world.committee),
        sheet,
        choice,
        owner_id=min(owner.owner_id for owner in sheet.voter.owners),
        handed=handed_in(world),
        now=now,
    )
    done = votes.confirm_paper(world.actor(world.second_committee), sheet, choice, now=now)
    assert done.matched
    return done.receipt
