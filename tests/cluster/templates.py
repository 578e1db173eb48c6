"""The files of ``deploy/`` with other addresses and folders: what is tried is what is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
# Addresses of documentation; one that is left would mean something was not replaced.
EXAMPLE = "192.0.2."


def rendered(name: str, changes: Mapping[str, str]) -> str:
    """The template with every text on the left replaced; one that is not there is an error."""
    text = (DEPLOY / name).read_text("utf-8")
    for old, new in changes.items():
        if old not in text:
            raise AssertionError(f"deploy/{name} no longer holds {old!r}")
        text = text.replace(old, new)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", ";"))]
    left = [line for line in lines if EXAMPLE in line]
    if left:
        raise AssertionError(f"deploy/{name} still holds {left}")
    return text


def settings(text: str) -> dict[str, str]:
    """The settings of an environment file."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _sign, value in pairs}
