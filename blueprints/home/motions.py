"""The committee's motions as cards: each motion once, in groups of a building and a deadline."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import Card, Group, where_it_is
from blueprints.shared.localisation import deadline
from blueprints.shared.publications import title_of
from domain.plans import MotionStage
from domain.today import Duty
from services.home_duties import MotionTask

# So many motions are listed; a page of hundreds would be read by nobody.
MOST_MOTIONS = 24


def motion_groups(tasks: Sequence[MotionTask]) -> list[Group]:
    """The motions in groups of one building and one deadline, in the order of their deadlines."""
    groups: dict[tuple[int, object], list[MotionTask]] = {}
    for one in tasks[:MOST_MOTIONS]:
        groups.setdefault((one.plan.building_id, one.deadline), []).append(one)
    found = [Group(_heading(own[0]), tuple(map(_card, own))) for own in groups.values()]
    if len(tasks) > MOST_MOTIONS:
        rest = len(tasks) - MOST_MOTIONS
        more = ngettext("and %(num)s more motion", "and %(num)s more motions", rest)
        found.append(Group(more, (Card(more, url_for("plans.index"), _("To the plans")),)))
    return found


def _heading(one: MotionTask) -> str:
    building = where_it_is(one.plan)
    if one.deadline is None:
        return building
    until = deadline(one.deadline)
    if one.stage in (MotionStage.NOTICE, MotionStage.VOTING):
        return _("%(building)s: vote closes %(until)s", building=building, until=until)
    return _("%(building)s: vote closed %(until)s", building=building, until=until)


def _card(one: MotionTask) -> Card:
    first, *others = one.duties
    title, action, endpoint = _named(one, first)
    place = one.motion.entrance.name if one.motion.entrance else _("the whole building")
    lines = (place, *(line for duty in one.duties if (line := _line(one, duty))))
    links = {url: label for duty in others for label, url in [_link(one, duty)]}
    links.pop(_address(one, endpoint), None)
    posts: tuple[tuple[str, str], ...] = ()
    if first is Duty.REDRAW:
        posts = ((_("Put away"), _address(one, "votes.put_away")),)
    return Card(
        title,
        _address(one, endpoint),
        action,
        lines,
        links=tuple((label, url) for url, label in links.items()),
        posts=posts,
    )


def _address(one: MotionTask, endpoint: str) -> str:
    if one.publication is not None and endpoint == "publications.show":
        return url_for(endpoint, publication_id=one.publication.id)
    return url_for(endpoint, motion_id=one.motion.id)


def _link(one: MotionTask, duty: Duty) -> tuple[str, str]:
    _title, action, endpoint = _named(one, duty)
    return action, _address(one, endpoint)


def _named(one: MotionTask, duty: Duty) -> tuple[str, str, str]:
    """A card's title for what is most urgent, the word on its button, and where that leads."""
    title = one.motion.title
    if one.publication is not None and duty in (Duty.RELEASE, Duty.PREPARED):
        what = title_of(one.publication)
        if duty is Duty.RELEASE:
            heading = _("Read and release: %(what)s", what=what)
            return heading, _("Read it"), "publications.show"
        heading = _("Waits for a second person: %(what)s", what=what)
        return heading, _("Look at it"), "publications.show"
    voting = (_("Voting: %(title)s"), _("Turnout"), "votes.motion")
    closed = _("Vote closed: %(title)s")
    official = _("Official result to confirm: %(title)s")
    running = _("Voting: %(title)s") if one.stage is MotionStage.VOTING else closed
    named = {
        Duty.CLOSE_BOX: (closed, _("Close the box of paper ballots"), "votes.box"),
        Duty.OWN_BOX: (closed, _("Look at the paper ballots"), "votes.paper"),
        Duty.ENTER_PAPERS: (closed, _("Type in the paper ballots"), "votes.paper"),
        Duty.CONFIRM_PAPERS: (running, _("Read the paper ballots"), "votes.paper"),
        Duty.REENTER_PAPERS: (running, _("Enter paper ballots anew"), "votes.paper"),
        Duty.OWN_PAPERS: (running, _("Look at the paper ballots"), "votes.paper"),
        Duty.CONFIRM_RESULT: (official, _("Type it in"), "votes.platform"),
        Duty.OWN_RESULT: (official, _("Look at it"), "votes.platform"),
        Duty.COUNT: (_("Count: %(title)s"), _("Count"), "votes.motion"),
        Duty.ANNOUNCE: (_("Announce the vote: %(title)s"), _("Announce"), "votes.motion"),
        Duty.RENEW: (_("Cannot be announced: %(title)s"), _("Look at it"), "votes.motion"),
        Duty.POST_ROLL: (_("Post the roll: %(title)s"), _("Post the roll"), "votes.motion"),
        Duty.DOORS: (
            voting[0] if one.stage is MotionStage.VOTING else _("Announced: %(title)s"),
            _("From door to door"),
            "votes.doors",
        ),
        Duty.RUNNING: voting,
        Duty.REDRAW: (_("Not adopted: %(title)s"), _("Look at it"), "votes.motion"),
    }
    heading, action, endpoint = named[duty]
    return heading.replace("%(title)s", title), action, endpoint


def _line(one: MotionTask, duty: Duty) -> str:
    """What there is to say about a step; nothing where title and button say it."""
    if duty in _OF_PAPERS:
        return _of_papers(one, duty)
    if duty is Duty.DOORS:
        whole, done = one.doors
        return ngettext(
            "%(num)s door not reached yet, %(part)s of %(whole)s visited.",
            "%(num)s doors not reached yet, %(part)s of %(whole)s visited.",
            whole - done,
            part=done,
            whole=whole,
        )
    said = {
        Duty.RELEASE: _("It is published when a second person releases it."),
        Duty.PREPARED: _("Another member of the committee has to release it."),
        Duty.CONFIRM_RESULT: _(
            "Somebody has entered it. Type it in from the document without looking theirs up."
        ),
        Duty.OWN_RESULT: _(
            "You have entered it; another member of the committee types it in once more."
        ),
        Duty.ANNOUNCE: _("The roll is posted; the vote can be announced."),
        Duty.RENEW: _(
            "Its option has changed or is no longer offered. Cancel the motion and draw it up anew."
        ),
        Duty.POST_ROLL: _("The motion is drawn up; owners must be able to check the roll."),
        Duty.REDRAW: _("It can be drawn up anew, or put away."),
    }
    return said.get(duty, "")


_OF_PAPERS = frozenset(
    {
        Duty.CLOSE_BOX,
        Duty.OWN_BOX,
        Duty.ENTER_PAPERS,
        Duty.CONFIRM_PAPERS,
        Duty.OWN_PAPERS,
        Duty.REENTER_PAPERS,
    }
)


def _of_papers(one: MotionTask, duty: Duty) -> str:
    papers = one.papers
    if duty in (Duty.CLOSE_BOX, Duty.OWN_BOX):
        until = deadline(one.box_until)
        if duty is Duty.OWN_BOX:
            return _(
                "You have typed the numbers in hand; another member does so until %(until)s.",
                until=until,
            )
        return _(
            "Box of paper ballots: two members list what is in hand until %(until)s.", until=until
        )
    if duty is Duty.ENTER_PAPERS:
        return ngettext(
            "%(num)s paper ballot from the box is not typed in yet.",
            "%(num)s paper ballots from the box are not typed in yet.",
            papers.to_enter,
        )
    if duty is Duty.CONFIRM_PAPERS:
        return ngettext(
            "%(num)s paper ballot waits for you as its second reader.",
            "%(num)s paper ballots wait for you as their second reader.",
            len(papers.second_reader) - one.own_papers,
        )
    if duty is Duty.REENTER_PAPERS:
        return ngettext(
            "%(num)s paper ballot was read in two ways and has to be entered anew.",
            "%(num)s paper ballots were read in two ways and have to be entered anew.",
            papers.differing,
        )
    return ngettext(
        "%(num)s paper ballot that you entered waits for another member.",
        "%(num)s paper ballots that you entered wait for another member.",
        one.own_papers,
    )
