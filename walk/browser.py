"""Somebody with a browser: cookies, redirects, forms; and staff, whose phone shows codes.

The servers stand behind a proxy that speaks TLS: that is said in the headers a proxy sets, so the
cookies are the Secure ones of the real thing.
"""

from __future__ import annotations

import email.utils
import http.client
import http.cookies
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from walk.clock import Clock
from walk.pages import Form, Page, Wrong, multipart
from walk.sums import phone_code

SLOWEST = 60
TYPED = "application/x-www-form-urlencoded"


@dataclass
class Site:
    """Where the program answers, and what is seen of every answer."""

    host: str
    clock: Clock
    port: int = 0
    # (method, path, status) of every answer since a step began.
    answers: list[tuple[str, str, int]] = field(default_factory=list)


class Browser:
    """One browser; ``settle`` is what it does with an answer before anybody reads it."""

    def __init__(self, site: Site, name: str, language: str = "zh-CN") -> None:
        self.site, self.name, self.language = site, name, language
        self._cookies: dict[str, str] = {}
        self._from = f"https://{site.host}/"
        self.page = Page("GET", "about:blank", 200, "text/html", b"")

    def open(self, address: str, status: int | None = 200) -> Page:
        """Go to an address; the walk ends when it answers otherwise (None: whatever it answers)."""
        return self._arrived(self._go("GET", address, None, ""), status)

    def follow(self, address: str, words: str = "") -> Page:
        """Follow a link of the page."""
        return self.open(self.page.link(address, words))

    def send(
        self, form: Form, button: str = "", arrives: str = "", status: int | None = 200
    ) -> Page:
        """Send a form; what asks once more is confirmed until the answer is at ``arrives``."""
        page = self._send(form, button)
        for _once_more in range(3):
            again = self._asks_again(page, form, arrives)
            if again is None:
                break
            page = self._send(*again)
        if arrives and not _is_at(page, arrives):
            raise Wrong(f"{page}: not at {arrives} after {form.action}\n{page.says()}")
        return self._arrived(page, status)

    def _asks_again(self, page: Page, sent: Form, arrives: str) -> tuple[Form, str] | None:
        """The form of a page that shows everything once more, and its button, if it is one."""
        if not arrives or _is_at(page, arrives) or page.status != 200:
            return None
        if page.texts("problems") or page.texts("field-error"):
            return None
        before = urlsplit(sent.address).path
        for form in page.forms():
            goes = urlsplit(form.address).path
            kin = goes != "/" and (before.startswith(goes) or goes.startswith(before))
            if form.method == "POST" and kin and form.names <= sent.names | {"confirm"}:
                names = {one.attrs.get("name", "") for one in form.buttons}
                return form.tick_everything(), "confirm" if "confirm" in names else ""
        return None

    def _send(self, form: Form, button: str) -> Page:
        pairs, address = form.pairs(button), form.address
        if form.method == "GET":
            return self._go("GET", f"{address}?{urlencode(pairs)}", None, "")
        if form.sends_files:
            return self._go("POST", address, *multipart(pairs))
        return self._go("POST", address, urlencode(pairs).encode(), TYPED)

    def _arrived(self, page: Page, status: int | None) -> Page:
        self.page = page
        if status is not None and page.status != status:
            raise Wrong(f"{self.name}: {page}, not {status}\n{page.says()}")
        return page

    def settle(self, page: Page) -> Page:
        """What the answer leads to; for most people itself."""
        return page

    def _go(self, method: str, address: str, body: bytes | None, kind: str) -> Page:
        return self.settle(self.fetch(method, address, body, kind))

    def fetch(self, method: str, address: str, body: bytes | None = None, kind: str = "") -> Page:
        """Ask, and follow redirects as a browser does: 307 sends the form on, others are read."""
        where = urljoin(self._from, address)
        for _hop in range(10):
            status, headers, data = self._ask(method, where, body, kind)
            self._from = where
            self.site.answers.append((method, urlsplit(where).path, status))
            if status not in (301, 302, 303, 307, 308):
                parts = urlsplit(where)
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                page = Page(method, path, status, headers.get("Content-Type", ""), data)
                self.page = page
                return page
            where = urljoin(where, headers["Location"])
            if urlsplit(where).hostname != self.site.host:
                raise Wrong(f"{self.name}: led away from the program, to {where}")
            if status not in (307, 308):
                method, body, kind = "GET", None, ""
        raise Wrong(f"{self.name}: led on and on from {address}")

    def _ask(
        self, method: str, where: str, body: bytes | None, kind: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        parts = urlsplit(where)
        headers = {
            "Host": self.site.host,
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Proto": "https",
            "Accept": "text/html,*/*",
            "Accept-Language": self.language,
            "Referer": self._from,
            "Connection": "close",
        }
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self._cookies.items())
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": f"https://{self.site.host}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=SLOWEST)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        except OSError as error:
            raise Wrong(f"{self.name}: {method} {where} was not answered ({error})") from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._keep(line)
        return answer.status, answer.headers, data

    def _keep(self, line: str) -> None:
        for name, morsel in http.cookies.SimpleCookie(line).items():
            if not morsel["secure"]:
                raise Wrong(f"the cookie {name} would go over plain http as well")
            if name.startswith("__Host-") and (morsel["domain"] or morsel["path"] != "/"):
                raise Wrong(f"no browser takes the cookie {line}")
            until = morsel["expires"] and email.utils.parsedate_to_datetime(morsel["expires"])
            over = until and until.timestamp() <= self.site.clock.seconds()
            if over or morsel["max-age"] == "0":
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = morsel.value


def _is_at(page: Page, address: str) -> bool:
    return bool(re.fullmatch(address, urlsplit(page.path).path))


class Member(Browser):
    """Somebody of the staff: a password, and a phone that is set up where it is first asked for."""

    def __init__(self, site: Site, name: str, login: str, password: str) -> None:
        super().__init__(site, name)
        self.login, self.password, self.secret = login, password, ""

    def sign_in(self, password: str = "") -> Page:
        """Come in by login and password, as half a day asks for."""
        form = self.open("/sign-in").form(has="login")
        return self.send(form.fill(login=self.login, password=password or self.password))

    def first_sign_in(self, first: str) -> Page:
        """Come in with the password that somebody else has seen, and choose another."""
        form = self.sign_in(first).form(r"/me/password", has="again")
        return self.send(form.fill(password=self.password, again=self.password))

    def settle(self, page: Page) -> Page:
        """A page that asks for the second factor is answered, and what waited goes on."""
        for _step in range(4):
            if page.forms(r"/confirm", has="factor_code"):
                page = self._type_the_code(page)
            elif not self.secret and page.forms(r"/me/second-factor/begin"):
                page = self._begin(page)
            elif page.forms(r"/me/second-factor", has="factor_code"):
                self.secret = page.texts("factor-key")[0]
                page = self._type_the_code(page)
            elif page.texts("recovery"):
                page = self._leave_the_codes(page)
            else:
                return page
        raise Wrong(f"{self.name}: the code of the phone is not taken\n{page.says()}")

    def _begin(self, page: Page) -> Page:
        return self._on(page.form(r"/me/second-factor/begin"))

    def _type_the_code(self, page: Page) -> Page:
        form = page.form(has="factor_code")
        return self._on(form.fill(factor_code=phone_code(self.secret, self.site.clock.seconds())))

    def _leave_the_codes(self, page: Page) -> Page:
        codes = [one for box in page.tree.all(kind="recovery") for one in box.all("li")]
        if len(codes) != 10:
            raise Wrong(f"{page}: {len(codes)} recovery codes, not ten")
        box = next(page.tree.all(kind="actions"))
        for node in box.all("form"):
            return self._on(Form(str(page), node))
        return self.fetch("GET", next(box.all("a")).attrs["href"])

    def _on(self, form: Form) -> Page:
        return self.fetch("POST", form.address, urlencode(form.pairs()).encode(), TYPED)
