"""Today's tasks of a committee as cards, the most urgent kind first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import Card, where_it_is
from blueprints.shared.localisation import deadline
from blueprints.shared.publications import title_of
from blueprints.shared.words import word
from models.plans import Plan
from models.votes import Motion
from services.home import (
    CommitteePage,
    Reached,
)

# Beyond this many of one kind the rest is counted, not listed.
MOST = 8


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
                where_it_is(one.plan),
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
            (where_it_is(one.plan), _("Another member of the committee has to release it.")),
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
    place = where_it_is(motion.plan) + (f" {motion.entrance.name}" if motion.entrance else "")
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
            yield Card(title, url, action, (f"{where_it_is(plan)} · {plan.title}",))


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
            where=where_it_is(plan),
        )
        if missing
        else _("Every home in %(where)s has answered", where=where_it_is(plan))
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
