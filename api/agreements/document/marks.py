"""What a document bears besides its words: the mark by which programs know it, and its QR code."""

from __future__ import annotations

import re
from io import BytesIO

import segno

__all__ = ["DRAFT", "document_mark", "marked_as", "qr_code"]

DRAFT = "draft"
"""What a document that nobody signed says it is, in place of a number."""
_MARK = re.compile(rb"anhuan:(draft|J?[0-9]{8}-[0-9]{4,6})")


def document_mark(number: str | None) -> str:
    """Return the keyword in a document's description: its number, or that it is a draft."""
    return f"anhuan:{number or DRAFT}"


def marked_as(content: bytes) -> str | None:
    """Return what a file says it is: a number, ``draft``, or nothing. It is a claim and proves nothing."""
    found = _MARK.search(content)
    return found[1].decode() if found else None


def qr_code(text: str) -> str:
    """Return a QR code (ISO/IEC 18004, 15 % of it may be lost) as SVG, without its quiet zone."""
    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()
