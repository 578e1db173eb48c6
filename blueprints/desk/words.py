"""Names on the desk: floors, options, ways of sharing."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from blueprints.shared.localisation import locale, money
from blueprints.shared.words import word
from domain.costs import Scheme
from domain.exact import number_text
from services.desk import Offer
from services.desk_schemes import CITY, CURRENT
from services.reference import reference


def floor_name(floor: int | None) -> str:
    """A floor as people say it; ``None`` is an objection from no dwelling of this building."""
    if floor is None:
        return _("From elsewhere")
    if floor < 0:
        return _("Basement %(floor)s", floor=-floor)
    return _("Floor %(floor)s", floor=floor)


def offer_name(offer: Offer, place: str = "") -> str:
    """An option with its item, and the entrance it is for."""
    values = {"item": offer.item.title, "option": offer.version.title}
    if place:
        return _("%(item)s – %(option)s (%(place)s)", place=place, **values)
    return _("%(item)s – %(option)s", **values)


def side_name(side: str, offer: Offer, city: str) -> str:
    """A way of sharing: the option's own, the city's table, or a kind."""
    if side == CURRENT:
        kind = word("scheme_kinds", offer.version.scheme["kind"])
        return _("As on the menu (%(kind)s)", kind=kind)
    if side == CITY:
        return _("Floor table of %(city)s", city=reference().city(city).name(locale()))
    return word("scheme_kinds", side)


def table_text(scheme: Scheme, floors: Iterable[int]) -> str:
    """The scheme's floor table for these floors; empty where it has none."""
    shown = sorted(set(floors) & set(scheme.floors))
    return _(", ").join(f"{floor_name(f)}: {number_text(scheme.floors[f])}" for f in shown)


def amount_range(least: int, most: int) -> str:
    """One amount, or from the least to the most, in yuan."""
    return money(least) if least == most else f"{money(least)} – {money(most)}"


def signed(amount: int) -> str:
    """A difference in yuan with its sign, so that it reads without colour."""
    return f"+{money(amount)}" if amount > 0 else money(amount)
