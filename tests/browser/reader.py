"""Somebody's browser: a fresh profile, a language, a size; it notices what must never happen.

Noticed on every page: an error in the console (a refused script or style among them), a script
that fails, a request to any other host, an answer of 500 and above.
"""

from __future__ import annotations

from gettext import translation
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from tests.browser.live import Live

TRANSLATIONS = Path(__file__).parent.parent.parent / "translations"
PHONE = (360, 740)
TABLET = (768, 1024)
DESK = (1440, 900)
# A radio button inside a card is ringed by its card, a window of the facade by its own ring.
FOCUS_IS_SEEN = """() => {
  const rings = (e) => { const s = getComputedStyle(e);
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
  const focused = document.activeElement;
  const drawn = focused.querySelector(".ring");
  return rings(focused) || rings(focused.closest("label") ?? focused)
    || (drawn !== null && getComputedStyle(drawn).visibility === "visible");
}"""
# Addresses that are no requests to a host.
LOCAL = ("data:", "blob:", "about:")


class Reader:
    """One person with one browser window."""

    def __init__(
        self,
        browser: Browser,
        live: Live,
        account_id: int | None = None,
        *,
        language: str = "zh-CN",
        size: tuple[int, int] = PHONE,
        scripts: bool = True,
        **options: Any,
    ) -> None:
        self.live = live
        self.faults: list[str] = []
        folder = "zh_Hans" if language.startswith("zh") else "en"
        self.catalogue = translation("messages", TRANSLATIONS, [folder], fallback=True)
        self.context = browser.new_context(
            base_url=live.address,
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(10_000)
        if account_id is not None:
            cookie = {"name": "louyi", "value": live.cookie(account_id), "url": live.address}
            self.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._note(f"script failed: {error}"))
        self.page.on("request", self._see)
        self.page.on("response", self._judge)

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url}: {fault}")

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that refuses a form answers 4xx and is meant to; Chromium calls that an error.
        expected = message.text.startswith("Failed to load resource: the server responded with")
        if message.type == "error" and not expected:
            self._note(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.live.address + "/", *LOCAL)):
            self._note(f"request to another host: {request.url}")

    def _judge(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.url} answered {response.status}")

    def close(self) -> list[str]:
        """Close the window; returns what must not have happened."""
        self.context.close()
        return self.faults

    # --- reading ----------------------------------------------------------------------------

    def word(self, text: str, **values: object) -> str:
        """What this reader's language says for a text of the program's."""
        said = self.catalogue.gettext(text)
        return said % values if values else said

    def go(self, path: str, *, status: int = 200) -> None:
        """Open a page of ours."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}: {self.text[:400]}"

    @property
    def text(self) -> str:
        """What the page's main part says, blanks folded."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def heading(self) -> str:
        """The one heading of the page."""
        return " ".join(self.page.locator("h1").inner_text().split())

    def says(self, *texts: str) -> None:
        """The page says all of this, whatever the blanks."""
        said = self.text.replace(" ", "")
        for text in texts:
            wanted = self.word(text).replace(" ", "")
            assert wanted in said, f"{self.page.url} does not say {text!r}: {self.text[:1500]}"

    def says_not(self, *texts: str) -> None:
        """The page says none of this."""
        said = self.text.replace(" ", "")
        for text in texts:
            assert self.word(text).replace(" ", "") not in said, f"{self.page.url} says {text!r}"

    # --- acting -----------------------------------------------------------------------------

    def follow(self, text: str, *, exact: bool = False, **values: object) -> None:
        """Follow the first link with this text of the program's to another page."""
        self.lead(self.link(text, exact=exact, **values))

    def link(self, text: str, *, exact: bool = False, **values: object) -> Locator:
        """The first link with this text of the program's."""
        name = self.word(text, **values)
        return self.page.get_by_role("link", name=name, exact=exact).first

    def press(self, text: str, *, exact: bool = False, **values: object) -> None:
        """Press the first button with this text of the program's; another page follows."""
        name = self.word(text, **values)
        self.lead(self.page.get_by_role("button", name=name, exact=exact).first)

    def lead(self, there: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        # A click returns before the page it leads to has come; what is read next must be that page.
        with self.page.expect_navigation():
            there.click()

    def open(self, text: str) -> None:
        """Open what folds out under this text: a question before a deed, or more about it."""
        self.page.locator("summary", has_text=self.word(text)).first.click()

    def fill(self, **values: str) -> None:
        """Type values into the fields of these names."""
        for name, value in values.items():
            self.page.locator(f":is(input, textarea)[name='{name}']").first.fill(value)

    def pick(self, name: str, value: str) -> None:
        """Choose a radio button or tick a box, by field and value."""
        self.page.locator(f"input[name='{name}'][value='{value}']").check()

    def choose(self, name: str, *, value: str | None = None, label: str | None = None) -> None:
        """Choose in a list, by field and value or label."""
        self.page.locator(f"select[name='{name}']").select_option(value=value, label=label)

    # --- by keyboard alone ------------------------------------------------------------------

    def tab_to(self, wanted: str) -> None:
        """Press Tab until the focus is on what this selector means; it must be seen to be there."""
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(f"document.activeElement.matches({wanted!r})"):
                assert self.page.evaluate(FOCUS_IS_SEEN), f"the focus on {wanted} cannot be seen"
                return
        raise AssertionError(f"Tab does not lead to {wanted}: {self.text[:600]}")

    def key(self, *names: str) -> None:
        """Press these keys, one after another."""
        for name in names:
            self.page.keyboard.press(name)

    def enter(self) -> None:
        """Press Enter and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
