"""What is looked up about objections, and which of them keep a motion from being opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.objections import Objection
from models.plans import Plan
from models.register import Building, Dwelling
from models.resolutions import Resolution
from models.visibility import buildings_visible_to


def unanswered_against(option_id: int, item_id: int) -> list[Objection]:
    """Objections to this option, or to its item as a whole, that still wait for an answer.

    A motion on the option cannot be put to the vote while there is one.
    """
    query = (
        select(Objection)
        .where(
            or_(
                Objection.option_id == option_id,
                and_(Objection.item_id == item_id, Objection.option_id.is_(None)),
            ),
            Objection.answered_at.is_(None),
            Objection.closed_at.is_(None),
        )
        .order_by(Objection.submitted_at)
    )
    return list(session().scalars(query))


def open_against(version: OptionVersion) -> list[Objection]:
    """The objections that keep a motion on this version from being opened."""
    return unanswered_against(version.option_id, version.option.item_id)


def _with_words(query: Select[Objection]) -> Select[Objection]:
    """What pages name: item, option, the version that took it up, door and account."""
    return query.options(
        joinedload(Objection.item),
        joinedload(Objection.option).selectinload(Option.versions),
        joinedload(Objection.version),
        joinedload(Objection.dwelling).joinedload(Dwelling.entrance),
        joinedload(Objection.account),
    )


def objection_visible_to(actor: Actor, objection_id: int) -> Objection | None:
    """An objection in a building of the actor's; what of it is shown, the page decides."""
    query = (
        select(Objection)
        .join(Objection.plan)
        .join(Plan.building)
        .options(
            contains_eager(Objection.plan)
            .contains_eager(Plan.building)
            .joinedload(Building.community)
        )
        .where(Objection.id == objection_id, buildings_visible_to(actor))
        .execution_options(populate_existing=True)
    )
    return session().scalar(_with_words(query))


def objections_of(plan_ids: Iterable[int]) -> list[Objection]:
    """All objections of these plans, in the order in which they were raised."""
    query = (
        select(Objection)
        .where(Objection.plan_id.in_(list(plan_ids)))
        .order_by(Objection.submitted_at, Objection.id)
    )
    return list(session().scalars(_with_words(query)))


def own_objections(account_id: int | None, plan_ids: Iterable[int]) -> list[Objection]:
    """What this account objected to in these plans, the newest first."""
    query = (
        select(Objection)
        .where(Objection.plan_id.in_(list(plan_ids)), Objection.account_id == account_id)
        .order_by(Objection.submitted_at.desc(), Objection.id.desc())
        .options(joinedload(Objection.item))
    )
    return list(session().scalars(query))


def by_form_key(form_key: str) -> Objection | None:
    """The objection that this very form made, if it was sent before."""
    return session().scalar(select(Objection).where(Objection.form_key == form_key))


def options_of_item(item_id: int) -> Sequence[Option]:
    """An item's options with their versions, read afresh."""
    query = (
        select(Option)
        .where(Option.item_id == item_id)
        .options(selectinload(Option.versions), joinedload(Option.item).joinedload(MenuItem.plan))
        .order_by(Option.position, Option.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def has_resolution(plan_id: int) -> bool:
    """Whether the plan's resolution was issued: it lists every objection, so none can follow."""
    found = session().scalar(select(Resolution.id).where(Resolution.plan_id == plan_id).limit(1))
    return found is not None
