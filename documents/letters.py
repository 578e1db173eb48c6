"""Household letters: one A4 page each, in Chinese and English, big type, the code and its QR.

The address and the name are what the committee knows of the household; nothing else is printed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import segno

from documents.typesetting import pdf

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class LetterSheet:
    """What one letter says. ``code`` is grouped for reading, ``last_day`` the last it works on."""

    community: str
    address: str
    addressee: str
    is_tenant: bool
    code: str
    url: str
    site: str
    last_day: date


def qr_svg(url: str, *, millimetres: int = 0) -> str:
    """The QR of an address as SVG with its quiet zone, error correction M.

    It is as wide as told, or as its frame when nothing is told.
    """
    made = segno.make(url, error="m", micro=False)
    size: dict[str, object] = {"omitsize": True}
    if millimetres:
        size = {"unit": "mm", "scale": millimetres / made.symbol_size(border=4)[0]}
    drawn = io.BytesIO()
    made.save(drawn, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, **size)
    return drawn.getvalue().decode()


def _plain(sheet: LetterSheet) -> dict[str, object]:
    day = sheet.last_day
    return {
        "community": sheet.community,
        "address": sheet.address,
        "addressee": sheet.addressee,
        "is_tenant": sheet.is_tenant,
        "code": sheet.code,
        "site": sheet.site,
        "qr": qr_svg(sheet.url),
        "day_zh": f"{day.year} 年 {day.month} 月 {day.day} 日",
        "day_en": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    }


def letters_pdf(sheets: Sequence[LetterSheet], *, made_at: datetime) -> bytes:
    """All letters as one tagged PDF/A, a page each, in the order given."""
    data = {"letters": [_plain(sheet) for sheet in sheets]}
    return pdf("letters", data, made_at=made_at)
