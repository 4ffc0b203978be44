"""The agreement as a document: PDF/A-3b in A4, made from the terms and nothing else.

Equal terms and an equal signature give equal bytes (before the seal): the document's date comes from them,
the fonts from our own folder. The title and the file's name tell nothing to somebody looking on. Inside are
the canonical terms and the digest of the proof, so that the file alone is enough to check them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

import typst

from api.agreements.canonical import canonical_bytes
from api.agreements.document.sheet import sheet
from api.agreements.fonts import FOLDER
from api.agreements.wording import VERSION, words
from api.kit.dates import LOCAL_ZONE, as_utc

__all__ = ["Signature", "file_name", "proof_name", "render_pdf"]

TEMPLATE = Path(__file__).parent / "agreement.typ"


class Signature(TypedDict):
    """How an agreement was signed, as the document states it."""

    signed_at: datetime
    """The instant of consent; a naive one is UTC."""
    method: str
    """``code``: a one-time code sent to the number on file."""
    number: str
    """The agreement's number, ``20261124-0417``."""
    telephone_tail: NotRequired[str]
    """The last digits of the number that the code went to."""
    evidence: NotRequired[Literal["development", "bank"]]
    """Which electronic seal is put on this very file; without it, the document claims none."""
    check_address: NotRequired[str]
    """What its QR code holds: where anybody can verify it."""
    proof_digest: NotRequired[str | None]
    """SHA-256 of the proof of the calculation (hexadecimal), where one was kept."""


def render_pdf(terms: Mapping[str, Any], *, signature: Signature | None) -> bytes:
    """Return the document of these terms: signed, or marked as a draft on every page.

    Raises:
        WordingGap: the wording lacks a sentence, or a sentence lacks its value.
        typst.TypstError: the document cannot be set; nothing half made is returned.
    """
    moment = (
        as_utc(signature["signed_at"])
        if signature
        else datetime.combine(date.fromisoformat(terms["presented_on"]), time(), tzinfo=LOCAL_ZONE)
    )
    local = moment.astimezone(LOCAL_ZONE)
    content = sheet(terms, dict(signature) if signature else None) | {
        "date": [local.year, local.month, local.day],
    }
    pdf = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={
            "sheet": json.dumps(content, ensure_ascii=False, sort_keys=True),
            **_attached(terms, signature),
        },
        format="pdf",
        pdf_standards=["a-3b"],
        timestamp=moment.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - one output was asked for; narrows the type
    return pdf


def _attached(terms: Mapping[str, Any], signature: Signature | None) -> dict[str, str]:
    """Return what lies inside a signed document, as it stands: nothing of it is drawn."""
    if signature is None:
        return {}
    attached = {"terms": canonical_bytes(terms).decode()}
    proof = signature.get("proof_digest")
    if proof:  # as sha256sum writes it, so that `sha256sum -c` finds the proof under its own name
        attached["proof"] = f"{proof}  {proof_name(signature['number'], terms['locale'])}\n"
    return attached


def file_name(number: str | None, locale: str) -> str:
    """Return the name to download under: ``文件-20261124-0417.pdf``; it tells of no debt."""
    stem = words(VERSION, locale)["document"]["file_name"]
    return f"{stem}-{number}.pdf" if number else f"{stem}.pdf"


def proof_name(number: str | None, locale: str) -> str:
    """Return the name to download a proof under; as telling as that of the document."""
    return file_name(number, locale).removesuffix(".pdf") + ".json"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER]
    )
