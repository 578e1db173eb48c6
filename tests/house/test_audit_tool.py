"""The audit of what is locked: pinned with hashes, and a package that was skipped fails it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tools import audit

WANTED = {"flask": "3.1.1", "rfc8785": "0.1.4"}


def answer(**changes: Any) -> dict[str, Any]:
    """What pip-audit says when all is well, with one package changed."""
    packages = [
        {"name": "Flask", "version": "3.1.1", "vulns": []},
        {"name": "rfc8785", "version": "0.1.4", "vulns": []},
    ]
    return {"dependencies": [{**packages[0], **changes}, packages[1]], "fixes": []}


def faults(told: Any, accepted: Mapping[str, str] | None = None) -> list[str]:
    return audit.faults(told, WANTED, accepted or {})


@pytest.mark.trust("6.1")
@pytest.mark.parametrize("lock", audit.LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_its_hash(lock, figure):
    text = lock.read_text("utf-8")
    loose = audit.unhashed(text)
    figure(lock.name, len(audit.locked(text)), "unpinned", len(loose))
    assert len(audit.locked(text)) > 20
    assert loose == []


@pytest.mark.trust("6.1", control=True)
def test_a_package_without_hash_or_version_is_seen():
    text = "flask==3.1.1 \\\n    --hash=sha256:" + "a" * 64 + "\nloose>=1\nbare==1.0\n    # via x\n"
    assert audit.unhashed(text) == ["loose>=1", "bare==1.0"]


def test_what_is_locked_for_some_pythons_only_is_audited_on_every_one():
    line = 'odd==1.0 ; python_version < "3.14" \\\n    --hash=sha256:' + "a" * 64 + "\n"
    whole = audit.for_every_python(line)
    assert "python_version" not in whole
    assert audit.locked(whole) == {"odd": "1.0"} and audit.unhashed(whole) == []
    for lock in audit.LOCKS:
        assert " ; " not in audit.for_every_python(lock.read_text("utf-8"))


@pytest.mark.trust("6.1")
def test_an_answer_for_every_package_and_no_vulnerability_passes():
    assert faults(answer()) == []


@pytest.mark.trust("6.1", control=True)
def test_a_skipped_package_fails_the_audit():
    told = answer()
    told["dependencies"][0] = {"name": "Flask", "skip_reason": "not found on PyPI"}
    assert faults(told) == ["flask: skipped (not found on PyPI)"]


def test_a_service_that_answers_for_nothing_is_said_in_one_line():
    told = {"dependencies": [{"name": n, "skip_reason": "not found"} for n in WANTED]}
    assert faults(told) == ["not audited: the service answered for none of 2 packages (not found)"]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"dependencies": answer()["dependencies"][1:]}, "flask: not in the answer"),
        (answer(version="3.0.0"), "flask: 3.0.0 was audited, 3.1.1 is locked"),
        ({"dependencies": []}, "the answer lists no packages: nothing was audited"),
        ([], "the answer lists no packages: nothing was audited"),
    ],
)
def test_an_answer_that_leaves_something_out_fails_the_audit(told, fault):
    assert faults(told) == [fault]


def test_a_vulnerability_fails_the_audit_unless_it_was_decided_on():
    told = answer(vulns=[{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3.1.2"]}])
    assert faults(told) == ["flask 3.1.1: PYSEC-1 (fixed in: 3.1.2)"]
    assert faults(told, {"CVE-1": "the part it is in is not used"}) == []


def test_without_an_auditor_it_says_so_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(audit, "AUDITOR", tmp_path / "nothing")
    with pytest.raises(SystemExit, match="not audited: pip-audit is not installed"):
        audit.ask(audit.LOCKS[0])


def test_a_service_that_cannot_be_reached_fails_in_one_line(monkeypatch, tmp_path):
    auditor = tmp_path / "pip-audit"
    auditor.write_text(
        "#!/bin/sh\necho 'Traceback' >&2\necho 'ConnectionError: refused' >&2\nexit 1\n"
    )
    auditor.chmod(0o755)
    monkeypatch.setattr(audit, "AUDITOR", auditor)
    with pytest.raises(SystemExit) as end:
        audit.ask(audit.LOCKS[0])
    said = str(end.value)
    assert said.startswith("not audited") and "ConnectionError: refused" in said
    assert len(said.splitlines()) == 1


def test_a_result_written_before_is_judged(tmp_path, capsys):
    result = tmp_path / "audit.json"
    result.write_text(json.dumps(answer()), "utf-8")
    assert audit.main(["--result", str(result)]) == 1
    assert "not in the answer" in capsys.readouterr().out
