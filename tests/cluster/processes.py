"""Processes of the drill: each known by its id, all of them ended at the end, whatever happened."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PATH = "/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_pause = threading.Event()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for the condition, asked ten times a second; how long it took. ``TimeoutError`` else."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        _pause.wait(0.1)
    return time.monotonic() - start


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                # pid (name) state ppid …; the name may hold anything.
                after = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2]
                found[int(folder.name)] = int(after.split()[1])
    return found


def tree(roots: Iterable[int]) -> set[int]:
    """These processes and all that descend from them."""
    parents, found = _parents(), set(roots)
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found & parents.keys()


def working_in(folder: Path) -> set[int]:
    """The processes whose working folder this is; PostgreSQL's all stand in their data."""
    found = set()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                if (process / "cwd").readlink() == folder:
                    found.add(int(process.name))
    return found


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """A signal to each of these that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Processes:
    """Starts processes, writes what they say to files, and ends them."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._started: list[subprocess.Popen[bytes]] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """A process in a group of its own, under ``user`` when we may choose one."""
        alone = {"PATH": PATH, "LANG": "C.UTF-8", **(env or {})}
        as_user = {"user": user, "group": user, "extra_groups": [user]}
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env=alone,
                cwd=cwd or self.logs,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(as_user if user and os.geteuid() == 0 else {}),  # type: ignore[call-overload]
            )
        self._started.append(process)
        return process

    def said(self, lines: int = 8) -> str:
        """The last lines of every log, for a failure."""
        parts = []
        for log in sorted(self.logs.glob("*.log")):
            tail = log.read_text("utf-8", "replace").splitlines()[-lines:]
            parts += [f"--- {log.name}", *tail]
        return "\n".join(parts)

    def end(self) -> None:
        """All of them are gone: asked first, then killed."""
        for process in reversed(self._started):
            family = tree([process.pid]) if process.poll() is None else set()
            send(family, signal.SIGCONT)
            send(family, signal.SIGTERM)
        deadline = time.monotonic() + 5
        for process in reversed(self._started):
            family = tree([process.pid]) if process.poll() is None else set()
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            if process.poll() is None:
                send(family | tree([process.pid]), signal.SIGKILL)
                process.wait(10)
