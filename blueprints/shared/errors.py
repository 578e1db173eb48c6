"""Pages for what went wrong: said plainly, in the reader's language, with a way on."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from blueprints.shared import again, identity, ways_on
from blueprints.shared.messages import sentence
from domain.errors import Failure, NotNow, NotStored, NotYetKnown, NotYours, Refused, Stale
from models import failures

# Seconds after which whoever got no answer may try again.
TRY_AGAIN_AFTER = "5"
# A form with one of these is not written into a page.
SECRET = ("password", "code", "otp", "secret")

MOST_CAUSES = 4


def _words(status: int) -> tuple[str, str]:
    """Title and text for a status."""
    known = {
        400: (_("This could not be read"), _("Go back and try again.")),
        # Only what was sent is answered so; a page leads to the sign-in.
        401: (
            _("Please sign in"),
            _(
                "You are not signed in, or you were signed out, so nothing was stored. Sign in "
                "and send it once more."
            ),
        ),
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


@dataclass(frozen=True)
class Resend:
    """The form that was sent, to be sent once more as it is: what was typed is not lost."""

    label: str
    action: str
    fields: tuple[tuple[str, str], ...]


def _resend(label: str) -> Resend | None:
    """The present request as such a form; none when a file or a secret was in it."""
    sent = list(request.form.items(multi=True))
    hidden = any(word in name for name, _value in sent for word in SECRET)
    if request.method != "POST" or hidden or any(request.files.values()):
        return None
    fields = tuple((name, value) for name, value in sent if name != "csrf_token")
    return Resend(label, request.full_path.rstrip("?"), fields)


def page(
    status: int,
    text: str | None = None,
    title: str | None = None,
    resend: Resend | None = None,
    onward: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    """The error page with this status; ``onward`` is where the next step is done: in which words,
    at which address."""
    known, standard = _words(status)
    body = render_template(
        "errors/error.html",
        status=status,
        title=title or known,
        text=text or standard,
        resend=resend,
        advice=ways_on.advice(status),
        ways=[*([ways_on.Way(onward[1], onward[0])] if onward else []), *ways_on.ways(status)],
    )
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


def _why(failure: Failure) -> str:
    return {
        Failure.AGAIN: _("Too many people were at it at the same time."),
        Failure.BUSY: _("Too many people were at it at the same time."),
        Failure.STORAGE: _("The program's storage is full or cannot be written at present."),
        Failure.LOST: _("The program's database cannot be reached at present."),
    }[failure]


def _later(title: str, text: str, resend: Resend | None) -> ResponseReturnValue:
    if "actor" not in g:
        identity.forget()
    answer = make_response(page(503, text, title, resend))
    answer.headers["Retry-After"] = TRY_AGAIN_AFTER
    return answer


def _failed(failure: Failure) -> ResponseReturnValue:
    if request.method == "GET":
        return _later(_("Not to be had at present"), _why(failure), None)
    nothing = _("Nothing was stored. Please try again.")
    return _later(_("Not recorded"), f"{_why(failure)} {nothing}", _resend(_("Try again")))


def _not_stored(error: NotStored) -> ResponseReturnValue:
    return _failed(error.failure)


def _database(error: SQLAlchemyError) -> ResponseReturnValue:
    failure = failures.of(error)
    if failure is not None:
        return _failed(failure)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _unexpected(error)


def _not_yet_known(error: NotYetKnown) -> ResponseReturnValue:
    """The third answer: neither recorded nor refused. Where the form has a key it asks again."""
    del error
    title = _("Not yet known")
    if again.is_keyed():
        text = _(
            "The answer of the database did not come in time, so it is not certain yet whether "
            "this is recorded. Ask again: nothing is recorded twice."
        )
        return _later(title, text, _resend(_("Ask again")))
    text = _(
        "The answer of the database did not come in time, so it is not certain whether this is "
        "stored. Open the page anew and look before you send it once more."
    )
    return _later(title, text, None)


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
    app.register_error_handler(NotStored, _not_stored)
    app.register_error_handler(NotYetKnown, _not_yet_known)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(HTTPException, _http)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _unexpected)
