"""The resolution as a printed document, drawn from its stored form and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from documents.typesetting import pdf


def resolution_pdf(
    document: Mapping[str, Any], digest: str, fingerprint: str, *, made_at: datetime
) -> bytes:
    """The resolution in Chinese as PDF/A; its digest stands on every page.

    ``fingerprint`` is that of the key it is signed with.
    """
    data = {"document": dict(document), "digest": digest, "fingerprint": fingerprint}
    return pdf("resolution", data, made_at=made_at)
