"""What a rule that reads days is: a pattern, and what its match means on the day of writing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.text import compiled

__all__ = ["Read", "Rule", "as_day", "as_int", "rule"]

Read = Callable[[re.Match[str], date, bool | None], date | int | None]
"""A match, the day of writing, and whether the past is told (``None``: not known), to a date or a day of the month."""


@dataclass(frozen=True)
class Rule:
    """``vague``: the words name a stretch of days (年底, 周末) of which one is taken.

    ``bare``: a day without its month, that may be one day or a day of every month.
    ``needs``: characters of which a text holds one, if the pattern can match at all; none where it is empty.
    """

    pattern: re.Pattern[str]
    read: Read
    vague: bool = False
    bare: bool = False
    needs: frozenset[str] = frozenset()


def rule(
    words: str, read: Read, *, vague: bool = False, bare: bool = False, needs: str = ""
) -> Rule:
    """A rule with its pattern compiled."""
    return Rule(compiled(words), read, vague, bare, frozenset(needs))


def as_int(words: str) -> int:
    """The whole number that words say, -1 when they say none."""
    numbers = find_numbers(words)
    return int(numbers[0].low) if len(numbers) == 1 else -1


def as_day(number: int) -> int | None:
    """The number, when a month has such a day."""
    return number if 1 <= number <= 31 else None
