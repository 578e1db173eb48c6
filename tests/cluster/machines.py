"""The whole of it on the loopback: databases, redis, two application nodes, a balancer with TLS."""

from __future__ import annotations

import base64
import ipaddress
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cluster.databases import Databases
from tests.cluster.processes import Processes, free_port, until
from tests.cluster.templates import DEPLOY, ROOT, rendered, settings

HOST = "louyi.example.org"
BIN = Path(sys.executable).parent


def certificate(file: Path) -> None:
    """A key and its own certificate for the host's name, in one file as HAProxy wants it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))


class ApplicationNode:
    """gunicorn with the settings of ``deploy/louyi.env`` and an instance folder of its own."""

    def __init__(self, name: str, env: dict[str, str], processes: Processes) -> None:
        self.name, self.processes = name, processes
        self.port = free_port()
        self.env = {**env, "LOUYI_BIND": f"127.0.0.1:{self.port}", "LOUYI_WORKERS": "1"}
        self.env["LOUYI_INSTANCE"] = f"{env['LOUYI_INSTANCE']}-{name}"
        self._gunicorn: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It runs and listens."""
        command = [str(BIN / "gunicorn"), "-c", str(DEPLOY / "gunicorn.conf.py")]
        command.append("app:create_app()")
        self._gunicorn = self.processes.start(self.name, command, env=self.env, cwd=ROOT)
        until(self._listens, 60, f"{self.name} listens")

    def _listens(self) -> bool:
        with socket.socket() as client:
            client.settimeout(1)
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def terminate(self) -> None:
        """TERM, as systemd sends it; returns when its last request was answered."""
        assert self._gunicorn is not None
        self._gunicorn.send_signal(signal.SIGTERM)
        assert self._gunicorn.wait(60) == 0, f"{self.name} did not drain"


class Machines:
    """Everything that ``deploy/`` describes, on one machine; use it in a ``with``."""

    def __init__(self, *, synchronous: bool = True) -> None:
        # Not pytest's folder: the database user must be able to walk in.
        self.folder = Path(tempfile.mkdtemp(prefix="louyi-cluster-"))
        self.folder.chmod(0o755)
        logs = self.folder / "logs"
        logs.mkdir()
        self.processes = Processes(logs)
        self.databases = Databases(self.folder, self.processes, synchronous=synchronous)
        self.front = free_port()
        self._socket = self.folder / "front.sock"

    def __enter__(self) -> Machines:
        try:
            self._start()
        except BaseException as broken:
            broken.add_note(self.processes.said())
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        self.databases.start()
        self.env = self._settings()
        self._start_postgresql_router()
        self._start_redis()
        # One step, once, before any node of the new version starts.
        migrate = [str(BIN / "alembic"), "upgrade", "head"]
        subprocess.run(migrate, cwd=ROOT, env=self.env, check=True, capture_output=True)
        self.nodes = [ApplicationNode(n, self.env, self.processes) for n in ("app1", "app2")]
        for node in self.nodes:
            node.start()

    def _settings(self) -> dict[str, str]:
        """What ``deploy/louyi.env`` says, its two secrets filled in."""
        self._router, self._redis = free_port(), free_port()
        passwords = self.folder / "pgpass"
        passwords.write_text(f"*:*:*:louyi:{self.databases.passwords['LOUYI']}\n")
        passwords.chmod(0o600)
        text = rendered(
            "louyi.env",
            {
                "SECRET_KEY=\n": f"SECRET_KEY={secrets.token_hex(32)}\n",
                "SIGNING_KEY=\n": f"SIGNING_KEY={base64.b64encode(os.urandom(32)).decode()}\n",
                "127.0.0.1:6432": f"127.0.0.1:{self._router}",
                "192.0.2.10:6379": f"127.0.0.1:{self._redis}",
                "/var/lib/louyi/.pgpass": str(passwords),
                "/var/lib/louyi": str(self.folder / "instance"),
                "192.0.2.11:8000": "127.0.0.1:0",
            },
        )
        alone = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        return alone | settings(text)

    def _haproxy(self, name: str, text: str) -> None:
        if os.geteuid() != 0:
            text = text.replace("    user haproxy\n    group haproxy\n", "")
        file = self.folder / f"{name}.cfg"
        file.write_text(text, "utf-8")
        self.processes.start(f"haproxy-{name}", ["haproxy", "-db", "-f", str(file)])

    def _start_postgresql_router(self) -> None:
        first, second = self.databases.nodes
        changes = {
            "127.0.0.1:6432": f"127.0.0.1:{self._router}",
            "192.0.2.21:5432 check port 8008": f"127.0.0.1:{first.port} check port {first.rest}",
            "192.0.2.22:5432 check port 8008": f"127.0.0.1:{second.port} check port {second.rest}",
        }
        self._haproxy("postgresql", rendered("haproxy/postgresql.cfg", changes))

    def _start_redis(self) -> None:
        changes = {"bind 127.0.0.1 192.0.2.10": "bind 127.0.0.1", "6379": str(self._redis)}
        file = self.folder / "redis.conf"
        file.write_text(rendered("redis.conf", changes), "utf-8")
        command = ["redis-server", str(file)]
        self._redis_server = self.processes.start("redis", command, cwd=self.folder)

    def left_on_disks(self) -> set[str]:
        """What the application nodes have put into their instance folders."""
        folders = (Path(node.env["LOUYI_INSTANCE"]) for node in self.nodes)
        return {file.name for folder in folders for file in folder.iterdir()}

    def counted_by_redis(self) -> int:
        """How many addresses redis has counters of."""
        with redis.Redis(port=self._redis) as client:
            return int(client.dbsize())

    def kill_redis(self) -> None:
        """redis is gone."""
        self._redis_server.kill()
        self._redis_server.wait()

    def start_balancer(self, ready: str) -> None:
        """The balancer serves when a node answers 200 at ``ready``."""
        self.certificate = self.folder / "louyi.pem"
        certificate(self.certificate)
        first, second = self.nodes
        changes = {
            "/run/haproxy/admin.sock": str(self._socket),
            "192.0.2.10:80\n": f"127.0.0.1:{free_port()}\n",
            "192.0.2.10:443": f"127.0.0.1:{self.front}",
            "/etc/haproxy/louyi.pem": str(self.certificate),
            "uri /readyz": f"uri {ready}",
            "/etc/haproxy/errors/louyi-unavailable.http": str(DEPLOY / "haproxy/unavailable.http"),
            "192.0.2.11:8000": f"127.0.0.1:{first.port}",
            "192.0.2.12:8000": f"127.0.0.1:{second.port}",
        }
        self._haproxy("front", rendered("haproxy/front.cfg", changes))
        both = "both application nodes are ready"
        until(lambda: all(state == "2" for state in self._states().values()), 60, both)

    def _command(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(self._socket))
            client.sendall(words.encode() + b"\n")
            return b"".join(iter(lambda: client.recv(65536), b"")).decode()

    def _states(self) -> dict[str, str]:
        """Application node → HAProxy's number for its state; 2 is serving."""
        try:
            lines = self._command("show servers state nodes").splitlines()
        except OSError:
            return {"none": ""}
        return {line.split()[3]: line.split()[5] for line in lines[2:] if line.strip()}

    def restart(self, node: ApplicationNode, *, drained: bool) -> None:
        """One step of a rolling restart: no new requests, TERM, start, ready, back in the row."""
        if drained:
            self._command(f"set server nodes/{node.name} state drain")
        node.terminate()
        node.start()
        if drained:
            self._command(f"set server nodes/{node.name} state ready")
        until(lambda: self._states()[node.name] == "2", 60, f"{node.name} serves again")

    def __exit__(self, *_error: object) -> None:
        try:
            self.databases.end()
        finally:
            self.processes.end()
            shutil.rmtree(self.folder, ignore_errors=True)
