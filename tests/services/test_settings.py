"""What the program refuses to start with, and that it brings no account of its own."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

import config
from models.accounts import Account, RoleGrant
from models.database import session

ROOT = Path(__file__).parents[2]
SAFE = {
    "SECRET_KEY": "0123456789abcdef" * 4,
    "LOUYI_HOSTS": "louyi.example.org",
    "LOUYI_SIGNING_KEY": base64.b64encode(bytes(range(32))).decode(),
}
UNSAFE = {
    "no secret": {"SECRET_KEY": ""},
    "a short secret": {"SECRET_KEY": "0123456789abcdef" + "0123456789abcde"},
    "a secret of one sign": {"SECRET_KEY": "x" * 64},
    "a word as a secret": {"SECRET_KEY": "secret"},
    "a known secret, written long": {"SECRET_KEY": "please-change-me-please-change-me-now"},
    "no hosts": {"LOUYI_HOSTS": " , "},
    "no signing key": {"LOUYI_SIGNING_KEY": ""},
    "a signing key of zeros": {"LOUYI_SIGNING_KEY": base64.b64encode(bytes(32)).decode()},
    "an unknown mode": {"LOUYI_MODE": "prod"},
    "hops that are no number": {"LOUYI_PROXY_HOPS": "one"},
    "hops below zero": {"LOUYI_PROXY_HOPS": "-1"},
    "a database of another kind": {"DATABASE_URL": "mysql://louyi@127.0.0.1/louyi"},
    "a database that is a word": {"DATABASE_URL": "louyi"},
}


@pytest.mark.trust("2.7")
@pytest.mark.parametrize("wrong", UNSAFE.values(), ids=UNSAFE.keys())
def test_an_unsafe_setting_stops_the_start(wrong):
    with pytest.raises(config.UnsafeSettings):
        config.from_environment(SAFE | wrong)


@pytest.mark.trust("2.7")
def test_safe_settings_start_with_secure_cookies_and_trust_no_proxy_unasked(figure):
    settings = config.from_environment(SAFE)
    assert settings.mode == "production"
    assert settings.session_cookie_secure
    assert settings.proxy_hops == 0
    assert config.from_environment(SAFE | {"LOUYI_PROXY_HOPS": "2"}).proxy_hops == 2
    figure("unsafe settings", len(UNSAFE), "started with", 0)


@pytest.mark.trust("2.7")
def test_no_secret_is_shared_by_two_starts_of_a_demo():
    made = {config.from_environment({"LOUYI_MODE": "demo"}).secret_key for _ in range(2)}
    assert len(made) == 2


@pytest.mark.trust("2.7")
def test_the_program_itself_does_not_come_up(tmp_path):
    """As whoever installs it would see it: one line that says what is wrong and how to make one."""
    settings = SAFE | {"SECRET_KEY": "changeme", "LOUYI_INSTANCE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("LOUYI")}
        | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "secrets.token_hex(32)" in done.stderr


@pytest.mark.trust("2.7")
def test_a_fresh_installation_has_no_account(app):
    for table in (Account, RoleGrant):
        assert session().scalar(select(func.count()).select_from(table)) == 0
