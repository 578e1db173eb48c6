"""A page as a browser holds it: its text, its links, and its forms with every field filled in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
UNSEEN = frozenset({"script", "style", "template", "title", "head"})
BUTTONS = frozenset({"submit", "button", "image", "reset"})


class Wrong(Exception):
    """The walk ends here: what was met is not what has to be."""


@dataclass
class Node:
    """An element: its attributes, and what is inside."""

    tag: str
    attrs: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str, kind: str = "") -> Iterator[Node]:
        """Everything inside with one of these tags (any, where none is named) and this class."""
        for one in self.inside:
            if isinstance(one, Node):
                named = not tags or one.tag in tags
                if named and (not kind or kind in one.attrs.get("class", "").split()):
                    yield one
                yield from one.all(*tags, kind=kind)

    @property
    def text(self) -> str:
        """What can be read, blanks put together."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.tag not in UNSEEN:
                inline = one.tag in {"a", "b", "code", "em", "span", "strong"}
                yield from one._words() if inline else (" ", *one._words(), " ")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("page", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def read(html: str) -> Node:
    """The page's tree."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


@dataclass
class Control:
    """One control of a form; a group of radio buttons or boxes is several with one name."""

    name: str
    kind: str
    value: str
    on: bool
    # A select's (value, words).
    options: tuple[tuple[str, str], ...] = ()
    file: tuple[str, bytes] | None = None


def _select(node: Node) -> Control:
    found = [(one.attrs.get("value", one.text), one) for one in node.all("option")]
    chosen = [value for value, one in found if "selected" in one.attrs]
    value = (chosen or [value for value, _one in found] or [""])[0]
    options = tuple((value, one.text) for value, one in found)
    return Control(node.attrs["name"], "select", value, True, options)


def _kind(node: Node) -> str:
    """What a control is: an input's or button's type, else its tag."""
    usual = {"input": "text", "button": "submit"}
    return node.attrs.get("type", usual[node.tag]) if node.tag in usual else node.tag


def _control(node: Node) -> Control | None:
    kind = _kind(node)
    if "name" not in node.attrs or "disabled" in node.attrs or kind in BUTTONS:
        return None
    if kind == "select":
        return _select(node)
    if kind == "textarea":
        text = "".join(one for one in node.inside if isinstance(one, str))
        return Control(node.attrs["name"], kind, text.removeprefix("\n"), True)
    tick = kind in ("checkbox", "radio")
    value = node.attrs.get("value", "on" if tick else "")
    return Control(node.attrs["name"], kind, value, "checked" in node.attrs or not tick)


class Form:
    """A form as it stands on the page; ``fill`` changes it, ``pairs`` is what a browser sends."""

    def __init__(self, page: str, node: Node, whole: Node | None = None) -> None:
        self.page = page
        # Controls elsewhere on the page belong to it by ``form="its id"``.
        own = node.attrs.get("id")
        apart = whole.all("input", "select", "textarea", "button") if own and whole else ()
        apart_of_it = [one for one in apart if one.attrs.get("form") == own]
        self.action = node.attrs.get("action", "")
        self.method = node.attrs.get("method", "get").upper()
        self.sends_files = node.attrs.get("enctype", "") == "multipart/form-data"
        self.text = node.text
        inside = [*node.all("input", "select", "textarea", "button"), *apart_of_it]
        fields = [one for one in inside if one.tag != "button"]
        self.controls = [made for one in fields if (made := _control(one))]
        self.buttons = [one for one in inside if _kind(one) == "submit"]

    @property
    def address(self) -> str:
        """Where it is sent: without an action to the page it stands on."""
        return self.action or self.page.split()[1]

    @property
    def names(self) -> set[str]:
        """The names of its fields."""
        return {one.name for one in self.controls}

    def value(self, name: str) -> str:
        """What stands in a field now."""
        return next(one.value for one in self.named(name) if one.on)

    def named(self, name: str) -> list[Control]:
        """The controls of a name; the walk ends where there is none."""
        found = [one for one in self.controls if one.name == name]
        if not found:
            raise Wrong(f"{self.page}: no field {name!r}; there are {sorted(self.names)}")
        return found

    def fill(self, **values: str | bool | tuple[str, bytes]) -> Form:
        """Type, tick and choose; a select takes a value or the words of one of its lines."""
        for name, value in values.items():
            self._set(self.named(name), value)
        return self

    def _set(self, controls: list[Control], value: str | bool | tuple[str, bytes]) -> None:
        first = controls[0]
        if isinstance(value, tuple):
            first.file = value
        elif isinstance(value, bool):
            for one in controls:
                one.on = value
        elif first.kind == "select":
            found = [key for key, words in first.options if value in (key, words)]
            if not found:
                raise Wrong(f"{self.page}: {first.name!r} offers {first.options}, not {value!r}")
            first.value = found[0]
        elif first.kind in ("radio", "checkbox"):
            if value not in {one.value for one in controls}:
                raise Wrong(f"{self.page}: {first.name!r} has no choice {value!r}")
            for one in controls:
                one.on = one.value == value or (one.kind == "checkbox" and one.on)
        else:
            first.value = value

    def tick_everything(self) -> Form:
        """Every box is ticked: whoever releases something has read all of it."""
        for one in self.controls:
            one.on = one.on or one.kind == "checkbox"
        return self

    def pairs(self, button: str = "") -> list[tuple[str, str | tuple[str, bytes]]]:
        """What is sent when the button of this name is pressed; without one the form's own, which
        has no name, or else its first."""
        pressed = [one for one in self.buttons if one.attrs.get("name", "") == button]
        if button and not pressed:
            raise Wrong(f"{self.page}: no button {button!r}")
        pressed = pressed or self.buttons
        sent: list[tuple[str, str | tuple[str, bytes]]] = []
        for one in self.controls:
            if one.kind == "file":
                sent.append((one.name, one.file or ("", b"")))
            elif one.on:
                sent.append((one.name, one.value))
        name = pressed[0].attrs.get("name") if pressed else None
        return [*sent, (name, pressed[0].attrs.get("value", ""))] if name else sent


def multipart(pairs: Iterable[tuple[str, str | tuple[str, bytes]]]) -> tuple[bytes, str]:
    """The body of a form with files, and its content type."""
    mark = secrets.token_hex(16)
    body = b""
    for name, value in pairs:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
        data = value
        if isinstance(data, tuple):
            head += f'; filename="{data[0]}"\r\nContent-Type: application/octet-stream'
            data_bytes = data[1]
        else:
            data_bytes = data.encode()
        body += f"{head}\r\n\r\n".encode() + data_bytes + b"\r\n"
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class Page:
    """An answer: where it is from, its status, its bytes, and the page in them."""

    def __init__(self, method: str, path: str, status: int, kind: str, body: bytes) -> None:
        self.method, self.path, self.status, self.kind, self.body = method, path, status, kind, body
        self.is_html = kind.startswith("text/html")
        self.tree = read(body.decode("utf-8")) if self.is_html else Node("page", {})

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return self.tree.text

    @property
    def heading(self) -> str:
        """Its heading."""
        return next((one.text for one in self.tree.all("h1")), "")

    def links(self, address: str, words: str = "") -> list[str]:
        """The addresses of its links of this form (a regular expression over the whole path)."""
        return [
            one.attrs["href"]
            for one in self.tree.all("a")
            if re.fullmatch(address, one.attrs.get("href", "").split("?")[0])
            and (words in one.text)
        ]

    def link(self, address: str, words: str = "") -> str:
        """The first such link; the walk ends where there is none."""
        found = self.links(address, words)
        if not found:
            raise Wrong(f"{self}: no link to {address} {words}\n{self.says()}")
        return found[0]

    def forms(self, action: str = "", has: str = "") -> list[Form]:
        """Its forms that are sent to this address (a regular expression) and have this field."""
        every = [Form(str(self), one, self.tree) for one in self.tree.all("form")]
        return [
            one
            for one in every
            if (not action or re.fullmatch(action, one.address.split("?")[0]))
            and (not has or has in one.names)
        ]

    def form(self, action: str = "", has: str = "") -> Form:
        """The first such form; the walk ends where there is none."""
        found = self.forms(action, has)
        if not found:
            raise Wrong(f"{self}: no form to {action or 'anywhere'} with {has!r}\n{self.says()}")
        return found[0]

    def texts(self, kind: str) -> list[str]:
        """The texts of everything of this class."""
        return [one.text for one in self.tree.all(kind=kind)]

    def needs(self, *words: str) -> Page:
        """The walk ends unless all of this can be read on it."""
        missing = [one for one in words if one not in self.text]
        if missing:
            raise Wrong(f"{self}: the page does not say {missing}\n{self.says()}")
        return self

    def says(self) -> str:
        """What it says of a fault: its errors, or what it begins with."""
        found: list[str] = []
        for kind in ("problems", "field-error", "notice", "lead"):
            found += [text for text in self.texts(kind) if text not in found]
        said = " | ".join([self.heading, *found]) if found or self.heading else self.text
        return f"the page says: {said[:600] or self.body[:200]!r}"
