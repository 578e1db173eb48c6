"""etcd and two nodes of PostgreSQL under Patroni, from the templates of ``deploy/postgresql``."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.processes import Processes, free_port, send, tree, until, working_in
from tests.cluster.templates import rendered, settings

ROLES = ("SUPERUSER", "REPLICATION", "REWIND")
# Copying a node and PostgreSQL's own start, on a machine that has other things to do.
START_SECONDS = 90


def owned(folder: Path) -> Path:
    """The folder, made, and the database user's if we may give it away."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


@dataclass
class Node:
    """A database node: Patroni and the PostgreSQL it runs."""

    name: str
    folder: Path
    processes: Processes
    passwords: Mapping[str, str]
    synchronous: bool
    port: int = field(default_factory=free_port)
    rest: int = field(default_factory=free_port)
    _patroni: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Where PostgreSQL keeps its data."""
        return self.folder / "data"

    def configure(self, etcd: int) -> Path:
        """Write Patroni's configuration: the template, for this node."""
        owned(self.folder)
        changes = {
            "name: db1": f"name: {self.name}",
            "192.0.2.21:8008": f"127.0.0.1:{self.rest}",
            "hosts: 192.0.2.10:2379,192.0.2.21:2379,192.0.2.22:2379": f"hosts: 127.0.0.1:{etcd}",
            "192.0.2.21:5432": f"127.0.0.1:{self.port}",
            "/var/lib/postgresql/15/louyi": str(self.data),
            "/var/lib/postgresql/.patroni.pgpass": str(self.folder / "pgpass"),
            "directories: /var/run/postgresql": f"directories: {self.folder}",
            "192.0.2.0/24": "127.0.0.1/32",
            "mode: automatic": "mode: 'off'",
        }
        if not self.synchronous:
            changes["synchronous_mode: true"] = "synchronous_mode: false"
            # So that Patroni does promote the node that lacks what was acknowledged.
            changes["maximum_lag_on_failover: 1048576"] = "maximum_lag_on_failover: 1073741824"
        file = self.folder.parent / f"{self.name}.yml"
        file.write_text(rendered("postgresql/patroni.yml", changes), "utf-8")
        return file

    def start(self) -> None:
        """Patroni runs, and sooner or later PostgreSQL."""
        env = {f"PATRONI_{role}_PASSWORD": self.passwords[role] for role in ROLES}
        command = ["patroni", str(self.folder.parent / f"{self.name}.yml")]
        self._patroni = self.processes.start(
            f"patroni-{self.name}", command, env=env, user="postgres", cwd=self.folder
        )

    def _everything(self) -> set[int]:
        roots = {self._patroni.pid} if self._patroni and self._patroni.poll() is None else set()
        return tree(roots) | working_in(self.data)

    def freeze(self) -> None:
        """The machine hangs: nothing of it goes on, nothing is closed."""
        send(self._everything(), signal.SIGSTOP)
        send(self._everything(), signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        send(self._everything(), signal.SIGCONT)

    def kill(self) -> None:
        """The machine is gone: everything of it at once, by KILL."""

        def gone() -> bool:
            send(self._everything(), signal.SIGKILL)
            if self._patroni:
                self._patroni.poll()
            return not self._everything()

        until(gone, 20, f"{self.name} is gone")

    def asked(self, path: str) -> tuple[int, Any]:
        """What Patroni's REST interface answers; 0 when it does not."""
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=2)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()

    def is_primary(self) -> bool:
        """Whether it holds the leader's lock."""
        return self.asked("/primary")[0] == 200

    def is_synchronous_standby(self) -> bool:
        """Whether everything acknowledged is here too."""
        return self.asked("/synchronous")[0] == 200

    def connect(self, user: str = "postgres", database: str = "postgres") -> psycopg.Connection:
        """A connection to this very node."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            dbname=database,
            password=self.passwords["SUPERUSER"],
            connect_timeout=5,
            autocommit=True,
        )

    def value(self, query: str, database: str = "postgres") -> Any:
        """The one value that a query gives on this node."""
        with self.connect(database=database) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        return row and row[0]


class Databases:
    """The store of the leader's lock and two nodes; ``louyi`` is made and empty."""

    def __init__(self, folder: Path, processes: Processes, *, synchronous: bool = True) -> None:
        self.folder, self.processes, self.synchronous = folder, processes, synchronous
        self.passwords = {role: secrets.token_hex(16) for role in (*ROLES, "LOUYI")}
        self.nodes = [
            Node(name, folder / name, processes, self.passwords, synchronous)
            for name in ("db1", "db2")
        ]

    def start(self) -> None:
        """The first node is primary, the second its standby, the program's database is there."""
        etcd = self._start_etcd()
        for node in self.nodes:
            node.configure(etcd)
        first, second = self.nodes
        first.start()
        until(first.is_primary, START_SECONDS, "the first node is primary")
        second.start()
        ready = second.is_synchronous_standby if self.synchronous else self._streams
        until(ready, START_SECONDS, "the second node is a standby")
        with first.connect() as connection:
            password = self.passwords["LOUYI"]
            connection.execute(f"CREATE ROLE louyi LOGIN PASSWORD '{password}'")  # type: ignore[arg-type]
            connection.execute("CREATE DATABASE louyi OWNER louyi")

    def _start_etcd(self) -> int:
        """One member is enough to try a failover of the database; the template is for three."""
        client, peer = free_port(), free_port()
        members = (
            "balancer=http://192.0.2.10:2380,db1=http://192.0.2.21:2380,db2=http://192.0.2.22:2380"
        )
        changes = {
            members: f"db1=http://127.0.0.1:{peer}",
            "http://192.0.2.21:2380": f"http://127.0.0.1:{peer}",
            "http://192.0.2.21:2379": f"http://127.0.0.1:{client}",
            "/var/lib/etcd/louyi": str(self.folder / "etcd"),
        }
        env = settings(rendered("postgresql/etcd.env", changes))
        self.processes.start("etcd", ["etcd"], env=env)
        return client

    def _streams(self) -> bool:
        return bool(self.primary().value("select count(*) from pg_stat_replication"))

    def primary(self) -> Node:
        """The node that holds the leader's lock; a busy one may have to be asked again."""
        found: list[Node] = []

        def known() -> bool:
            found.extend(node for node in self.nodes if node.is_primary())
            return bool(found)

        until(known, START_SECONDS, "a node is primary")
        return found[0]

    def other(self, node: Node) -> Node:
        """The node that is not this one."""
        return next(one for one in self.nodes if one is not node)

    def end(self) -> None:
        """Nothing of the nodes is left, frozen or not."""
        for node in self.nodes:
            node.kill()
