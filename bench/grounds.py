"""Where the measuring takes place: databases with buildings and voters, servers, prepared requests.

The program's database holds a counted motion of a small and of a large building, and motions that
are open now with everybody signed in; rolls, announcements and counts are made by its own services.
The floor's holds as many rows as it needs.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from alembic import command
from alembic.config import Config
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import create_engine, func, select

import bench.floor as floor
import bench.people as people
import clock
import config
from app import create_app
from extensions import db
from models.audit import AuditEntry
from models.database import prepare_engine
from models.votes import Ballot
from services import audit

ROOT = Path(__file__).parent.parent
SECRET = "a-secret-for-the-benchmark-" + "0" * 20
SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
BROWSER = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
# SQLite: one process with threads, as the README says. PostgreSQL: a process for each core.
WORKERS = {"sqlite": 1, "postgresql": 2}


@dataclass(frozen=True)
class Ground:
    """One engine with both databases filled, and what to ask of them.

    ``casts`` hands out requests of voters who have not voted yet; ``pages`` requests of
    different readers for the result of each counted building, by its dwellings.
    """

    engine: str
    program: Flask
    floor_url: str
    environment: dict[str, str]
    motions: dict[str, int]
    casts: Iterator[tuple[bytes, bytes]]
    pages: dict[int, list[tuple[bytes, bytes]]]

    def ballots(self) -> int:
        """How many ballots the program has recorded for the open motion, by distinct voters."""
        with self.program.app_context():
            wanted = select(func.count(Ballot.voter_id.distinct()))
            wanted = wanted.where(Ballot.motion_id == self.motions["open"])
            return int(db.session.scalar(wanted) or 0)

    def votes(self) -> int:
        """How many votes the floor has recorded."""
        engine = create_engine(self.floor_url)
        with engine.connect() as connection:
            found = connection.scalar(select(func.count()).select_from(floor.VOTES)) or 0
        engine.dispose()
        return int(found)

    def audited(self) -> int:
        """How many casts the audit log holds; its chain must follow from its beginning."""
        with self.program.app_context():
            chain = audit.plan_chain(self.motions["plan"])
            assert audit.check(chain).fault is None
            cast = select(func.count()).where(
                AuditEntry.chain == chain, AuditEntry.action == "ballot_cast"
            )
            return int(db.session.scalar(cast) or 0)

    def forget(self) -> None:
        """Close what is open to the program's database here."""
        with self.program.app_context():
            db.session.remove()
            db.engine.dispose()


def _migrated(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    alembic = Config(toml_file=ROOT / "pyproject.toml")
    with engine.connect() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        connection.commit()
    engine.dispose()


def _settled(environment: dict[str, str]) -> Flask:
    _migrated(environment["DATABASE_URL"])
    return create_app(config.from_environment(environment))


def prepare(engine: str, folder: Path, urls: tuple[str, str], voters: int) -> Ground:
    """Both databases filled: the program's at ``urls[0]``, the floor's at ``urls[1]``."""
    environment = {
        "LOUYI_MODE": "production",
        "SECRET_KEY": SECRET,
        "LOUYI_SIGNING_KEY": SIGNING_KEY,
        "LOUYI_HOSTS": "127.0.0.1",
        "LOUYI_INSTANCE": str(folder / f"instance-{engine}"),
        "DATABASE_URL": urls[0],
        "FLOOR_DATABASE": urls[1],
    }
    program = _settled(environment)
    with program.app_context():
        found = people.settle(clock.now(), voters)
    _fill_floor(urls[1], found)
    baked = _Baker(program)
    casts = (baked.cast(found.open_motion, *voter) for voter in found.voters)
    pages = {
        size: [baked.page(motion, token) for token in tokens]
        for size, (motion, tokens) in found.counted.items()
    }
    motions = {"open": found.open_motion, "plan": found.open_plan}
    return Ground(engine, program, urls[1], environment, motions, casts, pages)


def _fill_floor(url: str, found: people.Settled) -> None:
    engine = floor.engine_for(url)
    floor.METADATA.create_all(engine)
    ids = [found.open_motion, *(motion for motion, _tokens in found.counted.values())]
    rows = [
        {"id": id, "title": people.TITLE, "text": people.TEXT, "agree": 20, "against": 4}
        for id in ids
    ]
    with engine.begin() as connection:
        connection.execute(floor.MOTIONS.insert(), rows)
    engine.dispose()


class _Baker:
    """Makes the requests of browsers that are signed in: cookies as either program signs them."""

    def __init__(self, program: Flask) -> None:
        self.program = program
        self.plain = Flask("bench.floor")
        self.plain.secret_key = SECRET

    def _cookie(self, app: Flask, content: dict[str, Any]) -> str:
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)
        signer = interface.get_signing_serializer(app)
        assert signer is not None
        return f"{interface.get_cookie_name(app)}={signer.dumps(content)}"

    def _reader(self, token: str) -> tuple[str, str]:
        """Cookie and CSRF token of a household that is signed in to the program."""
        with self.program.test_request_context(
            headers={"User-Agent": BROWSER}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
        ):
            session.permanent = True
            session["_user_id"] = token
            written = generate_csrf()
            return self._cookie(self.program, dict(session)), written

    def cast(self, motion: int, token: str, person: int, number: int) -> tuple[bytes, bytes]:
        """The same answer of one voter, to the program and to the floor."""
        path = f"/motions/{motion}/ballot"
        choice = "agree" if person % 4 else "against"
        cookie, written = self._reader(token)
        form = {"csrf_token": written, "form_key": f"form-key-{person:012d}", "voter": str(number)}
        ours = _post(path, cookie, form | {"choice": choice})
        plain = {"_user_id": str(person), "csrf_token": f"{person:040d}"}
        form = {"csrf_token": plain["csrf_token"], "choice": choice}
        return ours, _post(path, self._cookie(self.plain, plain), form)

    def page(self, motion: int, token: str) -> tuple[bytes, bytes]:
        """The request for a motion's page, to the program and to the floor."""
        path = f"/motions/{motion}"
        plain = self._cookie(self.plain, {"_user_id": "1", "csrf_token": "0" * 40})
        return _get(path, self._reader(token)[0]), _get(path, plain)


def _head(method: str, path: str, cookie: str) -> str:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}\r\n"
        "Accept: text/html\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
        f"Accept-Encoding: gzip, deflate, br\r\nCookie: {cookie}\r\n"
    )


def _get(path: str, cookie: str) -> bytes:
    return (_head("GET", path, cookie) + "\r\n").encode()


def _post(path: str, cookie: str, form: dict[str, str]) -> bytes:
    body = urlencode(form)
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = _head("POST", path, cookie)
    return f"{head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


@contextmanager
def served(ground: Ground, what: str) -> Iterator[int]:
    """gunicorn serving the program (``app``) or the floor (``bench.floor``) as it is served in
    earnest; yields its port."""
    port = _free_port()
    settings = {"LOUYI_BIND": f"127.0.0.1:{port}", "LOUYI_WORKERS": str(WORKERS[ground.engine])}
    arguments = ["-c", "deploy/gunicorn.conf.py", "--log-level", "warning", f"{what}:create_app()"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *arguments],
        cwd=ROOT,
        env=os.environ | ground.environment | settings,
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def machine() -> dict[str, Any]:
    """What the figures were measured on, and how busy it was."""
    load = os.getloadavg()
    return {"cores": os.cpu_count(), "load": [round(part, 1) for part in load]}


def pairs(*parts: object) -> list[list[object]]:
    """``pairs("ratio", 0.8)``: figures as name and value in turn, as docs/trust.md prints them."""
    return [list(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]


def taken(casts: Iterator[tuple[bytes, bytes]], number: int) -> Sequence[tuple[bytes, bytes]]:
    """The next so many casts, each of a voter who has not voted."""
    found = list(islice(casts, number))
    if len(found) < number:
        raise RuntimeError("there are not enough voters")
    return found
