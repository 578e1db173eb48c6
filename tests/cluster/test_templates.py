"""The templates as their own programs judge them: each is asked whether it would start with it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cluster.machines import Machines, certificate
from tests.cluster.packages import SBIN
from tests.cluster.processes import PATH, free_port, until
from tests.cluster.templates import DEPLOY, ROOT, rendered

# Patroni is asked while it runs, on the loopback: neither is a fault of the file.
OF_THE_DRILL = ("is already in use", 'must not contain "127.0.0.1"')


def ask(*command: str) -> str:
    """Run a check; what it said, and that it agreed."""
    done = subprocess.run(
        command, env={"PATH": f"{PATH}:{SBIN}"}, capture_output=True, text=True, timeout=60
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """The databases alone."""
    machines = Machines()
    try:
        machines.databases.start()
        yield machines
    finally:
        machines.__exit__()


@pytest.mark.parametrize("name", ["front", "postgresql"])
def test_haproxy_accepts_its_files_without_a_warning(name, tmp_path):
    changes = {"192.0.2.": "127.0.0."}
    if name == "front":
        certificate(tmp_path / "louyi.pem")
        changes["/etc/haproxy/louyi.pem"] = str(tmp_path / "louyi.pem")
        page = str(DEPLOY / "haproxy/unavailable.http")
        changes["/etc/haproxy/errors/louyi-unavailable.http"] = page
    file = tmp_path / "haproxy.cfg"
    file.write_text(rendered(f"haproxy/{name}.cfg", changes))
    assert "WARNING" not in ask("haproxy", "-c", "-f", str(file))


def test_nginx_accepts_its_file(tmp_path):
    pem = tmp_path / "louyi.pem"
    certificate(pem)
    changes = {
        "192.0.2.": "127.0.0.",
        "/etc/ssl/louyi/fullchain.pem": str(pem),
        "/etc/ssl/louyi/key.pem": str(pem),
    }
    (tmp_path / "louyi.conf").write_text(rendered("nginx/louyi.conf", changes))
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ include {tmp_path}/louyi.conf; }}\n"
    )
    said = ask("nginx", "-t", "-c", str(whole))
    assert "syntax is ok" in said
    assert "[warn]" not in said


def test_the_balancers_page_is_the_one_of_nginx():
    head, _blank, body = (DEPLOY / "haproxy/unavailable.http").read_bytes().partition(b"\r\n\r\n")
    assert body == (DEPLOY / "nginx/unavailable.html").read_bytes()
    assert head.startswith(b"HTTP/1.0 503 ")
    assert b"no-store" in head


def test_systemd_accepts_the_service(tmp_path):
    text = (DEPLOY / "louyi.service").read_text()
    # The program is not installed at its place here.
    text = text.replace("/opt/louyi/.venv/bin/gunicorn", "/bin/true").replace("=louyi\n", "=root\n")
    file = tmp_path / "louyi.service"
    file.write_text(text.replace("WorkingDirectory=/opt/louyi", f"WorkingDirectory={ROOT}"))
    try:
        said = ask("systemd-analyze", "verify", "--man=no", str(file))
    except FileNotFoundError:
        pytest.skip("no systemd-analyze here")
    assert "louyi.service:" not in said


def test_patroni_accepts_its_file(machines):
    for node in machines.databases.nodes:
        said = subprocess.run(
            ["patroni", "--validate-config", str(machines.folder / f"{node.name}.yml")],
            env={"PATH": PATH},
            capture_output=True,
            text=True,
            timeout=60,
        )
        lines = (said.stdout + said.stderr).splitlines()
        assert [line for line in lines if not any(fine in line for fine in OF_THE_DRILL)] == []


def test_pgbouncer_hands_out_connections_to_the_primary(machines):
    primary, port = machines.databases.primary(), free_port()
    folder = machines.folder / "pgbouncer"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    password = machines.databases.passwords["LOUYI"]
    (folder / "users").write_text(f'"louyi" "{password}"\n')
    changes = {
        "port=6432": f"port={primary.port}",
        "6543": str(port),
        "/etc/pgbouncer/userlist.txt": str(folder / "users"),
        "/var/log/postgresql": str(folder),
        "/var/run/postgresql": str(folder),
    }
    (folder / "pgbouncer.ini").write_text(rendered("postgresql/pgbouncer.ini", changes))
    command = ["pgbouncer", str(folder / "pgbouncer.ini")]
    machines.processes.start("pgbouncer", command, user="postgres", cwd=Path(folder))
    where = f"host=127.0.0.1 port={port} user=louyi dbname=louyi password={password}"

    def answers() -> bool:
        try:
            with psycopg.connect(where, connect_timeout=3) as connection:
                return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        except psycopg.OperationalError:
            return False

    until(answers, 30, "pgbouncer answers")
