"""One of the staff on the way: a browser, a password, and a phone that shows codes."""

from __future__ import annotations

import pyotp

from tests.browser.live import Live
from tests.browser.reader import Reader

PASSWORD = "杨柳青青江水平-1986"


class Member:
    """Somebody of the staff, signed in with login and password like everybody."""

    def __init__(self, live: Live, desk: Reader, login: str) -> None:
        self.live = live
        self.desk = desk
        self.login = login
        self.secret = ""

    def first_sign_in(self, first: str) -> None:
        """Come in with the first password, choose another."""
        desk = self.desk
        desk.go("/sign-in")
        self._sign_in(first)
        desk.says(
            "Your present password was a first one that somebody else has seen. "
            "Choose your own to go on."
        )
        desk.fill(password=PASSWORD, again=PASSWORD)
        desk.press("Save")

    def sign_in(self) -> None:
        """Staff stay signed in for half a day."""
        self.desk.go("/sign-in")
        self._sign_in(PASSWORD)

    def _sign_in(self, password: str) -> None:
        self.desk.fill(login=self.login, password=password)
        self.desk.press("Sign in")

    def prove(self) -> None:
        """Answer the page that asks for a code; the first time set the second factor up."""
        desk = self.desk
        if not self.secret:
            assert desk.heading == desk.word("Set up the second factor")
            desk.press("Begin", exact=True)
            self.secret = desk.page.locator(".factor-key").inner_text().replace(" ", "")
            desk.fill(factor_code=self._code())
            desk.press("Check and switch on")
            assert desk.page.locator(".recovery li").count() == 10
            desk.lead(desk.page.locator(".actions :is(a.button, form button)").last)
            return
        assert desk.heading == desk.word("Confirm that it is you")
        desk.fill(factor_code=self._code())
        desk.press("Confirm", exact=True)

    def _code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.live.clock())

    def release(self, *said: str) -> None:
        """Sign in, find what waits on the first page, read it, release it."""
        desk = self.desk
        self.sign_in()
        desk.go("/")
        desk.follow("Read it")
        desk.says(*said)
        for box in desk.page.locator("input[name=read]").all():
            box.check()
        desk.open("Release and publish")
        desk.press("Yes: %(action)s", action=desk.word("Release and publish"))
        self.prove()
