"""Dates and days of the month: 下个月15号, 下下周三, "end of next month", 每月10号, "the 15th".

A day said without its month is a day of the month, not a date: "25号" may be this month's or every
month's. A month named with it makes it a date. Weekday words follow Chinese use in both languages:
"next Friday" / 下周五 is the Friday of the coming week, a bare Friday the next one to come.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.components.grammar.calendar_days import (
    coming_weekday,
    in_month,
    make,
    weekday_of_week,
    yearless,
)
from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value

_CN: Final = "零一二三四五六七八九十两廿卅"
_NUM: Final = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_DAY_MARK: Final = r"[号日](?![线文院楼])"
_WEEKDAYS: Final = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
_EN_WEEKDAYS: Final = {
    name: at
    for at, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
} | {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
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
_EN_MONTH: Final = "(?:" + "|".join(sorted(_EN_MONTHS, key=len, reverse=True)) + r")\b\.?"
_EN_WEEKDAY: Final = "(?:" + "|".join(sorted(_EN_WEEKDAYS, key=len, reverse=True)) + r")\b"
_ORDINAL_WORDS: Final = {
    word: at
    for at, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30, "thirty-first": 31}
_ORDINAL_WORDS.update({f"twenty-{w}": 20 + n for w, n in list(_ORDINAL_WORDS.items())[:9]})
_ORDINAL_WORD: Final = "|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True))
_EN_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_EVERY: Final = r"(?:of\s+)?(?:each|every|the|a|per)\s+month"
_NEAR: Final = {
    "大后天": 3, "大前天": -3, "后天": 2, "前天": -2, "明天": 1, "明儿": 1, "明早": 1, "明晚": 1, "听日": 1,
    "昨天": -1, "昨晚": -1, "昨儿": -1, "琴日": -1, "寻日": -1,
}  # fmt: skip
_PAST: Final = compiled(
    r"还完|还清|还咗|交了|打了|还了|已经|转了|付了|存了|paid|already|transferred|上次|ago|前"
)


def find_dates(text: str, today: date) -> list[Value]:
    """Dates (ISO) and days of the month (1-31) of a normalised text, in order.

    ``today`` is the day the person wrote. A day no month has (32号, 2月30日) gives nothing.
    """
    found: list[Value] = []
    impossible: list[tuple[int, int]] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            places = [*impossible, *((value.start, value.end) for value in found)]
            if any(match.start() < end and match.end() > start for start, end in places):
                continue
            value = rule.read(match, today, _PAST.search(text) is not None)
            if value is None:  # "31st of February": its parts are no day either
                impossible.append(match.span())
            if isinstance(value, date):
                found.append(Value("date", value.isoformat(), match.start(), match.end()))
            elif value is not None:
                found.append(Value("day_of_month", value, match.start(), match.end()))
    return sorted(found, key=lambda value: value.start)


Read = Callable[[re.Match[str], date, bool], date | int | None]


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Read


def _int(text: str) -> int:
    numbers = find_numbers(text)
    return int(numbers[0].low) if len(numbers) == 1 else -1


def _day(number: int) -> int | None:
    return number if 1 <= number <= 31 else None


def _cn_month_words(words: str) -> int:
    return words.count("下") - words.count("上")


def _full(m: re.Match[str], today: date, past: bool) -> date | None:
    return make(int(m[1]), int(m[2]), int(m[3]))


def _cn_month_day(m: re.Match[str], today: date, past: bool) -> date | None:
    month, day = _int(m[2]), _int(m[3])
    if m[1]:
        year = {"今年": 0, "明年": 1, "去年": -1, "后年": 2}.get(m[1])
        return make(today.year + year if year is not None else int(m[1][:4]), month, day)
    return yearless(month, day, today, past)


def _cn_month_part(m: re.Match[str], today: date, past: bool) -> date | None:
    month, year = _int(m[2]), today.year
    if m[1]:
        said = {"今年": 0, "明年": 1, "去年": -1}.get(m[1])
        year = int(m[1][:4]) if said is None else year + said
    elif month < today.month:
        year += 1
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, {"底": last, "末": last, "初": 1, "中": 15}[m[3]])


def _cn_relative_month(m: re.Match[str], today: date, past: bool) -> date | None:
    return in_month(today, _cn_month_words(m[1]), _int(m[2]))


def _cn_relative_month_end(m: re.Match[str], today: date, past: bool) -> date | None:
    day = {"底": 31, "末": 31, "尾": 31, "初": 1, "中": 15}[m[2][-1]]
    return in_month(today, _cn_month_words(m[1]), day)


def _cn_week(m: re.Match[str], today: date, past: bool) -> date | None:
    weekday = _WEEKDAYS[m[2]]
    if m[1]:
        return weekday_of_week(today, weekday, _cn_month_words(m[1]))
    return coming_weekday(today, weekday)


def _cn_near(m: re.Match[str], today: date, past: bool) -> date | None:
    return today + timedelta(days=_NEAR[m[0]])


def _cn_after(m: re.Match[str], today: date, past: bool) -> date | None:
    count = _int(m[1])
    if not 0 < count <= 100:
        return None
    sign = -1 if m[3].startswith("前") or m[3] == "以前" or m[3] == "之前" else 1
    if m[2] == "天":
        return today + timedelta(days=sign * count)
    if "月" in m[2]:
        return in_month(today, sign * count, today.day)
    return today + timedelta(weeks=sign * count)


def _year_end(m: re.Match[str], today: date, past: bool) -> date | None:
    return date(today.year + (1 if m[0].startswith("明") or "next" in m[0] else 0), 12, 31)


def _en_month_first(m: re.Match[str], today: date, past: bool) -> date | None:
    return _en_date(m[1], m[2], m[3], today, past)


def _en_day_first(m: re.Match[str], today: date, past: bool) -> date | None:
    return _en_date(m[2], m[1], m[3], today, past)


def _en_date(month: str, day: str, year: str | None, today: date, past: bool) -> date | None:
    number = int(re.match(r"\d+", day)[0])  # type: ignore[index]
    month_number = _EN_MONTHS[month.rstrip(".")]
    if year:
        return make(int(year), month_number, number)
    return yearless(month_number, number, today, past)


def _en_month_part(m: re.Match[str], today: date, past: bool) -> date | int | None:
    part, which = m["part"], m["which"]
    day = 31 if part.startswith("end") else 1 if part.startswith(("beg", "start")) else 15
    if which in ("next", "this", "last"):
        return in_month(today, {"next": 1, "this": 0, "last": -1}[which], day)
    return day


def _en_relative_day(m: re.Match[str], today: date, past: bool) -> date | None:
    day = m["day"] or m["day2"]
    return in_month(today, {"next": 1, "this": 0, "last": -1}[m["w"] or m["w2"]], _en_ordinal(day))


def _en_ordinal(day: str) -> int:
    if day in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[day]
    digits = re.match(r"\d+", day)
    return int(digits[0]) if digits else -1


def _en_week(m: re.Match[str], today: date, past: bool) -> date | None:
    weekday = _EN_WEEKDAYS[m[2]]
    if m[1] == "next" or m[0].startswith("week"):
        return weekday_of_week(today, weekday, 1)
    if m[1] == "last":
        return weekday_of_week(today, weekday, -1 if weekday >= today.weekday() else 0)
    return coming_weekday(today, weekday)


def _en_near(m: re.Match[str], today: date, past: bool) -> date | None:
    days = {
        "day after tomorrow": 2,
        "tomorrow": 1,
        "tmr": 1,
        "tmrw": 1,
        "today": 0,
        "yesterday": -1,
    }
    return today + timedelta(days=days[m[1]])


def _en_after(m: re.Match[str], today: date, past: bool) -> date | None:
    count = (
        1 if m[1] in ("a", "one") else 2 if m[1] == "two" else 3 if m[1] == "three" else _int(m[1])
    )
    if not 0 < count <= 100:
        return None
    sign = -1 if m[3] else 1
    if m[2].startswith("day"):
        return today + timedelta(days=sign * count)
    if m[2].startswith("month"):
        return in_month(today, sign * count, today.day)
    return today + timedelta(weeks=sign * count)


def _rule(pattern: str, read: Read) -> _Rule:
    return _Rule(compiled(pattern), read)


_RULES: Final = [
    _rule(
        r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)", _full
    ),
    _rule(
        rf"(20\d\d年|今年|明年|去年|后年)?\s*({_NUM})\s*月\s*份?\s*({_NUM})\s*(?:{_DAY_MARK})",
        _cn_month_day,
    ),
    _rule(r"(?<!\d)()(\d{1,2})\s*月\s*(\d{1,2})(?![\d.号日个天年万千百块元期份%])", _cn_month_day),
    _rule(rf"(20\d\d年|今年|明年|去年)?({_NUM})\s*月\s*份?\s*(底|末|初|中)(?!旬)", _cn_month_part),
    _rule(rf"(上+|下+|这|本|当)\s*个?\s*月的?\s*({_NUM})\s*{_DAY_MARK}", _cn_relative_month),
    _rule(r"(上+|下+|这|本|当)\s*个?\s*(月底|月末|月初|月中|月尾)", _cn_relative_month_end),
    _rule(
        # 每周三 and 一周三次 name no one day.
        r"(?<![每逢一两三四五六几])(?<!每个)(上+|下+|这|本)?\s*个?\s*(?:周|星期|礼拜)([一二三四五六日天末])(?![次回趟])",
        _cn_week,
    ),
    _rule("|".join(_NEAR), _cn_near),
    _rule(r"元旦|new year'?s day", lambda m, today, past: yearless(1, 1, today, past)),
    _rule(r"圣诞节?|christmas(?! eve| bonus| part)", lambda m, t, past: yearless(12, 25, t, past)),
    _rule(r"国庆节?", lambda m, today, past: yearless(10, 1, today, past)),
    _rule(
        r"\b(next|this) month(?:'s)?\s*(?:the\s*)?(\d{1,2})\s*[号日]",
        lambda m, today, past: in_month(today, {"next": 1, "this": 0}[m[1]], int(m[2])),
    ),
    _rule(
        rf"(?<!第)({_NUM})\s*(天|个?(?:周|星期|礼拜)|个月)\s*(之后|以后|后|之前|以前|前)(?![天年])",
        _cn_after,
    ),
    _rule(r"明年底|今年底|年底|年末|end of (?:the|this|next) year|year[- ]end", _year_end),
    _rule(
        rf"\b({_EN_MONTH})\s+(?:the\s+)?({_EN_DAY})\b(?!\s*[,.]?\d)(?:,?\s+(20\d\d))?",
        _en_month_first,
    ),
    _rule(rf"\b({_EN_DAY})\s+(?:of\s+)?({_EN_MONTH})(?:,?\s+(20\d\d))?", _en_day_first),
    _rule(
        rf"\bthe\s+(?P<day>{_EN_DAY}|{_ORDINAL_WORD})\s+(?:of\s+)?(?P<w>next|this|last)\s+month"
        rf"|\b(?P<w2>next|this|last)\s+month(?:\s+on)?\s+(?:the\s+)?(?P<day2>\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL_WORD})\b",
        _en_relative_day,
    ),
    _rule(
        r"\b(?P<part>end|beginning|start|middle|mid)[- ](?:of\s+)?(?:the\s+)?"
        rf"(?:(?P<which>next|this|last|each|every)?\s*month|(?P<which_month>{_EN_MONTH}))",
        lambda m, today, past: _en_month_part_any(m, today, past),
    ),
    _rule(r"\b(?P<which>next|this)?\s*month[- ](?P<part>end)\b", _en_month_part),
    _rule(rf"\b(?:(next|this|coming|last|on|by)\s+)?({_EN_WEEKDAY})", _en_week),
    _rule(r"\b(day after tomorrow|tomorrow|tmrw|tmr|yesterday)\b", _en_near),
    _rule(
        r"(?<!calls )(?<!texts )(?<!times )\bin\s+(\d{1,2}|a|one|two|three)\s+(days?|weeks?|months?)(?:'\s*time)?()",
        _en_after,
    ),
    _rule(r"\b(\d{1,2}|a|one|two|three)\s+(days?|weeks?|months?)\s+(ago)\b", _en_after),
    # Days of the month.
    _rule(
        rf"(?:每个?月的?\s*|(?<![-月\d{_CN}]))(?!一日[使用食做跑赚挣三两])({_NUM})\s*{_DAY_MARK}\s*(?:左右|前后|之?前)?",
        lambda m, today, past: _day(_int(m[1])),
    ),
    _rule(
        rf"(?:每个?月的?)\s*({_NUM})(?=\s*(?:发|开|还|扣|到账|领))",
        lambda m, t, p: _day(_int(m[1])),
    ),
    _rule(
        rf"(?:每个?)?月(底|末|尾|初|中)(?!旬)(?!{_NUM}[号日])",
        lambda m, t, p: {"底": 31, "末": 31, "尾": 31, "初": 1, "中": 15}[m[1]],
    ),
    _rule(
        rf"\bthe\s+({_ORDINAL_WORD})\b(?=\s*(?:{_EVERY}|$|[.,]))",
        lambda m, t, p: _day(_en_ordinal(m[1])),
    ),
    _rule(
        r"\b(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:time|option|plan|offer|payment|floor|month|one|choice))",
        lambda m, t, p: _day(int(m[1])),
    ),
    _rule(r"\bday\s+(\d{1,2})\b", lambda m, t, p: _day(int(m[1]))),
    _rule(r"\b(?:last day of (?:the|each|every) month)", lambda m, t, p: 31),
]


def _en_month_part_any(m: re.Match[str], today: date, past: bool) -> date | int | None:
    named = m["which_month"]
    if named is None:
        return _en_month_part(m, today, past)
    month = _EN_MONTHS[named.rstrip(".")]
    year = today.year + (1 if month < today.month else 0)
    part = m["part"]
    day = 31 if part == "end" else 1 if part in ("beginning", "start") else 15
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
