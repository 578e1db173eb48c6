"""Gzip put together from parts: any reader of gzip reads the whole text, and nothing else."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.shared import gzipped

PARTS = st.lists(st.tuples(st.text().map(str.encode), st.text(max_size=40).map(str.encode)))


@given(PARTS)
def test_any_parts_are_read_as_one_text(parts):
    blocks = [block for part, own in parts for block in (gzipped.packed(part), gzipped.plain(own))]
    text = b"".join(part + own for part, own in parts)
    assert gzip.decompress(gzipped.whole(blocks, text)) == text


def test_a_part_may_be_put_behind_any_other():
    part = gzipped.packed("表决".encode() * 200)
    for before in (b"", b"x", "楼议".encode() * 30000):
        text = before + "表决".encode() * 200
        assert gzip.decompress(gzipped.whole([gzipped.plain(before), part], text)) == text


def test_what_stays_is_compressed_and_what_is_own_is_not():
    assert len(gzipped.packed(b"a" * 5000)) < 50
    assert b"Wang Xiulan" in gzipped.plain(b"Wang Xiulan")


def test_another_text_than_the_blocks_stand_for_is_found_out():
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(gzipped.whole([gzipped.packed(b"one")], b"two"))
