"""A published menu for 工人新村 3幢 and its households' answers, straight through the models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from domain.accounts import Capacity
from domain.menus import DecidedBy, ItemClass, Payer
from domain.preferences import Stance
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.preferences import AnswerSheet, ItemAnswer, OptionRanking
from models.register import Building, Dwelling
from services.transaction import transaction
from tests.world import World

CONSULTATION = timedelta(days=10)
# Guangzhou's guidance, coefficient per floor, then by area inside the floor.
SCHEME = {
    "kind": "floor_coefficient",
    "within": "area",
    "floors": {"1": "0", "2": "0.5", "3": "1", "4": "1.1", "5": "1.2", "6": "1.3"},
}


def option(
    item: MenuItem,
    title: str,
    yuan: int,
    *,
    now: object,
    payer: Payer = Payer.HOUSEHOLDS,
    position: int = 1,
) -> Option:
    """An option with one published version of quantity 1."""
    made = Option(item=item, position=position)
    made.versions.append(
        OptionVersion(
            number=1,
            title=title,
            specification=f"{title}，按国家标准",
            quantity=100,
            unit_price=yuan * 100,
            payer=payer,
            subsidy={"kind": "none"},
            scheme=SCHEME if payer is Payer.HOUSEHOLDS else {"kind": "area"},
            created_at=now,
            published_at=now,
        )
    )
    return made


def published_plan(
    world: World,
    building: Building | None = None,
    *,
    policy: str = "banded",
    threshold: int = 10,
) -> Plan:
    """A plan of 3幢 in consultation: an elevator (two options) and new lights (one option)."""
    now = world.clock()
    with transaction() as session:
        plan = Plan(
            building=building or world.building,
            title="电梯和楼道照明",
            created_at=now,
            policy=policy,
            threshold=threshold,
            bands=[[1, 6]],
            menu_published_at=now,
            consultation_closes_at=now + CONSULTATION,
        )
        lift = MenuItem(
            plan=plan,
            position=1,
            item_class=ItemClass.IMPROVE,
            matter=7,
            title="加装电梯",
            description="一部电梯，停靠各层。",
            unit="部",
            decided_by=DecidedBy.ENTRANCE,
        )
        lights = MenuItem(
            plan=plan,
            position=2,
            item_class=ItemClass.BASIC,
            matter=9,
            title="楼道照明",
            unit="盏",
            decided_by=DecidedBy.BUILDING,
        )
        option(lift, "平层入户电梯", 700_000, now=now, position=1)
        option(lift, "半层入户电梯", 400_000, now=now, position=2)
        option(lights, "声控灯", 4_800, now=now, payer=Payer.STATE)
        session.add_all([plan, lift, lights])
    return plan


def items(plan: Plan) -> tuple[MenuItem, MenuItem]:
    """The elevator and the lights of a plan made here."""
    from models.preferences_queries import menu_of

    lift, lights = menu_of([plan.id])
    return lift, lights


def answered(
    world: World,
    plan: Plan,
    doors: Iterable[tuple[Dwelling, Stance]],
    *,
    capacity: Capacity = Capacity.OWNER,
) -> list[AnswerSheet]:
    """These households have answered the elevator, straight through the models."""
    lift, _lights = items(plan)
    first = lift.options[0].id
    made = []
    with transaction() as session:
        for dwelling, stance in doors:
            sheet = AnswerSheet(
                plan_id=plan.id,
                dwelling_id=dwelling.id,
                capacity=capacity,
                started_at=world.clock(),
                updated_at=world.clock(),
                receipt=f"TEST-{plan.id}-{dwelling.id}-{capacity}",
            )
            answer = ItemAnswer(
                item_id=lift.id,
                stance=stance,
                reason="挡光" if stance is Stance.OPPOSE else "",
            )
            if stance in (Stance.NEED, Stance.ACCEPT):
                answer.rankings.append(OptionRanking(option_id=first, rank=1))
            sheet.answers.append(answer)
            session.add(sheet)
            made.append(sheet)
    return made
