"""Cards about rounds from door to door, and official results to confirm."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import Card, where_it_is
from blueprints.shared.localisation import deadline
from services.home_duties import Result, Round


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
