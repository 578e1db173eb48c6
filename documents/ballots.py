"""The QR code on a printed ballot."""

from __future__ import annotations

import io

import segno


def address_code(address: str) -> str:
    """An SVG of the QR code that leads to ``address``, to be put into a page as it is."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", scale=3, border=2, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()
