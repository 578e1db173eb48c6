"""Known vulnerabilities of what is locked: asks, and says no unless every package was answered for.

    python -m tools.audit                      ask for requirements.txt and requirements-dev.txt
    python -m tools.audit --result FILE        judge an answer that pip-audit has written already

``pip-audit`` (in a folder of its own, ``make audit``) asks the vulnerability service of PyPI. The
audit fails when a package has a known vulnerability without a decision, when a locked package is
missing from the answer or was skipped, and when the service could not be asked. Vulnerabilities
that were looked into and do not concern us stand in ``ACCEPTED`` with the reason.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCKS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
AUDITOR = ROOT / ".venv-audit" / "bin" / "pip-audit"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
HASHED = re.compile(r"--hash=sha256:[0-9a-f]{64}")
# id of the vulnerability -> why it does not concern us.
ACCEPTED: dict[str, str] = {}


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, str]:
    """Package -> version of a compiled requirements file."""
    return {plain(name): version for name, version in PINNED.findall(text)}


def unhashed(text: str) -> list[str]:
    """The requirements of a compiled file that are not pinned with a hash."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    wanted = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "-"))]
    return [line.split()[0] for line in wanted if not (PINNED.match(line) and HASHED.search(line))]


def for_every_python(text: str) -> str:
    """A compiled file without its markers: the auditor's own Python leaves out nothing."""
    return re.sub(r"^([^\s#;]+==[^\s;]+) *;[^\\\n]*", r"\1 ", text, flags=re.MULTILINE)


def faults(answer: Any, wanted: Mapping[str, str], accepted: Mapping[str, str]) -> list[str]:
    """What is wrong with an answer of ``pip-audit --format json`` for the wanted packages.

    A package that is missing, skipped or of another version is a fault like a vulnerable one.
    """
    listed = answer.get("dependencies") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not listed:
        return ["the answer lists no packages: nothing was audited"]
    if all("skip_reason" in package for package in listed):
        why = str(listed[0]["skip_reason"])[:120]
        return [f"not audited: the service answered for none of {len(listed)} packages ({why})"]
    found, seen = [], {}
    for package in listed:
        name = plain(str(package.get("name", "?")))
        if "skip_reason" in package or "version" not in package or "vulns" not in package:
            found.append(f"{name}: skipped ({package.get('skip_reason', 'no version or answer')})")
            continue
        seen[name] = package["version"]
        for known in package["vulns"]:
            names = {known.get("id", "?"), *known.get("aliases", ())}
            if not names & accepted.keys():
                fixed = ", ".join(known.get("fix_versions", ())) or "none yet"
                found.append(f"{name} {package['version']}: {known.get('id')} (fixed in: {fixed})")
    for name, version in wanted.items():
        if name not in seen and not any(fault.startswith(f"{name}: skipped") for fault in found):
            found.append(f"{name}: not in the answer")
        elif name in seen and seen[name] != version:
            found.append(f"{name}: {seen[name]} was audited, {version} is locked")
    return found


def ask(lock: Path) -> Any:
    """pip-audit's answer for one lock file; ``SystemExit`` with one line when it gave none."""
    if not AUDITOR.exists():
        raise SystemExit("not audited: pip-audit is not installed (make audit installs it)")
    whole = AUDITOR.with_name(lock.name)
    whole.write_text(for_every_python(lock.read_text("utf-8")), "utf-8")
    command = [AUDITOR, "-r", whole, "--format", "json", "--disable-pip", "--require-hashes"]
    run = subprocess.run(
        [*map(str, command), "--progress-spinner", "off"], capture_output=True, text=True
    )
    try:
        return json.loads(run.stdout)
    except ValueError:
        said = [line for line in run.stderr.splitlines() if line.strip()]
        last = said[-1].strip()[:200] if said else "no answer"
        raise SystemExit(f"not audited: the vulnerability service gave no answer: {last}") from None


def main(arguments: list[str]) -> int:
    """Audit both lock files, or judge one answer; 1 when anything is wrong."""
    wanted = {lock: lock.read_text("utf-8") for lock in LOCKS}
    found = [
        f"{name}: not pinned with a hash" for text in wanted.values() for name in unhashed(text)
    ]
    if arguments[:1] == ["--result"]:
        answer = json.loads(Path(arguments[1]).read_text("utf-8"))
        found += faults(answer, locked("\n".join(wanted.values())), ACCEPTED)
    else:
        for lock, text in wanted.items():
            found += faults(ask(lock), locked(text), ACCEPTED)
    number = len(locked("\n".join(wanted.values())))
    print(
        "\n".join(found) if found else f"{number} packages audited, none skipped, none vulnerable"
    )
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
