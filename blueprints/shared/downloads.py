"""Files to download: tables as CSV and workbooks, all from here, and the names they are given.

Names are written as RFC 6266 has those that are not ASCII. A header holds latin-1 at most: a
Chinese name written into it plainly never leaves the server.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from urllib.parse import quote

from flask import Response
from flask_babel import gettext as _

from documents.tables import Sheet, csv_bytes, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(sheet: Sheet, name: str) -> Response:
    """The table as a CSV file of that name."""
    answer = Response(csv_bytes(sheet), mimetype="text/csv")
    name_file(answer, name)
    return answer


def workbook(sheets: Sequence[Sheet], name: str) -> Response:
    """The tables as a workbook of that name, its pages numbered in the reader's language."""
    pages = _("Page %(page)s of %(pages)s", page="&P", pages="&N")
    answer = Response(xlsx_bytes(sheets, pages=pages), mimetype=XLSX)
    name_file(answer, name)
    return answer


def name_file(answer: Response, name: str, *, disposition: str = "attachment") -> None:
    """The answer is saved under this name; browsers that know only ASCII get what is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    answer.headers.set("Content-Disposition", disposition, **names)
