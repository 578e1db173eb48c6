"""Sentences for refusals about resolutions."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "motions_undecided": _l(
        "%(count)s motions of this building are announced but not counted yet. Count them first."
    ),
    "nothing_adopted": _l(
        "No motion has been adopted that is not in a resolution already, so there is nothing to "
        "issue."
    ),
    "motion_not_counted": _l("Motion %(motion)s has not been counted."),
    "resolution_does_not_stand": _l(
        "The resolution is suspended, annulled or withdrawn, so it cannot be handed to a "
        "contractor."
    ),
    "statement_act_unknown": _l("Choose what happened."),
    "statement_not_now": _l("That cannot be stated of this resolution any more."),
    "statement_line_missing": _l("Fill this in."),
    "statement_line_too_long": _l("This has more than %(most)s characters."),
    "statement_reason_missing": _l("Say what readers should know."),
    "statement_date_later": _l("This day has not come yet."),
    "plan_gone": _l("This plan no longer exists."),
    "company_of_another_community": _l("This contractor is not one of your community's."),
    "resolution_not_in_force": _l(
        "The resolution is still posted. It can be issued to a contractor once it is in force."
    ),
}
