"""Sixty texts that would do something if a page ran them, and how a page is searched for them.

Each calls ``xss(n)``; a page that shows them as text has no element and no attribute made of them.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Connection, Table, select, text, update

from models import frozen
from models.base import Base

_SHAPES = (
    "<script>xss({n})</script>",
    "<ScRiPt>xss({n})</sCrIpT>",
    "<script src=data:,xss({n})></script>",
    "</script><script>xss({n})</script>",
    "</title><script>xss({n})</script>",
    "</textarea><script>xss({n})</script>",
    "</style><script>xss({n})</script>",
    "</option></select><script>xss({n})</script>",
    "--><script>xss({n})</script>",
    "]]><script>xss({n})</script>",
    "<<script>xss({n})//<</script>",
    "<img src=x onerror=xss({n})>",
    '"><img src=x onerror=xss({n})>',
    "'><img src=x onerror=xss({n})>",
    "<img/src=x/onerror=xss({n})>",
    "<img src=x onerror=&#120;ss({n})>",
    "<image src=x onerror=xss({n})>",
    "<svg onload=xss({n})>",
    "<svg/onload=xss({n})>",
    "</svg><svg onload=xss({n})>",
    "<svg><script>xss({n})</script></svg>",
    "<svg><animate onbegin=xss({n}) attributeName=x>",
    "<svg><a xlink:href=javascript:xss({n})><text y=9>x</text></a></svg>",
    "<svg><foreignObject><body onload=xss({n})></foreignObject></svg>",
    "</text><script>xss({n})</script>",
    "<math><mtext></mtext><script>xss({n})</script></math>",
    "<body onload=xss({n})>",
    "<iframe src=javascript:xss({n})></iframe>",
    "<iframe srcdoc='<script>parent.xss({n})</script>'></iframe>",
    "<object data=javascript:xss({n})></object>",
    "<embed src=javascript:xss({n})>",
    "<a href=javascript:xss({n})>x</a>",
    "<a href='java\tscript:xss({n})'>x</a>",
    "javascript:xss({n})",
    "data:text/html,<script>xss({n})</script>",
    "<form action=javascript:xss({n})><input type=submit autofocus></form>",
    "<button formaction=javascript:xss({n})>x</button>",
    "<input autofocus onfocus=xss({n})>",
    '" autofocus onfocus=xss({n}) x="',
    "' autofocus onfocus=xss({n}) x='",
    '" onmouseover=xss({n}) style="position:fixed;inset:0" x="',
    "` onmouseover=xss({n}) `",
    "<details open ontoggle=xss({n})>x</details>",
    "<video><source onerror=xss({n})></video>",
    "<audio src=x onerror=xss({n})>",
    "<marquee onstart=xss({n})>x</marquee>",
    "<select autofocus onfocus=xss({n})></select>",
    "<style>@import 'data:,xss({n})';</style>",
    "<link rel=stylesheet href=data:,xss({n})>",
    "<meta http-equiv=refresh content='0;url=javascript:xss({n})'>",
    "<base href=//xss{n}.invalid/>",
    "<template><script>xss({n})</script></template>",
    "<noscript><p title='</noscript><script>xss({n})</script>'>",
    "&lt;script&gt;xss({n})&lt;/script&gt;<b onclick=xss({n})>x</b>",
    "\\u003cscript\\u003exss({n})\\u003c/script\\u003e",
    "＜script＞xss({n})＜/script＞",
    "{{{{7*7}}}}${{7*7}}<%=7*7%>#{{7*7}}xss({n})",
    "%3Cscript%3Exss({n})%3C/script%3E",
    "';xss({n});//",
    '";xss({n});//',
)
PAYLOADS = tuple(shape.format(n=number) for number, shape in enumerate(_SHAPES, start=1))
ALL = " ".join(PAYLOADS)

# What people write, table by table; a table or column added later is added here.
WRITTEN = {
    "communities": ("name", "address"),
    "buildings": ("name",),
    "entrances": ("name",),
    "dwellings": ("room", "phone", "note"),
    "owners": ("name", "distinguisher"),
    "accounts": ("display_name",),
    "companies": ("name",),
    "plans": ("title", "threshold_decision"),
    "menu_items": ("title", "description", "unit"),
    "options": ("withdrawn_reason",),
    "option_versions": (
        "title",
        "specification",
        "location",
        "excludes",
        "requires",
        "constraints",
        "change_note",
    ),
    "item_answers": ("reason",),
    "objections": ("body", "answer", "outcome_note"),
    "motions": ("title", "text", "cancel_reason"),
    "rolls": ("reason",),
    "roll_dwellings": ("building", "entrance", "room"),
    "roll_owners": ("name",),
    "representatives": ("document",),
    "paper_sheets": ("void_reason",),
    "notices": ("place",),
    "roster_imports": ("file_name",),
    "header_mappings": ("header",),
    "privacy_requests": ("text", "answer"),
    "publications": ("reason",),
    "mandates": ("holder", "document", "withdraw_reason"),
    "paper_details": ("first_collector", "second_collector"),
    "late_papers": ("first_collector", "second_collector"),
    "deliveries": ("place", "with_whom"),
    "platform_results": ("authority", "document_number"),
    "statements": ("authority", "document_number", "reason"),
}
# Texts inside canonical documents, by key.
IN_DOCUMENTS = {"title", "text", "item", "option", "specification", "unit", "location", "requires"}
IN_DOCUMENTS |= {"excludes", "constraints", "note", "community", "building", "entrance"}


def _in_document(value: Any, payload: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _in_document(part, payload, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_document(part, payload, key) for part in value]
    return payload if isinstance(value, str) and key in IN_DOCUMENTS else value


def poison(connection: Connection, payload: str) -> int:
    """Every text that people write is ``payload`` now (told apart by its row); how many are.

    The triggers are taken off for it: this is a database of a test's own.
    """
    named = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen_%'"
    if connection.execute(text(named)).first() is not None:
        frozen.thaw(connection)
    number = 0
    for name, columns in WRITTEN.items():
        table = Base.metadata.tables[name]
        for row in connection.execute(select(*table.primary_key.columns)).all():
            values = {column: f"{payload} {number}" for column in columns if column != "answer"}
            where = [
                key == value for key, value in zip(table.primary_key.columns, row, strict=True)
            ]
            if values:
                connection.execute(update(table).where(*where).values(values))
                number += len(values)
    for name in ("objections", "privacy_requests"):
        said = {"payload": payload}
        connection.execute(
            text(f"UPDATE {name} SET answer = :payload WHERE answer IS NOT NULL"), said
        )
    for name in ("resolutions", "motion_counts"):
        _poison_documents(connection, Base.metadata.tables[name], payload)
    return number


def _poison_documents(connection: Connection, table: Table, payload: str) -> None:
    (key,) = table.primary_key.columns
    for ident, document in connection.execute(select(key, table.c.document)).all():
        spoilt = json.dumps(_in_document(json.loads(document), payload), ensure_ascii=False)
        connection.execute(update(table).where(key == ident).values(document=spoilt))


class _Search(HTMLParser):
    """Goes through a page and notes what is made of what somebody wrote."""

    RUNNING = frozenset({"href", "src", "action", "formaction", "data", "content", "xlink:href"})
    NEVER_OURS = frozenset({"iframe", "object", "embed", "base", "marquee", "math", "image"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        data = given.get("type") in ("application/json", "text/plain")
        self.inside = tag if tag in ("script", "style") and not data else ""
        if tag in self.NEVER_OURS:
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            plain = "".join(value.split()).lower()
            runs = plain.startswith(("javascript:", "data:")) or "url=javascript:" in plain
            runs = runs and name in self.RUNNING and "xss" in plain
            if name.startswith("on") or name == "srcdoc" or runs:
                self.found.append(f"<{tag} {name}={value[:60]!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and "xss" in data:
            self.found.append(f"<{self.inside}>{data[:60]}")
        if "{{49}}" in data or "49${" in data or "}}49" in data:
            self.found.append("a template inside what somebody wrote was run")


def unescaped(html: str) -> list[str]:
    """The elements and attributes of a page that are made of what somebody wrote."""
    search = _Search()
    search.feed(html)
    search.close()
    return search.found
