"""What the pages for answering are drawn from: the household's own booklet of questions.

One question is one item, with what every option of it would cost this very household.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain.accounts import Actor, Capacity
from domain.errors import NotYours, Refused
from domain.preferences import Consultation, ItemAnswerDraft
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.plans import Plan
from models.preferences import AnswerSheet
from models.preferences_queries import former_owner_left, menu_of, offered, sheet_of
from models.register import Dwelling
from services import costs
from services.preferences import capacities, consultation_of, draft_of


@dataclass(frozen=True)
class Offer:
    """An option as one household reads it; fen. ``share`` is ``None`` where it cannot be told.

    ``changed`` when it was revised after the household last said something.
    """

    option: Option
    version: OptionVersion
    net: int
    share: int | None
    changed: bool


@dataclass(frozen=True)
class Asked:
    """One item with its offers and what the household has said about it so far."""

    position: int
    item: MenuItem
    offers: tuple[Offer, ...]
    said: ItemAnswerDraft

    @property
    def is_answered(self) -> bool:
        """Whether anything was said."""
        return not self.said.is_empty

    @property
    def ranked(self) -> tuple[Offer, ...]:
        """The offers that were given a place, the most wanted first."""
        by_id = {offer.option.id: offer for offer in self.offers}
        return tuple(by_id[option] for option in self.said.ranking if option in by_id)


@dataclass(frozen=True)
class Booklet:
    """The questions to one household of the actor's; without ``door`` the actor has yet to choose
    one of ``doors``."""

    plan: Plan
    state: Consultation
    doors: tuple[tuple[Dwelling, Capacity], ...]
    door: Dwelling | None = None
    capacity: Capacity | None = None
    sheet: AnswerSheet | None = None
    questions: tuple[Asked, ...] = ()
    # When a former owner left whose answers to this menu stand for nobody any more.
    former_left: datetime | None = None

    @property
    def revision(self) -> int:
        """The revision of the answers as they are shown here, 0 for none yet."""
        return self.sheet.revision if self.sheet else 0

    @property
    def is_open(self) -> bool:
        """Whether answers can be given and changed now."""
        return self.state is Consultation.OPEN

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(1 for asked in self.questions if asked.is_answered)

    @property
    def next_position(self) -> int:
        """Where to go on: the first question without an answer, else the first one."""
        return next((one.position for one in self.questions if not one.is_answered), 1)

    @property
    def is_changed_since_sent(self) -> bool:
        """Whether something was saved after the answers were sent."""
        sheet = self.sheet
        return bool(sheet and sheet.sent_at and sheet.updated_at > sheet.sent_at)


def _doors(actor: Actor, plan: Plan) -> tuple[tuple[Dwelling, Capacity], ...]:
    held = capacities(actor, plan)
    query = (
        select(Dwelling)
        .where(Dwelling.id.in_(list(held)), Dwelling.counts, Dwelling.retired_at.is_(None))
        .options(joinedload(Dwelling.entrance))
        .order_by(Dwelling.entrance_id, Dwelling.floor, Dwelling.room)
    )
    return tuple((dwelling, held[dwelling.id]) for dwelling in session().scalars(query))


def booklet(actor: Actor, plan: Plan, dwelling_id: int | None, *, now: datetime) -> Booklet:
    """The booklet of one of the actor's households; the only one where ``dwelling_id`` is ``None``.

    Refuses 403 ``dwelling_not_yours`` and ``dwelling_does_not_answer``.
    """
    doors = _doors(actor, plan)
    if not doors:
        raise NotYours("dwelling_does_not_answer")
    state = consultation_of(plan, now)
    if dwelling_id is None and len(doors) > 1:
        return Booklet(plan, state, doors)
    wanted = [one for one in doors if dwelling_id in (None, one[0].id)]
    if not wanted:
        raise NotYours("dwelling_not_yours")
    door, capacity = wanted[0]
    sheet = sheet_of(plan.id, door.id, capacity)
    asked = questions(plan, door, sheet)
    left = former_owner_left(plan.id, door.id) if capacity is Capacity.OWNER else None
    return Booklet(plan, state, doors, door, capacity, sheet, asked, left)


def questions(plan: Plan, door: Dwelling, sheet: AnswerSheet | None) -> tuple[Asked, ...]:
    """The items of a plan as questions to one household, with what it said to each."""
    said = {answer.item_id: draft_of(answer) for answer in sheet.answers} if sheet else {}
    in_house = costs.house(plan.building_id)
    menu = [item for item in menu_of([plan.id]) if offered(item)]
    return tuple(
        Asked(
            position,
            item,
            tuple(
                _offer(option, option.published, door, sheet, in_house)
                for option in offered(item)
                if option.published
            ),
            said.get(item.id, ItemAnswerDraft()),
        )
        for position, item in enumerate(menu, start=1)
    )


def _offer(
    option: Option,
    version: OptionVersion,
    door: Dwelling,
    sheet: AnswerSheet | None,
    in_house: costs.House,
) -> Offer:
    changed = (
        sheet is not None
        and version.number > 1
        and version.published_at is not None
        and version.published_at > sheet.updated_at
    )
    try:
        worked_out = costs.of_version(version, in_house)
    except Refused:
        # The building has changed since: the option's page says what is wrong, answers go on.
        return Offer(option, version, 0, None, changed)
    share = worked_out.amounts().get(door.id)
    return Offer(option, version, worked_out.bill.net, share, changed)
