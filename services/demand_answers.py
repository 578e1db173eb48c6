"""A plan's stored answers as the rules of disclosure see them: present ones, and former owners'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.accounts import Capacity
from domain.preferences import ItemAnswerDraft, Stance, choices_of
from domain.releases import Answer, Sheet
from models.plans import Plan
from models.preferences import AnswerSheet, ItemAnswer
from models.preferences_queries import former_sheets_of
from models.register import Dwelling

Doors = Mapping[int, Dwelling]


def _said(answer: ItemAnswer) -> ItemAnswerDraft:
    return ItemAnswerDraft(
        stance=Stance(answer.stance) if answer.stance else None,
        ranking=tuple(ranked.option_id for ranked in answer.rankings),
        none_of_these=answer.none_of_these,
    )


def _buyer(dwelling: Dwelling) -> str:
    """Equal for dwellings of one buyer: they have equal sets of owners."""
    owners = sorted(ownership.owner_id for ownership in dwelling.ownerships)
    return ",".join(map(str, owners)) or f"dwelling {dwelling.id}"


def answers_of(
    plan: Plan, sheet: Sheet, item_id: int, sheets: Iterable[AnswerSheet], doors: Doors
) -> list[Answer]:
    """The present answers to an item, as the rules of disclosure see them."""
    answers = []
    for one in sheets:
        dwelling = doors.get(one.dwelling_id)
        row = next((row for row in one.answers if row.item_id == item_id), None)
        if dwelling is None or row is None:
            continue
        tenant = one.capacity == Capacity.TENANT
        # A tenant knows the tenant's own answer.
        answers.append(
            Answer(
                dwelling=str(dwelling.id),
                unit=str(plan.building_id),
                floor=dwelling.floor,
                owner_key=f"account {one.account_id}" if tenant else _buyer(dwelling),
                choices=choices_of(_said(row), sheet),
                tenant=tenant,
            )
        )
    return answers


def gone_of(plan: Plan, item_id: int, sheets: Iterable[AnswerSheet], doors: Doors) -> list[Answer]:
    """Doors without an answer to the item whose former owner gave one: what is counted is theirs.

    The new owners' own answer replaces it once there is one.
    """
    owners = [one for one in sheets if one.capacity == Capacity.OWNER]
    answered = {
        one.dwelling_id
        for one in owners
        if any(answer.item_id == item_id for answer in one.answers)
    }
    former = {
        one.dwelling_id for one in former_sheets_of(plan.id) if one.capacity == Capacity.OWNER
    }
    return [
        Answer(str(door), str(plan.building_id), doors[door].floor, _buyer(doors[door]))
        for door in sorted(former - answered)
        if door in doors
    ]
