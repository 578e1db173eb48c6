"""The stand-alone verifier, loaded from its own folder as anybody else would."""

from __future__ import annotations

import importlib
import io
import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "verifier"
sys.path.insert(0, str(FOLDER))
verify: Any = importlib.import_module("verify")
reading: Any = importlib.import_module("reading")
counting: Any = importlib.import_module("counting")
saying: Any = importlib.import_module("saying")


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of a bundle."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes], path: Path) -> Path:
    """The files as a ZIP archive at ``path``."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def canonical(value: object) -> bytes:
    """Canonical form of what a bundle holds (ASCII keys)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()
