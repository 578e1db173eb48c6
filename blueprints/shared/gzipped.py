"""A text that stays, with places that are filled anew, as gzip: what stays is compressed once.

A deflate stream may be put together from blocks. Each part that stays is compressed by itself and
ends on a byte, looking back at nothing before it; what fills a place goes in between as it is, in a
block that is not compressed, so that the length of an answer says nothing of it but its length.
Source: RFC 1951 (blocks), RFC 1952 (the frame around them).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

# No name, no time, no system: RFC 1952 section 2.3.
_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
# The last block, which is empty.
_END = b"\x03\x00"
# What a block that is not compressed holds at most.
_MOST = 0xFFFF


def packed(text: bytes) -> bytes:
    """Blocks that stand for this text, wherever in a stream they are put."""
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(text) + press.flush(zlib.Z_FULL_FLUSH)


def plain(text: bytes) -> bytes:
    """The same without compressing it."""
    parts = [text[start : start + _MOST] for start in range(0, len(text), _MOST)]
    return b"".join(
        b"\0" + struct.pack("<HH", len(part), len(part) ^ _MOST) + part for part in parts
    )


def whole(blocks: Sequence[bytes], text: bytes) -> bytes:
    """The gzip of ``text``, for which these blocks stand, one after the other."""
    check = struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)
    return b"".join((_HEAD, *blocks, _END, check))
