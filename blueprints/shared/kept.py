"""Pages that say the same to many: drawn once, with places left for what is each reader's own.

A page is kept by everything it rests on (``key``); what differs from reader to reader or from
answer to answer is never kept: the reader's name, the nonce, and whatever the view names. Those
places are marked while the page is drawn, and filled at every request. There is room for so many
pages in a process; the longest unused goes first.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from threading import Lock

from flask import Response, current_app, g, request, session
from markupsafe import escape
from werkzeug.http import parse_accept_header

from blueprints.shared import gzipped, localisation
from blueprints.shared.headers import csp_nonce
from blueprints.shared.page import COMFORT_COOKIE
from domain.accounts import Actor

MOST = 256
NAME, NONCE = "name", "nonce"


@dataclass(frozen=True)
class Drawn:
    """A page: the parts that stay, as they are and as gzip, and the places between them."""

    parts: tuple[bytes, ...]
    packed: tuple[bytes, ...]
    places: tuple[str, ...]

    def filled(self, own: Mapping[str, str]) -> Response:
        """The answer, with what is the reader's own in its places."""
        values = [str(escape(own[name])).encode() for name in self.places]
        text = b"".join(_between(self.parts, values))
        if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
            return Response(text, mimetype="text/html")
        blocks = list(_between(self.packed, map(gzipped.plain, values)))
        answer = Response(gzipped.whole(blocks, text), mimetype="text/html")
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
        return answer


def _between(parts: Sequence[bytes], values: Iterable[bytes]) -> Iterator[bytes]:
    for part, value in zip(parts, chain(values, (b"",)), strict=True):
        yield part
        yield value


@lru_cache(maxsize=256)
def _takes_gzip(header: str) -> bool:
    return parse_accept_header(header)["gzip"] > 0


@dataclass(frozen=True)
class _Somebody:
    """Who stands in for the reader while a page is drawn."""

    display_name: str


class Kept:
    """The pages kept by one program."""

    def __init__(self) -> None:
        self.pages: OrderedDict[Hashable, Drawn] = OrderedDict()
        self.guard = Lock()

    def find(self, key: Hashable) -> Drawn | None:
        """The page kept by this key."""
        with self.guard:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def keep(self, key: Hashable, page: Drawn) -> None:
        """Keep it; the one unused longest makes room."""
        with self.guard:
            self.pages[key] = page
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)


def _pages() -> Kept:
    pages: Kept = current_app.extensions.setdefault("kept", Kept())
    return pages


def may_be_kept() -> bool:
    """Whether this answer is drawn from what the key says: nothing to flash, no demo's clock."""
    plain = request.method == "GET" and not request.query_string and "_flashes" not in session
    return plain and not current_app.config["LOUYI"].is_demo


def audience(actor: Actor) -> Hashable:
    """What of the reader and of the browser decides how every page looks."""
    roles = frozenset((grant.role, grant.capacity) for grant in actor.grants)
    return localisation.locale(), request.cookies.get(COMFORT_COOKIE) == "1", roles


def page(
    key: Hashable,
    own: Mapping[str, str],
    draw: Callable[[Mapping[str, str], object], str],
    still: Callable[[], bool],
) -> Response:
    """The page by this key, with what is the reader's ``own`` filled in.

    ``draw`` draws it with what it is handed instead: a mark for each of ``own``, and somebody for
    the template's ``actor``. It is kept when ``still`` says afterwards that the key holds.
    """
    pages = _pages()
    whole = (request.path, key, tuple(own), audience(g.actor))
    drawn = pages.find(whole)
    if drawn is None:
        drawn = _draw(draw, own)
        if still():
            pages.keep(whole, drawn)
    return drawn.filled({**own, NAME: g.actor.display_name, NONCE: csp_nonce()})


def _draw(draw: Callable[[Mapping[str, str], object], str], own: Iterable[str]) -> Drawn:
    token = secrets.token_hex(16)
    marks = {name: f"{token}-{name}-" for name in (*own, NAME, NONCE)}
    nonce = csp_nonce()
    try:
        g.csp_nonce = marks[NONCE]
        text = draw(marks, _Somebody(marks[NAME]))
    finally:
        g.csp_nonce = nonce
    split = re.split(f"{token}-([a-z0-9]+)-", text)
    parts = tuple(part.encode() for part in split[::2])
    return Drawn(parts, tuple(map(gzipped.packed, parts)), tuple(split[1::2]))
