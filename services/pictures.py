"""Pictures of options: known by what they contain, never by what their name says.

JPEG, PNG and WebP up to 5 MB are kept, each once, under the digest of the bytes. What a camera
writes beside the picture (place, owner, time) is taken out of a JPEG before it is stored; which
way up it is stays, or half of all phone pictures would lie on their side.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from domain.errors import Refused
from models.database import session as current_session
from models.menus import Picture
from services.transaction import transaction

MAX_BYTES = 5 * 1024 * 1024
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
# Segments that hold no part of the picture: APP1 (Exif, XMP), APP13 (IPTC), COM (comment).
_PRIVATE_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})
_START_OF_SCAN = 0xDA
_ORIENTATION = 0x0112


def media_type(content: bytes) -> str:
    """The true type of the bytes; refuses ``picture_empty``, ``picture_too_large``, and
    ``picture_type_unknown`` for whatever is no JPEG, PNG or WebP."""
    if not content:
        raise Refused("picture_empty", field="picture")
    if len(content) > MAX_BYTES:
        raise Refused("picture_too_large", field="picture")
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    raise Refused("picture_type_unknown", field="picture")


def orientation(exif: bytes) -> int:
    """Which way up an Exif segment says a picture is, 1 to 8; 1 where it says nothing readable."""
    tiff = exif[10:]
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    start = int.from_bytes(tiff[4:8], order)
    for number in range(min(int.from_bytes(tiff[start : start + 2], order), 500)):
        entry = tiff[start + 2 + 12 * number :][:12]
        if int.from_bytes(entry[:2], order) == _ORIENTATION:
            value = int.from_bytes(entry[8:10], order)
            return value if 1 <= value <= 8 else 1
    return 1


def _upright(turned: int) -> bytes:
    """An Exif segment that says which way up the picture is, and nothing else."""
    entry = _ORIENTATION.to_bytes(2) + b"\0\3\0\0\0\1" + turned.to_bytes(2) + b"\0\0"
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\1" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def without_private_segments(content: bytes) -> bytes:
    """A JPEG without Exif (but its orientation), IPTC and comments.

    Refuses ``picture_damaged``.
    """
    kept, place = [content[:2]], 2
    while True:
        if place + 4 > len(content) or content[place] != 0xFF:
            raise Refused("picture_damaged", field="picture")
        marker = content[place + 1]
        if marker == _START_OF_SCAN:
            return b"".join((*kept, content[place:]))
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if end <= place + 3 or end > len(content):
            raise Refused("picture_damaged", field="picture")
        segment = content[place:end]
        if marker not in _PRIVATE_SEGMENTS:
            kept.append(segment)
        elif segment[4:10] == b"Exif\0\0" and (turned := orientation(segment)) != 1:
            kept.append(_upright(turned))
        place = end


def store(content: bytes, *, now: datetime) -> Picture:
    """The picture is kept; the same picture given twice is one. Refuses as ``media_type`` does."""
    kind = media_type(content)
    if kind == JPEG:
        content = without_private_segments(content)
    digest = hashlib.sha256(content).hexdigest()
    with transaction() as session:
        known = by_digest(digest)
        if known is not None:
            return known
        picture = Picture(sha256=digest, media_type=kind, content=content, uploaded_at=now)
        session.add(picture)
        return picture


def by_digest(digest: str) -> Picture | None:
    """The picture with this digest."""
    return current_session().scalar(select(Picture).where(Picture.sha256 == digest))
