"""Days of the month in English, without a month of their own: "the 15th", "on 30 each month", "the last day of every month"."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.components.grammar.date_rules import as_day, rule
from bot.components.grammar.english_dates import ORDINAL_WORD, ordinal

__all__ = ["DAYS"]

_EVERY: Final = r"(?:(?:of\s+)?(?:each|every|ev|the|a|per)\s+(?:month|mth)|of\s+month|monthly)\b"
# What follows a day, and no fourth call or fifth payment.
_GOES_ON: Final = (
    r"\s+(?:is|was|isn't|wasn't|would|will|works?|suits?|seems|or|and|but|if|when|because|so|not|instead|i|my|we|they|please|pls|maybe|probably|at|for|in the|till|until|to)\b"
    r"|\s*(?:$|[.,;!?\u4e00-\u9fff])"
)
_NO_DAY: Final = r"(?!\s+(?:time|option|plan|offer|payment|floor|month\b|one|choice|instal|party|person|call|year|week|card|job|child|wife|attempt|letter|birthday|anniversary|century|grade|street|of all))"


def _ordinal_day(m: re.Match[str], today: date, past: bool | None) -> int | None:
    return as_day(ordinal(m, "" if m["word"] else "2"))


DAYS: Final = [
    rule(
        rf"\b(?:the\s+)?(?:(?P<tens>twenty|thirty)[- ]?)?(?P<word>{ORDINAL_WORD})\b(?=\s*{_EVERY})",
        _ordinal_day,
    ),
    rule(
        rf"\b(?:the|on|by|till|until|since|from)\s+(?:the\s+)?(?:(?P<tens>twenty|thirty)[- ]?)?(?P<word>{ORDINAL_WORD})\b(?=\s*(?:$|[.,;!?]))",
        _ordinal_day,
        bare=True,
    ),
    rule(  # "the seventeenth was my old job", "twenty seventh i think": from the fourth on no offer is meant
        rf"(?<!my )(?<!our )(?<!his )(?<!her )(?<! a )\b(?:the\s+)?(?:(?P<tens>twenty|thirty)[- ]?)?(?P<word>{ORDINAL_WORD})\b(?<!\bfirst)(?<!\bsecond)(?<!\bthird)(?={_GOES_ON})"
        rf"|\b(?:the\s+)?(?P<tens2>twenty|thirty)[- ](?P<word2>first|second|third)\b(?={_GOES_ON})",
        _ordinal_day,
        bare=True,
    ),
    rule(
        rf"\b(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)\b(?=\s+{_EVERY})|\bthe\s+(\d{{1,2}})\b(?=\s+{_EVERY})",
        lambda m, t, p: as_day(int(m[1] or m[2])),
    ),
    rule(
        rf"\b(?:the\s+)?(\d{{1,2}}) ?(?:st|nd|rd|th)\b{_NO_DAY}",
        lambda m, t, p: as_day(int(m[1])),
        bare=True,
    ),
    rule(
        r"\bday\s+(\d{1,2})\b(?!\s*(?:of|since|without|in a))|\bday\s+(\d{1,2})(?=\s+of\s+(?:the|each|every))",
        lambda m, t, p: as_day(int(m[1] or m[2])),
    ),
    rule(
        r"\b(?:the )?(?:last|final) (?:calendar |working )?day (?:of )?(?:(?:the|each|every|a|any) )?month\b|\blast of (?:(?:the|each|every) )?month\b|\beom\b",
        lambda m, t, p: 31,
    ),
    rule(r"\b(?:pays?|paid)\b(?: \w+){0,2} on the last day\b(?! of)", lambda m, t, p: 31),
    rule(
        r"\b(?:the )?(?:first|1st) (?:calendar )?(?:day )?of (?:(?:the|each|every|a|any) )?month\b|\b(?:first|1st) day (?:each|every) month\b",
        lambda m, t, p: 1,
    ),
    rule(  # "on 30 each month", "every month on 15"
        rf"\b(?:on|by|around|about|day|date|the)\s+(?:the\s+)?(\d{{1,2}})\b(?=\s+{_EVERY})|\b(?:each|every) (?:month|mth),?\s+(?:on|by|at|around)\s+(?:the\s+)?(\d{{1,2}})\b(?![\d.,]*\d|%)",
        lambda m, t, p: as_day(int(m[1] or m[2])),
    ),
]
"""What names a day of the month."""
