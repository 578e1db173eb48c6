"""The program under a real gunicorn on loopback, in processes of their own that may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from services.health import SAFE_WITH_PROCESSES, sqlite_version

ROOT = Path(__file__).parents[2]
THREADS = 8


def workers_for(url: str) -> int:
    """Two workers, or one where SQLite must not be written by several processes."""
    if url.startswith("sqlite") and sqlite_version() < SAFE_WITH_PROCESSES:
        return 1
    return 2


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


class Served:
    """gunicorn on a port of its own, until ``close()``; it may be killed and started anew."""

    def __init__(self, url: str, folder: Path, *, faults: bool = False) -> None:
        self.url, self.folder, self.faults = url, folder, faults
        self.workers = workers_for(url)
        self.port = free_port()
        self.log = folder / "gunicorn.log"
        self.master = self._start()
        self._answers()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DATABASE_URL": self.url,
            "LOUYI_INSTANCE": str(self.folder),
            "LOUYI_HARD_FAULTS": "1" if self.faults else "",
        }
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--preload"]
        command += ["--workers", str(self.workers), "--threads", str(THREADS)]
        command += ["--graceful-timeout", "3", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-tmp-dir", str(self.folder), "tests.hard.served:program()"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def _answers(self) -> None:
        """Returns when it takes connections."""
        while self.master.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text(errors="replace")[-2000:])

    def serving(self) -> list[psutil.Process]:
        """The workers."""
        try:
            return psutil.Process(self.master.pid).children()
        except psutil.NoSuchProcess:
            return []

    def kill_a_worker(self, number: int) -> bool:
        """One worker is gone from one instant to the next; False when there was none."""
        present = self.serving()
        if not present:
            return False
        try:
            present[number % len(present)].send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            return False
        return True

    def reload(self) -> None:
        """HUP: new workers for old ones."""
        self.master.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """TERM: it stops when what it has begun is done; then it is started anew."""
        self.end()
        self.master = self._start()

    def end(self) -> None:
        """TERM, waited for."""
        self.master.send_signal(signal.SIGTERM)
        try:
            self.master.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()

    def errors(self) -> int:
        """How often the program met what it has no words for."""
        return self.log.read_text(errors="replace").count("unexpected error at")
