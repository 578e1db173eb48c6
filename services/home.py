"""A person's first page: what is asked of them now, what was decided, what comes next.

Everything is read for all of a person's plans at once, so that the page needs the same number of
statements whatever the size of the building.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.accounts import Actor, Capacity, Role
from domain.errors import Refused
from domain.objections import ObjectionState
from domain.own_ballot import ASKED, Together
from domain.plans import DECIDED, MotionStage, PlanFacts, Stage, motion_stage, plan_stage
from domain.preferences import Consultation
from domain.publications import Kind
from models import home_queries as queries
from models.menus import MenuItem
from models.objections import Objection
from models.plans import Plan
from models.plans_queries import all_visible_to, buildings_to_plan_for
from models.preferences_queries import menu_of, offered
from models.privacy_queries import waiting_requests
from models.publications import Publication
from models.publications_queries import all_waiting
from models.register import Building, Dwelling
from models.votes import Motion
from services import costs, objections
from services.home_votes import ToVote, votes_of
from services.plans import Recorded, facts_of, recorded_motions
from services.preferences import capacities, consultation_of

# A stopped plan needs nothing of anybody.
_SIDE = frozenset({Stage.WITHDRAWN, Stage.SUSPENDED, Stage.ANNULLED})


@dataclass(frozen=True)
class Standing:
    """A plan, where it stands, and its motions."""

    plan: Plan
    stage: Stage
    facts: PlanFacts
    motions: tuple[Recorded, ...]

    def motions_at(self, now: datetime, *stages: MotionStage) -> list[Motion]:
        """The motions that stand at one of these stages."""
        return [one.motion for one in self.motions if motion_stage(one.facts, now) in stages]


def standings(actor: Actor, *, now: datetime) -> list[Standing]:
    """The plans that the actor sees, the newest first in each building.

    Unpublished ones are the committee's alone.
    """
    plans = [
        plan
        for plan in all_visible_to(actor)
        if plan.menu_published_at is not None or actor.grants_of(Role.COMMITTEE)
    ]
    if not plans:
        return []
    motions = recorded_motions([plan.id for plan in plans])
    facts = facts_of(plans, motions)
    return [
        Standing(plan, plan_stage(facts[plan.id], now), facts[plan.id], tuple(motions[plan.id]))
        for plan in plans
    ]


# --- a resident -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemCost:
    """What an item would cost a household, from its cheapest to its dearest option, in fen."""

    item: MenuItem
    least: int
    most: int


@dataclass(frozen=True)
class ToAnswer:
    """An open menu for one home: how far it is answered, and what it would cost that home."""

    plan: Plan
    door: Dwelling
    capacity: Capacity
    answered: int
    asked: int
    sent: bool
    costs: tuple[ItemCost, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A motion that was counted."""

    plan: Plan
    motion: Motion
    adopted: bool


@dataclass(frozen=True)
class ResidentPage:
    """What a resident reads first."""

    news: tuple[Objection, ...] = ()
    votes: tuple[ToVote, ...] = ()
    answers: tuple[ToAnswer, ...] = ()
    own_objections: tuple[Objection, ...] = ()
    decisions: tuple[Decision, ...] = ()
    places: tuple[Standing, ...] = ()
    # Whether a vote can ever be theirs: a tenant has none.
    owns: bool = True

    def votes_that(self, *stand: Together) -> list[ToVote]:
        """The votes that stand so."""
        return [vote for vote in self.votes if vote.stands in stand]

    @property
    def open_answers(self) -> list[ToAnswer]:
        """Menus not sent yet."""
        return [answer for answer in self.answers if not answer.sent]

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked of the resident now."""
        asked = self.votes_that(Together.DISPUTED, *ASKED)
        return bool(self.news or asked or self.open_answers)


def resident(actor: Actor, known: Sequence[Standing], *, now: datetime) -> ResidentPage:
    """The page of somebody who owns or rents a home."""
    buildings = {grant.scope.building for grant in actor.grants_of(Role.RESIDENT)}
    places = [one for one in known if one.plan.building_id in buildings]
    own = queries.own_objections(actor.account_id)
    return ResidentPage(
        news=tuple(one for one in own if objections.is_news(one)),
        votes=_votes(actor, places, now),
        answers=_answers(actor, places, now),
        own_objections=tuple(own),
        decisions=tuple(
            Decision(place.plan, motion, motion_stage(one.facts, now) is MotionStage.COUNTED)
            for place in places
            for one in place.motions
            for motion in (one.motion,)
            if motion_stage(one.facts, now) in DECIDED
        ),
        places=tuple(one for one in places if one.stage not in _SIDE),
        owns=any(one.capacity is Capacity.OWNER for one in actor.grants_of(Role.RESIDENT)),
    )


def _votes(actor: Actor, places: Sequence[Standing], now: datetime) -> tuple[ToVote, ...]:
    return votes_of(
        actor,
        {
            motion.id: (motion, place.plan, stage is MotionStage.VOTING)
            for place in places
            for stage in (MotionStage.VOTING, MotionStage.CLOSED)
            for motion in place.motions_at(now, stage)
        },
    )


def _answers(actor: Actor, places: Sequence[Standing], now: datetime) -> tuple[ToAnswer, ...]:
    plans = [
        place.plan for place in places if consultation_of(place.plan, now) is Consultation.OPEN
    ]
    held = {(plan.id, door): as_ for plan in plans for door, as_ in capacities(actor, plan).items()}
    if not held:
        return ()
    doors = queries.own_dwellings({door for _plan, door in held})
    sheets = {
        (sheet.plan_id, sheet.dwelling_id, sheet.capacity): sheet
        for sheet in queries.own_sheets([plan.id for plan in plans], [one.id for one in doors])
    }
    menus: dict[int, list[MenuItem]] = {}
    for item in menu_of([plan.id for plan in plans]):
        if offered(item):
            menus.setdefault(item.plan_id, []).append(item)
    # The costs are told where one building asks; with several, each menu tells its own.
    house = costs.house(plans[0].building_id) if len(plans) == 1 else None
    return tuple(
        _to_answer(plan, door, held[plan.id, door.id], sheets, menus.get(plan.id, []), house)
        for plan in plans
        for door in doors
        if (plan.id, door.id) in held
    )


def _to_answer(
    plan: Plan,
    door: Dwelling,
    capacity: Capacity,
    sheets: Mapping[tuple[int, int, str], queries.Sheet],
    menu: Sequence[MenuItem],
    house: costs.House | None,
) -> ToAnswer:
    sheet = sheets.get((plan.id, door.id, capacity))
    return ToAnswer(
        plan,
        door,
        capacity,
        sheet.answers if sheet else 0,
        len(menu),
        sheet is not None and sheet.sent_at is not None,
        tuple(_item_costs(menu, door, house)) if house else (),
    )


def _item_costs(menu: Sequence[MenuItem], door: Dwelling, house: costs.House) -> list[ItemCost]:
    found = []
    for item in menu:
        try:
            amounts = [
                costs.of_version(option.published, house).amounts().get(door.id, 0)
                for option in offered(item)
                if option.published
            ]
        except Refused:
            # The building has changed since publication; the question itself says what it can.
            continue
        found.append(ItemCost(item, min(amounts), max(amounts)))
    return found


# --- a stairwell head ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Doors:
    """The homes of an entrance from which nothing has come in an open consultation."""

    plan: Plan
    missing: tuple[Dwelling, ...]


def doors(actor: Actor, known: Sequence[Standing], *, now: datetime) -> tuple[Doors, ...]:
    """For each open consultation, the doors a stairwell head still has to knock at."""
    plans = [place.plan for place in known if consultation_of(place.plan, now) is Consultation.OPEN]
    if not plans:
        return ()
    missing = queries.doors_to_knock(actor, plans)
    return tuple(
        Doors(plan, tuple(dwelling for plan_id, dwelling in missing if plan_id == plan.id))
        for plan in plans
    )


# --- the committee ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answering:
    """An open consultation: homes that have answered, and all homes."""

    place: Standing
    answered: int
    homes: int


@dataclass(frozen=True)
class CommitteePage:
    """What a committee has to do today, the most urgent kind first.

    ``to_release`` was prepared by somebody else, ``prepared`` by the reader. What there is to do
    about motions is made from ``publications`` and ``unclosed`` (``services/home_duties.py``).
    """

    publications: tuple[Publication, ...] = ()
    unclosed: tuple[Objection, ...] = ()
    to_release: tuple[Publication, ...] = ()
    prepared: tuple[Publication, ...] = ()
    unanswered: tuple[tuple[Objection, int], ...] = ()
    to_close: tuple[tuple[Objection, int], ...] = ()
    to_issue: tuple[Plan, ...] = ()
    to_hand_over: tuple[Plan, ...] = ()
    to_draft: tuple[Plan, ...] = ()
    to_publish: tuple[Plan, ...] = ()
    answering: tuple[Answering, ...] = ()
    without_plan: tuple[Building, ...] = ()
    # (community, how many) requests about personal data that wait for an answer.
    requests: tuple[tuple[int, int], ...] = ()
    places: tuple[Standing, ...] = field(default=())


def _answering(consulting: Sequence[Standing]) -> tuple[Answering, ...]:
    """How many homes have answered in each open consultation."""
    homes = queries.homes_by_building([place.plan.building_id for place in consulting])
    answered = queries.answered_by_plan([place.plan.id for place in consulting])
    return tuple(
        Answering(place, answered.get(place.plan.id, 0), homes.get(place.plan.building_id, 0))
        for place in consulting
    )


def _but(found: tuple[Plan, ...], kind: Kind, prepared: Sequence[Publication]) -> tuple[Plan, ...]:
    """Without what waits for its second person: it is asked of nobody a second time."""
    waits = {one.plan_id for one in prepared if one.kind == kind}
    return tuple(one for one in found if one.id not in waits)


def committee(actor: Actor, known: Sequence[Standing], *, now: datetime) -> CommitteePage:
    """Today's tasks of a committee member, over all buildings of the community."""
    places = [place for place in known if place.stage not in _SIDE]
    ids = [place.plan.id for place in places]
    unclosed = queries.open_objections(ids)
    waiting = [(one, objections.waiting_days(one, now)) for one in unclosed]
    consulting = [
        place for place in places if consultation_of(place.plan, now) is Consultation.OPEN
    ]
    with_plan = {place.plan.building_id for place in places}
    prepared = all_waiting(place.plan.id for place in known)
    # A motion's is told with the motion (``home_duties``), where that is told.
    of_plans = [one for one in prepared if one.motion_id is None or one.plan_id not in ids]

    def at(*stages: Stage) -> tuple[Plan, ...]:
        return tuple(place.plan for place in places if place.stage in stages)

    return CommitteePage(
        to_release=tuple(one for one in of_plans if one.prepared_by != actor.account_id),
        prepared=tuple(one for one in of_plans if one.prepared_by == actor.account_id),
        publications=tuple(prepared),
        unclosed=tuple(unclosed),
        unanswered=tuple(one for one in waiting if one[0].state is ObjectionState.SUBMITTED),
        to_close=tuple(one for one in waiting if one[0].state is ObjectionState.ANSWERED),
        to_issue=_but(at(Stage.COUNTED), Kind.RESOLUTION, prepared),
        to_hand_over=at(Stage.IN_FORCE),
        to_draft=tuple(
            place.plan for place in places if place.stage is Stage.DRAFTING and not place.motions
        ),
        to_publish=_but(at(Stage.COLLECTING_NEEDS), Kind.MENU, prepared),
        answering=_answering(consulting),
        without_plan=tuple(
            building for building in buildings_to_plan_for(actor) if building.id not in with_plan
        ),
        requests=tuple(waiting_requests(actor)),
        places=tuple(places),
    )
