"""Settings, read once from the environment.

Outside development and the demo no secret has a default, and one that is short or well known stops
the start.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WELL_KNOWN = {"dev", "secret", "changeme", "password", "secret_key", "please-change-me"}
# A longer one of these gives a secret away as made up, wherever it stands in it.
SHORT_WORD = 7
MIN_SECRET_LENGTH = 32
# A random secret in hexadecimal has all of 16 signs; one made by leaning on a key has few.
FEWEST_SECRET_SIGNS = 8
SIGNING_KEY_BYTES = 32
# With or without a driver's name.
DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:///")
MODES = ("development", "demo", "production")


class UnsafeSettings(Exception):
    """The environment asks for something the program will not start with."""


@dataclass(frozen=True)
class Settings:
    """What the program is told from outside; one object, made at start-up, never changed."""

    mode: str
    secret_key: str
    database_url: str
    instance: Path
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    limiter_url: str = "memory://"
    session_cookie_secure: bool = False
    # Empty: a key is made once and kept in the instance folder.
    signing_key: str = field(default="", repr=False)
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"


def _secret(environ: Mapping[str, str], mode: str) -> str:
    secret = environ.get("SECRET_KEY", "")
    if mode != "production" and not secret:
        return secrets.token_hex(32)
    known = any(word in secret.lower() for word in WELL_KNOWN if len(word) > SHORT_WORD)
    few = len(set(secret)) < FEWEST_SECRET_SIGNS
    if known or few or len(secret) < MIN_SECRET_LENGTH:
        raise UnsafeSettings(
            f"SECRET_KEY is missing, shorter than {MIN_SECRET_LENGTH} characters, of few signs or "
            "well known. "
            'Make one with: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    return secret


def _signing_key(environ: Mapping[str, str], mode: str) -> str:
    """Base64 of 32 bytes. Every process must sign with one key, so production names it."""
    given = environ.get("LOUYI_SIGNING_KEY", "").strip()
    if mode != "production" and not given:
        return ""
    try:
        key = base64.b64decode(given, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != SIGNING_KEY_BYTES or len(set(key)) < SIGNING_KEY_BYTES // 4:
        raise UnsafeSettings(
            "LOUYI_SIGNING_KEY is missing or not 32 random bytes in base64. It signs resolutions: "
            "make it once, keep a copy. Make one with: openssl rand -base64 32"
        )
    return given


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'louyi.sqlite3'}"
    if not url.startswith(DATABASES):
        raise UnsafeSettings(
            "DATABASE_URL names no database that the program knows: postgresql://USER@HOST/NAME, "
            "or leave it out for SQLite."
        )
    # The scheme that hosting platforms hand out names no driver; ours is psycopg 3.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; refuses unsafe ones by ``UnsafeSettings``."""
    mode = environ.get("LOUYI_MODE", "production")
    if mode not in MODES:
        raise UnsafeSettings(f"LOUYI_MODE is {mode!r}; it must be one of {', '.join(MODES)}.")
    instance = Path(environ.get("LOUYI_INSTANCE", Path(__file__).parent / "instance")).resolve()
    hops = environ.get("LOUYI_PROXY_HOPS", "0")
    if not hops.isdecimal():
        raise UnsafeSettings(f"LOUYI_PROXY_HOPS is {hops!r}; it must be a whole number.")
    hosts = tuple(h.strip() for h in environ.get("LOUYI_HOSTS", "").split(",") if h.strip())
    if mode == "production" and not hosts:
        raise UnsafeSettings("LOUYI_HOSTS is empty: name the hosts this program answers to.")
    return Settings(
        mode=mode,
        secret_key=_secret(environ, mode),
        database_url=_database_url(environ, instance),
        instance=instance,
        trusted_hosts=hosts,
        proxy_hops=int(hops),
        limiter_url=environ.get("LOUYI_LIMITER_URL", "memory://"),
        session_cookie_secure=mode == "production",
        signing_key=_signing_key(environ, mode),
    )


def make_instance(settings: Settings) -> None:
    """The instance folder is there; refuses one that cannot be made by ``UnsafeSettings``."""
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeSettings(
            f"LOUYI_INSTANCE is {settings.instance}, which cannot be made: {error.strerror}."
        ) from error
