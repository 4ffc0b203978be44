"""The settlement certificate as a document: PDF/A-3b, a page in each language, from the certificate and nothing else.

Equal certificates give equal bytes (before the seal). It states what it is: a record of the bank's with its
number, the fingerprint of its content, and the seal it bears, if any.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst
import yaml

from api.agreements.canonical import canonical_bytes
from api.agreements.document.marks import document_mark, qr_code
from api.agreements.fonts import FAMILY, FOLDER, missing_characters
from api.agreements.seal.sealing import Evidence
from api.kit.dates import LOCAL_ZONE, month_day_text
from api.kit.money import money_text

__all__ = ["CHECKS", "drawable", "full_day", "render_certificate", "sum_of", "typeset"]

CHECKS = {None: "check", "bank": "seal", "development": "seal_development"}
"""How to check it, by the seal it bears."""
HERE = Path(__file__).parent
TEMPLATE = HERE / "letter.typ"


def render_certificate(
    body: Mapping[str, Any],
    digest: str,
    locale: str,
    *,
    credit_years: int,
    promise: bool,
    banks: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
    check_address: str | None = None,
) -> bytes:
    """Return the document of a certificate (``api.followup.ending``); the page in ``locale`` comes first.

    ``banks`` is the bank's name in each language; without it, each page has the name in the certificate.

    ``promise``: the agreement held one about new credit cards, of which the document says that it ended.
    ``evidence`` is what the seal to be put on it is worth; without it, the document says that it bears none.

    Raises:
        typst.TypstError: the document cannot be set; nothing half made is returned.
    """
    sheets = [
        _sheet(
            {**body, "bank": (banks or {}).get(language, body["bank"])},
            digest,
            language,
            credit_years,
            promise,
            evidence,
        )
        for language in sorted(_words(), key=lambda language: language != locale)
    ]
    issued = datetime.combine(date.fromisoformat(body["issued_on"]), time(12), LOCAL_ZONE)
    return typeset(
        sheets, body, number=body["number"], at=issued, attached="certificate.json",
        attached_as="The certificate, as canonical JSON (RFC 8785)", check_address=check_address,
    )  # fmt: skip


def typeset(
    sheets: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    *,
    number: str,
    at: datetime,
    attached: str,
    attached_as: str,
    check_address: str | None,
) -> bytes:
    """Return a letter as PDF/A-3b: its sheets, one a language, with the facts attached as canonical JSON.

    Raises:
        typst.TypstError: it cannot be set; nothing half made is returned.
    """
    content = {
        "sheets": sheets,
        "mark": document_mark(number),
        "qr": qr_code(check_address) if check_address else None,
        "attached": attached,
        "attached_as": attached_as,
    }
    pdf = typst.compile(
        TEMPLATE,
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={
            "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
            "facts": canonical_bytes(facts).decode(),
        },
        format="pdf",
        pdf_standards=["a-3b"],
        timestamp=at.astimezone(UTC),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - one output was asked for; narrows the type
    return pdf


def _sheet(
    body: Mapping[str, Any],
    digest: str,
    locale: str,
    credit_years: int,
    promise: bool,
    evidence: Evidence | None,
) -> dict[str, Any]:
    words = _words()[locale]
    issued = date.fromisoformat(body["issued_on"])
    values = {
        "bank": body["bank"],
        "holder": drawable(body["holder"]),
        "cards": words["comma"].join(body["cards"]),
        "agreement": body["agreement_number"],
        "cleared": full_day(body["cleared_on"], locale),
        "total": sum_of(body["paid_total"], locale),
        "number": body["number"],
        "issued": full_day(body["issued_on"], locale),
        "years": str(credit_years),
    }
    return {
        "lang": locale,
        "font": FAMILY,
        "date": [issued.year, issued.month, issued.day],
        "metadata_title": words["metadata_title"],
        "bank": body["bank"],
        "title": words["title"],
        "text": words["text"].format(**values),
        "rows": [
            [words[f"row_{name}"], values[name]] for name in ("number", "agreement", "issued")
        ],
        "fingerprint": words["fingerprint"],
        "digest": digest,
        "notes": [
            words[f"note_{name}"].format(**values)
            for name in ("promise", "record", CHECKS[evidence])
            if promise or name != "promise"
        ],
    }


def full_day(value: str, locale: str) -> str:
    """Write an ISO day as a letter does: with its year, whenever it is read."""
    return month_day_text(date.fromisoformat(value), locale, date.min)


def sum_of(value: str, locale: str) -> str:
    """Write an amount in yuan that no line is broken in."""
    return money_text(value, locale).replace(" ", "\u00a0")


def drawable(text: str) -> str:
    """Write a character that our fonts lack by its code: it never becomes an empty box."""
    for character in missing_characters(text):
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


@cache
def _words() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (HERE / "words.yaml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER]
    )
