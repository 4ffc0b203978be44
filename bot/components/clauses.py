"""A line cut into its clauses: people say a reason, a wish and a sum in one breath.

"我失业了，能不能分期，一个月最多八百" has three. Commas and stops divide; so does a space between
Chinese characters, since many people write no marks at all. A space beside a Latin word divides nothing: so
are mixed lines written ("以为 auto pay 会扣").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CLAUSE_FEATURES: Final = "clause_features"
"""Property of a message: of each clause ``(start, end, columns, values)``, for the classifier."""
CLAUSE_INTENTS: Final = "clause_intents"
"""Property of a message: a :class:`ClauseIntent` for each clause."""

_MOST: Final = 6
_DIVIDES: Final = re.compile(
    r"[。；;！!？?\n…]+|[，,](?!\d{3})|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|\.\s+|\s+-+\s+|\s+(?:but|so)\s+(?=\w)"
)
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[A-Za-z']+")


@dataclass(frozen=True)
class ClauseIntent:
    """What a clause alone would be taken for, and with what confidence."""

    start: int
    end: int
    intent: str
    confidence: float


def clauses(text: str) -> list[tuple[int, int]]:
    """The places of a text's clauses, when it has several that say something; else nothing."""
    found = list(_pieces(text))
    return found[:_MOST] if len(found) > 1 else []


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in [*_DIVIDES.finditer(text), None]:
        end = match.start() if match else len(text)
        if _says_something(text[start:end]):
            yield start, end
        start = match.end() if match else end


def _says_something(piece: str) -> bool:
    return len(_CHINESE.findall(piece)) >= 2 or len(_WORD.findall(piece)) >= 2
