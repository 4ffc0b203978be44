"""Which cards and quick replies of a transcript are still open. ``chat.js`` keeps the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.views import Record

__all__ = ["Place", "arrange", "folds_on"]

FOLDS_ON = {
    "consent": "answer",
    "offer": "answer",
    "comparison": "answer",
    "code": "secret",
    "document": "secret",
    "terms": "card",
    "refusal": "card",
    "signed": "never",
    "crisis": "never",
}
"""What folds a card to one line: the person's next message, the secret it asked for, a newer card,
or nothing. A newer card folds all but ``never``; a signature's code leaves the terms it signs open."""

MASKED = "••••"


@dataclass(frozen=True)
class Place:
    """How one record stands in the log."""

    card_open: bool = True
    """Its card's buttons still count: no newer card has taken its place."""
    replies_open: bool = True
    """It holds the newest quick replies and nobody has answered yet."""
    folded: bool = False
    latest: bool = False
    follows: bool = False
    """The same speaker spoke just before."""


def folds_on(kind: str) -> str:
    """Return what folds a card of this kind; an unknown kind folds like an offer."""
    return FOLDS_ON.get(kind, "answer")


def arrange(records: Sequence[Record]) -> list[Place]:
    """Return each record's place, oldest first."""
    newest_card = max((i for i, r in enumerate(records) if r.get("card")), default=-1)
    last_word = max((i for i, r in enumerate(records) if r["speaker"] == "person"), default=-1)
    newest_replies = max((i for i, r in enumerate(records) if _replaces_replies(r)), default=-1)
    return [
        Place(
            card_open=index == newest_card or _stays(record),
            replies_open=index == newest_replies and index > last_word,
            folded=bool(record.get("card")) and _folded(records, index, newest_card),
            latest=index == len(records) - 1,
            follows=index > 0 and records[index - 1]["speaker"] == record["speaker"],
        )
        for index, record in enumerate(records)
    ]


def _replaces_replies(record: Record) -> bool:
    """Tell whether earlier quick replies go: there are newer ones, or care comes first."""
    card = record.get("card")
    return bool(record.get("quick_replies")) or bool(card and card["kind"] == "crisis")


def _stays(record: Record) -> bool:
    return bool(record.get("card")) and folds_on(record["card"]["kind"]) == "never"


def _folded(records: Sequence[Record], index: int, newest_card: int) -> bool:
    card = records[index]["card"]
    rule = folds_on(card["kind"])
    if rule == "never":
        return False
    newer = records[newest_card]["card"]
    signs = newer["kind"] == "code" and newer.get("purpose") == "signature"
    if index < newest_card and not (card["kind"] == "terms" and signs):
        return True
    said = _answer(records, index)
    return (
        rule in ("answer", "secret") and said is not None and (rule == "answer" or said == MASKED)
    )


def _answer(records: Sequence[Record], index: int) -> str | None:
    for record in records[index + 1 :]:
        if record["speaker"] == "person":
            return str(record["text"])
        if record.get("card"):
            return None
    return None
