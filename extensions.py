"""The Flask extensions: made here, bound in ``app.py``."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response
from flask.globals import request_ctx
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy

from models.base import Base
from signers import Tokens


class SignInsOnTheServer(LoginManager):
    """A sign-in is a token that the server knows and ends. So the cookie says nothing of browser
    and address, by which the extension would tell a fresh sign-in from an old one: a phone changes
    its address all day, and every change would be another cookie."""

    def _session_protection_failed(self) -> bool:
        return False

    def _update_remember_cookie(self, response: Response) -> Response:
        # There is no second cookie to remember anybody by.
        return response


class LimiterOfViews(Limiter):
    """Limits belong to views here (``@limiter.limit``), which check them themselves: what the
    extension would look up before every other request, and see to after it, is left out."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        if self not in app.extensions.get("limiter", ()):
            # Switched off, as in most tests.
            return
        # The extension has just hung in what it does after every request, and at its end.
        after, end = app.after_request_funcs[None].pop(), app.teardown_request_funcs[None].pop()

        @app.after_request
        def after_a_limit(response: Response) -> Response:
            answer: Any = after(response) if _has_met_a_limit() else response
            return answer

        @app.teardown_request
        def end_of_a_limit(error: BaseException | None) -> None:
            if _has_met_a_limit():
                end(error)

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


class CompressPages(Compress):
    """What is no page, as a redirect, is left as it is, and said to depend on nothing."""

    def after_request(self, response: Response | None) -> Response:
        if response is not None and response.status_code != 200:
            return response
        compressed: Response = super().after_request(response)
        return compressed


def _has_met_a_limit() -> bool:
    present: Any = request_ctx
    return hasattr(present._get_current_object(), "_limiter_request_context")


# Objects stay readable after a commit: a page is drawn from what the use case has just stored.
db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
login_manager = SignInsOnTheServer()
csrf = Tokens()
babel = Babel()
limiter = LimiterOfViews(get_remote_address, default_limits=[])
compress = CompressPages()
