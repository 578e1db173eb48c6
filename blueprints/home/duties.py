"""Cards about votes of others in the house, and rounds from door to door."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import Card, where_it_is
from blueprints.shared.localisation import deadline
from blueprints.shared.own import no_vote
from services.home_duties import OthersVote, Round


def others_cards(found: Iterable[OthersVote]) -> list[Card]:
    """Votes in the house for which somebody is not asked, each with the reason."""
    return [_others(one) for one in found]


def _others(one: OthersVote) -> Card:
    return Card(
        _("Vote of the owners: %(title)s", title=one.motion.title),
        url_for("votes.motion", motion_id=one.motion.id),
        _("Read what is voted on"),
        (
            where_it_is(one.plan),
            no_vote(one.why, one.motion.entrance.name if one.motion.entrance else ""),
            _("The vote closes %(until)s.", until=deadline(one.motion.closes_at)),
        ),
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
