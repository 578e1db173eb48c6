"""The commands of docs/deploy.md, typed on an empty Debian 12, once for each database.

    python3 -m tools.deploy_rehearsal [sqlite] [postgresql]

As root on Debian, with the packages mmdebstrap, util-linux and iproute2. A block of the document
that is to be typed has a mark before it, ``<!-- typed: sqlite, postgresql, network -->``: the ways
it belongs to, ``network`` when it installs something (and needs no service of this tree), ``asks``
when it wants to be answered.
Everything else happens without a network, in a tree of its own that is gone afterwards. There is no
systemd in a tree: its units are checked by ``systemd-analyze verify``, and what they say is started
here as it would be there. Of Louyi this program imports nothing: it runs on any Python.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "deploy.md"
WAYS = ("sqlite", "postgresql")
WORDS = {*WAYS, "network", "asks"}
MARKED = re.compile(r"^<!-- typed: ([a-z, ]+) -->\n\n((?:    .*\n|\n(?=    ))+)", re.MULTILINE)
NEEDED = {
    "mmdebstrap": "mmdebstrap",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "ip": "iproute2",
}
# How this machine reaches the packages of Debian and Python is handed on, and written nowhere.
HANDED_ON = re.compile(
    r"(?i)(https?|no)_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|.*TIMEOUT)"
)
CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")
SIGHT = Path(__file__).with_name("deploy_sight.py")
# What a terminal remembers from one block to the next.
TERMINAL = """set -euo pipefail
cd /root
if [ -e /root/.terminal ]; then . /root/.terminal 2>/dev/null || true; fi
{block}
{{ declare -p | grep -v '^declare -[a-zA-Z]*r'; echo "cd '$PWD'"; }} > /root/.terminal
"""


class Failed(Exception):
    """The document does not hold; the text says where."""


@dataclass(frozen=True)
class Block:
    """Commands of the document as they stand there."""

    words: frozenset[str]
    text: str

    @property
    def first(self) -> str:
        return self.text.strip().splitlines()[0]


def blocks(page: str) -> list[Block]:
    """The marked blocks in their order; refuses a mark whose words nobody knows."""
    found = []
    for words, text in MARKED.findall(page):
        marks = frozenset(word.strip() for word in words.split(","))
        if not marks <= WORDS or not marks & set(WAYS):
            raise Failed(f"docs/deploy.md: a mark says {words!r}")
        found.append(Block(marks, re.sub(r"^    ", "", text, flags=re.MULTILINE)))
    return found


def unit_of(text: str) -> dict[str, list[str]]:
    """The settings of a systemd unit, each with all its values."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def _run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, text=True, check=False, **more)  # type: ignore[call-overload]


class Machine:
    """A tree of Debian with processes and, but for installing, a loopback of its own."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.password = secrets.token_urlsafe(16)
        self.program: subprocess.Popen[bytes] | None = None
        self.environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        self._network()
        mounts = f"mount --rbind /dev {tree}/dev; mount -t proc proc {tree}/proc"
        inside = f"ip link set lo up; {mounts}; echo up; exec sleep infinity"
        apart = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child"]
        self.holder = subprocess.Popen(
            [*apart, "sh", "-ec", inside], stdout=subprocess.PIPE, text=True
        )
        assert self.holder.stdout is not None
        if self.holder.stdout.readline() != "up\n":
            raise Failed("no namespaces: this has to run as root, on a machine that allows them")
        first = Path(f"/proc/{self.holder.pid}/task/{self.holder.pid}/children").read_text()
        self.first = first.split()[0]

    def _network(self) -> None:
        shutil.copy("/etc/resolv.conf", self.tree / "etc/resolv.conf")
        (self.tree / "etc/hosts").write_text("127.0.0.1 localhost louyi.example.org\n")
        # Packages start nothing by themselves in here.
        policy = self.tree / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        self.installing = {k: v for k, v in os.environ.items() if HANDED_ON.fullmatch(k)}
        given = next((os.environ[name] for name in CERTIFICATES if name in os.environ), None)
        if given and Path(given).is_file():
            shutil.copy(given, self.tree / "root/certificates.pem")
            self.installing["PIP_CERT"] = "/root/certificates.pem"

    def enter(self, *, network: bool = False) -> list[str]:
        """The words that lead into the tree."""
        spaces = ["--mount", "--pid", *([] if network else ["--net"])]
        settings = self.environment | (self.installing if network else {})
        return [
            *("nsenter", "-t", self.first, *spaces, "chroot", str(self.tree), "env", "-i"),
            *(f"{name}={value}" for name, value in settings.items()),
        ]

    def type(self, block: Block, repository: str) -> None:
        """The commands are carried out as root; raises ``Failed`` with what they said."""
        text = block.text.replace("<this repository>", repository)
        command = [*self.enter(network="network" in block.words), "bash", "-c"]
        answers = f"operator\nOperator\n{self.password}\n{self.password}\n"
        done = _run(
            [*command, TERMINAL.format(block=text)],
            input=answers if "asks" in block.words else "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if done.returncode:
            raise Failed(f"{text}\n{done.stdout[-3000:]}\nended with {done.returncode}")

    def inside(self, command: str) -> str:
        """What a command says that is not in the document; raises ``Failed``."""
        # Into a file: what it starts keeps its output open.
        with tempfile.TemporaryFile("w+") as said:
            done = _run([*self.enter(), "bash", "-c", command], stdout=said, stderr=said)
            said.seek(0)
            text = said.read()
        if done.returncode:
            raise Failed(f"{command}: {text[-2000:]}")
        return text

    def start_program(self) -> None:
        """What systemd would do with the unit, which it is asked about first."""
        said = self.inside("systemd-analyze verify /etc/systemd/system/louyi.service 2>&1")
        if "louyi.service" in said:
            raise Failed(f"systemd-analyze verify: {said}")
        unit = unit_of((self.tree / "etc/systemd/system/louyi.service").read_text())
        (folder,), (user,), (start,) = (
            unit[name] for name in ("WorkingDirectory", "User", "ExecStart")
        )
        own = " ".join(unit.get("Environment", []))
        line = f"cd {folder}; set -a; . {unit['EnvironmentFile'][0]}; set +a; umask 0077; "
        line += f"exec runuser -u {user} -- env {own} {start}"
        with (self.tree / "root/program.log").open("wb") as log:
            self.program = subprocess.Popen(
                [*self.enter(), "bash", "-c", line],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def stop_program(self) -> None:
        """It gets TERM, as from systemd, and ends."""
        self.inside("pkill -TERM -u louyi -o -f gunicorn")
        if self.program is not None and self.program.wait(60) not in (0, -15, 143):
            raise Failed("the program did not end well")

    def look(self) -> list[str]:
        """What a browser meets: https, plain http, sign-in over both."""
        done = _run(
            [*self.enter(), "python3", "-", self.password],
            input=SIGHT.read_text("utf-8"),
            capture_output=True,
        )
        if done.returncode:
            log = (self.tree / "root/program.log").read_text("utf-8")[-1500:]
            raise Failed(f"{(done.stdout + done.stderr)[-3000:]}\n{log}")
        return done.stdout.splitlines()

    def end(self) -> None:
        """Everything in it is gone with its first process."""
        self.holder.kill()
        self.holder.wait()


def _after(machine: Machine, block: Block) -> list[str]:
    """What happens by itself on a machine with systemd once the block was typed."""
    if "postgresql-15" in block.text:
        machine.inside("install -d -o postgres -g postgres -m 2775 /var/run/postgresql")
        machine.inside("pg_ctlcluster 15 main start")
        machine.inside("runuser -u redis -- redis-server /etc/redis/redis.conf --daemonize yes")
        return ["PostgreSQL and redis run"]
    if "systemctl enable louyi" in block.text:
        machine.start_program()
        return ["systemd-analyze verify louyi.service: nothing to say; started as it says"]
    if "systemctl reload nginx" in block.text:
        machine.inside("nginx")
        return machine.look()
    if ".pgpass" in block.text:
        return [machine.inside("stat -c '%n %a %U' /var/lib/louyi/.pgpass").strip()]
    if "restore-check" in block.text:
        return [machine.inside("ls -l /var/backups/louyi | tail -n 1").strip()]
    if "systemctl stop louyi" in block.text:
        machine.stop_program()
        return ["stopped by TERM"]
    if "systemctl start louyi" in block.text:
        machine.start_program()
        return machine.look()[-1:]
    return []


def _publish(where: Path) -> None:
    """What is committed here can be cloned from there, as a branch that can be pulled."""
    commands = (
        ["clone", "-q", "--bare", str(ROOT), str(where)],
        ["-C", str(where), "update-ref", "refs/heads/released", "HEAD"],
        ["-C", str(where), "symbolic-ref", "HEAD", "refs/heads/released"],
    )
    for command in commands:
        if _run(["git", *command]).returncode:
            raise Failed("the repository cannot be cloned")


def rehearse(way: str, base: Path, folder: Path) -> int:
    """Every block of the way is typed and the program is looked at; the number of blocks."""
    tree = folder / way
    tree.mkdir()
    if _run(["tar", "-xf", str(base), "-C", str(tree)]).returncode:
        raise Failed(f"{base} cannot be unpacked")
    _publish(tree / "srv/louyi.git")
    machine, typed = Machine(tree), 0
    try:
        for block in blocks(PAGE.read_text("utf-8")):
            if way not in block.words:
                continue
            began = time.monotonic()
            machine.type(block, "/srv/louyi.git")
            typed += 1
            print(f"  {time.monotonic() - began:6.1f} s  {block.first[:80]}", flush=True)
            for line in _after(machine, block):
                print(f"            {line}", flush=True)
    finally:
        machine.end()
    return typed


def main(arguments: list[str]) -> int:
    """Rehearse the ways; 1 with what was said when the document does not hold."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    missing = sorted({NEEDED[one] for one in NEEDED if not shutil.which(one, path=path)})
    if missing or os.geteuid():
        print(f"This needs root, and on Debian: apt-get install {' '.join(missing or ['nothing'])}")
        return 1
    ways = [way for way in WAYS if way in arguments] or list(WAYS)
    with tempfile.TemporaryDirectory(prefix="louyi-rehearsal-") as name:
        folder, began = Path(name), time.monotonic()
        # A machine has systemd; nothing else is added to the smallest Debian 12.
        base = folder / "base.tar"
        make = ["mmdebstrap", "-q", "--variant=minbase", "--include=systemd", "bookworm", str(base)]
        if _run(make).returncode:
            print("An empty Debian 12 could not be made.")
            return 1
        print(f"An empty Debian 12 ({time.monotonic() - began:.0f} s)", flush=True)
        for way in ways:
            print(f"{way}:", flush=True)
            try:
                typed = rehearse(way, base, folder)
            except Failed as fault:
                print(f"docs/deploy.md does not hold with {way}:\n{fault}")
                return 1
            print(f"{way}: {typed} blocks of docs/deploy.md typed, all of them hold", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
