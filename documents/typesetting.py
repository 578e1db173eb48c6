"""PDF from plain data: one Typst template under ``templates/documents``, one set of fonts.

Data enters only as JSON in ``sys.inputs``, so nothing that people wrote is read as Typst. The font
is Noto Sans SC from a package and no other of the machine, so a document looks the same wherever it
is set. A sign the font lacks, as in some rare names, would end the compilation (PDF/A allows no
empty box): it is named by its code point instead, 〔U+20BB7〕.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"

# What chooses among the forms of the sign before it.
SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


@cache
def _fonts() -> typst.Fonts:
    folder = str(pylopdf_fonts_zh_cn.sans_path().parent)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def pdf(template: str, data: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The template ``name.typ`` filled with ``data`` (JSON-able) as tagged PDF/A-2a.

    ``made_at`` is the document's date, to the second: the same data in the same second gives the
    same bytes. Typst refuses an instant with microseconds, which every real clock has. Signs that
    the font lacks are named.
    """
    compiled = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(printable(data), ensure_ascii=False)},
        pdf_standards="a-2a",
        format="pdf",
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    return bytes(compiled)


@cache
def _known_signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_glyphs(text: str) -> str:
    """The signs of ``text`` that the document font cannot print, each once.

    Blanks and what only joins or varies its neighbours are no signs.
    """
    known = _known_signs()
    return "".join(
        sorted({s for s in text if not s.isspace() and not _unseen(s) and ord(s) not in known})
    )


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or any(
        first <= ord(sign) <= last for first, last in SELECTORS
    )


def printable(value: object) -> Any:
    """The same plain value with each sign that the font lacks named by its code point."""
    if isinstance(value, str):
        return "".join(_named(sign) for sign in value)
    if isinstance(value, Mapping):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value


def _named(sign: str) -> str:
    if sign in "\n\t" or ord(sign) in _known_signs():
        return sign
    if sign.isspace():
        return " "
    return "" if _unseen(sign) else f"〔U+{ord(sign):04X}〕"
