"""What a browser meets at an installation of docs/deploy.md; tools/deploy_rehearsal runs it there.

    python3 deploy_sight.py PASSWORD

Standard library only. Says what it met, one line each; ends with the first thing that is not so.
"""

from __future__ import annotations

import http.cookiejar
import re
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HOST = "louyi.example.org"
LOGIN = "operator"
# Louyi is up within this many seconds of its start.
PATIENCE = 60


class _AsItIs(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        return None


class Browser:
    """Keeps cookies as a browser does: those for https go over nothing else."""

    def __init__(self) -> None:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self.opener = urllib.request.build_opener(
            _AsItIs(),
            urllib.request.HTTPSHandler(context=trusting),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def get(self, url: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, text."""
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(url, data, {"Accept-Language": "en", "Referer": url})
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            where = answer.headers.get("Location", "")
            return answer.status, where, answer.read().decode("utf-8")

    def sign_in(self, base: str, password: str) -> tuple[int, str, str]:
        """The form with the password is read, filled in and sent."""
        status, _where, page = self.get(f"{base}/sign-in")
        expect(status == 200, f"GET {base}/sign-in: {status}")
        form = next(one for one in page.split("<form")[1:] if "current-password" in one)
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            found = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
            if found.get("type") != "checkbox" and "name" in found:
                fields[found["name"]] = found.get("value", "")
        for name in fields:
            if name.endswith("login"):
                fields[name] = LOGIN
            elif name.endswith("password"):
                fields[name] = password
        return self.get(f"{base}/sign-in", fields)


def expect(so: bool, said: str) -> None:
    """Goes on only when it is so."""
    if not so:
        raise SystemExit(f"not so: {said}")


def _ready() -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            found = Browser().get(f"https://{HOST}/readyz")
        except OSError as error:
            found = (0, "", str(error))
        if found[0] == 200 or time.monotonic() > until:
            expect(found[0] == 200, f"https://{HOST}/readyz: {found}")
            return
        time.sleep(0.5)


def main(password: str) -> None:
    """Looks, in the order in which a reader would."""
    _ready()
    print("https: /readyz answers")
    status, where, _page = Browser().get(f"http://{HOST}/")
    expect((status, where) == (301, f"https://{HOST}/"), f"http at nginx: {status} {where}")
    print("http at nginx: 301 to https")
    status, _where, page = Browser().sign_in(f"http://{HOST}:8000", password)
    expect(status == 400 and "cookies are off" in page, f"sign-in over plain http: {status}")
    print('sign-in over plain http: 400, "This page was open for too long, or cookies are off"')
    browser = Browser()
    status, where, page = browser.sign_in(f"https://{HOST}", password)
    expect(status == 302, f"sign-in over https: {status} {page[-500:]}")
    status, _where, page = browser.get(f"https://{HOST}/me")
    expect(status == 200 and "Operator" in page, f"the administrator's own page: {status}")
    print("sign-in over https: the administrator is in")


if __name__ == "__main__":
    main(sys.argv[1])
