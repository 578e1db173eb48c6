"""PDF from plain data: one Typst template under ``templates/documents``, one set of fonts.

Data enters only as JSON in ``sys.inputs``, so nothing that people wrote is read as Typst. The font
is Noto Sans SC from a package; a sign it lacks would be printed as an empty box without a warning,
so ``missing_glyphs`` tells them when names come in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"


@cache
def _fonts() -> typst.Fonts:
    folder = str(pylopdf_fonts_zh_cn.sans_path().parent)
    return typst.Fonts(include_system_fonts=True, font_paths=[folder])


def pdf(template: str, data: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The template ``name.typ`` filled with ``data`` (JSON-able) as tagged PDF/A-2a.

    ``made_at`` is the document's date, to the second: the same data in the same second gives the
    same bytes. Typst refuses an instant with microseconds, which every real clock has.
    """
    compiled = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
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
    """The signs of ``text`` that the document font cannot print, each once."""
    known = _known_signs()
    return "".join(sorted({s for s in text if not s.isspace() and ord(s) not in known}))
