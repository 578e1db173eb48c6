"""Browsers by the dozen: plain connections that send ballots and note what they were told.

Whoever gets no answer, or is told that nothing was stored or that it is not yet known, asks again
with the same key, as the page does.
"""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.hard.electorate import Electorate, Voter

CHOICES = ("agree", "against", "abstain")
# Seconds that a browser waits for an answer; little, where servers are killed.
PATIENCE, HARDLY_ANY = 30, 2
_keys = itertools.count(1)


def fresh_key() -> str:
    """A key as a form would carry."""
    return f"hard-key-{next(_keys):09d}"


@dataclass(frozen=True)
class Told:
    """What one post was answered; ``status`` is None when the connection broke."""

    voter: int
    key: str
    choice: str
    status: int | None
    receipt: str = ""


@dataclass
class Notes:
    """Everything the browsers were told."""

    told: list[Told] = field(default_factory=list)
    recorded: int = 0

    def note(self, told: Told) -> Told:
        """Remember it."""
        self.told.append(told)
        self.recorded += told.status == 303
        return told

    @property
    def acknowledged(self) -> dict[str, Told]:
        """Receipt → what was acknowledged with it."""
        return {one.receipt: one for one in self.told if one.status == 303}

    @property
    def statuses(self) -> Counter[int | None]:
        return Counter(one.status for one in self.told)

    def __len__(self) -> int:
        return len(self.told)


class Browser:
    """One connection, made anew when it breaks."""

    def __init__(
        self, port: int, electorate: Electorate, headers: dict[str, str], patience: int
    ) -> None:
        self.electorate, self.headers = electorate, headers
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def cast(self, motion: int, voter: Voter, choice: str, key: str) -> Told:
        """Send a ballot once."""
        try:
            self._send(motion, voter, choice, key)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            # Nobody is there: a person would not press the button a thousand times a second.
            time.sleep(0.02)
            return Told(voter.number, key, choice, None)
        receipt = (answer.headers.get("Location") or "").rpartition("/")[2]
        return Told(voter.number, key, choice, answer.status, receipt)

    def _send(self, motion: int, voter: Voter, choice: str, key: str) -> None:
        fields = {"choice": choice, "form_key": key, "csrf_token": self.electorate.csrf_token}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"louyi={voter.cookie}",
            **self.headers,
        }
        self.connection.request("POST", f"/motions/{motion}/ballot", urlencode(fields), headers)

    def get(self, path: str, voter: Voter) -> int:
        """The status of a page."""
        self.connection.request("GET", path, headers={"Cookie": f"louyi={voter.cookie}"})
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def hang_up(self, motion: int, voter: Voter, choice: str, key: str) -> None:
        """Send a ballot and leave before the answer comes."""
        self._send(motion, voter, choice, key)
        self.close()

    def close(self) -> None:
        """Let go; the next request connects anew."""
        self.connection.close()


# What a browser does: it is given its connection, its number and the notes, and returns at the end.
Doing = Callable[[Browser, int, Notes], None]


class Crowd:
    """Browsers that all do the same, each in a thread."""

    def __init__(
        self,
        port: int,
        electorate: Electorate,
        size: int,
        *,
        patience: int = PATIENCE,
        **headers: str,
    ) -> None:
        self.electorate, self.notes = electorate, Notes()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.browsers = [Browser(port, electorate, named, patience) for _ in range(size)]
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []
        self.failed: list[BaseException] = []

    def begin(self, doing: Doing) -> None:
        """All begin at once."""
        start = threading.Barrier(len(self.browsers))

        def run(number: int, browser: Browser) -> None:
            start.wait()
            try:
                doing(browser, number, self.notes)
            except BaseException as error:
                self.failed.append(error)
            finally:
                browser.close()

        for number, browser in enumerate(self.browsers):
            self.threads.append(threading.Thread(target=run, args=(number, browser)))
            self.threads[-1].start()

    def end(self) -> Notes:
        """All have done; what they were told."""
        self.stopping.set()
        return self.wait()

    def wait(self) -> Notes:
        for thread in self.threads:
            thread.join()
        if self.failed:
            raise self.failed[0]
        return self.notes

    def posting(self, motion: int, posts: Iterator[tuple[Voter, str, str]]) -> Doing:
        """Doing that sends these (voter, choice, key), each once, shared among the browsers."""
        lock = threading.Lock()

        def doing(browser: Browser, _number: int, notes: Notes) -> None:
            while True:
                with lock:
                    post = next(posts, None)
                if post is None:
                    return
                notes.note(browser.cast(motion, *post))

        return doing

    def going_on(self, motion: int, voters: Sequence[Voter]) -> Doing:
        """Doing that casts and casts, asking again where it must, until the crowd is ended."""

        def doing(browser: Browser, number: int, notes: Notes) -> None:
            own = voters[number :: len(self.browsers)]
            for turn in itertools.count():
                voter, key = own[turn % len(own)], fresh_key()
                choice = CHOICES[turn % len(CHOICES)]
                while True:
                    told = notes.note(browser.cast(motion, voter, choice, key))
                    if told.status not in (None, 503):
                        break
                if self.stopping.is_set():
                    return

        return doing

    def told_more(self, than: int) -> None:
        """Returns when so many more have been acknowledged."""
        before = self.notes.recorded
        while self.notes.recorded < before + than:
            if self.failed:
                raise self.failed[0]
            self.stopping.wait(0.002)
