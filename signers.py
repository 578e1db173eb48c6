"""Signed texts that browsers bring back, the cookie and the forms' token: signers that are kept.

The libraries make serializer, signer and key anew at every request; they are the same every time.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, same_origin
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import HMACAlgorithm

COOKIE, TOKEN = "cookie_signer", "token_signer"


class _Keyed(HMACAlgorithm):
    """The same signature; what depends on the key alone is worked out once."""

    def __init__(self, digest_method: Any) -> None:
        super().__init__(digest_method)
        self.kept: dict[bytes, hmac.HMAC] = {}

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        kept = self.kept.get(key)
        if kept is None:
            kept = self.kept[key] = hmac.new(key, digestmod=self.digest_method().name)
        mac = kept.copy()
        mac.update(value)
        return mac.digest()


class _Signer(TimestampSigner):
    """One whose key is derived once."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.algorithm = _Keyed(self.digest_method)
        self.derived: dict[Any, bytes] = {}

    def derive_key(self, secret_key: Any = None) -> bytes:
        key = self.derived.get(secret_key)
        if key is None:
            key = self.derived[secret_key] = super().derive_key(secret_key)
        return key


class _Serializer(URLSafeTimedSerializer):
    """One that signs with one signer."""

    default_signer = _Signer

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kept = super().make_signer()

    def make_signer(self, salt: Any = None) -> Any:
        return self.kept if salt in (None, self.salt) else super().make_signer(salt)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own cookie, with its signer kept."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        kept: URLSafeTimedSerializer | None = app.extensions.get(COOKIE)
        if kept is None and app.secret_key:
            kept = app.extensions[COOKIE] = _Serializer(
                [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key],
                salt=self.salt,
                serializer=self.serializer,
                signer_kwargs={
                    "key_derivation": self.key_derivation,
                    "digest_method": self.digest_method,
                },
            )
        return kept

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # What is stored nowhere need not say that it depends on the cookie.
        stored = response.headers.get("Cache-Control") != "no-store"
        if stored or session.modified or self.should_set_cookie(app, session):
            super().save_session(app, session, response)


class Tokens(CSRFProtect):
    """Flask-WTF's check of the token in every form that is sent; no view is exempt from it."""

    def protect(self, apply_exemptions: bool = False) -> None:
        del apply_exemptions
        if not request.endpoint or request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        if not _is_of_this_session(self._get_csrf_token()):
            # The library's own check says what is wrong.
            super().protect()
        strict = request.is_secure and current_app.config["WTF_CSRF_SSL_STRICT"]
        if strict and not same_origin(request.referrer or "", f"https://{request.host}/"):
            raise CSRFError("The referrer does not match the host.")
        g.csrf_valid = True


def _is_of_this_session(token: str | None) -> bool:
    name = current_app.config["WTF_CSRF_FIELD_NAME"]
    if not token or name not in session:
        return False
    kept = current_app.extensions.get(TOKEN)
    if kept is None:
        kept = _Serializer(current_app.secret_key, salt="wtf-csrf-token")
        current_app.extensions[TOKEN] = kept
    try:
        signed = kept.loads(token, max_age=current_app.config["WTF_CSRF_TIME_LIMIT"])
    except BadData:
        return False
    return hmac.compare_digest(session[name], signed)
