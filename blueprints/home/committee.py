"""Today's tasks of a committee as cards, the most urgent kind first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import MOST, Card, Group, where_it_is
from blueprints.home.motions import motion_groups
from blueprints.shared.localisation import deadline
from blueprints.shared.publications import title_of
from blueprints.shared.words import word
from models.plans import Plan
from services.home import Answering, CommitteePage
from services.home_duties import MotionTask


def committee_groups(
    page: CommitteePage, tasks: Sequence[MotionTask], letters: Sequence[Card], now: datetime
) -> list[Group]:
    """Today's tasks, the most urgent kind first; motions by building and deadline.

    A box of paper ballots comes before everything: its hours are over the next day. ``letters``:
    whom a letter has to be printed for.
    """
    boxes = [one for one in tasks if one.box_until is not None]
    first = (*_second_person(page), *_objections(page, now), *_requests(page))
    last = (
        *_plans(page),
        *(_answering(one, now) for one in page.answering),
        *letters,
        *_without_plan(page),
    )
    hurried = motion_groups(boxes)
    motions = motion_groups([one for one in tasks if one.box_until is None])
    groups = [
        *hurried,
        Group(_("Releases, objections and requests") if hurried else "", first),
        *motions,
        Group(_("Plans and buildings") if hurried or first or motions else "", last),
    ]
    return [one for one in groups if one.cards]


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


def _answering(one: Answering, now: datetime) -> Card:
    plan = one.place.plan
    closes = plan.consultation_closes_at
    left = max(0, (closes - now).days) if closes else 0
    missing = one.homes - one.answered
    title = (
        ngettext(
            "%(num)s home in %(where)s has not answered yet",
            "%(num)s homes in %(where)s have not answered yet",
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
            _("%(part)s of %(whole)s homes have answered", part=one.answered, whole=one.homes),
            _("The consultation closes %(until)s.", until=deadline(closes)),
            ngettext("%(num)s day left", "%(num)s days left", left),
        ),
    )
