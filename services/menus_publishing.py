"""Publishing a menu: to one building or to several at once, for a consultation of some days.

Publishing fixes what households are told before anyone answers: the disclosure policy, its
threshold, and the floor bands of the building (trust in them rests on their never moving). In a
further building the menu is copied into a plan of that building's own. Two people do it: see
``services/publications.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor, Permission
from domain.disclosure import Policy
from domain.errors import NotNow, NotYours, Refused
from domain.plans import Stage, plan_stage, require_stage
from domain.releases import Band, Thresholds, bands_for
from models.database import session as current_session
from models.menus import MenuItem
from models.menus_queries import items_of
from models.plans import Plan
from models.plans_queries import plans_of
from models.register import Building
from services import costs
from services.audit import plan_chain, record
from services.menus_items import insert_item, item_draft
from services.menus_options import insert_option, option_draft
from services.plans import (
    begin,
    facts_of,
    items_in,
    locked,
    posted,
    posting_period,
    stage,
    unpublished,
)

THRESHOLDS = (10, 5)


@dataclass(frozen=True)
class Terms:
    """What households are told with the menu; ``days`` of consultation after the posting day.

    ``decision`` names the recorded decision that allows a threshold of five.
    """

    policy: Policy
    threshold: int
    days: int
    decision: str = ""
    place: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a menu cannot be published in a building; ``item``, ``option`` name where it lies."""

    refusal: Refused
    building: str = ""
    item: str = ""
    option: str = ""


def check_terms(terms: Terms) -> None:
    """Refuse ``threshold_unknown`` (known), ``threshold_needs_decision``."""
    if terms.threshold not in THRESHOLDS:
        raise Refused("threshold_unknown", field="threshold", known=THRESHOLDS)
    if terms.threshold < max(THRESHOLDS) and not terms.decision.strip():
        raise Refused("threshold_needs_decision", field="decision")


def bands(in_house: costs.House, threshold: int) -> tuple[Band, ...]:
    """The floor bands of a building under a threshold."""
    floors = Counter(part.floor for part in in_house.all_parts)
    return bands_for(floors, Thresholds(households=threshold))


def faults_of_menu(items: Sequence[MenuItem]) -> list[Fault]:
    """Why a menu cannot be published anywhere: it is empty, or an item has no option."""
    if not items:
        return [Fault(Refused("menu_empty"))]
    return [
        Fault(Refused("item_without_options", title=item.title), item=item.title)
        for item in items
        if not any(option.draft for option in item.options)
    ]


def faults_in(items: Sequence[MenuItem], building: Building, in_house: costs.House) -> list[Fault]:
    """Why a menu cannot be published in this building, option by option."""
    if not in_house.all_parts:
        refusal = Refused("building_without_dwellings", building=building.name)
        return [Fault(refusal, building.name)]
    found = []
    for item in items:
        for option in item.options:
            version = option.draft
            if version is None:
                continue
            try:
                costs.work_out(version, item.decided_by, in_house)
            except Refused as refusal:
                found.append(Fault(refusal, building.name, item.title, version.title))
    return found


def busy(session: Session, plan: Plan, building: Building, now: datetime) -> Refused | None:
    """Why another building cannot take this menu now: it is writing or consulting on one."""
    own = unpublished(session, building.id)
    if own is not None and own.id != plan.id and items_in(session, own.id):
        return NotNow("building_has_own_draft", building=building.name)
    earlier = [one for one in plans_of([building.id]) if one.id != plan.id]
    stages = {plan_stage(facts, now) for facts in facts_of(earlier).values()}
    if stages & {Stage.MENU_PUBLISHED, Stage.CONSULTING}:
        return NotNow("building_is_consulting", building=building.name)
    return None


@dataclass(frozen=True)
class Ready:
    """A menu that can be published now: what each building would be told and offered."""

    plan: Plan
    items: tuple[MenuItem, ...]
    buildings: tuple[Building, ...]
    houses: Mapping[int, costs.House]
    terms: Terms

    def shown(self) -> dict[str, object]:
        """Everything that publishing would fix, as plain values: what a second person reads."""
        return {
            "terms": asdict(self.terms),
            "items": [
                {
                    "item": asdict(item_draft(item)),
                    "options": [
                        asdict(option_draft(option.draft))
                        for option in item.options
                        if option.draft is not None
                    ],
                }
                for item in self.items
            ],
            "buildings": [
                {
                    "building": building.name,
                    "bands": bands(self.houses[building.id], self.terms.threshold),
                    "homes": sorted(
                        (part.key, part.floor, part.area)
                        for part in self.houses[building.id].all_parts
                    ),
                }
                for building in self.buildings
            ],
        }


def ready(
    session: Session,
    actor: Actor,
    plan: Plan,
    buildings: Sequence[int],
    terms: Terms,
    now: datetime,
) -> Ready:
    """The menu of ``plan`` as it would be published now in these buildings (ids).

    Refuses ``no_building_chosen``, ``building_of_other_community``, ``menu_already_published``,
    ``menu_not_workable`` (faults), ``building_has_own_draft``, ``building_is_consulting``
    (building), what ``check_terms`` refuses, ``days_out_of_range``.
    """
    check_terms(terms)
    if not buildings:
        raise Refused("no_building_chosen", field="buildings")
    chosen = tuple(session.get_one(Building, number) for number in buildings)
    _check_places(actor, plan, chosen)
    if plan.menu_published_at is not None:
        raise NotNow("menu_already_published")
    require_stage(stage(plan, now), Stage.COLLECTING_NEEDS)
    posting_period(plan, terms.days, now)
    items = items_of(plan.id, afresh=True)
    houses = {building.id: costs.house(building.id) for building in chosen}
    faults = faults_of_menu(items)
    for building in chosen:
        faults += faults_in(items, building, houses[building.id])
    if faults:
        raise Refused("menu_not_workable", faults=tuple(faults))
    for building in chosen:
        refusal = busy(session, plan, building, now)
        if refusal is not None:
            raise refusal
    return Ready(plan, tuple(items), chosen, houses, terms)


def publish_within(
    session: Session, actor: Actor, menu: Ready, people: Mapping[str, int | None], now: datetime
) -> tuple[Plan, ...]:
    """Inside the caller's transaction: the menu is published in each of its buildings.

    For ``services.publications`` alone, which sees to it that two people did it (``people``). All
    or nothing; the plans in the order of the buildings. Each has its bands, policy and threshold
    fixed, its consultation open until 24:00 of the last day, its options published as version 1,
    and a notice with the head of its audit chain.
    """
    # All copies are drawn before anything is published: published options are drafts no more.
    targets = [
        menu.plan
        if building.id == menu.plan.building_id
        else _copied(session, actor, menu.plan, menu.items, building, now)
        for building in menu.buildings
    ]
    for target in targets:
        in_house = menu.houses[target.building_id]
        _publish_one(session, actor, target, in_house, menu.terms, people, now)
    return tuple(targets)


def _check_places(actor: Actor, plan: Plan, buildings: Sequence[Building]) -> None:
    for building in buildings:
        if building.community_id != plan.building.community_id:
            raise Refused("building_of_other_community", field="buildings")
        if not actor.may(Permission.COMPOSE_MENU, building.scope):
            raise NotYours("building_of_other_community", field="buildings")


def _copied(
    session: Session,
    actor: Actor,
    plan: Plan,
    items: Sequence[MenuItem],
    building: Building,
    now: datetime,
) -> Plan:
    """The building's own plan with a copy of the menu, as drafts."""
    target = unpublished(session, building.id)
    if target is None:
        target = begin(session, actor, building, plan.title, now)
    else:
        target = locked(session, target)
    for item in items:
        copy = insert_item(session, target, item_draft(item))
        for option in item.options:
            if option.draft is not None:
                insert_option(session, actor, copy, option_draft(option.draft), "", now)
    return target


def _publish_one(
    session: Session,
    actor: Actor,
    plan: Plan,
    in_house: costs.House,
    terms: Terms,
    people: Mapping[str, int | None],
    now: datetime,
) -> None:
    span = posting_period(plan, terms.days, now)
    fixed = bands(in_house, terms.threshold)
    plan.policy = terms.policy.value
    plan.threshold = terms.threshold
    plan.threshold_decision = " ".join(terms.decision.split())
    plan.bands = [[band.lowest, band.highest] for band in fixed]
    plan.menu_published_at = now
    plan.consultation_closes_at = span.ends_at
    session.flush()
    versions = 0
    for item in items_of(plan.id, afresh=True):
        for option in item.options:
            if option.draft is not None:
                option.draft.published_at = now
                versions += 1
    session.flush()
    anchor = record(
        session,
        plan_chain(plan.id),
        "menu_published",
        actor=actor,
        now=now,
        details={
            "versions": versions,
            "days": terms.days,
            "closes_at": span.ends_at.isoformat(),
            "policy": terms.policy.value,
            "threshold": terms.threshold,
            "bands": plan.bands,
            **people,
        },
    )
    session.add(posted(plan, "menu", span, terms.place, anchor, actor, now))


def publishable(plan: Plan, buildings: Sequence[Building], now: datetime) -> list[Fault]:
    """Everything that keeps the menu from being published in these buildings, for the page."""
    items = items_of(plan.id)
    faults = faults_of_menu(items)
    for building in buildings:
        faults += faults_in(items, building, costs.house(building.id))
        refusal = busy(current_session(), plan, building, now)
        if refusal is not None:
            faults.append(Fault(refusal, building.name))
    return faults
