"""A small published menu for tests that need one: an elevator, stairwell lights, water pipes."""

from __future__ import annotations

from domain.disclosure import Policy
from domain.menus import DecidedBy, ItemClass, ItemDraft, OptionDraft, Payer
from models.accounts import Account
from models.menus import MenuItem, OptionVersion
from models.menus_queries import items_of
from models.plans import Plan
from models.register import Building
from services import menus, plans
from tests import two_people
from tests.world import World

# Guangzhou's guidance table, the part that 3幢 has floors for.
FLOORS = {"1": "0", "2": "0.5", "3": "1", "4": "1.1", "5": "1.2", "6": "1.3", "7": "1.4"}
GUANGZHOU = {"kind": "floor_coefficient", "within": "area", "floors": FLOORS}

ELEVATOR = ItemDraft(
    title="加装电梯",
    item_class=ItemClass.IMPROVE,
    matter=7,
    unit="台",
    decided_by=DecidedBy.ENTRANCE,
    catalogue_key="elevator",
)
LIGHTS = ItemDraft(
    title="楼道照明",
    item_class=ItemClass.BASIC,
    matter=5,
    unit="盏",
    decided_by=DecidedBy.BUILDING,
    catalogue_key="stair_lighting",
)
WATER = ItemDraft(
    title="供水管道改造",
    item_class=ItemClass.BASIC,
    matter=7,
    unit="户",
    decided_by=DecidedBy.BUILDING,
    consult_only=True,
    catalogue_key="water_supply",
)
# 700,000.00 yuan less 300,000.00: 400,000.00 are shared inside each entrance.
SHAFT = OptionDraft(
    title="贴墙井道电梯",
    quantity=1_00,
    unit_price=700_000_00,
    payer=Payer.HOUSEHOLDS,
    subsidy={"kind": "fixed", "amount": "300000.00"},
    scheme=GUANGZHOU,
    specification="载重 630 kg，6 层 6 站",
    location="北侧楼梯外",
)
PLATFORM = OptionDraft(
    title="平层入户电梯",
    quantity=1_00,
    unit_price=820_000_00,
    payer=Payer.HOUSEHOLDS,
    subsidy={"kind": "fixed", "amount": "300000.00"},
    scheme=GUANGZHOU,
    specification="载重 800 kg，南侧平层入户",
    location="南侧阳台外",
)
# 24 lamps at 180.00 yuan, by area over the whole building.
LED = OptionDraft(title="感应式 LED 灯", quantity=24_00, unit_price=180_00, payer=Payer.HOUSEHOLDS)
PIPES = OptionDraft(title="不锈钢立管", quantity=24_00, unit_price=2_000_00, payer=Payer.STATE)


def composed_menu(
    world: World, *, building: Building | None = None, account: Account | None = None
) -> Plan:
    """The menu composed and not published yet: elevator (two options), lights, water pipes."""
    actor = world.actor(account or world.committee)
    now = world.clock()
    plan = plans.create(actor, building or world.building, title="一栋一策", now=now)
    for draft, options in ((ELEVATOR, (SHAFT, PLATFORM)), (LIGHTS, (LED,)), (WATER, (PIPES,))):
        item = menus.add_item(actor, plan, draft, now=now)
        for option in options:
            menus.add_option(actor, item, option, now=now)
    return plan


def published_menu(
    world: World,
    *,
    building: Building | None = None,
    account: Account | None = None,
    policy: Policy = Policy.BANDED,
    threshold: int = 10,
    days: int = 10,
) -> Plan:
    """The same menu published now, by the committee, for ``days`` days of consultation."""
    plan = composed_menu(world, building=building, account=account)
    terms = menus.Terms(
        policy=policy,
        threshold=threshold,
        days=days,
        decision="居民会议记录 2026-08-20" if threshold < 10 else "",
        place="单元门口公告栏",
    )
    actor = world.actor(account or world.committee)
    published = two_people.publish(actor, plan, [plan.building], terms=terms, now=world.clock())
    return published[0]


def item(plan: Plan, draft: ItemDraft = ELEVATOR) -> MenuItem:
    """The item of the plan's menu that was made from ``draft``."""
    return next(one for one in items_of(plan.id) if one.title == draft.title)


def version(plan: Plan, option: OptionDraft = SHAFT) -> OptionVersion:
    """The newest version of the option that was made from ``option``, by its title."""
    return next(
        found
        for one in items_of(plan.id)
        for other in one.options
        if (found := other.versions[-1]).title == option.title
    )
