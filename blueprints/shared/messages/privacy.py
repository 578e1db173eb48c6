"""Sentences for refusals about one's own data."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "request_empty": _l("Write what this is about."),
    "request_long": _l("This is too long. At most %(limit)s characters."),
    "request_nowhere": _l(
        "You hold no role in any community, so there is nobody to ask here. Turn to the "
        "residents' committee."
    ),
    "requests_waiting": _l(
        "Five of your requests still wait for an answer. Wait for one of them first."
    ),
    "request_answered": _l("Somebody else has answered this request meanwhile."),
    "erase_with_role": _l(
        "You act for the community. Have that role ended first; then your account can be closed."
    ),
}
