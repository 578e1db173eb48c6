"""Where a refusal leads: what the reader can do instead, and the pages to do it on.

The page the form stood on, drawn anew; the plan it belongs to, as far as the reader may see it; the
reader's own first page.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from blueprints.shared.page import own_path
from domain.accounts import ANONYMOUS
from models.plans import Plan
from models.plans_queries import visible_to

# How an object names the one that it belongs to, up to its plan.
_UPWARDS = ("plan", "item", "option", "motion", "resolution")
_MOST_STEPS = 4


@dataclass(frozen=True)
class Way:
    """An address of this program, and what is found there."""

    url: str
    label: str


def advice(status: int) -> str:
    """What the reader can do about a refusal of this kind."""
    if status == 403:
        return _(
            "If it belongs to your work, ask the residents' committee for the role. If you have "
            "another account that may do this, sign in with that one."
        )
    if status == 409:
        return _(
            "Open the page anew: it shows how things stand and what can be done now. What was "
            "recorded before stays as it is."
        )
    return ""


def ways(status: int) -> list[Way]:
    """The pages that lead on from a refusal; none for other errors."""
    if status not in (403, 409):
        return []
    found = []
    page = _page_before()
    if page:
        label = _("Open the page anew") if status == 409 else _("Back to the page before")
        found.append(Way(page, label))
    plan = _plan()
    if plan is not None:
        title = f"{plan.building.name} · {plan.title}"
        found.append(
            Way(url_for("plans.show", plan_id=plan.id), _("To the plan: %(title)s", title=title))
        )
    if status == 403 and g.get("actor", ANONYMOUS) is not ANONYMOUS:
        found.append(Way(url_for("accounts.me"), _("Which roles I have")))
    return found


def _page_before() -> str | None:
    """The page of ours that led here, when it is another one."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        # Whatever it is that the browser sent, no page of ours.
        return None
    if before.netloc != request.host:
        return None
    path = own_path(before.path + (f"?{before.query}" if before.query else ""), "")
    if not path or (path == request.full_path.rstrip("?") and request.method == "GET"):
        return None
    try:
        # A form that was refused once stands at an address that can only be sent to.
        current_app.url_map.bind(request.host).match(before.path, method="GET")
    except HTTPException:
        return None
    return path


def _plan() -> Plan | None:
    """The plan of what was asked for, if the reader sees it."""
    subject = g.get("subject")
    try:
        for _step in range(_MOST_STEPS):
            plan_id = subject.id if isinstance(subject, Plan) else getattr(subject, "plan_id", None)
            if plan_id is not None:
                return visible_to(g.actor, plan_id)
            names = (name for name in _UPWARDS if getattr(subject, name, None) is not None)
            subject = getattr(subject, next(names, ""), None)
    except SQLAlchemyError:
        # The page that says what went wrong is drawn all the same.
        return None
    return None
