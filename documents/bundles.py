"""A bundle of files as a ZIP archive (docs/bundle.md, 1)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from domain.periods import ZONE

READABLE_BY_ALL = 0o644


def zip_bytes(files: Mapping[str, bytes], *, made_at: datetime) -> bytes:
    """The files, in this order and dated ``made_at``: the same files give the same bytes."""
    local = made_at.astimezone(ZONE)
    date = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = READABLE_BY_ALL << 16
            archive.writestr(info, data)
    return packed.getvalue()
