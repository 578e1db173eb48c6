"""Sentences for refusals of the rules themselves, whichever page meets them."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "area_conflicting": _l("Two different areas are recorded from the same source (%(source)s)."),
    "budget_negative": _l("A budget cannot be below zero."),
    "choice_unknown": _l("“%(value)s” is not one of the possible answers."),
    "count_without_outcome": _l("A count needs an outcome, and an outcome a count."),
    "disclosure_widened": _l(
        "Households have answered already: what may be shown can only become less, not more."
    ),
    "facts_out_of_order": _l("“%(later)s” cannot lie before “%(earlier)s”."),
    "figures_impossible": _l("These figures cannot be right: the parts exceed the whole."),
    "instant_without_zone": _l("A date and time needs its time zone."),
    "ledger_of_another_sheet": _l("These figures belong to another question (%(expected)s)."),
    "majority_clause_not_adopted": _l(
        "Following the majority needs rules of procedure that were adopted."
    ),
    "old_rule_not_in_force": _l("The old rule did not apply on %(decided_on)s."),
    "package_too_large": _l(
        "A package is worked out for at most %(most_households)s households that answered and "
        "%(most_options)s options; this menu has %(households)s and %(options)s. Withdraw options "
        "that nobody wants, or look at each building for itself."
    ),
    "part_above_whole": _l("A part (%(part)s) cannot be more than the whole (%(whole)s)."),
    "proxy_limit": _l("Nobody may hold more than %(limit)s proxies; this one holds %(held)s."),
    "proxy_not_written": _l("A proxy must be given in writing."),
    "proxy_property_staff": _l("Staff of the property company may not be proxies."),
    "room_or_voter_missing": _l("The ballot names neither a room nor a voter."),
    "threshold_too_low": _l("Figures need at least five households (here: %(households)s)."),
    "vote_unknown": _l("“%(value)s” is not agree, against or abstain."),
    "voter_ambiguous": _l("“%(value)s” fits several voters; name the room."),
    "voter_not_on_roll": _l("These voters are not on the roll: %(voters)s."),
    "years_out_of_range": _l("%(years)s years is not a period this can be counted for."),
}
