"""Sentences for refusals about objections."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "not_of_this_building": _l("Only people of this building can object here."),
    "objections_over": _l(
        "The resolution of this plan is issued and lists all objections. A decision can be "
        "set aside by a court within one year of learning of it."
    ),
    "objection_text_missing": _l("Write what is the matter."),
    "objection_text_too_long": _l("This is too long. At most %(limit)s characters."),
    "objection_already_answered": _l(
        "Somebody else of the committee has answered this objection meanwhile. Your text is still "
        "here; the answer that was given stands above."
    ),
    "objection_closed": _l("This objection is closed already."),
    "objection_not_answered": _l("Answer the objection first."),
    "objection_not_yours": _l("Only who raised the objection can do this."),
    "withdrawal_not_yours": _l("Only who raised the objection can withdraw it."),
    "objection_version_missing": _l("Say which version of the option takes the objection up."),
    "objection_version_unfit": _l(
        "This version was not published after the objection was raised, or is of another item."
    ),
    "objection_note_missing": _l("Say in a note why it is not resolved."),
    "condition_missing": _l("Write the condition that the contractor must keep to."),
}
