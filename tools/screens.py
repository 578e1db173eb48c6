"""``make screens``: pictures of the main screens into docs/screens/, from the demo's data.

Starts the demo on a database of its own, becomes its people one after another, and looks at their
pages in Chromium, on a phone and at a desk. The demo's own bar is left out of the pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screens"
PORT = 5097
BASE = f"http://127.0.0.1:{PORT}"
LARGEST = 150_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COMMITTEE, CONTRACTOR = "居委会 林主任", "施工方 安居"
# Of 5幢1单元601, who can vote; of 8幢101, who can answer; of 3幢1单元602, whose house has decided.
VOTER, ANSWERING, DECIDED = "徐卫东", "雷国强", "邱国强"


@dataclass(frozen=True)
class Screen:
    """A picture: its name, whose eyes (a name in the list of people), which page.

    ``then`` are links to follow from there, as selectors.
    """

    name: str
    who: str
    path: str
    then: tuple[str, ...] = ()
    english: bool = False
    phone: bool = False
    height: int = 860


# The demo's plans are numbered in the order of its buildings: 3幢, 5幢, 8幢.
SCREENS = (
    Screen("building", COMMITTEE, "/plans/2/demand", ("a:text-is('加装电梯')",), height=1130),
    Screen("today", COMMITTEE, "/"),
    Screen("desk-en", COMMITTEE, "/plans/2/desk", english=True),
    Screen("way", COMMITTEE, "/plans/1"),
    Screen("home", VOTER, "/", phone=True),
    Screen("home-en", VOTER, "/", english=True, phone=True),
    Screen("menu", ANSWERING, "/plans/3/menu", phone=True),
    Screen("question", ANSWERING, "/plans/3/answer/3", phone=True),
    Screen("ballot", VOTER, "/", ("main a[href$='/ballot']",), phone=True),
    Screen("ballot-en", VOTER, "/", ("main a[href$='/ballot']",), english=True, phone=True),
    Screen("resolution", DECIDED, "/r", ("main a[href^='/r/']",)),
    Screen("result-en", DECIDED, "/", ("main a[href^='/motions/']",), english=True, phone=True),
    Screen("requirements-en", CONTRACTOR, "/", ("main a[href^='/requirements/']",), english=True),
)


@contextmanager
def demo(folder: Path) -> Iterator[None]:
    """The demo, served from this folder."""
    environment = os.environ | {"LOUYI_INSTANCE": str(folder), "LOUYI_MODE": "demo"}
    command = [sys.executable, "-m", "demo", "--port", str(PORT)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        for line in server.stdout or ():
            if "Ctrl-C" in line:
                break
        try:
            yield
        finally:
            server.terminate()


def _become(page: Page, who: str) -> None:
    page.goto(f"{BASE}/demo")
    page.locator("section.card", has_text=who).get_by_role("button").click()
    page.wait_for_url(lambda url: not url.endswith("/demo"))


def _picture(browser: Browser, screen: Screen) -> Path:
    # The style that hides the demo's bar is not the page's own, so its policy is set aside.
    context = browser.new_context(
        viewport={"width": 390, "height": 844}
        if screen.phone
        else {"width": 1280, "height": screen.height},
        locale="en-GB" if screen.english else "zh-CN",
        timezone_id="Asia/Shanghai",
        bypass_csp=True,
    )
    page = context.new_page()
    _become(page, screen.who)
    page.goto(BASE + screen.path)
    for link in screen.then:
        with page.expect_navigation():
            page.locator(link).first.click()
    page.add_style_tag(content=".demobar { display: none }")
    target = TARGET / f"{screen.name}.png"
    page.screenshot(path=target)
    context.close()
    return target


def main() -> int:
    """Make all pictures; 1 when one is too large to be kept here, 2 without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("The pictures need Chromium.", file=sys.stderr)
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        sizes = {}
        for screen in SCREENS:
            made = _picture(browser, screen)
            sizes[made.name] = made.stat().st_size
            print(f"{made.relative_to(ROOT)}  {sizes[made.name] // 1000} kB", flush=True)
        browser.close()
    return 1 if max(sizes.values()) > LARGEST else 0


if __name__ == "__main__":
    raise SystemExit(main())
