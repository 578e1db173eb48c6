"""The name a downloaded file is given, as RFC 6266 writes names that are not ASCII.

A header holds latin-1 at most: a Chinese name written into it plainly never leaves the server.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response


def name_file(answer: Response, name: str, *, disposition: str = "attachment") -> None:
    """The answer is saved under this name; browsers that know only ASCII get what is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    answer.headers.set("Content-Disposition", disposition, **names)
