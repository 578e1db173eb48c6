"""Sentences for refusals about answering the menu."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "oppose_without_reason": _l("Say why you oppose it. A few words are enough."),
    "reason_too_long": _l("The reason is too long. At most %(limit)s characters."),
    "rank_twice": _l("Two options have place %(place)s. Give each option a place of its own."),
    "option_not_offered": _l("This option is no longer offered. Look at the options again."),
    "none_and_ranked": _l(
        "You gave options a place and also said that no option suits you. Keep one of the two."
    ),
    "max_pay_negative": _l("The most you would pay cannot be less than zero."),
    "item_not_on_menu": _l("This is not on the menu of your building."),
    "nothing_answered": _l("Nothing is answered yet. Answer at least one question, then send."),
    "answers_changed_meanwhile": _l(
        "Somebody of your household has changed your answers on another phone. What you typed is "
        "still here. Compare, then send once more if it is to hold."
    ),
    "consultation_not_yet": _l("The menu is not published yet."),
    "consultation_closed": _l(
        "The consultation has closed. What was saved before the close counts; nothing more can be "
        "changed."
    ),
    "plan_stopped": _l("This plan was stopped by the committee. Nothing can be changed in it now."),
    "dwelling_not_yours": _l("You can only answer for your own home."),
    "dwelling_does_not_answer": _l(
        "No home of yours in this building is asked. Garages and the like do not answer."
    ),
}
