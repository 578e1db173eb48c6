"""Every refusal as a sentence in the reader's language: code → sentence.

Each noun keeps its own table beside this file; a test fails when a code that is raised has none.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from flask_babel import gettext

from blueprints.shared.localisation import moment
from domain.errors import Refused


def _all() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for module in iter_modules(__path__):
        entries = import_module(f"{__name__}.{module.name}").MESSAGES
        twice = table.keys() & entries.keys()
        if twice:
            raise RuntimeError(f"sentences written twice: {sorted(twice)}")
        table.update(entries)
    return table


MESSAGES = _all()


def sentence(refusal: Refused) -> str:
    """What the refusal says to the reader."""
    template = MESSAGES.get(refusal.code)
    if template is None:
        return gettext("This cannot be done (%(code)s).", code=refusal.code)
    if not refusal.params:
        return str(template)
    return str(template) % {name: _shown(value) for name, value in refusal.params.items()}


def _shown(value: object) -> object:
    """A parameter as it stands in the sentence: instants are written out."""
    return moment(value) if isinstance(value, datetime) else value
