"""Canonical JSON (RFC 8785, of texts, whole numbers, lists and mappings with ASCII keys): what is
hashed, signed or linked is written in one way only."""

from __future__ import annotations

import json

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: object) -> str:
    """The value as canonical JSON: sorted keys, no blanks, no floats."""
    return _ENCODER.encode(value)
