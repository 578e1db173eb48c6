"""Sentences for refusals that several nouns share."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "area_unreadable": _l("“%(value)s” is not an area. Write it like 62.35."),
    "area_unreadable_decimals": _l("“%(value)s” is finer than 0.01 m². Give two decimals."),
    "area_not_positive": _l("An area must be more than zero; this says “%(value)s”."),
    "area_absurd": _l("“%(value)s” m² is more than any dwelling has."),
    "money_unreadable": _l("“%(value)s” is not an amount. Write it like 1200.50."),
    "money_unreadable_decimals": _l("“%(value)s” is finer than one fen. Give two decimals."),
    "money_absurd": _l("This amount is too large."),
    "changed_meanwhile": _l(
        "Somebody else has changed this since you opened the page. What you typed is still here; "
        "compare it with what is there now and send again."
    ),
}
