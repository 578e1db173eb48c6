"""A visitor who checks every page fetched, as a careful reader would, and fills forms as drawn.

Every HTML answer must have one h1, a language, a title, unique ids, a label for every control, a
token in every POST form, no script or style without the nonce, no ``None`` or ``{{`` in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextvars import Context
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from models.accounts import Account
from models.database import session as current_session
from services import sessions
from services.transaction import transaction

HIDDEN_TEXT = {"script", "style", "template"}
CONTROLS = {"input", "select", "textarea"}
NOT_LABELLED = {"hidden", "submit", "button", "image"}


class Page:
    """An answer, parsed."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.html = answer.get_data(as_text=True)
        self.root: Element = html5lib.parse(self.html, namespaceHTMLElements=False)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """All elements of this tag with these attributes (``class_`` for class)."""
        wanted = {name.rstrip("_").replace("_", "-"): v for name, v in attributes.items()}
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name) == value for name, value in wanted.items())
        ]

    def _texts(self, element: Element) -> Iterator[str]:
        if element.tag not in HIDDEN_TEXT:
            yield element.text or ""
            for child in element:
                yield from self._texts(child)
                yield child.tail or ""

    def text_of(self, element: Element) -> str:
        """The text inside an element, blanks folded."""
        return re.sub(r"\s+", " ", "".join(self._texts(element))).strip()

    @property
    def text(self) -> str:
        """What a reader reads."""
        return self.text_of(self.root)

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return self.text_of(self.all("h1")[0])

    @property
    def errors(self) -> str:
        """The text of the error summary, empty when there is none."""
        return " ".join(self.text_of(e) for e in self.root.iter() if e.get("role") == "alert")

    def links(self) -> dict[str, str]:
        """Text of each link → its address."""
        return {self.text_of(a): a.get("href", "") for a in self.all("a")}

    def form(self, *, action: str | None = None, button: str | None = None) -> Form:
        """The form with this action (part of it) or with a button of this text."""
        for element in self.all("form"):
            found = Form(self, element)
            fits_action = action is None or action in found.action
            fits_button = button is None or any(button in text for text in found.buttons)
            if fits_action and fits_button and element.get("method", "get").lower() == "post":
                return found
        raise AssertionError(f"no form with {action or button!r} on this page: {self.text[:400]}")


class Form:
    """A form as drawn: its fields with their present values."""

    def __init__(self, page: Page, element: Element) -> None:
        self.page = page
        self.element = element
        self.action = element.get("action") or page.answer.request.path
        self.fields: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        for control in self._controls():
            self._read(control)

    def _controls(self) -> Iterator[Element]:
        """Its own controls, and those elsewhere on the page that name it by its id."""
        yield from self.element.iter()
        if name := self.element.get("id"):
            for tag in CONTROLS:
                yield from self.page.all(tag, form=name)

    def _read(self, control: Element) -> None:
        name = control.get("name")
        if control.tag == "button":
            self.buttons.append(self.page.text_of(control))
        elif name and control.tag == "textarea":
            self.fields.setdefault(name, []).append("".join(self.page._texts(control)))
        elif name and control.tag == "select":
            chosen = [o.get("value", "") for o in control.iter("option") if "selected" in o.attrib]
            self.fields.setdefault(name, []).extend(chosen)
        elif name and control.tag == "input":
            kind = control.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in control.attrib:
                self.fields.setdefault(name, [])
            elif kind not in ("submit", "file"):
                self.fields.setdefault(name, []).append(control.get("value", ""))

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a browser would send with these values typed in; a name not drawn is a mistake."""
        data: dict[str, Any] = {name: list(present) for name, present in self.fields.items()}
        drawn = {c.get("name") for c in self._controls() if c.get("name")}
        for name, value in values.items():
            if name not in drawn:
                raise AssertionError(f"the form has no field {name!r}, only {sorted(drawn)}")
            data[name] = value
        return data


class Visitor:
    """A browser of one person; its sign-in counts as confirmed by a second factor unless told."""

    def __init__(
        self,
        app: Flask,
        account: Account | None = None,
        language: str = "en",
        *,
        confirmed: bool = True,
    ) -> None:
        self.app = app
        self.client = app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if account is not None:
            with transaction() as session:
                token = sessions.begin(
                    session,
                    account,
                    now=app.extensions["clock"](),
                    remembered=True,
                    confirmed=confirmed,
                )
            with self.client.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True

    def get(self, path: str, *, status: int = 200) -> Page:
        """Fetch and check a page; redirects are followed."""
        return self._checked(self.send("GET", path, follow_redirects=True), status)

    def post(
        self,
        page: Page,
        values: Mapping[str, Any] | None = None,
        *,
        action: str | None = None,
        button: str | None = None,
        extra: Mapping[str, Any] | None = None,
        status: int = 200,
        follow: bool = True,
    ) -> Page:
        """Fill a form of the page and send it. ``extra`` adds what no control draws (a button)."""
        form = page.form(action=action, button=button)
        data = form.filled(values or {}) | dict(extra or {})
        return self._checked(self._sent(form.action, data, follow=follow), status)

    def _sent(self, path: str, data: dict[str, Any], *, follow: bool) -> TestResponse:
        sent = {"data": data, "content_type": "multipart/form-data"}
        answer = self.send("POST", path, **sent)
        if follow and answer.status_code == 307:
            # A browser sends the same body on; the test client has read it to its end.
            answer = self.send("POST", answer.headers["Location"], **sent)
        if follow and answer.status_code in (301, 302, 303):
            answer = self.send("GET", answer.headers["Location"], follow_redirects=True)
        return answer

    def download(self, path: str, *, status: int = 200) -> TestResponse:
        """Fetch something that is not a page."""
        answer = self.send("GET", path)
        assert answer.status_code == status, f"{path} answered {answer.status_code}"
        return answer

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request unchecked.

        It runs in a context of its own, as on a server: the test's application context, its ``g``
        and its database session are not the request's. What the test has read is read afresh
        afterwards.
        """
        current_session().rollback()
        # A commit expires nothing here, and a rollback only what an open transaction has read.
        current_session().expire_all()
        answer = Context().run(self.client.open, path, method=method, **options)
        for value in answer.headers.values():
            value.encode("latin-1")  # what a server could not send is a fault here too
        return answer

    def _checked(self, answer: TestResponse, status: int) -> Page:
        path = answer.request.path
        if answer.status_code != status:
            page = Page(answer) if answer.mimetype == "text/html" else None
            said = page.text[:600] if page else answer.get_data(as_text=True)[:600]
            raise AssertionError(f"{path} answered {answer.status_code}, not {status}: {said}")
        page = Page(answer)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            faults = list(_faults(page))
            assert not faults, f"{path}: " + "; ".join(faults)
        return page


def _faults(page: Page) -> Iterator[str]:
    root = page.root
    if root.get("lang") not in ("en", "zh-Hans"):
        yield "no language"
    if len(page.all("h1")) != 1 or not page.heading:
        yield f"{len(page.all('h1'))} h1"
    titles = page.all("title")
    if not titles or not page.text_of(titles[0]).strip("– "):
        yield "no title"
    yield from _id_faults(page)
    yield from _control_faults(page)
    yield from _form_faults(page)
    yield from _script_faults(page)
    text = page.text
    for sign in ("{{", "{%", "None", "Undefined", "lazy_gettext", "<built-in"):
        if sign in text:
            where = text.index(sign)
            yield f"{sign!r} in the text: …{text[max(0, where - 60) : where + 60]}…"


def _id_faults(page: Page) -> Iterator[str]:
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        yield f"ids twice: {sorted(map(str, twice))}"
    for element in page.root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute}={name} points nowhere"


def _control_faults(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label")}
    inside = {id(c) for label in page.all("label") for c in label.iter() if c.tag in CONTROLS}
    for tag in CONTROLS:
        for control in page.all(tag):
            if control.get("type") in NOT_LABELLED:
                continue
            has = control.get("id") in labelled or id(control) in inside
            if not has and not control.get("aria-label") and not control.get("aria-labelledby"):
                yield f"{tag} {control.get('name')!r} has no label"


def _form_faults(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        tokens = [i for i in form.iter("input") if i.get("name") == "csrf_token"]
        if form.get("method", "get").lower() == "post" and len(tokens) != 1:
            yield f"form {form.get('action')!r} has {len(tokens)} tokens"


def _script_faults(page: Page) -> Iterator[str]:
    policy = page.answer.headers.get("Content-Security-Policy", "")
    for tag in ("script", "style"):
        for element in page.all(tag):
            nonce = element.get("nonce")
            data_block = element.get("type") == "application/json"
            if not data_block and (not nonce or f"'nonce-{nonce}'" not in policy):
                yield f"{tag} without the nonce"
    for element in page.root.iter():
        for name in element.attrib:
            if name.startswith("on") or name == "style":
                yield f"{element.tag} has an inline {name}"


def windows(page):
    """The links of the drawing: address → accessible name."""
    drawn = page.root.iter("{http://www.w3.org/2000/svg}a")
    return {a.get("href"): a.get("aria-label") for a in drawn}
