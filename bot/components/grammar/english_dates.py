"""Dates in English: "the 10th of next month", "Friday week", "in ten days"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bot.components.grammar.calendar_days import (
    coming_weekday,
    in_month,
    last_weekday,
    make,
    named_day,
    part_of_month,
    such_day,
    weekday_of_week,
    yearless,
)
from bot.components.grammar.counting import ENGLISH, count
from bot.components.grammar.date_rules import rule

__all__ = [
    "DATES",
    "EN_WEEKDAY",
    "EN_WEEKDAYS",
    "ORDINAL_WORD",
    "ORDINAL_WORDS",
    "day_in_words",
    "ordinal",
]

EN_WEEKDAYS: Final = {
    name: at
    for at, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
} | {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_EN_MONTHS: Final = (
    {
        name: at
        for at, name in enumerate(
            "january february march april may june july august september october november december".split(),
            start=1,
        )
    }
    | {
        name: at
        for at, name in enumerate(
            "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
        )
    }
    | {"sept": 9}
)
_ON: Final = {"next": 1, "this": 0, "last": -1}
_EN_MONTH: Final = "(?:" + "|".join(sorted(_EN_MONTHS, key=len, reverse=True)) + r")\b\.?"
EN_WEEKDAY: Final = "(?:" + "|".join(sorted(EN_WEEKDAYS, key=len, reverse=True)) + r")\b"
ORDINAL_WORDS: Final = {
    word: at
    for at, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30, "thirty-first": 31}
ORDINAL_WORDS.update({f"twenty-{w}": 20 + n for w, n in list(ORDINAL_WORDS.items())[:9]})
ORDINAL_WORD: Final = "|".join(sorted(ORDINAL_WORDS, key=len, reverse=True))
_EN_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_EN_NEAR: Final = {
    "day after tomorrow": 2, "tomorrow": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "tmrw": 1, "tmr": 1, "2moro": 1,
    "yesterday": -1, "yday": -1, "day before yesterday": -2, "today": 0,
}  # fmt: skip
_NEAR_WORD: Final = "|".join(sorted(_EN_NEAR, key=len, reverse=True))
# Every Friday, every other Thursday: that weekday again and again is no one day.
_EN_AGAIN: Final = r"(?<!every )(?<!each )(?<!other )(?<!alternate )(?<!alternating )(?<!second )(?<!2nd )(?<!\ba )(?<!black )(?<!good )(?<!cyber )"


def _en_month_first(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return _en_date(m[1], m[2], m[3], today, past)


def _en_day_first(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return _en_date(m[2], m[1], m[3], today, past)


def _en_date(month: str, day: str, year: str | None, today: date, past: bool | None) -> date | None:
    number = int(re.match(r"\d+", day)[0])  # type: ignore[index]
    month_number = _EN_MONTHS[month.rstrip(".")]
    if year:
        return make(int(year), month_number, number)
    return yearless(month_number, number, today, past)


def _en_month_part(m: re.Match[str], today: date, past: bool | None) -> date | int | None:
    part, which = m["part"], m["which"]
    day = 31 if part.startswith("end") else 1 if part.startswith(("beg", "start")) else 15
    if which in ("next", "this", "last"):
        return in_month(today, _ON[which], day)
    return day


def _en_relative_day(m: re.Match[str], today: date, past: bool | None) -> date | None:
    day = m["day"] or m["day2"]
    return in_month(today, _ON[m["w"] or m["w2"]], _en_ordinal(day))


def _en_ordinal(day: str) -> int:
    if day in ORDINAL_WORDS:
        return ORDINAL_WORDS[day]
    digits = re.match(r"\d+", day)
    return int(digits[0]) if digits else -1


def _en_week(m: re.Match[str], today: date, past: bool | None) -> date | None:
    which, weekday = m[1] or m[3], EN_WEEKDAYS[m[2] or m[4]]
    if which == "next":
        return weekday_of_week(today, weekday, 1)
    if which == "last":
        return weekday_of_week(today, weekday, -1 if weekday >= today.weekday() else 0)
    if which == "past":
        return last_weekday(today, weekday)
    return last_weekday(today, weekday) if past else coming_weekday(today, weekday)


def _of_week(m: re.Match[str], today: date, past: bool | None) -> date | None:
    weekday, week = m["day"] or m["day2"], m["week"] or m["week2"]
    return weekday_of_week(today, EN_WEEKDAYS[weekday], _ON[week])


def _en_near(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return today + timedelta(days=_EN_NEAR[m["near"]])


def _week_on(m: re.Match[str], today: date, past: bool | None) -> date | None:
    """A week after a day: "Friday week", "a week tomorrow"."""
    word = m["after"] or m["before"] or m["before2"]
    day = (
        coming_weekday(today, EN_WEEKDAYS[word])
        if word in EN_WEEKDAYS
        else today + timedelta(days=_EN_NEAR[word])
    )
    return day + timedelta(weeks=1)


def _en_after(m: re.Match[str], today: date, past: bool | None) -> date | None:
    number = count(m[1])
    if number is None or not 0 < number <= 100 or (past and not m[3]):
        return None  # "lost it all in one week" tells how long it took
    sign = -1 if m[3] else 1
    if m[2].startswith("day"):
        return today + timedelta(days=sign * number)
    if m[2].startswith("month"):
        return in_month(today, sign * number, today.day)
    weeks = 2 if m[2].startswith("fortnight") else 1
    return today + timedelta(weeks=sign * number * weeks)


def _en_month_part_any(m: re.Match[str], today: date, past: bool | None) -> date | int | None:
    named = m["which_month"]
    if named is None:
        return _en_month_part(m, today, past)
    part = m["part"]
    day = 31 if part == "end" else 1 if part in ("beginning", "start") else 15
    return part_of_month(_EN_MONTHS[named.rstrip(".")], day, today, past)


def _early_or_late(m: re.Match[str], today: date, past: bool | None) -> date | None:
    day = 1 if m["early"] == "early" else 31
    if m["which"]:
        return in_month(today, _ON[m["which"]], day)
    return part_of_month(_EN_MONTHS[m["which_month"].rstrip(".")], day, today, past)


def ordinal(m: re.Match[str], second: str = "") -> int:
    """The number of an ordinal in words, matched as ``word`` after ``tens``, each with ``second`` behind its name."""
    tens = m.groupdict().get("tens" + second)
    return ORDINAL_WORDS[m["word" + second]] + ({"twenty": 20, "thirty": 30}[tens] if tens else 0)


def _ordinal_date(m: re.Match[str], today: date, past: bool | None) -> date | None:
    second = "2" if m["month2"] else ""
    month = _EN_MONTHS[m["month" + second].rstrip(".")]
    return yearless(month, ordinal(m, second), today, past)


def day_in_words(words: str) -> int | None:
    """The day of the month that a lone ordinal names: "twenty second", "the fifth"."""
    plain = re.sub(
        r"^(?:on )?(?:the )?",
        "",
        words.strip().replace("twenty ", "twenty-").replace("thirty ", "thirty-"),
    )
    return ORDINAL_WORDS.get(plain)


DATES: Final = [
    rule(r"\bnew year'?s day\b", lambda m, today, past: yearless(1, 1, today, past)),
    rule(r"\bnew year'?s eve\b", lambda m, today, past: yearless(12, 31, today, past)),
    rule(
        # As often the shopping as the day: only what could be said of a day makes them one.
        r"(?:\b(?:on|by|before|after|since|until|till|from) )(?:singles'? day|double (11|eleven|12|twelve))\b",
        lambda m, t, p: (
            yearless(12, 12, t, p) if m[1] in ("12", "twelve") else yearless(11, 11, t, p)
        ),
    ),
    rule(r"\bvalentine'?s day\b", lambda m, t, p: yearless(2, 14, t, p)),
    rule(r"\bboxing day\b", lambda m, today, past: yearless(12, 26, today, past)),
    # 20/12: a day that no month is, before a month.
    rule(
        r"(?<![\d./])(?!24/7)(3[01]|2\d|1[3-9])/(1[0-2]|0?[1-9])(?![\d/%])",
        lambda m, today, past: yearless(int(m[2]), int(m[1]), today, past),
    ),
    rule(r"\b(?:christmas|xmas) eve\b", lambda m, t, past: yearless(12, 24, t, past)),
    rule(
        r"\b(?:christmas|xmas)\b(?! bonus| part)(?: day)?",
        lambda m, t, past: yearless(12, 25, t, past),
    ),
    rule(
        r"\b(next|this) month(?:'s)?\s*(?:the\s*)?(\d{1,2})\s*[号日]",
        lambda m, today, past: in_month(today, _ON[m[1]], int(m[2])),
    ),
    rule(
        r"\bend of (?:the|this|next) year\b|\byear[- ]end\b|\byear'?s end\b",
        lambda m, today, past: date(today.year + ("next" in m[0]), 12, 31),
        vague=True,
    ),
    rule(
        rf"(?:\b{EN_WEEKDAY},?\s+)?\b({_EN_MONTH})\s+(?:the\s+)?({_EN_DAY})\b(?!\s*[,.]?\d)(?:,?\s+(20\d\d))?",
        _en_month_first,
    ),
    rule(
        rf"(?:\b{EN_WEEKDAY},?\s+)?(?:\bthe\s+)?\b({_EN_DAY})\s+(?:of\s+)?({_EN_MONTH})(?:,?\s+(20\d\d))?",
        _en_day_first,
    ),
    rule(
        rf"(?:\b{EN_WEEKDAY},?\s+)?\b(?:the\s+)?(?:(?P<tens>twenty|thirty)[- ]?)?(?P<word>{ORDINAL_WORD})\s+(?:of\s+)?(?P<month>{_EN_MONTH})"
        rf"|\b(?P<month2>{_EN_MONTH})\s+(?:the\s+)?(?:(?P<tens2>twenty|thirty)[- ]?)?(?P<word2>{ORDINAL_WORD})\b",
        _ordinal_date,
    ),
    rule(
        rf"\bthe\s+(?P<day>{_EN_DAY}|{ORDINAL_WORD})\s+(?:of\s+)?(?P<w>next|this|last)\s+month"
        rf"|\b(?P<w2>next|this|last)\s+month(?:\s+on)?\s+(?:the\s+)?(?P<day2>\d{{1,2}}(?:st|nd|rd|th)|{ORDINAL_WORD})\b",
        _en_relative_day,
    ),
    rule(
        r"\b(?P<part>end|beginning|start|middle|mid)[- ](?:of\s+)?(?:the\s+)?"
        rf"(?:(?P<which>next|this|last|each|every)?\s*month|(?P<which_month>{_EN_MONTH}))(?!\s*[,(-]\s*(?:(?:so|usually|about|around|like|say|on|that's|i think)\s+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)\b)",
        _en_month_part_any,
    ),
    rule(
        r"\blast day of (?P<which>next|this|last) month\b",
        lambda m, today, past: in_month(today, _ON[m[1]], 31),
    ),
    rule(
        rf"\b(?P<early>early|late)\s+(?:in\s+)?(?:(?P<which>next|this)\s+month|(?P<which_month>{_EN_MONTH}))",
        _early_or_late,
        vague=True,
    ),
    rule(r"\b(?P<which>next|this)?\s*month(?:'s)?[- ](?P<part>end)\b", _en_month_part),
    rule(
        rf"\b(?P<after>{_NEAR_WORD}|{EN_WEEKDAY})\s+week\b(?!\s*end)|\b(?:a )?week (?:on|from|after) (?P<before>{_NEAR_WORD}|{EN_WEEKDAY})|\ba week (?P<before2>{_NEAR_WORD})\b",
        _week_on,
    ),
    rule(
        rf"\b(?:on\s+)?{EN_WEEKDAY},?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)\b",
        lambda m, today, past: such_day(today, int(m[1]), past=past is True),
    ),
    # the 27th, a Friday: its weekday says which month's day is meant.
    rule(
        rf"\b(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th),?\s*\(?(?:a |that's (?:a )?|which is (?:a )?)?({EN_WEEKDAY})",
        lambda m, today, past: named_day(today, int(m[1]), EN_WEEKDAYS[m[2]], past),
    ),
    rule(  # Friday next week, next week Friday
        rf"\b(?P<day>{EN_WEEKDAY})\s+(?:of\s+)?(?P<week>next|last|this) week\b|\b(?P<week2>next|last|this) week(?:'s)?(?: on)? (?P<day2>{EN_WEEKDAY})",
        _of_week,
    ),
    rule(
        rf"{_EN_AGAIN}\b(?:(next|this|coming|last|past|on|by)\s+)?({EN_WEEKDAY})(?<!sat)(?<!sun)(?! (?:of|in) (?:the|each|every|a) month)|\b(next|this|coming|last|past|on|by)\s+(sat|sun)\b",
        _en_week,
    ),
    rule(rf"\b(?:the )?(?P<near>{_NEAR_WORD})\b(?<!today)", _en_near),
    rule(
        r"(?<!not )(?<!from )(?<!date )\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b",
        lambda m, today, past: today,
    ),
    rule(
        rf"(?<!calls )(?<!texts )(?<!times )(?<!with)\b(?:in|within)\s+(?:about\s+)?({ENGLISH})\s+(days?|weeks?|fortnight)\b(?:'?\s*time)?()",
        _en_after,
    ),
    rule(
        rf"\b({ENGLISH})\s+(days?|weeks?|fortnights?|months?) from (?:now|today)()",
        _en_after,
    ),
    rule(rf"\bin\s+({ENGLISH})\s+(months?)\b(?:'?\s*time)?()", _en_after, vague=True),
    rule(rf"\b({ENGLISH})\s+(days?|weeks?|fortnights?)\s+(ago)\b", _en_after),
    rule(rf"\b({ENGLISH})\s+(months?)\s+(ago)\b", _en_after, vague=True),
]
"""What names one day, the nearest to a full date first."""
