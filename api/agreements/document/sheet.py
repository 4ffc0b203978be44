"""What stands where on the document: every text ready, so that the template only lays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.agreements.canonical import digest, fingerprint
from api.agreements.document.marks import document_mark, qr_code
from api.agreements.fonts import FAMILY, missing_characters
from api.agreements.terms import cooling_off_until, sections, summary_rows
from api.agreements.wording import fill, words
from api.agreements.wording.figures import day_text, flags, values
from api.kit.dates import as_utc, local_date, time_text

__all__ = ["sheet"]

EVIDENCE_WORDS = {
    None: "evidence",
    "bank": "evidence_sealed",
    "development": "evidence_development",
}
"""What a document says of its own worth, by the seal that is put on it."""


def sheet(terms: Mapping[str, Any], signature: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the document's content as plain JSON.

    A character that our fonts lack is written by its code, and a note on the first page says so:
    it never becomes an empty box.
    """
    wording = words(terms["wording_version"], terms["locale"])
    page_words = wording["document"]
    full_digest = digest(terms)
    short = fingerprint(full_digest)
    content = {
        "lang": terms["locale"],
        "font": FAMILY,
        "metadata_title": page_words["metadata_title"],
        "bank": terms["bank"]["name"],
        "title": terms["title"],
        "subtitle": terms["subtitle"],
        "signed": signature is not None,
        "tag": (
            fill(page_words["signed_tag"], {"number": signature["number"]})
            if signature
            else page_words["draft_tag"]
        ),
        "watermark": None if signature else page_words["draft_watermark"],
        "hero": _hero(terms, wording),
        "summary_heading": page_words["summary_heading"],
        "summary": [[row["label"], row["text"]] for row in summary_rows(terms)],
        "full_terms": page_words["full_terms"],
        "sections": sections(terms),
        "signing": _signing(terms, signature, page_words, full_digest, short),
        "footer": fill(page_words["footer_fingerprint"], {"fingerprint": short}),
        "page": page_words["page"],
        "mark": document_mark(signature["number"] if signature else None),
    }
    missing = missing_characters(_all_text(content))
    drawn: dict[str, Any] = _replace(
        content, {c: fill(page_words["missing_mark"], {"code": f"U+{ord(c):04X}"}) for c in missing}
    )
    codes = wording["list_separator"].join(f"U+{ord(c):04X}" for c in missing)
    note = fill(page_words["missing_characters"], {"codes": codes}) if missing else None
    address = signature.get("check_address") if signature else None
    return drawn | {"note": note, "qr": qr_code(address) if address else None}


def _hero(terms: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, Any]:
    """Return the number that matters most, and the facts beside it."""
    page_words, texts, holding = wording["document"], values(terms, wording), flags(terms)
    monthly = bool(holding & {"level", "last_differs"})
    label = "hero_monthly" if monthly else "hero_once" if "single" in holding else "hero_irregular"
    facts = []
    if "down_payment" in holding:
        facts.append((page_words["fact_down"], texts["down_payment"]))
    facts.append((page_words["fact_periods"], str(terms["repayment"]["periods"])))
    if monthly:
        facts.append((page_words["fact_total"], texts["plan_total"]))
    if "relief" in holding:
        facts.append((page_words["fact_relief"], texts["relief_total"]))
    facts.append((page_words["fact_rate"], texts["apr"]))
    return {
        "label": page_words[label],
        "figure": texts["monthly" if monthly else "plan_total"],
        "facts": [list(fact) for fact in facts],
    }


def _signing(
    terms: Mapping[str, Any],
    signature: Mapping[str, Any] | None,
    page_words: Mapping[str, Any],
    full_digest: str,
    short: str,
) -> dict[str, Any]:
    """Return the record of signing, or the plain statement that nothing is signed yet."""
    fields, locale = page_words["fields"], terms["locale"]
    prints = [
        [fields["fingerprint"], short],
        [fields["digest"], fill(page_words["digest_value"], {"digest": full_digest})],
    ]
    if signature is None:
        return {
            "heading": page_words["draft_heading"],
            "text": page_words["draft_text"],
            "rows": [],
            "prints": prints,
            "check": None,
        }
    signed_at = as_utc(signature["signed_at"])
    tail = signature.get("telephone_tail") or ""
    method = page_words["methods"][f"{signature['method']}_tail" if tail else signature["method"]]
    day = day_text(local_date(signed_at), locale)
    until = day_text(cooling_off_until(terms, signed_at), locale)
    evidence, address = signature.get("evidence"), signature.get("check_address")
    return {
        "heading": page_words["signature_heading"],
        "text": page_words[EVIDENCE_WORDS[evidence]],
        "prints": prints,
        "check": page_words["check"] if address else None,
        "rows": [
            [fields["number"], signature["number"]],
            [
                fields["signed_at"],
                fill(page_words["signed_at_value"], {"day": day, "time": time_text(signed_at)}),
            ],
            [fields["signer"], terms["holder"]["name"]],
            [fields["method"], fill(method, {"telephone_tail": tail})],
            [fields["cooling"], fill(page_words["cooling_value"], {"day": until})],
        ],
    }


def _all_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "".join(_all_text(part) for part in value.values())
    if isinstance(value, list):
        return "".join(_all_text(part) for part in value)
    return ""


def _replace(value: Any, marks: Mapping[str, str]) -> Any:
    """Return ``value`` with each missing character written as its mark, sums kept whole."""
    if isinstance(value, str):
        # A line never breaks between a sum and its unit.
        return "".join(marks.get(c, c) for c in value).replace(" 元", "\u00a0元")
    if isinstance(value, Mapping):
        return {key: _replace(part, marks) for key, part in value.items()}
    if isinstance(value, list):
        return [_replace(part, marks) for part in value]
    return value
