"""Days told in Chinese and English at once, or in figures alone: "27 hao", 下个月 10th, "next 周五", 01/15/2027."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.components.grammar.calendar_days import in_month, make, weekday_of_week
from bot.components.grammar.counting import count
from bot.components.grammar.date_rules import as_day, rule
from bot.components.grammar.english_dates import (
    EN_WEEKDAY,
    EN_WEEKDAYS,
    ORDINAL_WORD,
    ORDINAL_WORDS,
)

__all__ = ["DATES", "DAYS"]

_WEEKDAYS: Final = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_ON: Final = {"下": 1, "出": 1, "上": -1, "next": 1, "last": -1}
_NTH: Final = r"(\d{1,2})(?:st|nd|rd|th)\b"
_NUMBER_WORD: Final = (
    r"(?:(?:twenty|thirty)[- ]?(?:one|two|three|four|five|six|seven|eight|nine)?|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|one|two|three|four|five|six|seven|eight|nine)"
)
_MONTHLY: Final = r"每一?个?月的?"


def _year_last(m: re.Match[str], today: date, past: bool | None) -> date | None:
    """Month or day first, as the calendar allows; where it allows both, the nearer in time."""
    first, second, year = int(m[1]), int(m[2]), int(m[3])
    fits = [made for made in (make(year, first, second), make(year, second, first)) if made]
    return min(fits, key=lambda made: abs((made - today).days), default=None)


def _shift(words: str) -> int:
    return len(words) * _ON[words[0]] if words[0] in "上下" else _ON.get(words, 0)


DATES: Final = [
    rule(r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?!\d)", _year_last),
    rule(
        rf"(下+|上+|这|本)\s*个?(?:周|星期|[礼禮]拜)?的?\s*\b({EN_WEEKDAY})",
        lambda m, today, past: weekday_of_week(today, EN_WEEKDAYS[m[2]], _shift(m[1])),
    ),
    rule(
        r"\b(next|this|last)\s*(?:周|星期|[礼禮]拜|week\s*(?:周|星期|[礼禮]拜))([一二三四五六日天])",
        lambda m, today, past: weekday_of_week(today, _WEEKDAYS[m[2]], _shift(m[1])),
    ),
    rule(
        rf"(下+|上+|这|本|今|出)\s*个?\s*月的?\s*(?:on\s+)?(?:the\s+)?{_NTH}",
        lambda m, today, past: in_month(today, _shift(m[1]), int(m[2])),
    ),
    rule(
        r"(?<!\d)(\d{1,2})\s*[号日]\s*(?:of\s+)?(next|this|last) month\b",
        lambda m, today, past: in_month(today, _shift(m[2]), int(m[1])),
    ),
]
"""What names one day."""

DAYS: Final = [
    rule(rf"\b({_NUMBER_WORD})\s*号", lambda m, t, p: as_day(count(m[1]) or 0), bare=True),
    rule(r"\b(\d{1,2}) ?hao\b(?! ?(?:de|ma|ba)\b)", lambda m, t, p: as_day(int(m[1])), bare=True),
    rule(
        rf"\b(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+of\s+{_MONTHLY}|{_MONTHLY}\s*(?:on\s+)?(?:the\s+)?{_NTH}",
        lambda m, t, p: as_day(int(m[1] or m[2])),
    ),
    rule(
        rf"\b(?:the\s+)?((?:(?:twenty|thirty)[- ])?(?:{ORDINAL_WORD}))\s+(?:day\s+)?of\s+{_MONTHLY}"
        rf"|{_MONTHLY}\s*(?:on\s+)?the\s+((?:(?:twenty|thirty)[- ])?(?:{ORDINAL_WORD}))\b",
        lambda m, t, p: ORDINAL_WORDS.get((m[1] or m[2]).replace(" ", "-")),
    ),
    rule(rf"{_MONTHLY}\s*(?:the\s+)?(?:first|1st) day\b", lambda m, t, p: 1),
    rule(rf"\b(?:the\s+)?last\s+day\s+of\s+{_MONTHLY}", lambda m, t, p: 31),
]
"""What names a day of the month."""
