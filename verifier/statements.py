"""What was stated about a resolution after it was issued (docs/bundle.md, 12)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from reading import STATEMENTS, canonical, digest, read_json, signer
from saying import Fault

CONTEXT = b"louyi statement 1\n"
# What may follow: act → the acts before it; None is the resolution as issued.
AFTER = {
    "suspended": (None, "resumed"),
    "resumed": ("suspended",),
    "annulled": (None, "resumed", "suspended"),
    "withdrawn": (None, "resumed", "suspended"),
}
TOLD = ("act", "authority", "document", "date")


def check_statements(files: dict[str, bytes], trusted: Collection[str]) -> list[dict[str, str]]:
    """Each statement in the order in which they were made, with the key that signed it."""
    if STATEMENTS not in files:
        return []
    listed = read_json(STATEMENTS, files[STATEMENTS])
    resolution = hashlib.sha256(files["resolution.json"]).hexdigest()
    before: tuple[str | None, str | None] = (None, None)
    told = []
    try:
        if not isinstance(listed, list) or not listed:
            raise ValueError("empty")
        for number, one in enumerate(listed, start=1):
            said = _checked(one, number, resolution, before)
            signed = CONTEXT + canonical(said).encode()
            by = signer(one["public_key"].encode(), one["signature"].encode(), signed, trusted)
            told.append({name: str(said[name]) for name in TOLD} | {"key": by})
            before = (said["act"], digest(said))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Fault("form_wrong", where=f"{STATEMENTS} ({error})") from error
    return told


def _checked(
    one: dict[str, Any], number: int, resolution: str, before: tuple[str | None, str | None]
) -> dict[str, Any]:
    """The statement's document, when it follows from the one before it."""
    said: dict[str, Any] = one["document"]
    if set(one) != {"document", "signature", "public_key"}:
        raise ValueError("keys")
    if (said["kind"], said["form"], said["sequence"]) != ("louyi.statement", 1, number):
        raise ValueError("kind")
    if said["corrects"] != resolution:
        raise Fault("statement_of_another", number=number)
    act, last = before
    if said["previous"] != last or act not in AFTER.get(said["act"], ()):
        raise Fault("statement_order", number=number)
    return said
