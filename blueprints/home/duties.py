"""Cards about votes of the owners, and rounds from door to door."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import Card, where_it_is
from blueprints.shared.localisation import deadline
from blueprints.shared.own import no_vote
from domain.accounts import NoVote
from services.home_duties import OwnersVote, Round


def owners_cards(found: Iterable[OwnersVote]) -> list[Card]:
    """Votes about rented homes, each with the reason why the tenant is not asked."""
    return [_owners(one) for one in found]


def _owners(one: OwnersVote) -> Card:
    return Card(
        _("Vote of the owners: %(title)s", title=one.motion.title),
        url_for("votes.motion", motion_id=one.motion.id),
        _("Read what is voted on"),
        (
            where_it_is(one.plan),
            no_vote(NoVote.TENANT, ""),
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
