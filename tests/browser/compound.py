"""The demo's compound with something at every desk: a menu being written, drafts, paper, an import.

``Compound`` finds people and things in it; what is made here goes through the services, as from a
page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pyotp
from flask import current_app
from sqlalchemy import Select, select

from demo import menu
from domain.accounts import Actor, Capacity, Role
from domain.codes import derive_key
from domain.deliveries import Delivery
from domain.papers import HandedIn
from domain.periods import local_day
from domain.register_drafts import BuildingDraft, DwellingDraft
from domain.statements import StatementDraft
from models.accounts import Account, RoleGrant
from models.base import Base
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.register import Building, Community, Dwelling, Entrance
from models.resolutions import Resolution
from models.votes import Motion, PaperSheet
from services import (
    deliveries,
    mandates,
    menus,
    pictures,
    plans,
    privacy,
    publications,
    register,
    register_editing,
    second_factor,
    sessions,
    votes,
)
from services.transaction import transaction
from tests.conftest import TestClock

# The smallest picture there is: one grey point.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c63680000008200814dd36dda0000000049454e44ae426082"
)
MESSY = Path(__file__).parent.parent / "data" / "roster-messy.xlsx"
Row = TypeVar("Row", bound=Base)


def _first(query: Select[Row], what: str) -> Row:
    found = session().scalars(query).first()
    if found is None:
        raise LookupError(f"the compound lacks {what}")
    return found


def staff(login: str) -> Account:
    """The member of the staff with this login."""
    return session().scalars(select(Account).where(Account.login == login)).one()


def household(
    building: str, room: str, entrance: str = "1", capacity: Capacity = Capacity.OWNER
) -> Account:
    """Somebody of the household of this door whose letter was opened."""
    query = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Dwelling, Dwelling.id == RoleGrant.dwelling_id)
        .join(Entrance, Entrance.id == Dwelling.entrance_id)
        .join(Building, Building.id == Entrance.building_id)
        .where(
            RoleGrant.role == Role.RESIDENT,
            RoleGrant.capacity == capacity,
            Building.key == building,
            Entrance.key == entrance,
            Dwelling.room == room,
        )
        .order_by(Account.id)
    )
    return _first(query, f"somebody who came in for {building}/{entrance}/{room}")


def plan_of(building: str) -> Plan:
    """The newest plan of the building."""
    query = select(Plan).join(Building).where(Building.key == building).order_by(Plan.id.desc())
    return _first(query, f"a plan of {building}")


def motion_on(building: str, option: str, entrance: str | None = None) -> Motion:
    """The motion of the building's plan on the option of this title."""
    query = (
        select(Motion)
        .join(OptionVersion, OptionVersion.id == Motion.option_version_id)
        .join(Plan, Plan.id == Motion.plan_id)
        .join(Building, Building.id == Plan.building_id)
        .outerjoin(Entrance, Entrance.id == Motion.entrance_id)
        .where(Building.key == building, OptionVersion.title == option)
    )
    if entrance is not None:
        query = query.where(Entrance.key == entrance)
    return _first(query.order_by(Motion.id), f"a motion of {building} on {option}")


def option_of(plan: Plan, title: str) -> Option:
    """The option of the plan whose version has this title."""
    query = (
        select(Option)
        .join(MenuItem, MenuItem.id == Option.item_id)
        .join(OptionVersion, OptionVersion.option_id == Option.id)
        .where(MenuItem.plan_id == plan.id, OptionVersion.title == title)
    )
    return _first(query, f"the option {title}")


def furnish(clock: TestClock) -> None:
    """Put something on every desk: what the demo's story has not come to."""
    lin = staff("lin").actor()
    community = session().scalars(select(Community)).one()
    register.upload_roster(
        lin, community, file_name=MESSY.name, data=MESSY.read_bytes(), now=clock()
    )
    _menu_being_written(lin, community, clock)
    _motions_of_the_fifth(lin, clock)
    _paper(lin, clock)
    _version_being_written(lin, clock)
    asking = household("5", "601").actor()
    privacy.ask(asking, "房屋面积写错了。", form_key="compound", now=clock())
    _statements(clock)
    _duties(lin, clock)
    _second_person(clock)


def _menu_being_written(lin: Actor, community: Community, clock: TestClock) -> None:
    building = register_editing.add_building(lin, community, BuildingDraft("9幢"), now=clock())
    entrance = register_editing.add_entrance(lin, building, "1单元", now=clock())
    for floor in range(1, 4):
        dwelling = DwellingDraft(room=f"{floor}01", floor=floor, area=60_00, owners=f"新户{floor}")
        register_editing.add_dwelling(lin, entrance, dwelling, now=clock())
    plan = plans.create(lin, building, title="9幢一栋一策", now=clock())
    for draft, options in menu.MENU[1:3]:
        item = menus.add_item(lin, plan, draft, now=clock())
        for option in options:
            drawn = replace(option, picture_id=pictures.store(PIXEL, now=clock()).id)
            menus.add_option(lin, item, drawn, now=clock())


def _motions_of_the_fifth(lin: Actor, clock: TestClock) -> None:
    """5幢: the handrails' roll is posted, the charging shed is only drawn up."""
    plan = plan_of("5")
    for option, post in ((menu.SEATS, True), (menu.SHED, False)):
        version = option_of(plan, option.title).published
        assert version is not None
        motion = votes.draft(
            lin,
            version,
            entrance=None,
            title=version.option.item.title,
            text=f"采用“{version.title}”。",
            matter=version.option.item.matter,
            now=clock(),
        )
        if post:
            votes.post_roll(lin, motion, now=clock())


def _paper(lin: Actor, clock: TestClock) -> None:
    """5幢: ballots of entrance 1 are printed; one is entered and waits for the second person."""
    motion = motion_on("5", menu.SHAFT.title, "1")
    votes.print_sheets(lin, motion, now=clock())
    query = select(PaperSheet).where(PaperSheet.motion_id == motion.id).order_by(PaperSheet.number)
    sheet = session().scalars(query).first()
    assert sheet is not None
    signer = min(owner.owner_id for owner in sheet.voter.owners)
    handed = HandedIn(local_day(clock()), "崔桂芬", "林晓")
    votes.enter_paper(lin, sheet, "agree", owner_id=signer, handed=handed, now=clock())


def _version_being_written(lin: Actor, clock: TestClock) -> None:
    option = option_of(plan_of("8"), menu.SEATS.title)
    published = option.published
    assert published is not None
    stronger = replace(
        menus.option_draft(published), specification="防滑扶手，承重 150 kg 的折叠座"
    )
    menus.revise(lin, option, stronger, change_note="承重加到 150 kg", publish=False, now=clock())


def _second_person(clock: TestClock) -> None:
    """Zhou has a phone with codes, and has prepared the announcement of the handrails' vote."""
    zhou = staff("zhou")
    key = derive_key(str(current_app.config["SECRET_KEY"]))
    with transaction() as current:
        token = sessions.begin(current, zhou, now=clock(), remembered=False)
    shown = second_factor.begin(zhou.actor(), token, key=key, now=clock())
    code = pyotp.TOTP(shown.secret.replace(" ", "")).at(clock())
    second_factor.finish(zhou.actor(), token, code, key=key, now=clock(), at=clock())
    motion = motion_on("5", menu.SEATS.title)
    # Late enough that it can still be released after some days.
    opens_at = votes.earliest_opening(motion, now=clock()).at + timedelta(days=30)
    publications.prepare_vote(
        zhou.actor(),
        motion,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        now=clock(),
        place="各单元门口公告栏",
    )


def _statements(clock: TestClock) -> None:
    """3幢: the resolution was suspended, and the suspension lifted; two people said so."""
    lin, zhou = staff("lin").actor(), staff("zhou").actor()
    resolution = session().scalars(select(Resolution)).one()
    for act, number in (("suspended", "12号"), ("resumed", "15号")):
        draft = StatementDraft(act, "区人民法院", number, clock().date(), "见裁定书。")
        made = publications.prepare_statement(lin, resolution, draft, now=clock())
        publications.release(zhou, made, now=clock())


def _duties(lin: Actor, clock: TestClock) -> None:
    """5幢: 601 may vote for the neighbour, whose door somebody has knocked at."""
    motion = motion_on("5", menu.SHAFT.title, "1")
    roll = motion.rolls[-1]
    by_room = {one.dwellings[0].room: one for one in roll.voters}
    given = mandates.Given(
        kind="proxy",
        principal_id=by_room["602"].owners[0].owner_id,
        holder_owner_id=by_room["601"].owners[0].owner_id,
        holder_name="",
        document="委托书",
        seen_on=clock().date(),
        not_property_staff=True,
    )
    mandates.give(lin, by_room["602"], given, now=clock())
    outcome = Delivery.UNDELIVERABLE
    deliveries.note(lin, motion, by_room["602"].number, outcome, place="602室门上", now=clock())
