"""Pictures: known by their bytes, kept once, without what a camera tells about its owner."""

import pytest

from domain.errors import Refused
from services import pictures

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
WEBP = b"RIFF\x10\0\0\0WEBPVP8 0000"
SCAN = b"\xff\xda\x00\x04\x00\x00" + b"image data" + b"\xff\xd9"


def segment(marker, body):
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def exif(order, turned):
    """An Exif segment with a camera's name and an orientation, in either byte order."""
    mark = b"II" if order == "little" else b"MM"
    number = lambda value, size: value.to_bytes(size, order)  # noqa: E731
    make = number(0x010F, 2) + number(2, 2) + number(4, 4) + b"Cam\0"
    turn = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(turned, 2) + b"\0\0"
    head = mark + number(42, 2) + number(8, 4) + number(2, 2)
    return segment(0xE1, b"Exif\0\0" + head + make + turn + number(0, 4) + b"GPS 32.06 118.79")


def jpeg(*segments):
    return b"\xff\xd8" + b"".join(segments) + SCAN


@pytest.mark.parametrize(
    ("content", "kind"),
    [(jpeg(), "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")],
)
def test_the_type_is_what_the_bytes_say(content, kind):
    assert pictures.media_type(content) == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_empty"),
        (b"GIF89a" + b"0" * 40, "picture_type_unknown"),
        (b"<svg></svg>", "picture_type_unknown"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "picture_type_unknown"),
        (PNG + b"0" * pictures.MAX_BYTES, "picture_too_large"),
    ],
)
def test_whatever_else_it_is_called_it_is_refused(content, code):
    with pytest.raises(Refused, match=code):
        pictures.media_type(content)


def test_camera_place_comment_and_press_data_are_taken_out_and_the_picture_kept():
    table = segment(0xDB, b"\0" * 65)
    dirty = jpeg(
        segment(0xE0, b"JFIF\0"),
        exif("big", 1),
        segment(0xED, b"Photoshop 3.0\0 owner"),
        segment(0xFE, b"taken by Lin"),
        table,
    )
    clean = pictures.without_private_segments(dirty)
    assert clean == jpeg(segment(0xE0, b"JFIF\0"), table)


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_picture_stays_the_right_way_up(order):
    clean = pictures.without_private_segments(jpeg(exif(order, 6)))
    assert b"GPS" not in clean
    assert b"Cam" not in clean
    kept = clean[2 : clean.index(b"\xff\xda")]
    assert pictures.orientation(kept) == 6


def test_an_unreadable_orientation_is_left_out():
    for body in (b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"):
        assert pictures.without_private_segments(jpeg(segment(0xE1, body))) == jpeg()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8\xff\xe1\x00\x00" + SCAN,
        b"\xff\xd8\xff\xe0\x00\x04ab" + b"no marker here",
    ],
)
def test_a_damaged_picture_is_refused(content):
    with pytest.raises(Refused, match="picture_damaged"):
        pictures.without_private_segments(content)


def test_the_same_picture_given_twice_is_one(world):
    first = pictures.store(PNG, now=world.clock())
    again = pictures.store(PNG, now=world.clock())
    assert first.id == again.id
    assert pictures.by_digest(first.sha256).content == PNG
    assert pictures.by_digest("0" * 64) is None
