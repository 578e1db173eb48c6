"""Sign-ins: over with what opened them; their cookies; limits per address behind proxies."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app import create_app
from domain.accounts import Role
from extensions import db, limiter
from models.accounts import RoleGrant
from models.accounts_queries import Recipient
from models.database import session
from services import accounts, accounts_passwords
from services.accounts_people import create_administrator
from tests.conftest import TestClock, migrate

KEY = b"k" * 32
WORD = "three moon roses on the balcony"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Protecting a password without the memory and time that make it safe."""
    monkeypatch.setattr(accounts_passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(accounts_passwords, "PASSES", 1)


def grant_of(account, role) -> RoleGrant:
    query = select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.role == role)
    return session().scalars(query).one()


@pytest.mark.trust("2.6")
def test_whatever_ends_a_sign_in_leaves_no_page_open(world, visit, clock, figure):
    lin = world.actor(world.committee)

    def letter_anew() -> None:
        flat = world.dwelling("602")
        recipient = Recipient(flat.id, "owner", flat.ownerships[0].owner_id)
        accounts.issue_letters(lin, [recipient], key=KEY, now=clock(), replace=True)

    def role_ends(account, role) -> None:
        accounts.end_role(lin, grant_of(account, role), now=clock())

    ways = {
        "signing out everywhere": (
            world.wife,
            lambda: accounts.sign_out_everywhere(world.actor(world.wife), now=clock()),
        ),
        "a letter issued anew": (world.sixth_floor, letter_anew),
        "the end of a resident's role": (
            world.ground_floor,
            lambda: role_ends(world.ground_floor, Role.RESIDENT),
        ),
        "the end of a member's role": (
            world.second_committee,
            lambda: role_ends(world.second_committee, Role.COMMITTEE),
        ),
        "a new first password": (
            world.auditor,
            lambda: accounts.renew_first_password(
                lin, grant_of(world.auditor, Role.AUDITOR), now=clock()
            ),
        ),
        "a second factor taken off": (
            world.contractor,
            lambda: accounts.reset_second_factor(
                lin, grant_of(world.contractor, Role.CONTRACTOR), now=clock()
            ),
        ),
    }
    still_open = []
    for way, (account, act) in ways.items():
        browsers = [visit(account), visit(account)]
        assert all(b.send("GET", "/me").status_code == 200 for b in browsers), way
        act()
        still_open += [way for b in browsers if b.send("GET", "/me").status_code == 200]
    figure("old sessions", 2 * len(ways), "still open a page", len(still_open))
    assert still_open == []


def production(folder: Path, **settings: object) -> Flask:
    """The program as it is installed, with one administrator."""
    url = f"sqlite:///{folder / 'louyi.sqlite3'}"
    migrate(url)
    made = create_app(
        config.Settings(
            **{
                "mode": "production",
                "secret_key": "a-secret-for-tests-only-" + "0" * 20,
                "database_url": url,
                "instance": folder,
                "trusted_hosts": ("louyi.example.org", "localhost"),
                "session_cookie_secure": True,
                "extra": {"TESTING": True, "RATELIMIT_ENABLED": False},
            }
            | settings
        ),
        now=TestClock(),
    )
    with made.app_context():
        create_administrator(name="Admin", login="admin", password=WORD, now=TestClock()())
        db.session.remove()
    return made


@pytest.fixture
def installed(tmp_path) -> Iterator[list[Flask]]:
    """Programs made by a test; what they hold of the database is let go afterwards."""
    made: list[Flask] = []
    yield made
    for one in made:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()


def sign_in(browser, base: str, **environ: object):
    page = browser.get("/sign-in", base_url=base, environ_base=environ)
    token = page.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    return browser.post(
        "/sign-in",
        base_url=base,
        environ_base=environ,
        headers={"Referer": f"{base}/sign-in"},
        data={"login": "admin", "password": WORD, "csrf_token": token},
    )


@pytest.mark.trust("2.6")
def test_behind_tls_the_cookie_is_bound_to_this_host_and_https(tmp_path, installed):
    installed.append(production(tmp_path, proxy_hops=1))
    browser = installed[0].test_client()
    # TLS ends at the proxy, which says so; it speaks http to the program.
    said = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "louyi.example.org"}
    page = browser.get("/sign-in", base_url="http://localhost", environ_base=said)
    token = page.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    (planted,) = (c for c in page.headers.getlist("Set-Cookie") if "louyi=" in c)
    kept = planted.split(";")[0].partition("=")[2]
    answer = (
        installed[0]
        .test_client(use_cookies=False)
        .post(
            "/sign-in",
            base_url="http://localhost",
            environ_base=said,
            headers={
                "Cookie": f"__Host-louyi={kept}",
                "Referer": "https://louyi.example.org/sign-in",
            },
            data={"login": "admin", "password": WORD, "csrf_token": token},
        )
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if "louyi=" in c)
    name, *attributes = (part.strip() for part in cookie.split(";"))
    assert name.startswith("__Host-louyi=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not [one for one in attributes if one.startswith("Domain")]


@pytest.mark.trust("2.6")
def test_signing_in_works_over_plain_http_on_localhost_in_development(tmp_path, installed):
    installed.append(production(tmp_path, mode="development", session_cookie_secure=False))
    browser = installed[0].test_client()
    answer = sign_in(browser, "http://localhost:5000")
    assert answer.status_code == 302
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if c.startswith("louyi="))
    assert "Secure" not in cookie
    assert browser.get("/me", base_url="http://localhost:5000").status_code == 200


# --- limits per address ---------------------------------------------------------------------


def limited(folder: Path, monkeypatch, **settings: object) -> Flask:
    """The same with the limit per address switched on; tries go without a token."""
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)
    extra = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True}
    how = {"mode": "development", "session_cookie_secure": False, "extra": extra}
    return production(folder, **(how | settings))


def guess(program: Flask, forwarded: str = "", address: str = "10.0.0.1") -> int:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    where = {"REMOTE_ADDR": address}
    browser = program.test_client()
    return browser.post(
        "/c", data={"code": "nonsense"}, headers=headers, environ_base=where
    ).status_code


@pytest.mark.trust("2.4")
def test_without_a_proxy_nobody_chooses_their_own_address(tmp_path, installed, monkeypatch):
    installed.append(limited(tmp_path, monkeypatch))
    got = [guess(installed[0], f"192.0.2.{number}") for number in range(32)]
    assert got == [422] * 30 + [429] * 2


@pytest.mark.trust("2.4")
def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(tmp_path, installed, monkeypatch):
    installed.append(limited(tmp_path, monkeypatch, proxy_hops=1))
    got = [guess(installed[0], f"192.0.2.{n}, 203.0.113.5", "127.0.0.1") for n in range(31)]
    assert got == [422] * 30 + [429]
    assert guess(installed[0], "203.0.113.5, 203.0.113.6", "127.0.0.1") == 422


@pytest.fixture
def redis_url(tmp_path) -> Iterator[tuple[str, subprocess.Popen]]:
    """A server for limits shared by several machines, of this test's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen([*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL) as server:
        _answers(port)
        yield f"redis://127.0.0.1:{port}/0", server
        server.terminate()


def _answers(port: int) -> None:
    """Ask until the server answers; a refused connection costs nothing."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as asked:
                asked.sendall(b"PING\r\n")
                if asked.recv(5) == b"+PONG":
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise


@pytest.mark.trust("2.4")
def test_with_redis_two_machines_count_together_and_without_it_the_door_stays_open(
    tmp_path, installed, monkeypatch, redis_url
):
    url, server = redis_url
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        installed.append(limited(folder, monkeypatch, limiter_url=url))
    one, two = installed
    assert [guess(one) for _try in range(30)] == [422] * 30
    # The second program has counted nothing itself.
    assert guess(two) == 429
    assert guess(two, address="10.0.0.9") == 422
    server.terminate()
    server.wait()
    assert guess(two) == 422
