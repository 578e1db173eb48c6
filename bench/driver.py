"""A driver of load: keep-alive connections that each send a prepared request after another.

A process of its own (``python -m bench.driver``), one loop over raw sockets, so that it takes as
little of the machine from the program as it can. Each connection sends its next request when the
answer to the last has come in whole; a request that could not be answered is never sent again.
"""

from __future__ import annotations

import json
import pickle
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """What a round of load did: how long it took, each request's seconds, answers by status."""

    seconds: float
    latencies: tuple[float, ...]
    statuses: dict[str, int]
    bytes: int

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def p95(self) -> float:
        """The seconds that 95 of 100 answers did not take longer than."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]

    def only(self, status: int) -> bool:
        """Whether every answer had this status."""
        return set(self.statuses) == {str(status)}


def drive(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send the requests to the port over so many connections, from another process."""
    with tempfile.NamedTemporaryFile() as plan:
        plan.write(pickle.dumps((port, list(requests), connections)))
        plan.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.driver", plan.name],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    said = json.loads(done.stdout)
    return Load(said["seconds"], tuple(said["latencies"]), said["statuses"], said["bytes"])


class _Connection:
    """One client: a socket, and the answer that is coming in."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.port = port
        self.requests = requests
        self.socket: socket.socket | None = None
        self.begun = 0.0
        self.answer = b""
        self.wanted = -1
        self.closes = False

    def connect(self, wait: selectors.BaseSelector) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wait.register(self.socket, selectors.EVENT_READ, self)

    def leave(self, wait: selectors.BaseSelector) -> None:
        if self.socket is not None:
            wait.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def send_next(self, wait: selectors.BaseSelector) -> bool:
        """Whether there was another request to send."""
        request = next(self.requests, None)
        if request is None:
            self.leave(wait)
            return False
        if self.socket is None:
            self.connect(wait)
        assert self.socket is not None
        self.answer, self.wanted = b"", -1
        self.begun = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> str | None:
        """The status once the answer is whole; ``broken`` when the connection ended before."""
        assert self.socket is not None
        try:
            part = self.socket.recv(1 << 18)
        except OSError:
            part = b""
        if not part:
            return "broken"
        self.answer += part
        if self.wanted < 0:
            head, found, _rest = self.answer.partition(b"\r\n\r\n")
            if not found:
                return None
            lower = head.lower()
            self.closes = b"\r\nconnection: close" in lower
            length = lower.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0]
            self.wanted = len(head) + 4 + int(length)
        return self.answer[9:12].decode() if len(self.answer) >= self.wanted else None


def _run(port: int, requests: list[bytes], connections: int) -> dict[str, Any]:
    wait = selectors.DefaultSelector()
    shared = iter(requests)
    clients = [_Connection(port, shared) for _ in range(min(connections, len(requests)))]
    for client in clients:
        client.connect(wait)
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    read = 0
    begun = time.perf_counter()
    waiting = sum(client.send_next(wait) for client in clients)
    while waiting:
        ready = wait.select(timeout=PATIENCE)
        if not ready:
            raise TimeoutError("no answer for a minute")
        for key, _events in ready:
            client = key.data
            status = client.receive()
            if status is None:
                continue
            latencies.append(time.perf_counter() - client.begun)
            statuses[status] += 1
            read += len(client.answer)
            if status == "broken" or client.closes:
                client.leave(wait)
            waiting -= not client.send_next(wait)
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "latencies": latencies, "statuses": statuses, "bytes": read}


def main(arguments: list[str], out: IO[str] = sys.stdout) -> int:
    """Carry out the plan in this file and say what came of it, as JSON."""
    with Path(arguments[0]).open("rb") as plan:
        port, requests, connections = pickle.load(plan)
    json.dump(_run(port, requests, connections), out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
