"""Workbooks made to hurt: small files that would cost a parser its memory or half a minute."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-office'
    'document.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)
_REL = '<Relationship Id="{}" Type="' + _OFFICE + '/{}" Target="{}"/>'


def workbook(cells: str, *, after: str = "", before: str = "") -> dict[str, str]:
    """The parts of a small workbook whose one sheet holds ``cells``."""
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS.format(_REL.format("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _RELS.format(
            _REL.format("r1", "worksheet", "worksheets/sheet1.xml")
        ),
        "xl/worksheets/sheet1.xml": (
            f'{before}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{after}</worksheet>'
        ),
    }


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>室号</t></is></c></row>'


def billion_laughs() -> bytes:
    """Entities that unfold into each other."""
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    for above, below in zip("bcdefghi", "abcdefgh", strict=True):
        entities += f'<!ENTITY {above} "{f"&{below};" * 10}">'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return zipped(workbook(cell, before=f"<!DOCTYPE w [{entities}]>"))


def external_entity() -> bytes:
    """An entity that reads a file of the server."""
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    doctype = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return zipped(workbook(cell, before=doctype))


def unpacks_to_gigabytes() -> bytes:
    """One part of zeros, a thousand times smaller packed."""
    return zipped({**workbook(ROW), "xl/media/image1.png": b"\0" * (21 * 1024 * 1024)})


def lies_about_its_size() -> bytes:
    """The directory declares one kilobyte, the data hold ten megabytes."""
    name = "xl/worksheets/sheet1.xml"
    size = 10 * 1024 * 1024
    data = bytearray(zipped({**workbook(ROW), name: b" " * size}))
    return bytes(data.replace(size.to_bytes(4, "little"), (1024).to_bytes(4, "little")))


def thousands_of_parts() -> bytes:
    """More parts than any roster has."""
    return zipped(workbook(ROW) | {f"xl/p{number}.xml": "<p/>" for number in range(300)})


def more_cells_than_the_limits_allow() -> bytes:
    """Three kilobytes of which the parser makes 400,000 cells."""
    return zipped(workbook('<row r="1">' + "<c/>" * 400_000 + "</row>"))


def million_texts() -> bytes:
    """A million elements inside one cell."""
    return zipped(workbook('<row r="1"><c>' + "<t/>" * 1_000_000 + "</c></row>"))


def million_styles() -> bytes:
    """Elements that cost the parser more than cells do."""
    parts = workbook(ROW)
    styles = "<xf/>" * 500_000
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>'
    return zipped(parts)


def merged_world() -> bytes:
    """Merged ranges over the whole sheet: seventeen thousand million cells, many times over."""
    rows = ROW + '<row r="5000"><c r="BH5000"><v>1</v></c></row>'
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 60_000
    return zipped(workbook(rows, after=f"<mergeCells>{merges}</mergeCells>"))


def far_corner() -> bytes:
    """A value in the last cell that a sheet can have."""
    return zipped(workbook(ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def one_text_everywhere() -> bytes:
    """One text of 30,000 characters, stored once and shown in 40,000 cells."""
    cells = '<c t="s"><v>0</v></c>' * 8
    rows = "".join(f'<row r="{row}">{cells}</row>' for row in range(1, 5001))
    parts = workbook(rows)
    parts["[Content_Types].xml"] = _TYPES.replace("</Types>", _STRINGS_TYPE)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"张" * 30_000}</t></si></sst>'
    parts["xl/_rels/workbook.xml.rels"] = _RELS.format(
        _REL.format("r1", "worksheet", "worksheets/sheet1.xml")
        + _REL.format("r2", "sharedStrings", "sharedStrings.xml")
    )
    return zipped(parts)


def one_sheet_many_times() -> bytes:
    """Two hundred sheets that are all the same part."""
    parts = workbook(ROW)
    sheets = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="r1"/>' for number in range(1, 150)
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
    )
    return zipped(parts)


def endless_nesting() -> bytes:
    """Elements inside elements, ten thousand deep."""
    return zipped(workbook("<a>" * 10_000 + "</a>" * 10_000))


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "billion_laughs": (billion_laughs, "file_hostile"),
    "external_entity": (external_entity, "file_hostile"),
    "unpacks_to_gigabytes": (unpacks_to_gigabytes, "file_too_big_unpacked"),
    "lies_about_its_size": (lies_about_its_size, "file_unreadable"),
    "thousands_of_parts": (thousands_of_parts, "file_too_many_parts"),
    "more_cells_than_the_limits_allow": (
        more_cells_than_the_limits_allow,
        "file_too_complicated",
    ),
    "million_texts": (million_texts, "file_too_complicated"),
    "million_styles": (million_styles, "file_too_complicated"),
    "merged_world": (merged_world, "file_too_complicated"),
    "far_corner": (far_corner, "too_many_rows"),
    "one_text_everywhere": (one_text_everywhere, "file_too_big_unpacked"),
    "one_sheet_many_times": (one_sheet_many_times, "file_unreadable"),
    "endless_nesting": (endless_nesting, "file_too_complicated"),
}
