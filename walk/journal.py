"""What is printed of a walk: each step with its answer and its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from walk.browser import Site


class Journal:
    """Counts the steps; ``doing`` is the one that is under way, or went wrong."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.steps = 0
        self.doing = ""
        self.answer = ""

    @contextmanager
    def step(self, who: str, what: str) -> Iterator[None]:
        """A step of somebody: a line when it is done, with what was answered last."""
        self.doing, self.answer = f"{who}: {what}", ""
        self.site.answers.clear()
        began = time.monotonic()
        yield
        self.steps += 1
        took = time.monotonic() - began
        at = self.site.clock.now()
        line = f"{self.steps:3}  {at:%Y-%m-%d %H:%M}  {self.doing}"
        self.say(f"{line}  [{self._answered()}] {took:.2f} s")

    def _answered(self) -> str:
        """The form that was sent last and what it led to, or what was said by a command."""
        if self.answer:
            return self.answer
        sent = [one for one in self.site.answers if one[0] == "POST"]
        shown = dict.fromkeys([*sent[-1:], *self.site.answers[-1:]])
        return ", ".join(f"{method} {unquote(path)} {status}" for method, path, status in shown)

    def say(self, line: str) -> None:
        """A line of its own."""
        print(line, flush=True)
