"""Sentences for refusals about what two people publish."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "publication_waiting": _l("This is prepared already and waits for a second person."),
    "publication_done": _l("This was released, sent back or taken back already."),
    "publication_of_other": _l(
        "Only whoever prepared it can take it back. You can send it back and say why."
    ),
    "publication_stale": _l(
        "What was prepared has changed meanwhile, so nothing was published. It has to be prepared "
        "anew."
    ),
    "sections_unread": _l(
        "Nothing was published yet: %(missing)s parts are not ticked. Read each part and tick it."
    ),
    "send_back_reason_missing": _l("Say what has to be changed first."),
    "send_back_reason_long": _l("The reason has more than %(most)s characters."),
}
