"""The Flask extensions: made here, bound in ``app.py``."""

from __future__ import annotations

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


class LimiterOfViews(Limiter):
    """Limits belong to views here (``@limiter.limit``), which check them themselves: what the
    extension would look up before every other request as well is left out."""

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


# Objects stay readable after a commit: a page is drawn from what the use case has just stored.
db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
login_manager = SignInsOnTheServer()
csrf = Tokens()
babel = Babel()
limiter = LimiterOfViews(get_remote_address, default_limits=[])
compress = Compress()
