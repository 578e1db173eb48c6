#!/usr/bin/env python3
"""Check the signed bundle of a resolution, without the program that made it.

Written from docs/bundle.md alone: the standard library and ``cryptography``, no line shared with
the program. Prints ``valid`` or the first thing that is not; exit status 0 valid, 1 not valid,
2 nothing to check.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from counting import check_failed, check_published, check_recount
from reading import EVIDENCE, check_signature, expected_key, read_bundle, read_json
from saying import Fault, Unreadable, say
from statements import check_statements

FORMS = (1, 2)


@dataclass
class Report:
    """What a valid bundle was found to hold."""

    number: str
    key: str
    key_compared: bool
    recounted: list[Any] = field(default_factory=list)
    left_out: list[Any] = field(default_factory=list)
    audited: bool = False
    sources: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    statements: list[dict[str, str]] = field(default_factory=list)

    def lines(self, chinese: bool = False) -> list[str]:
        """What to print: that it is valid, and what was and was not checked."""
        told: list[tuple[str, dict[str, object]]] = [
            ("valid", {}),
            ("number", {"number": self.number}),
        ]
        for one in self.statements:
            told.append((one["act"], dict(one)))
            if one["key"] != self.key:
                told.append(("statement_key_other", dict(one)))
        told.append(
            ("key_compared" if self.key_compared else "key_not_compared", {"key": self.key})
        )
        for code, motions in (("recounted", self.recounted), ("left_out", self.left_out)):
            if motions:
                told.append((code, {"motions": ", ".join(map(str, motions))}))
        told += self.sources
        if self.audited:
            told.append(("audit_fits", {}))
        return [say(code, params, chinese) for code, params in told]


def check_motion(place: str, motion: dict[str, Any], evidence: Sequence[Any] | None) -> bool:
    """Whether the motion could be recounted; a ``Fault`` when anything of it is not valid."""
    try:
        check_published(f"{place}: count", motion["count"])
        if evidence is None or all(one is None for one in evidence):
            return False
        check_recount(place, motion, *evidence)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Fault("form_wrong", where=f"{place} ({error})") from error
    return True


def check_evidence(files: dict[str, bytes], motions: list[Any]) -> list[Any]:
    """For each motion its count, roll and ballots, or None where the bundle is a public one."""
    if EVIDENCE[0] not in files:
        return [None] * len(motions)
    columns = []
    for name in EVIDENCE:
        column = read_json(name, files[name])
        if not isinstance(column, list) or len(column) != len(motions):
            raise Fault("form_wrong", where=name)
        columns.append(column)
    return list(zip(*columns, strict=True))


def check_all_failed(resolution: dict[str, Any]) -> None:
    """What form 2 says of votes that failed is in itself right; form 1 says nothing of them."""
    failed = resolution.get("failed")
    if (resolution["form"] == 1) != (failed is None):
        raise Fault("form_wrong", where="resolution.json: failed")
    for number, motion in enumerate(failed or (), start=1):
        where = f"failed {number}"
        try:
            check_failed(f"{where}: count", motion)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Fault("form_wrong", where=f"{where} ({error})") from error


def check(path: Path, trusted: Collection[str] = ()) -> tuple[Report, dict[str, Any]]:
    """What a valid bundle holds, and its resolution; ``trusted`` are fingerprints to accept."""
    files = read_bundle(path)
    fingerprint = check_signature(files, trusted)
    resolution = read_json("resolution.json", files["resolution.json"])
    if not isinstance(resolution, dict) or resolution.get("kind") != "louyi.resolution":
        raise Fault("form_wrong", where="resolution.json")
    motions = resolution.get("motions")
    if resolution.get("form") not in FORMS or not isinstance(motions, list) or not motions:
        raise Fault("form_wrong", where="resolution.json")
    check_all_failed(resolution)
    report = Report(str(resolution.get("number")), fingerprint, bool(trusted))
    for motion, evidence in zip(motions, check_evidence(files, motions), strict=True):
        number = motion.get("number") if isinstance(motion, dict) else None
        done = check_motion(f"motion {number}", motion, evidence)
        source = motion["count"].get("platform")
        if source:
            code = "from_totals" if source["form"] == "totals" else "from_list"
            code = code if done else "from_document"
            report.sources.append((code, {"motion": number, **source}))
        if not done:
            report.left_out.append(number)
        elif not source or source["form"] != "totals":
            report.recounted.append(number)
    report.statements = check_statements(files, trusted)
    return report, resolution


def check_audit(lines: Iterable[str], resolution: dict[str, Any]) -> None:
    """The exported log is whole and holds the resolution's anchor and its counts."""
    anchor = resolution["audit"]
    previous, counted, found = "0" * 64, set(), False
    for seq, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            linked = f"{seq}\n{previous}\n{entry['event']}".encode()
            event = json.loads(entry["event"])
            stated = (entry["seq"], entry["previous"], entry["digest"])
        except (ValueError, KeyError, TypeError) as error:
            raise Fault("audit_broken", seq=seq) from error
        if stated != (seq, previous, hashlib.sha256(linked).hexdigest()):
            raise Fault("audit_broken", seq=seq)
        previous = entry["digest"]
        if event["action"] == "motion_counted" and seq <= anchor["seq"]:
            counted.add(event["details"]["digest"])
        found = found or (seq == anchor["seq"] and previous == anchor["digest"])
    if not found:
        raise Fault("audit_lacks", what=f"{anchor['seq']}, {anchor['digest']}")
    for motion in (*resolution["motions"], *resolution.get("failed", ())):
        if motion["count_digest"] not in counted:
            raise Fault("audit_lacks", what=motion["count_digest"])


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="Check the signed bundle of a resolution.")
    parser.add_argument("bundle", type=Path, help="the ZIP file, or a folder with its files")
    parser.add_argument(
        "--key", action="append", default=[], help="the expected key: PEM file or fingerprint"
    )
    parser.add_argument("--full", action="store_true", help="insist on recounting every motion")
    parser.add_argument("--audit", type=Path, help="an exported audit log to check as well")
    parser.add_argument("--zh", action="store_true", help="speak Chinese")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Print what was found; the exit status."""
    wanted = arguments(words)
    try:
        report, resolution = check(wanted.bundle, [expected_key(text) for text in wanted.key])
        if wanted.full and report.left_out:
            raise Fault("not_recounted", motions=", ".join(map(str, report.left_out)))
        if wanted.audit:
            try:
                lines = wanted.audit.read_text(encoding="utf-8").splitlines()
            except (OSError, ValueError) as error:
                raise Unreadable("unreadable", why=error) from error
            check_audit(lines, resolution)
            report.audited = True
    except Fault as fault:
        print(say(fault.code, fault.params, wanted.zh))
        return fault.status
    print("\n".join(report.lines(wanted.zh)))
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot write Chinese must not turn "valid" into an error.
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
