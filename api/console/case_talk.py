"""A conversation as colleagues read it: who said what, when, in which language, and its parallel text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from api.console.parallel import (
    Parallel,
    pairs_of_assistant,
    pairs_of_policy,
    pairs_of_wording,
)
from api.conversations.language import language_of
from api.kit.dates import local_date
from api.policy.lookup import PolicyView
from api.web.words import Words

__all__ = ["LANG_TAGS", "parallel_of", "talk_records"]

FOLDER = Path(__file__).parents[1]
DOMAIN = FOLDER.parent / "domain.yml"
WORDINGS = ("{locale}.yaml", "replies.{locale}.yaml")

LANG_TAGS = {"zh": "zh-CN", "en": "en"}
OTHER = {"zh": "en", "en": "zh"}

HEARD_OF = 2
"""For how many of the person's last messages a colleague is shown what was heard in them."""


@lru_cache(maxsize=4)
def parallel_of(policy: PolicyView) -> Parallel:
    """Return what finds our own sentences in the other language, under a day's policy."""
    pairs = pairs_of_assistant(DOMAIN) + pairs_of_policy(policy)
    for name in WORDINGS:
        zh, en = (
            yaml.safe_load(
                (FOLDER / "conversations" / "wording" / name.format(locale=locale)).read_text(
                    encoding="utf-8"
                )
            )
            for locale in ("zh", "en")
        )
        pairs += pairs_of_wording(_texts(zh), _texts(en))
    return Parallel(pairs)


def _texts(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: entry["text"] if isinstance(entry, dict) and "text" in entry else entry
        for key, entry in entries.items()
    }


def talk_records(
    records: list[dict[str, Any]], w: Words, *, person: str, reader: str, policy: PolicyView,
    hears: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return records ready to be shown to a colleague.

    ``person``: the cardholder's name; ``reader``: the colleague's own; ``hears``: facts heard in the
    person's last messages are proposed.
    """
    parallel = parallel_of(policy)
    said = [record["seq"] for record in records if record["speaker"] == "person" and record["text"]]
    newest = set(said[-HEARD_OF:]) if hears else set()
    return [
        _record(record, w, parallel, person, reader, heard=record["seq"] in newest)
        for record in records
    ]


def _record(
    record: Mapping[str, Any],
    w: Words,
    parallel: Parallel,
    person: str,
    reader: str,
    *,
    heard: bool,
) -> dict[str, Any]:
    text, at = str(record["text"]), datetime.fromisoformat(record["at"])
    lang = (language_of(text) if record["speaker"] == "person" else None) or record["lang"]
    return {
        "seq": record["seq"],
        "speaker": record["speaker"],
        "who": _who(record, w, person, reader),
        "at": record["at"],
        "text": text,
        "lang": lang,
        "lang_tag": LANG_TAGS[lang],
        "foreign": lang != w.locale and any(letter.isalpha() for letter in text),
        "other": parallel.other(text, lang, local_date(at)) if text else None,
        "other_tag": LANG_TAGS[OTHER[lang]],
        "card": _card(record["card"], w) if record["card"] else "",
        "heard": heard,
    }


def _who(record: Mapping[str, Any], w: Words, person: str, reader: str) -> str:
    if record["speaker"] == "person":
        return person
    if record["speaker"] == "collector":
        name = str(record.get("name") or "")
        return w("case.you", name=name) if name == reader else name
    return w("case.assistant")


def _card(card: Mapping[str, Any], w: Words) -> str:
    """Return a card in one line: a colleague sees what was shown, and has the figures beside it."""
    key = f"case.card.{card.get('kind')}"
    if not w.has(key):
        return ""
    offer = card.get("offer") or {}
    values = {
        "monthly": f"{Decimal(offer['monthly']):,.2f}" if offer else "",
        "periods": offer.get("periods", ""),
        "n": len(card.get("offers", ())),
        "number": card.get("number", ""),
    }
    return w(key, **values)
