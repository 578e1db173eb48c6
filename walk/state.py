"""What a walk carries from one chapter to the next, and what its chapters share."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from walk.browser import Browser, Member, Site
from walk.clock import Clock, start_of
from walk.journal import Journal
from walk.pages import Page, Wrong
from walk.servers import Servers

ADMIN_PASSWORD = "山高月小水落石出-1082"
PASSWORD = "杨柳青青江水平-1986"


@dataclass
class Walk:
    """The servers, the clock, the people, and the numbers that pages gave."""

    engine: str
    folder: Path
    site: Site
    clock: Clock
    servers: Servers
    journal: Journal
    admin: Member
    lin: Member
    zhou: Member
    stranger: Browser
    # Room → the code on its letter; room → the household's phone.
    codes: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Browser] = field(default_factory=dict)
    # Room → the number of its paper ballot.
    slips: dict[str, str] = field(default_factory=dict)
    # Rooms whose slips are on the closed list as late.
    late: set[str] = field(default_factory=set)
    # Rooms whose late slips were typed in and confirmed all the same.
    taken: list[str] = field(default_factory=list)
    plan: str = ""
    motion: str = ""
    # The elevator's and the lighting's names in the catalogue.
    item: str = ""
    other_item: str = ""
    opens: datetime | None = None
    closes: datetime | None = None
    resolution: str = ""
    number: str = ""
    in_force: datetime | None = None
    builder: Browser = field(init=False)
    # What the last line says.
    digests: dict[str, str] = field(default_factory=dict)

    def step(self, who: str, what: str) -> AbstractContextManager[None]:
        """A step, counted and printed."""
        return self.journal.step(who, what)

    def answer(self, said: str) -> None:
        """What a step that is no page was answered."""
        self.journal.answer = said

    def move_to(self, instant: datetime) -> None:
        """Time passes until then."""
        self.clock.move_to(instant)
        self.journal.say(f"     {self.clock.now():%Y-%m-%d %H:%M}  … time has passed")

    def next_morning(self, days: int = 1) -> None:
        """Time passes until half past eight of another day."""
        day = self.clock.now().date() + timedelta(days=days)
        self.move_to(start_of(day) + timedelta(hours=8, minutes=30))

    def equal(self, what: str, found: object, due: object) -> None:
        """The walk ends unless what was found is what was worked out."""
        if found != due:
            raise Wrong(f"{what}: found {found!r}, worked out {due!r}")

    def number_in(self, page: Page, address: str) -> str:
        """The number in the address of a page."""
        found = re.match(address, page.path)
        if found is None:
            raise Wrong(f"{page}: expected {address}\n{page.says()}")
        return found[1]

    def release(self, *said: str) -> Page:
        """The second member signs in, finds first what waits, reads it and releases it."""
        zhou = self.zhou
        zhou.sign_in()
        zhou.open("/")
        zhou.follow(r"/publications/\d+").needs(*said)
        form = zhou.page.form(r"/publications/\d+/release").tick_everything()
        zhou.send(form, arrives=r"(?!/publications/).*")
        return zhou.page
