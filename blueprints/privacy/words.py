"""Why data is kept, and who has looked at it, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from blueprints.shared.localisation import day
from domain.privacy import Hold, Reason
from services.privacy import Look


def why(hold: Hold) -> str:
    """Why the data of a plan is kept and until when, in a sentence."""
    if hold.reason is Reason.RUNNING:
        return _("Kept while the plan runs: it is needed for the decision.")
    if hold.reason is Reason.CHALLENGE:
        return _(
            "Kept until %(until)s: owners may ask a court to set the decision aside within one "
            "year of learning of it, and the evidence must be there.",
            until=day(hold.until),
        )
    return _("The year to challenge the decision is over: your answers and objections can go now.")


def look_of(look: Look) -> tuple[datetime, str, str, str]:
    """When, what, of which plan, and who."""
    acts = {
        "answers_seen": _("Read the answers home by home"),
        "demand_seen": _("Looked at demand home by home"),
        "signed_file_opened": _("Opened the signed list of votes"),
    }
    who = look.staff or _("An owner of the building")
    return look.at, acts[look.action], f"{look.plan.building.name} · {look.plan.title}", who
