"""The lock holds on every Python that README promises, not only on the one it was compiled on.

What a package asks for can depend on the Python (``; python_full_version < "3.11.3"``). The
metadata of what is installed says so for all of them, so one Python can answer for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools.audit import plain

ROOT = Path(__file__).parent.parent.parent
# The lowest that README promises, Debian 12's own, those between and the newest there is.
PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = {"linux": "Linux", "darwin": "Darwin"}
WANTED = {
    "requirements.txt": ("requirements.in",),
    "requirements-dev.txt": ("requirements.in", "requirements-dev.in"),
}


def environment(python: str, system: str) -> dict[str, str]:
    """What markers are judged by on that Python."""
    short = ".".join(python.split(".")[:2])
    return {**default_environment(), "extra": ""} | {
        "python_version": short,
        "python_full_version": python,
        "implementation_version": python,
        "sys_platform": system,
        "platform_system": SYSTEMS[system],
    }


def holds(marker: Marker | None, where: dict[str, str], extras: set[str]) -> bool:
    return marker is None or any(marker.evaluate({**where, "extra": one}) for one in extras | {""})


def requirements(name: str) -> Iterator[Requirement]:
    """The requirements of a file, compiled or not."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text("utf-8"))
    for line in text.splitlines():
        said = line.split(" --hash")[0].split(" #")[0].strip()
        if said and not said.startswith(("#", "-")):
            yield Requirement(said)


def asked_for(package: str) -> list[Requirement]:
    """What a package asks for; one that is locked for other Pythons only is not there to ask."""
    try:
        return [Requirement(said) for said in metadata.requires(package) or ()]
    except metadata.PackageNotFoundError:
        return []


def missing(locked: set[str], tops: list[Requirement], where: dict[str, str]) -> list[str]:
    """What is asked for in that environment and not locked, each with who asks."""
    found, seen = [], set()
    todo = [(top, "requirements") for top in tops if holds(top.marker, where, set())]
    while todo:
        wanted, by = todo.pop()
        name, extras = plain(wanted.name), set(wanted.extras)
        if (name, *sorted(extras)) in seen:
            continue
        seen.add((name, *sorted(extras)))
        if name not in locked:
            found.append(f"{name}, for {by}")
            continue
        todo += [(one, name) for one in asked_for(name) if holds(one.marker, where, extras)]
    return sorted(found)


def locked_for(lock: str, where: dict[str, str]) -> set[str]:
    return {plain(one.name) for one in requirements(lock) if holds(one.marker, where, set())}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", WANTED)
def test_a3_the_lock_has_what_every_promised_python_asks_for(lock, python, system):
    where = environment(python, system)
    tops = [top for name in WANTED[lock] for top in requirements(name)]
    assert missing(locked_for(lock, where), tops, where) == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", WANTED)
def test_a3_no_locked_package_refuses_a_promised_python(lock, python):
    refusing = []
    for name in locked_for(lock, environment(python, "linux")):
        try:
            asked = metadata.metadata(name).get("Requires-Python")
        except metadata.PackageNotFoundError:
            continue
        if asked and not SpecifierSet(asked).contains(python):
            refusing.append(f"{name} {asked}")
    assert refusing == []


def test_a3_a_package_that_only_an_older_python_asks_for_is_missed():
    """The lock of 0.9.10, compiled on 3.11.7."""
    tops = [Requirement("redis")]
    for python, short in (("3.11.2", ["async-timeout, for redis"]), ("3.11.7", [])):
        assert missing({"redis"}, tops, environment(python, "linux")) == short


def test_a3_the_lowest_python_promised_is_the_one_that_is_asked_for():
    promised = re.search(r'requires-python = ">=([0-9.]+)"', (ROOT / "pyproject.toml").read_text())
    assert promised and PYTHONS[0] == f"{promised[1]}.0"
    assert f"Python {promised[1]} or newer" in (ROOT / "README.md").read_text("utf-8")
