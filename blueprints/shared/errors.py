"""Pages for what went wrong: said plainly, in the reader's language, with a way on."""

from __future__ import annotations

import traceback

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from blueprints.shared.messages import sentence
from domain.errors import NotNow, NotYours, Refused, Stale

MOST_CAUSES = 4


def _words(status: int) -> tuple[str, str]:
    """Title and text for a status."""
    known = {
        400: (_("This could not be read"), _("Go back and try again.")),
        401: (_("Please sign in"), _("You are not signed in, or you were signed out.")),
        403: (_("This is not yours to do"), _("Your role does not include this.")),
        404: (_("Not found"), _("There is nothing here, or nothing that you may see.")),
        405: (_("This does not work here"), _("Go back and use the buttons on the page.")),
        409: (_("Not at this time"), _("This cannot be done now.")),
        413: (_("Too large"), _("The file is larger than 5 MB.")),
        422: (_("This cannot be done"), _("Go back and correct it.")),
        429: (_("Too many tries"), _("Wait a few minutes, then try again.")),
        503: (_("Not recorded"), _("The program could not store this. Please try again.")),
    }
    unexpected = (_("Something went wrong"), _("Nothing was changed. Please try again."))
    return known.get(status, unexpected)


def page(status: int, text: str | None = None) -> ResponseReturnValue:
    """The error page with this status."""
    title, standard = _words(status)
    body = render_template("errors/error.html", status=status, title=title, text=text or standard)
    return body, status


def _refused(refusal: Refused) -> ResponseReturnValue:
    status = 409 if isinstance(refusal, NotNow | Stale) else 422
    if isinstance(refusal, NotYours):
        status = 403
    return page(status, sentence(refusal))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):
        # Without a host that we answer to there are no addresses to draw a page with.
        return Response("400 This host is not answered here.\n", 400, mimetype="text/plain")
    return page(error.code)


def _csrf(error: CSRFError) -> ResponseReturnValue:
    del error
    return page(
        400,
        _(
            "This page was open for too long, or cookies are off. Go back, load the page again "
            "and send once more."
        ),
    )


def _stale(error: StaleDataError) -> ResponseReturnValue:
    del error
    return _refused(Stale("changed_meanwhile"))


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unexpected error at %s: %s", request.endpoint, _where(error))
    return page(500)


def _where(error: BaseException) -> str:
    """What kind of error, and the lines it came through; never its message.

    A message may quote what somebody typed: PostgreSQL names the value that clashed, ``int`` the
    text that is no number.
    """
    told: list[str] = []
    known: BaseException | None = error
    while known is not None and len(told) < MOST_CAUSES:
        lines = "".join(traceback.format_tb(known.__traceback__))
        told.append(f"{type(known).__module__}.{type(known).__name__}\n{lines}")
        known = known.__cause__ or known.__context__
    return "caused by ".join(told)


def register(app: Flask) -> None:
    """Bind the pages to the app."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(HTTPException, _http)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _unexpected)
