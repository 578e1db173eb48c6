"""What every template is given: the reader, the language, the navigation."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, g, request, url_for
from flask_babel import gettext as _

from blueprints.shared import localisation
from blueprints.shared.shares import share_of
from domain.accounts import ANONYMOUS, Permission

COMFORT_COOKIE = "louyi_large_type"


def own_path(target: str | None, otherwise: str = "/") -> str:
    """``target`` if it is a path of ours, else ``otherwise``: no redirect leaves the house."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    if any(ord(sign) < 32 for sign in target) or "\\" in target:
        return otherwise
    return target


def switch_locale_url(code: str) -> str:
    """The address that changes the language and comes back here."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return f"{url_for('home.language', code=code)}?{urlencode({'next': here})}"


def _navigation() -> list[tuple[str, str, bool]]:
    actor = g.actor
    if actor is ANONYMOUS:
        return []
    entries: list[tuple[str, str, Callable[[], bool]]] = [
        ("home.index", _("Today"), lambda: True),
        (
            "register.communities",
            _("Register"),
            lambda: actor.may_anywhere(Permission.SEE_COMMUNITY),
        ),
        ("plans.index", _("Plans"), lambda: actor.may_anywhere(Permission.SEE_PLAN)),
        (
            "resolutions.requirement_lists",
            _("Requirement lists"),
            lambda: actor.may_anywhere(Permission.SEE_REQUIREMENTS),
        ),
        ("accounts.index", _("Accounts"), lambda: actor.may_anywhere(Permission.ISSUE_CODES)),
        ("accounts.system", _("System"), lambda: actor.may_anywhere(Permission.MANAGE_SYSTEM)),
        ("audit.index", _("Audit"), lambda: actor.may_anywhere(Permission.READ_AUDIT)),
        ("accounts.me", _("My account"), lambda: True),
    ]
    return [
        (url_for(endpoint), label, request.endpoint == endpoint)
        for endpoint, label, shown in entries
        if shown()
    ]


def _context() -> dict[str, object]:
    actor = g.get("actor", ANONYMOUS)
    return {
        "actor": None if actor is ANONYMOUS else actor,
        "locale": localisation.locale(),
        "html_language": localisation.html_language(),
        "now": g.get("now"),
        "large_type": request.cookies.get(COMFORT_COOKIE) == "1",
        "navigation": _navigation() if "actor" in g else [],
        "switch_locale_url": switch_locale_url,
        "Permission": Permission,
    }


def register(app: Flask) -> None:
    """Bind filters and context to the app."""
    app.jinja_env.filters.update(localisation.FILTERS)
    app.jinja_env.globals["share_of"] = share_of
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)
