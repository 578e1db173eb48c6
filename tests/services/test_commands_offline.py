"""``flask count`` and ``flask share`` run from files alone: no secret, no database, no setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LOUYI_", "SECRET_"))}
    environment |= {"LOUYI_INSTANCE": str(folder / "instance"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_counting_needs_no_settings_and_leaves_nothing_behind(tmp_path):
    ballots = tmp_path / "ballots.csv"
    ballots.write_text("室号,选择\n101,反对\n201,同意\n", encoding="utf-8")
    roll = str(ROOT / "tests" / "data" / "roster-gongren.xlsx")
    done = run(
        "count",
        *("--roll", roll, "--ballots", str(ballots), "--matter", "7", "--scope", "3幢/1单元"),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "not quorate" in done.stdout
    assert not (tmp_path / "instance").exists()


def test_serving_without_settings_is_refused_with_the_reason(tmp_path):
    done = run("routes", folder=tmp_path)
    assert done.returncode != 0
    assert done.stderr.startswith("Error: LOUYI_HOSTS is empty")
