"""A fuzzer over every route and every kind of reader, with ids that exist.

It harvests the forms the pages draw, fills them as a browser would and spoils a few of their
values; beside that it sends forms nobody drew, odd addresses and query strings, bodies that are not
what they say, cut off uploads, cookies from elsewhere. What is random comes from a seed, so a
fault can be had again. An answer of 500 or more, or an exception, is a fault.
"""

from __future__ import annotations

import io
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access import objects
from tests.access.people import PEOPLE, works_elsewhere
from tests.everything import Everything
from tests.visitor import Visitor
from tests.world import World

# Readers whose pages are searched for forms; between them they see every form there is.
HARVESTERS = ("nobody", "administrator", "committee", "sixth_floor")
EXTRA_NAMES = frozenset({"page", "next", "dwelling", "lang", "q", "x"})
EVERY = 1_000  # requests after which the database is made anew: forms withdraw, close and sign out
CHOICES = ("agree", "against", "abstain", "need", "oppose", "owner", "tenant", "banded", "zh_Hans")
ODD = (
    "",
    " ",
    "\t\r\n",
    "\0",
    "a\0b",
    "\x1b[2J",
    "\ufeff",
    "\u202eabc",
    "é" * 50,
    "💥" * 300,
    "楼" * 5000,
    "x" * 70_000,
    "'",
    '"',
    "';--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n%00",
    "../../etc",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e309",
    "NaN",
    "Infinity",
    "-inf",
    "٣",
    "１２",
    "²",
    "½",
    "〇",
    "1_000",
    "0x10",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 400,
    "0.001",
    "99999999999999.99",
    "-0.01",
    "1,000.00",
    "¥5",
    "on",
    "true",
    "null",
    "[]",
    "{}",
    "\\",
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "2026-02-30",
    "2026-09-31T24:60",
    "10000-01-01",
    "2026-9-1",
    "二〇二六年",
    "24:00",
    "//evil.example",
    "http://evil.example",
    "/\\evil",
    "1-owner",
    "1-",
    "-",
    "1-2-3",
    "a:b",
    "plan:1",
    "plan:²",
    "community:99999999999",
)
TYPES = (
    "application/json",
    "text/plain",
    "text/xml",
    "application/octet-stream",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "",
    "x",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nope",
)
BODIES = (
    b"",
    b"\xff\xfe\x00",
    b"[1, 2]",
    b'{"csrf_token": []}',
    b"<a/>",
    b"a=%ff&b=%ED%A0%80&c=%00",
    b"&&&==&",
    b"%",
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nab',
    b"--x\r\n\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\xfe.xlsx"\r\n\r\nPK',
    b"--x\r\nContent-Disposition: form-data\r\n\r\nq\r\n--x--\r\n",
    b"\x00" * 2000,
)
FILES = (
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06" + b"\0" * 18,
    b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"%PDF-1.7",
    b"a,b\n1",
    "幢,单元,房号,面积\n3,1,101,62.35\n".encode("gb18030"),
    b"\xff\xfe\x00\x00",
    "楼栋,单元,室号,楼层,建筑面积,产权人\n\0,\0,²,９,-1,'=1\n".encode(),
    ("房号,面积\n" + '"' * 999).encode(),
    b"\n" * 9000,
    b"," * 9000,
)
FILE_NAMES = (
    "a.xlsx",
    "a.csv",
    "",
    "名册.csv",
    "../../a.csv",
    "a\0.csv",
    "<b>.xlsx",
    "x" * 300 + ".csv",
    "a.png",
)
HEADERS = (
    ("Accept-Language", "zh;q=nope,*;;q"),
    ("Accept-Language", "\xff" * 40),
    ("Range", "bytes=9-1"),
    ("If-Modified-Since", "yesterday"),
    ("If-None-Match", '"'),
    ("Accept-Encoding", "br;q=x"),
    ("Referer", "http://[::1"),
    ("Origin", "null"),
    ("X-Forwarded-For", "a, b,\x01"),
    ("User-Agent", ""),
    ("Content-Length", "-1"),
    ("Accept", "application/json"),
    ("Authorization", "Basic ="),
)
COOKIES = ("", "x", ".", "a.b.c", "eyJfdXNlcl9pZCI6MX0.x.y", "\xff\xfe", "é" * 900)


@dataclass(frozen=True)
class Drawn:
    """A form as a page draws it: where it is sent, its values, which of them are files."""

    action: str
    values: dict[str, list[str]]
    files: list[str]


class _Forms(HTMLParser):
    """Reads the forms of a page that are sent by POST; names of the others' fields too."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.names: set[str] = set()
        self.drawn: list[Drawn] = []
        self.open: Drawn | None = None
        self.chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Drawn(given.get("action") or self.path, {}, [])
            if given.get("method", "get").lower() == "post":
                self.drawn.append(self.open)
        name = given.get("name", "")
        if self.open is None or tag not in ("input", "select", "textarea", "button", "option"):
            return
        if tag == "option":
            if self.chosen and not self.open.values[self.chosen]:
                self.open.values[self.chosen].append(given.get("value", ""))
            return
        self.chosen = name if tag == "select" else ""
        if name:
            self.names.add(name)
            listed = self.open.values.setdefault(name, [])
            if given.get("type") == "file":
                self.open.files.append(name)
            elif tag != "select":
                listed.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


@dataclass
class Report:
    """What a run found."""

    requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


_HARVEST: list[tuple[list[Drawn], list[str]]] = []


class Fuzzer:
    """Sends requests; ``renew`` gives back an empty database with the usual people."""

    def __init__(self, app: Flask, renew: Callable[[], World], seed: int) -> None:
        self.app, self.renew = app, renew
        self.random = random.Random(seed)
        self.rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.forms: list[Drawn] = []
        self.names: list[str] = []
        self._begin()
        self._harvest()

    def _begin(self) -> None:
        self.world = self.renew()
        self.rows = Everything(self.world, self.world.building, company=self.world.company)
        self.world.works_elsewhere = works_elsewhere(self.world, self.world.now)  # type: ignore[attr-defined]
        self.known = {name: value(self.rows) for name, value in objects.OBJECTS.items()}
        self.visitors = {
            person.name: Visitor(self.app, getattr(self.world, person.name, None))
            for person in PEOPLE
        }
        self.tokens = {
            name: visitor.get("/me" if name != "nobody" else "/sign-in")
            .form()
            .fields["csrf_token"][0]
            for name, visitor in self.visitors.items()
        }
        self.kept = {name: v.client.get_cookie("louyi") for name, v in self.visitors.items()}

    def address(self, rule: Rule, odd: bool = False) -> str:
        """The route's address with ids that exist, or with odd ones."""
        path = rule.rule
        for name in rule.arguments:
            value = self.known.get(f"{rule.endpoint}:{name}", self.known.get(name, 1))
            if odd:
                value = self.random.choice(ODD)[:200]
            start = path.index("<")
            path = path[:start] + quote(str(value), safe="") + path[path.index(">") + 1 :]
        return path

    def _harvest(self) -> None:
        """Once a process: the same rows always get the same ids."""
        if not _HARVEST:
            names: set[str] = set()
            for rule in self.rules:
                if "GET" in (rule.methods or ()):
                    for who in HARVESTERS:
                        answer = self.visitors[who].send("GET", self.address(rule))
                        if answer.status_code == 200 and answer.mimetype == "text/html":
                            self._read(answer.get_data(as_text=True), answer.request.path, names)
            _HARVEST.append((self.forms, sorted(names | EXTRA_NAMES)))
        self.forms, self.names = _HARVEST[0]

    def _read(self, html: str, path: str, names: set[str]) -> None:
        forms = _Forms(path)
        forms.feed(html)
        names |= forms.names
        for drawn in forms.drawn:
            known = (d for d in self.forms if d.action == drawn.action)
            if all(d.values.keys() != drawn.values.keys() for d in known):
                self.forms.append(drawn)

    # --- what is sent ----------------------------------------------------------------------

    def _odd(self) -> str:
        if self.random.random() < 0.15:
            return "".join(self.random.choices(string.printable + "楼é\u200b\u0300", k=40))
        return self.random.choice(ODD + CHOICES)

    def _drawn(self, who: str) -> tuple[str, str, dict[str, Any]]:
        form = self.random.choice(self.forms)
        data: dict[str, Any] = {name: list(values[:1]) for name, values in form.values.items()}
        for name in self.random.sample(sorted(data), k=min(len(data), self.random.randint(0, 3))):
            kind = self.random.random()
            data[name] = (
                [self._odd()] if kind < 0.8 else [] if kind < 0.9 else [self._odd()[:1000]] * 40
            )
        data["csrf_token"] = self.tokens[who]
        for name in form.files:
            data[name] = (io.BytesIO(self.random.choice(FILES)), self.random.choice(FILE_NAMES))
        kind = "multipart/form-data" if form.files or self.random.random() < 0.5 else None
        return "POST", form.action, {"data": data, "content_type": kind} if kind else {"data": data}

    def _undrawn(self, who: str) -> tuple[str, str, dict[str, Any]]:
        rule = self.random.choice([r for r in self.rules if "POST" in (r.methods or ())])
        data: dict[str, Any] = {
            self.random.choice(self.names): self._odd() for _ in range(self.random.randint(0, 6))
        }
        return "POST", self.address(rule), {"data": data | {"csrf_token": self.tokens[who]}}

    def _query(self, who: str) -> tuple[str, str, dict[str, Any]]:
        pairs = [(self.random.choice(self.names), self._odd()[:3000]) for _ in range(3)]
        query = urlencode(pairs[: self.random.randint(0, 3)], errors="surrogatepass")
        if self.random.random() < 0.2:
            query = self.random.choice(("%", "%ff=%fe", "&&=", "page[]=1", "a=1;b=2", "=" * 300))
        address = self.address(self.random.choice(self.rules))
        return "GET", address, {"query_string": query}

    def _place(self, who: str) -> tuple[str, str, dict[str, Any]]:
        method = self.random.choice(("GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "X"))
        data = {"data": {"csrf_token": self.tokens[who]}} if method == "POST" else {}
        return method, self.address(self.random.choice(self.rules), odd=True), data

    def _broken(self, who: str) -> tuple[str, str, dict[str, Any]]:
        rule = self.random.choice(self.rules)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        options: dict[str, Any] = {"headers": [self.random.choice(HEADERS)]}
        options["headers"].append(("X-CSRFToken", self.tokens[who]))
        if method == "POST":
            options |= {
                "data": self.random.choice(BODIES),
                "content_type": self.random.choice(TYPES),
            }
        if self.random.random() < 0.2:
            value = self.random.choice(COOKIES).encode().decode("latin-1")
            options["environ_overrides"] = {"HTTP_COOKIE": f"louyi={value}; louyi_large_type=\xff"}
        return method, self.address(rule), options

    def _send(self, report: Report) -> None:
        # Most often somebody for whom there is something to do, else a refusal is all there is.
        often = ("committee", "sixth_floor", "tenant", "contractor", "administrator")
        who = self.random.choice([*often[:2] * 6, *often, *(person.name for person in PEOPLE)])
        make = self.random.choices(
            (self._drawn, self._undrawn, self._query, self._place, self._broken),
            weights=(45, 15, 15, 10, 15),
        )[0]
        method, address, options = make(who)
        visitor = self.visitors[who]
        kept = self.kept[who]
        if kept is not None:  # whatever signed out before is undone
            visitor.client.set_cookie("louyi", kept.value)
        report.requests += 1
        try:
            answer: TestResponse = visitor.send(method, address, **options)
            status, said = answer.status_code, ""
            answer.get_data()
        except Exception as error:
            status, said = 599, f": {type(error).__name__} {str(error)[:300]}"
        report.statuses[status] = report.statuses.get(status, 0) + 1
        if status >= 500:
            told = str(options)[:600]
            report.faults.append(f"{who} {method} {address[:200]} {told} → {status}{said}")

    def run(self, requests: int) -> Report:
        """Send so many requests and tell what came back."""
        report = Report()
        for number in range(requests):
            if number and number % EVERY == 0:
                self._begin()
            self._send(report)
        return report
