"""Cards about mandates, rounds from door to door, official results and paper ballots."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.page import Card, where_it_is
from blueprints.shared.localisation import deadline
from services.home_duties import ByMandate, PaperDuty, Result, Round


def mandate_cards(found: Iterable[ByMandate], *, voted: bool) -> list[Card]:
    """For whom somebody may vote by a mandate: still to do, or done and still to be changed."""
    return [_mandate(one) for one in found if one.voted is voted]


def _mandate(one: ByMandate) -> Card:
    until = deadline(one.motion.closes_at)
    lines = (
        _("%(where)s. Open until %(until)s.", where=where_it_is(one.plan), until=until),
        _("By a mandate that the committee has on record."),
    )
    return Card(
        _("You can vote for %(rooms)s: %(title)s", rooms=one.rooms, title=one.motion.title),
        url_for("votes.ballot_for", motion_id=one.motion.id, number=one.number),
        _("Change the vote") if one.voted else _("Vote now"),
        lines,
    )


def round_cards(found: Iterable[Round]) -> list[Card]:
    """The ballots that still have to be brought to a door."""
    return [_round(one) for one in found if one.done < one.whole]


def _round(one: Round) -> Card:
    missing = one.whole - one.done
    return Card(
        ngettext(
            "%(num)s ballot to bring to the door: %(title)s",
            "%(num)s ballots to bring to the doors: %(title)s",
            missing,
            title=one.motion.title,
        ),
        url_for("votes.doors", motion_id=one.motion.id),
        _("From door to door"),
        (
            where_it_is(one.plan),
            _("%(part)s of %(whole)s doors visited.", part=one.done, whole=one.whole),
            _("The vote closes %(until)s.", until=deadline(one.motion.closes_at)),
        ),
    )


def result_cards(found: Iterable[Result]) -> list[Card]:
    """Official results that need their second person."""
    return [_result(one) for one in found]


def _result(one: Result) -> Card:
    line = (
        _("You have entered it; another member of the committee types it in once more.")
        if one.mine
        else _("Somebody has entered it. Type it in from the document without looking theirs up.")
    )
    return Card(
        _("Official result to confirm: %(title)s", title=one.motion.title),
        url_for("votes.platform", motion_id=one.motion.id),
        _("Look at it") if one.mine else _("Type it in"),
        (where_it_is(one.plan), line),
    )


def paper_cards(found: Iterable[PaperDuty]) -> list[Card]:
    """Paper ballots that wait for somebody of the committee: one card a motion."""
    return [_papers(one) for one in found]


def _papers(one: PaperDuty) -> Card:
    lines = [where_it_is(one.plan)]
    if one.box_until is not None:
        until = deadline(one.box_until)
        lines.append(
            _(
                "Box of paper ballots: two members list what is in hand until %(until)s.",
                until=until,
            )
        )
        if one.mine:
            lines.append(_("You have typed the numbers; now another member does so."))
    if one.to_confirm:
        lines.append(
            ngettext(
                "%(num)s paper ballot waits for your second reading.",
                "%(num)s paper ballots wait for your second reading.",
                one.to_confirm,
            )
        )
    if one.differing:
        lines.append(
            ngettext(
                "%(num)s paper ballot was read differently and is entered anew.",
                "%(num)s paper ballots were read differently and are entered anew.",
                one.differing,
            )
        )
    box = one.box_until is not None and not one.mine
    return Card(
        _("Paper ballots: %(title)s", title=one.motion.title),
        url_for("votes.box" if box else "votes.paper", motion_id=one.motion.id),
        _("Close the box of paper ballots") if box else _("To the paper ballots"),
        tuple(lines),
    )
