"""The confirmation of a withdrawal as a document: what was withdrawn, on which day, and what follows from it.

Like the settlement certificate it is PDF/A-3b, a page in each language, from its facts and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from api.agreements.fonts import FAMILY
from api.agreements.seal.sealing import Evidence
from api.followup.certificate import CHECKS, drawable, full_day, sum_of, typeset
from api.kit.dates import LOCAL_ZONE
from api.kit.money import ZERO, money

__all__ = ["SCHEMA", "render_confirmation"]

SCHEMA = "anhuan.withdrawal/1"
WORDS = Path(__file__).parent / "words.yaml"


def render_confirmation(
    body: Mapping[str, Any],
    digest: str,
    locale: str,
    *,
    evidence: Evidence | None = None,
    check_address: str | None = None,
) -> bytes:
    """Return the document of a withdrawal (``api.followup.withdrawing``); the page in ``locale`` comes first.

    Raises:
        typst.TypstError: the document cannot be set; nothing half made is returned.
    """
    languages = sorted(_words(), key=lambda language: language != locale)
    recorded = datetime.combine(date.fromisoformat(body["recorded_on"]), time(12), LOCAL_ZONE)
    return typeset(
        [_sheet(body, digest, language, evidence) for language in languages], body,
        number=body["number"], at=recorded, attached="withdrawal.json",
        attached_as="The withdrawal, as canonical JSON (RFC 8785)", check_address=check_address,
    )  # fmt: skip


def _sheet(
    body: Mapping[str, Any], digest: str, locale: str, evidence: Evidence | None
) -> dict[str, Any]:
    words = _words()[locale]
    recorded = date.fromisoformat(body["recorded_on"])
    values = {
        "bank": body["bank"],
        "holder": drawable(body["holder"]),
        "cards": words["comma"].join(body["cards"]),
        "agreement": body["agreement_number"],
        "number": body["number"],
        "received": full_day(body["received_on"], locale),
        "until": full_day(body["until"], locale),
        "paid": sum_of(body["paid_total"], locale),
        "relief": sum_of(body["relief_total"], locale),
    }
    relieved = money(body["relief_total"]) > ZERO
    return {
        "lang": locale,
        "font": FAMILY,
        "date": [recorded.year, recorded.month, recorded.day],
        "metadata_title": words["metadata_title"],
        "bank": body["bank"],
        "title": words["title"],
        "text": words["text"].format(**values),
        "rows": [
            [words[f"row_{name}"], values[name]]
            for name in ("number", "agreement", "received", "until", "paid")
        ],
        "fingerprint": words["fingerprint"],
        "digest": digest,
        "notes": [
            words[f"note_{name}"].format(**values)
            for name in ("effect", "relief", CHECKS[evidence])
            if relieved or name != "relief"
        ],
    }


@cache
def _words() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return loaded
