"""Owners who vote without pause, over HTTPS through the balancer, as browsers would.

A cast ends in one of three ways: recorded (a receipt was handed out), refused with the reason, or
not yet known; then the same form is sent again, with its key, until it is known.
"""

from __future__ import annotations

import http.client
import itertools
import random
import re
import secrets
import ssl
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.cluster.electorate import SignedIn
from tests.cluster.machines import HOST
from tests.cluster.processes import until

THREADS = 12
COOKIE = "__Host-louyi"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
RECEIPT = re.compile(r"/receipts/([^/?]+)$")
# Longer than the balancer waits for a node.
PATIENCE = 70
CHOICES = ("agree", "against", "abstain")


@dataclass(frozen=True)
class Cast:
    """A form that was filled in: who, what, and the key that makes sending it twice one cast."""

    key: str
    voter: Voter
    choice: str


@dataclass
class Tally:
    """What the crowd was told: receipts by form key, refusals, answers that said neither."""

    receipts: dict[str, tuple[str, str]] = field(default_factory=dict)
    at: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    never_known: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """How many casts have been acknowledged."""
        return len(self.at)

    @property
    def not_known(self) -> int:
        """How many answers said neither recorded nor refused."""
        return sum(self.unknown.values())

    def longest_gap(self, since: float = 0.0, until: float = float("inf")) -> float:
        """The longest time between two acknowledgements of which the later lies in between."""
        moments = sorted(self.at)
        pairs = itertools.pairwise(moments)
        return max((b - a for a, b in pairs if b >= since and a <= until), default=0.0)


class Line:
    """One connection to the balancer, opened again when it was lost."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port = port
        self.context = ssl.create_default_context(cafile=str(certificate))
        self._open()

    def _open(self) -> None:
        self._connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, context=self.context
        )

    def close(self) -> None:
        """It is not needed any more."""
        self._connection.close()

    def send(
        self, method: str, path: str, cookie: str, form: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Status, headers and text; 0 when the connection gave no answer."""
        headers = {
            "Host": HOST,
            "Cookie": f"{COOKIE}={cookie}",
            "Referer": f"https://{HOST}/",
            "Accept-Language": "zh",
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._open()
            return 0, http.client.HTTPMessage(), ""


def try_a_wrong_code(line: Line) -> int:
    """A stranger types a code of a letter that there is not: the status of the answer."""
    _status, headers, text = line.send("GET", "/sign-in", "")
    found = TOKEN.search(text)
    assert found, text[:400]
    cookie = (headers.get("Set-Cookie") or "").partition("=")[2].partition(";")[0]
    form = {"csrf_token": found.group(1), "code": "ABCD-EFGH-JKLM", "form_key": "a-form-key"}
    return line.send("POST", "/c", cookie, form)[0]


class Voter:
    """An owner with the ballot open in the browser."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.cookie, self.motion = signed_in.cookie, signed_in.motion
        self.token = ""

    def open_ballot(self, line: Line) -> None:
        """Fetch the ballot: its token, and the session it belongs to."""
        status, headers, text = line.send("GET", f"/motions/{self.motion}/ballot", self.cookie)
        found = TOKEN.search(text)
        assert status == 200 and found, f"the ballot answered {status}: {text[:400]}"
        self.token = found.group(1)
        for cookie in headers.get_all("Set-Cookie") or []:
            if cookie.startswith(f"{COOKIE}="):
                self.cookie = cookie.partition("=")[2].partition(";")[0]


class Crowd:
    """Threads of voters who go on until told to stop."""

    def __init__(self, signed_in: Sequence[SignedIn], port: int, certificate: Path) -> None:
        self.voters = [Voter(one) for one in signed_in]
        self.tally = Tally()
        self._lock = threading.Lock()
        self._stop, self._abandon = threading.Event(), threading.Event()
        self._faults: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._work, args=(self.voters[n::THREADS], port, certificate))
            for n in range(THREADS)
        ]

    def start(self) -> None:
        """They begin."""
        for thread in self._threads:
            thread.start()

    def _work(self, voters: Sequence[Voter], port: int, certificate: Path) -> None:
        line = Line(port, certificate)
        try:
            for voter in voters:
                voter.open_ballot(line)
            while not self._stop.is_set():
                key = secrets.token_urlsafe(18)
                self._cast(line, Cast(key, random.choice(voters), random.choice(CHOICES)))
        except BaseException as fault:
            self._faults.append(fault)
        finally:
            line.close()

    def _cast(self, line: Line, cast: Cast) -> None:
        voter = cast.voter
        form = {"csrf_token": voter.token, "form_key": cast.key, "choice": cast.choice, "voter": ""}
        path = f"/motions/{voter.motion}/ballot"
        give_up = time.monotonic() + 180
        while time.monotonic() < give_up and not self._abandon.is_set():
            status, headers, _text = line.send("POST", path, voter.cookie, form)
            receipt = RECEIPT.search(headers.get("Location") or "")
            with self._lock:
                if status == 303 and receipt:
                    self.tally.receipts[cast.key] = receipt.group(1), cast.choice
                    self.tally.at.append(time.monotonic())
                    return
                if status and status < 500:
                    self.tally.refused[status] += 1
                    return
                self.tally.unknown[str(status or "no answer")] += 1
            # A person would wait a moment before sending again.
            threading.Event().wait(0.3 + random.random() * 0.4)
        with self._lock:
            self.tally.never_known.append(cast.key)

    def more(self, casts: int, seconds: float, what: str) -> float:
        """Wait until so many more are acknowledged; how long it took."""
        wanted = self.tally.acknowledged + casts
        return self.reach(wanted, seconds, what)

    def reach(self, wanted: int, seconds: float, what: str) -> float:
        """Wait until so many are acknowledged in all."""

        def reached() -> bool:
            if self._faults:
                raise self._faults[0]
            return self.tally.acknowledged >= wanted

        return until(reached, seconds, what)

    def stop(self, *, abandon: bool = False) -> None:
        """Everyone finishes what was sent and stops; or gives up on it."""
        self._stop.set()
        if abandon:
            self._abandon.set()
        for thread in self._threads:
            thread.join(200)
        if self._faults and not abandon:
            raise self._faults[0]
