"""A person's first page in words: each task a card with one thing to do, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared import way as ways
from blueprints.shared.localisation import deadline, money
from blueprints.shared.publications import title_of
from blueprints.shared.words import word
from domain.plans import Stage, next_step
from models.objections import Objection
from models.plans import Plan
from models.votes import Motion
from services.home import (
    CommitteePage,
    Doors,
    ItemCost,
    Reached,
    ResidentPage,
    Standing,
    ToAnswer,
    ToVote,
)

# Beyond this many of one kind the rest is counted, not listed.
MOST = 8


@dataclass(frozen=True)
class Card:
    """One thing to do. ``lines`` are further sentences; ``money`` are (what, fen) of one's own."""

    title: str
    url: str
    action: str
    lines: tuple[str, ...] = ()
    money: tuple[tuple[str, int], ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()


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


def _where(plan: Plan) -> str:
    return plan.building.name


# --- residents --------------------------------------------------------------------------------


def resident_cards(page: ResidentPage) -> list[Card]:
    """What is asked of a resident now: news of an objection, votes, then menus."""
    return [
        *(_news(objection) for objection in page.news),
        *(_vote(vote) for vote in page.open_votes),
        *(_menu(answer) for answer in page.open_answers),
    ]


def done_cards(page: ResidentPage) -> list[Card]:
    """What the resident has done and can still change."""
    return [
        *(_vote(vote) for vote in page.votes if vote.voted >= vote.heads),
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


def _vote(vote: ToVote) -> Card:
    until = deadline(vote.motion.closes_at)
    voted = vote.voted >= vote.heads
    lines = [
        _(
            "%(where)s. You have voted; you can change it until %(until)s.",
            where=_where(vote.plan),
            until=until,
        )
        if voted
        else _("%(where)s. Open until %(until)s.", where=_where(vote.plan), until=until)
    ]
    if vote.heads > 1 and not voted:
        lines.append(
            _(
                "You vote for %(heads)s owners; %(voted)s have voted.",
                heads=vote.heads,
                voted=vote.voted,
            )
        )
    return Card(
        _("Vote: %(title)s", title=vote.motion.title),
        url_for("votes.ballot", motion_id=vote.motion.id),
        _("Look at my ballot") if voted else _("Vote now"),
        tuple(lines),
        money=() if vote.share is None else ((_("Your share if it is adopted"), vote.share),),
    )


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
    paid = [cost for cost in answer.costs if cost.most or cost.least]
    ranges = [(cost.item.title, _range(cost)) for cost in paid]
    if free := len(answer.costs) - len(paid):
        ranges.append(_free(free, alone=not paid))
    return Card(title, url, action, tuple(lines), ranges=tuple(ranges))


def _free(number: int, *, alone: bool) -> tuple[str, str]:
    """The items that cost the home nothing, in one line."""
    if alone:
        return _("All items"), _("cost you nothing")
    others = ngettext("%(num)s other item", "%(num)s other items", number)
    return others, ngettext("costs you nothing", "cost you nothing", number)


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
    return ways.around(ways.way(facts, now, ways.papers(plan, facts)))


def _following(stage: Stage) -> str:
    """One sentence about what comes next, for people who live there."""
    sentences = {
        Stage.MENU_PUBLISHED: _("Next: the households answer the menu."),
        Stage.CONSULTING: _("Next: the committee answers objections and draws up motions."),
        Stage.DRAFTING: _("Next: the committee posts the roll of owners and announces a vote."),
        Stage.ROLL_POSTED: _("Check your name and area on the roll. Next: the vote is announced."),
        Stage.NOTICE: _("Next: the vote opens on the day announced."),
        Stage.VOTING: _("Next: the votes are counted after the close."),
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
        _("%(where)s, until %(until)s", where=_where(one.plan), until=until),
        *((rooms,) if rooms else ()),
    )
    url = url_for("preferences.reach", plan_id=one.plan.id)
    return Card(title, url, _("By floor"), lines)


# --- the committee --------------------------------------------------------------------------------


def committee_cards(page: CommitteePage, now: datetime) -> list[Card]:
    """Today's tasks, the most urgent kind first."""
    return [
        *_second_person(page),
        *_objections(page, now),
        *_requests(page),
        *_motions(page),
        *_plans(page),
        *(_reached(one, now) for one in page.reached),
        *_without_plan(page),
    ]


def _second_person(page: CommitteePage) -> Iterator[Card]:
    for one in page.to_release[:MOST]:
        yield Card(
            _("Read and release: %(what)s", what=title_of(one)),
            url_for("publications.show", publication_id=one.id),
            _("Read it"),
            (
                _where(one.plan),
                _(
                    "Prepared by %(name)s. It is published when a second person releases it.",
                    name=one.preparer.display_name,
                ),
            ),
        )
    for one in page.prepared[:MOST]:
        yield Card(
            _("Waits for a second person: %(what)s", what=title_of(one)),
            url_for("publications.show", publication_id=one.id),
            _("Look at it"),
            (_where(one.plan), _("Another member of the committee has to release it.")),
        )


def _rest(number: int, url: str) -> Iterator[Card]:
    if number > MOST:
        more = ngettext("and %(num)s more", "and %(num)s more", number - MOST)
        yield Card(more, url, _("Show all"))


def _left(plan: Plan | None, now: datetime) -> str:
    """How long an objection can still be answered before what it speaks of is drawn up."""
    closes = plan.consultation_closes_at if plan else None
    if closes is None or closes <= now:
        return _("Until it is answered, nothing that it speaks of is put to the vote.")
    days = (closes - now).days
    return ngettext(
        "%(num)s day left in the consultation", "%(num)s days left in the consultation", days
    )


def _objections(page: CommitteePage, now: datetime) -> Iterator[Card]:
    plans = {place.plan.id: place.plan for place in page.places}
    for objection, days in page.unanswered[:MOST]:
        yield Card(
            _("Answer an objection to “%(title)s”", title=objection.item.title),
            url_for("objections.show", objection_id=objection.id),
            _("Answer it"),
            (
                word("grounds", objection.ground),
                ngettext("has waited %(num)s day", "has waited %(num)s days", days),
                _left(plans.get(objection.plan_id), now),
            ),
        )
    if page.unanswered:
        plan_id = page.unanswered[-1][0].plan_id
        yield from _rest(len(page.unanswered), url_for("objections.index", plan_id=plan_id))
    for objection, _days in page.to_close[:MOST]:
        yield Card(
            _("Close the objection to “%(title)s”", title=objection.item.title),
            url_for("objections.show", objection_id=objection.id),
            _("Record the outcome"),
            (_("It is answered; how did it end?"),),
        )


def _requests(page: CommitteePage) -> Iterator[Card]:
    for community_id, number in page.requests:
        title = ngettext(
            "Answer %(num)s request about personal data",
            "Answer %(num)s requests about personal data",
            number,
        )
        url = url_for("privacy.index", community_id=community_id)
        yield Card(title, url, _("Look at them"))


def _motions(page: CommitteePage) -> Iterator[Card]:
    kinds = (
        (page.to_count, _("Count: %(title)s"), _("The vote has closed."), _("Count")),
        (
            page.to_announce,
            _("Announce the vote: %(title)s"),
            _("The roll is posted; the vote can be announced."),
            _("Announce"),
        ),
        (
            page.to_post_roll,
            _("Post the roll: %(title)s"),
            _("The motion is drawn up; owners must be able to check the roll."),
            _("Post the roll"),
        ),
        (
            page.to_redraw,
            _("Not adopted: %(title)s"),
            _("It can be drawn up anew."),
            _("Look at it"),
        ),
    )
    for motions, title, line, action in kinds:
        for motion in motions[:MOST]:
            yield _motion(motion, title, line, action)
    for motion in page.running[:MOST]:
        until = deadline(motion.closes_at)
        line = _("Open until %(until)s; deliver and collect paper ballots.", until=until)
        yield _motion(motion, _("Voting: %(title)s"), line, _("Turnout"))


def _motion(motion: Motion, title: str, line: str, action: str) -> Card:
    place = _where(motion.plan) + (f" {motion.entrance.name}" if motion.entrance else "")
    return Card(
        title.replace("%(title)s", motion.title),
        url_for("votes.motion", motion_id=motion.id),
        action,
        (place, line),
    )


def _plans(page: CommitteePage) -> Iterator[Card]:
    kinds = (
        (page.to_issue, _("Issue the resolution"), "resolutions.of_plan", _("To the resolution")),
        (
            page.to_hand_over,
            _("Give the requirements to a contractor"),
            "resolutions.of_plan",
            _("To the resolution"),
        ),
        (page.to_draft, _("Draw up what is voted on"), "votes.motions", _("Draw up a motion")),
        (page.to_publish, _("Compose and publish the menu"), "menus.compose", _("To the menu")),
    )
    for plans, title, endpoint, action in kinds:
        for plan in plans[:MOST]:
            url = url_for(endpoint, plan_id=plan.id)
            yield Card(title, url, action, (f"{_where(plan)} · {plan.title}",))


def _without_plan(page: CommitteePage) -> Iterator[Card]:
    if page.without_plan:
        names = "、".join(building.name for building in page.without_plan[:MOST])
        title = ngettext(
            "%(num)s building has no plan yet",
            "%(num)s buildings have no plan yet",
            len(page.without_plan),
        )
        yield Card(title, url_for("plans.new"), _("Begin a plan"), (names,))


def _reached(one: Reached, now: datetime) -> Card:
    plan = one.place.plan
    closes = plan.consultation_closes_at
    left = max(0, (closes - now).days) if closes else 0
    missing = one.homes - one.answered
    title = (
        ngettext(
            "%(num)s home in %(where)s not reached yet",
            "%(num)s homes in %(where)s not reached yet",
            missing,
            where=_where(plan),
        )
        if missing
        else _("Every home in %(where)s has answered", where=_where(plan))
    )
    return Card(
        title,
        url_for("preferences.reach", plan_id=plan.id),
        _("Who has not answered"),
        (
            _("%(part)s of %(whole)s answered", part=one.answered, whole=one.homes),
            _("The consultation closes %(until)s.", until=deadline(closes)),
            ngettext("%(num)s day left", "%(num)s days left", left),
        ),
    )
