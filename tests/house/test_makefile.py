"""``make`` on a machine where something fails says what failed, in the failing program's words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# A Python as ``make`` asks for it: it answers the question for its version, and makes a folder
# whose pip does what the test says.
PYTHON = """#!/bin/sh
[ "$1" = -c ] && exit 0
mkdir -p .venv/bin && cp pip .venv/bin/pip && cp "$0" .venv/bin/python
{venv}
"""


def make(folder: Path, *, venv: str = "", pip: str = "") -> subprocess.CompletedProcess[str]:
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    for name, text in (("python", PYTHON.format(venv=venv)), ("pip", f"#!/bin/sh\n{pip}\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    wanted = ["make", "-s", "PYTHON=./python", ".venv/dev.stamp"]
    return subprocess.run(wanted, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a3_a_failing_install_ends_with_pips_own_last_line(tmp_path, lock):
    said = "ERROR: These do not:\n    async-timeout>=4.0.3 (from redis)"
    fails = f"case $* in *{lock}) printf '{said}\n\n' >&2; exit 1;; esac"
    done = make(tmp_path, pip=fails)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1].endswith("pip says:     async-timeout>=4.0.3 (from redis)")
    assert said in done.stdout
    assert "network" not in done.stdout


def test_a3_a_failing_venv_says_its_own_reason_and_is_tried_again(tmp_path):
    venv = "echo 'No space left on device' >&2; exit 1"
    done = make(tmp_path, venv=venv)
    assert done.returncode != 0
    assert "No space left on device" in done.stderr
    assert "apt-get" not in done.stdout
    assert make(tmp_path).returncode == 0


def test_a3_what_can_be_installed_is_installed_without_a_word_of_failure(tmp_path):
    done = make(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Installing what Louyi needs …",
        "Installing what the checks need …",
    ]
