"""What a change of owners means, in words: for the buyer, the seller and the committee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.home.cards import MOST, Card
from blueprints.shared.localisation import day
from models.home_owners_queries import WithoutLetter
from services.home_owners import Bought, Sold


@dataclass(frozen=True)
class Note:
    """Something to know, with nothing to do here."""

    title: str
    text: str


def roll_notes(bought: Sequence[Bought], sold: Sequence[Sold]) -> list[Note]:
    """Who votes for a dwelling that was sold after the roll was posted."""
    return [*(_bought(one) for one in bought), *(_sold(one) for one in sold)]


def _bought(one: Bought) -> Note:
    return Note(
        _("You do not vote on “%(title)s”", title=one.motion.title),
        _(
            "Its roll was posted on %(day)s and is frozen. On it %(rooms)s has the owner of that "
            "day, and that owner votes.",
            day=day(one.posted_at),
            rooms="、".join(one.rooms),
        ),
    )


def _sold(one: Sold) -> Note:
    words = {"day": day(one.posted_at), "rooms": "、".join(one.rooms)}
    text = (
        _(
            "Its roll was posted on %(day)s and is frozen. You owned %(rooms)s that day: the vote "
            "is yours, not the new owner's.",
            **words,
        )
        if one.comes_in
        else _(
            "Its roll was posted on %(day)s and is frozen. You owned %(rooms)s that day: the vote "
            "is yours, not the new owner's. Ask the residents' committee for a paper ballot.",
            **words,
        )
    )
    return Note(_("You still vote on “%(title)s”", title=one.motion.title), text)


def letter_cards(found: Sequence[WithoutLetter]) -> list[Card]:
    """The one card about new owners who cannot come in yet."""
    if not found:
        return []
    rooms = "、".join(f"{one.building}{one.entrance}{one.room}" for one in found[:MOST])
    more = len(found) - MOST
    lines = [rooms if more <= 0 else _("%(rooms)s and %(num)s more", rooms=rooms, num=more)]
    lines.append(_("What the former owner answered counts no more; the new one can answer."))
    title = ngettext(
        "%(num)s home has a new owner without a letter",
        "%(num)s homes have a new owner without a letter",
        len(found),
    )
    buildings = {one.building_id for one in found}
    url = (
        url_for("accounts.letters_of_building", building_id=buildings.pop())
        if len(buildings) == 1
        else url_for("accounts.letters")
    )
    return [Card(title, url, _("Print the letters"), tuple(lines))]
