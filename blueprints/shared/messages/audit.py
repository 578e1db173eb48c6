"""Sentences for refusals about the audit log."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "head_number": _l("Type the number as it is printed, for example 118."),
    "head_digest": _l("Type at least the first %(shortest)s characters of the digest (0–9, a–f)."),
}
