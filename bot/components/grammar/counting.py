"""Small whole numbers as part of a phrase (三, 俩, 24, "twenty-four"): how they are spelled, and their value."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.numbers import find_numbers

__all__ = ["CHINESE", "ENGLISH", "count"]

CHINESE: Final = r"(?:\d{1,3}|[零一二两三四五六七八九十百廿卅]{1,4})"
ENGLISH: Final = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen"
    r"|twenty[- ]four|twenty|thirty[- ]six|thirty|forty[- ]eight|sixty|twenty[- ]\w+)"
)
_WORDS: Final = {"a": 1, "an": 1, "俩": 2, "仨": 3}


def count(words: str) -> int | None:
    """The value of a number as spelled above; none, when it is none."""
    if words in _WORDS:
        return _WORDS[words]
    numbers = find_numbers(words)
    return int(numbers[0].high) if len(numbers) == 1 else None
