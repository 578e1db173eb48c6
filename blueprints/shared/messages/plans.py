"""Sentences for refusals about plans, their stages, periods and notices."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "plan_title_missing": _l("Give the plan a title."),
    "plan_title_too_long": _l("The title is too long: at most %(most)s characters."),
    "plan_being_composed": _l(
        "A menu for %(building)s is already being written. Publish it or withdraw it first."
    ),
    "not_at_this_stage": _l("This is not possible at the stage the plan has reached."),
    "notice_kind_unknown": _l("Choose what the notice is about."),
    "notice_place_missing": _l("Say where the notice hangs."),
    "consultation_not_longer": _l(
        "The consultation would not close later than it does now. Give more days."
    ),
    "days_out_of_range": _l("Give a number of days between 1 and %(most)s."),
    "calendar_year_unknown": _l(
        "The holidays of %(year)s are not known to this program, so no period can be computed."
    ),
    "close_before_open": _l("This would close before it opens."),
}
