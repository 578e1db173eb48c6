"""What waits for its second person, in words, and drawn by the blueprint it belongs to.

A blueprint says how its kind is drawn (``@draws(Kind.MENU)``); the page for the second person asks
here, so that no blueprint needs to know another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from blueprints.shared.words import word
from domain.publications import Kind
from models.publications import Publication

REASON = _l("What has to be changed first?")


@dataclass(frozen=True)
class Ticks:
    """The parts the second person has to tick, those that were, and whether a release was tried."""

    sections: tuple[str, ...]
    read: frozenset[str] = frozenset()
    tried: bool = False


Draw = Callable[[Publication, Ticks | None], str]
_DRAWN_BY: dict[Kind, Draw] = {}


def draws(kind: Kind) -> Callable[[Draw], Draw]:
    """The function draws everything that a publication of this kind would fix."""

    def keep(draw: Draw) -> Draw:
        _DRAWN_BY[kind] = draw
        return draw

    return keep


def drawn(publication: Publication, ticks: Ticks | None = None) -> Markup:
    """Everything that would be published, to be read before it is released.

    With ``ticks`` each of its sections ends in a box to tick. What draws it is a template, which
    has escaped whatever people wrote.
    """
    return Markup(_DRAWN_BY[Kind(publication.kind)](publication, ticks))


def address_of(digest: str) -> str:
    """Where the resolution with this digest is to be read, from outside."""
    return url_for("resolutions.public_page", key=digest, _external=True)


def title_of(publication: Publication) -> str:
    """What is to be published, in a line."""
    where = publication.plan.building.name
    if publication.motion is not None:
        return _("Announce the vote: %(title)s", title=publication.motion.title)
    if publication.kind == Kind.MENU:
        return _("Publish the menu of %(building)s", building=where)
    if publication.kind == Kind.STATEMENT:
        act = publication.arguments.get("act")
        if act is None:  # erased with the year of its plan
            return _("State about the resolution of %(building)s", building=where)
        act = word("statement_acts", act)
        return _("State about the resolution of %(building)s: %(act)s", building=where, act=act)
    return _("Issue the resolution of %(building)s", building=where)


def said_when_released(kind: Kind) -> str:
    """What is said once it is out."""
    return {
        Kind.MENU: _("The menu is published. The consultation is open."),
        Kind.VOTE: _("The vote is announced. Print the notice and hang it up."),
        Kind.RESOLUTION: _("The resolution is issued and posted."),
        Kind.STATEMENT: _("Stated. It stands at the top of the resolution from now on."),
    }[kind]


def prepare_url(publication: Publication) -> str:
    """Where it is prepared, changed, prepared anew."""
    if publication.motion_id is not None:
        return url_for("votes.motion", motion_id=publication.motion_id)
    if publication.kind == Kind.MENU:
        return url_for("menus.compose", plan_id=publication.plan_id)
    if publication.kind == Kind.STATEMENT and "resolution" in publication.arguments:
        resolution = publication.arguments["resolution"]
        return url_for("resolutions.state", resolution_id=resolution)
    return url_for("resolutions.of_plan", plan_id=publication.plan_id)


def result_url(publication: Publication) -> str | None:
    """Where what was released is to be seen."""
    if not publication.result:
        return None
    if publication.kind in (Kind.RESOLUTION, Kind.STATEMENT):
        return url_for("resolutions.public_page", key=publication.result)
    if publication.motion_id is not None:
        return url_for("votes.motion", motion_id=publication.motion_id)
    return url_for("plans.show", plan_id=int(publication.result.split(",")[0]))


def to_second_person(publication: Publication) -> ResponseReturnValue:
    """After preparing: the page that says who can release it."""
    flash(_("Prepared. It is not published yet: a second person reads and releases it."), "success")
    return redirect(url_for("publications.show", publication_id=publication.id), 303)


def already(publication: Publication) -> ResponseReturnValue:
    """Where a form would be that waits already: to what was prepared."""
    return redirect(url_for("publications.show", publication_id=publication.id))
