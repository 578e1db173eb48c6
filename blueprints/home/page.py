"""A person's first page in words: each task a card with one thing to do, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home import votes
from blueprints.home.cards import Card, where_it_is
from blueprints.shared import way as ways
from blueprints.shared.localisation import deadline, money
from blueprints.shared.words import word
from domain.accounts import Capacity
from domain.plans import Stage, next_step
from models.objections import Objection
from models.plans import Plan
from services.home import (
    Doors,
    ItemCost,
    ResidentPage,
    Standing,
    ToAnswer,
)


@dataclass(frozen=True)
class Place:
    """Where a plan stands, in words, and who acts next."""

    plan: Plan
    title: str
    stage: str
    until: str
    following: str
    is_settled: bool
    stretch: ways.Stretch | None = None


# --- residents --------------------------------------------------------------------------------


def resident_cards(page: ResidentPage) -> list[Card]:
    """What is asked of a resident now: news of an objection, votes, then menus."""
    return [
        *(_news(objection) for objection in page.news),
        *votes.asked_cards(page),
        *(_menu(answer) for answer in page.open_answers),
    ]


def done_cards(page: ResidentPage) -> list[Card]:
    """What the resident has done and can still change."""
    return [
        *votes.voted_cards(page),
        *(_menu(answer) for answer in page.answers if answer.sent),
    ]


def _news(objection: Objection) -> Card:
    closed = objection.outcome is not None
    title = (
        _("Your objection to “%(title)s” has an outcome", title=objection.item.title)
        if closed
        else _("Your objection to “%(title)s” is answered", title=objection.item.title)
    )
    url = url_for("objections.show", objection_id=objection.id)
    return Card(title, url, _("Read it"))


def _menu(answer: ToAnswer) -> Card:
    until = deadline(answer.plan.consultation_closes_at)
    door = f"{answer.plan.building.name} {answer.door.entrance.name} {answer.door.room}"
    lines = [door]
    if answer.sent:
        lines.append(_("Your answers are sent. You can change them until %(until)s.", until=until))
        title, action = _("You have answered the menu"), _("Look at my answers")
    elif answer.answered:
        lines.append(
            _(
                "%(part)s of %(whole)s answered and saved. Send them before %(until)s.",
                part=answer.answered,
                whole=answer.asked,
                until=until,
            )
        )
        title, action = _("Go on with the menu"), _("Go on")
    else:
        lines.append(_("Open until %(until)s. It takes about two minutes.", until=until))
        title, action = _("Say what your home needs"), _("Answer the menu")
    url = url_for("preferences.answer", plan_id=answer.plan.id, dwelling=answer.door.id)
    tenant = answer.capacity is Capacity.TENANT
    paid = [cost for cost in answer.costs if cost.most or cost.least]
    ranges = [(cost.item.title, _range(cost)) for cost in paid]
    if free := len(answer.costs) - len(paid):
        ranges.append(_free(free, alone=not paid, tenant=tenant))
    heading = (
        _("What it would cost the owner of your home") if tenant else _("What it would cost you")
    )
    return Card(title, url, action, tuple(lines), ranges=tuple(ranges), ranges_title=heading)


def _free(number: int, *, alone: bool, tenant: bool) -> tuple[str, str]:
    """The items that cost whoever pays for the home nothing, in one line."""
    what = (
        _("All items") if alone else ngettext("%(num)s other item", "%(num)s other items", number)
    )
    if tenant:
        return what, ngettext("costs the owner nothing", "cost the owner nothing", number)
    return what, ngettext("costs you nothing", "cost you nothing", number)


def _range(cost: ItemCost) -> str:
    if cost.least == cost.most:
        return _("%(amount)s yuan", amount=money(cost.most))
    return _("%(least)s to %(most)s yuan", least=money(cost.least), most=money(cost.most))


def place(standing: Standing, now: datetime, *, drawn: bool = False) -> Place:
    """Where a plan stands, and what comes next; ``drawn`` with the line around it."""
    plan, stage = standing.plan, standing.stage
    until = ""
    if stage in (Stage.MENU_PUBLISHED, Stage.CONSULTING):
        until = _("until %(until)s", until=deadline(plan.consultation_closes_at))
    elif stage is Stage.VOTING:
        closes = max(one.motion.closes_at for one in standing.motions if one.motion.closes_at)
        until = _("until %(until)s", until=deadline(closes))
    return Place(
        plan,
        f"{plan.building.name} · {plan.title}",
        word("stages", stage),
        until,
        _following(stage),
        stage is Stage.MAINTAINED,
        _stretch(standing, now) if drawn else None,
    )


def _stretch(standing: Standing, now: datetime) -> ways.Stretch:
    plan, facts = standing.plan, standing.facts
    return ways.around(ways.in_phases(ways.way(facts, now, ways.papers(plan, facts))))


def _following(stage: Stage) -> str:
    """One sentence about what comes next, for people who live there."""
    sentences = {
        Stage.MENU_PUBLISHED: _("Next: the households answer the menu."),
        Stage.CONSULTING: _("Next: the committee answers objections and draws up motions."),
        Stage.DRAFTING: _("Next: the committee posts the roll of owners and announces a vote."),
        Stage.ROLL_POSTED: _("Check your name and area on the roll. Next: the vote is announced."),
        Stage.NOTICE: _("Next: the vote opens on the day announced."),
        Stage.VOTING: _("Next: the votes are counted after the close."),
        Stage.CLOSED: _("The vote has closed. Next: the committee counts it."),
        Stage.COUNTED: _("Next: the committee posts the resolution."),
        Stage.RESULT_POSTED: _("Next: the resolution comes into force when its posting ends."),
        Stage.FAILED: _("Next: the committee may draw the motion up anew, or leave it."),
        Stage.IN_FORCE: _("Next: the requirements are given to the contractor."),
        Stage.REQUIREMENTS_ISSUED: _("Next: the works begin."),
        Stage.WORKS: _("Next: the works are accepted."),
        Stage.ACCEPTED: _("Next: the households say how it turned out."),
    }
    actor = word("acts_next", next_step(stage).actor)
    return sentences.get(stage) or _("Next to act: %(actor)s", actor=actor)


# --- stairwell heads ------------------------------------------------------------------------------


def door_cards(found: tuple[Doors, ...]) -> list[Card]:
    """Where a stairwell head still has to knock."""
    return [_doors(one) for one in found]


def _doors(one: Doors) -> Card:
    until = deadline(one.plan.consultation_closes_at)
    rooms = "、".join(dwelling.room for dwelling in one.missing)
    title = (
        ngettext(
            "%(num)s door has not answered", "%(num)s doors have not answered", len(one.missing)
        )
        if one.missing
        else _("Every door in your part has answered")
    )
    lines = (
        _("%(where)s, until %(until)s", where=where_it_is(one.plan), until=until),
        *((rooms,) if rooms else ()),
    )
    url = url_for("preferences.reach", plan_id=one.plan.id)
    return Card(title, url, _("By floor"), lines)
