"""The cookie that says who is signed in, and what keeps forms from being sent by others."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

SIGNER = "cookie_signer"


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own, with the signer made once for each program instead of at every request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        signer: URLSafeTimedSerializer | None = app.extensions.get(SIGNER)
        if signer is None:
            signer = app.extensions[SIGNER] = super().get_signing_serializer(app)
        return signer
