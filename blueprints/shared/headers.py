"""What every answer says to the browser: where scripts may come from, what may be stored."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g


def csp_nonce() -> str:
    """The nonce of this answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


# What is drawn without a script or style of its own, as a redirect, has no nonce to say.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'{nonce}",
        "style-src 'self'{nonce}",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

# No view says any of these.
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def _finish(response: Response) -> Response:
    headers = response.headers
    # Gone through once: a header that is not there is looked for in all of them.
    said = {name.lower(): value for name, value in headers}
    if said.get("content-type", "").startswith("text/html"):
        nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
        headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
    headers.extend(_ALWAYS)
    # Pages are private unless a view has said otherwise: shared phones and proxies keep nothing.
    if "cache-control" not in said:
        headers.add("Cache-Control", "no-store")
    return response


def register(app: Flask) -> None:
    """Bind to the app."""
    app.after_request(_finish)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
