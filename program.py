"""Flask as this program wants it: without what it does at every request and nobody needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.sansio.http import parse_cookie
from werkzeug.urls import iri_to_uri
from werkzeug.utils import cached_property

from signers import SignedCookies

# A path that is written as it must be already.
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")
View = TypeVar("View", bound=Callable[..., Any])


class Incoming(Request):
    """A request, which finds its cookies without going through all headers."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        header: str = self.environ.get("HTTP_COOKIE", "")
        return parse_cookie(header, cls=self.dict_storage_class)  # type: ignore[return-value]


class Redirect(Response):
    """Where to go, and nothing else: no browser shows the page of a redirect."""

    default_mimetype = None

    def __init__(self, location: str, code: int) -> None:
        there = location if _PLAIN.fullmatch(location) else iri_to_uri(location)
        super().__init__(status=code, headers=[("Location", there), ("Content-Length", "0")])

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """As they are: the address is written as it must be already."""
        del environ
        return self.headers


class Program(Flask):
    """Flask, whose views are plain functions throughout: none is asked whether it is one."""

    session_interface = SignedCookies()
    request_class = Incoming

    def ensure_sync(self, func: View) -> View:
        return func

    def redirect(self, location: str, code: int = 302) -> Redirect:
        return Redirect(location, code)
