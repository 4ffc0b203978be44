"""What stands in words beside a card: its lead, since the card itself says the rest."""

from __future__ import annotations

import re

from api.web.views import Record

__all__ = ["lead"]

LED = frozenset({"code", "document", "consent", "offer", "comparison", "signed"})
"""Cards that hold everything their message says. The message is written whole, for texts and for
other channels; read beside the card it would say each figure twice."""

FIRST_SENTENCE = re.compile(r".+?(?:[。！？]|[.!?](?=\s|$))", re.DOTALL)


def lead(record: Record) -> str:
    """Return the words to show in a record's bubble; none beside a crisis card, which has them all."""
    text = str(record["text"])
    card = record.get("card")
    kind = card["kind"] if card else None
    if kind == "crisis":
        return ""
    if kind not in LED or (card and card.get("counter")):  # its card says nothing of the comparison
        return text
    first, *more = text.split("\n")
    if more:
        return first
    found = FIRST_SENTENCE.match(first)
    return found.group() if found else first
