"""Dates and days of the month: 下个月15号, 下下周三, "end of next month", 每月10号, "the 15th".

A day said without its month is a day of the month, not a date: "25号" may be this month's or every
month's. A month named with it makes it a date. Weekday words follow Chinese use in both languages:
"next Friday" / 下周五 is the Friday of the coming week, a bare Friday the next one to come, or the last one
where the past is told.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.components.grammar import chinese_dates, english_dates
from bot.components.grammar.calendar_days import such_day
from bot.components.grammar.tense import PAST, Tenses
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

__all__ = ["TODAY_IN_WORDS", "find_dates"]

_RULES: Final = [
    *chinese_dates.DATES,
    *english_dates.DATES,
    *chinese_dates.DAYS,
    *english_dates.DAYS,
]
_EVERY_MONTH: Final = compiled(
    r"每|月月|逢|\b(?:every|ev|each|always|usually|monthly)\b|发薪日|\bpay ?days?\b"
)
#: Nobody means a day so far ahead without its year: on 24 November "10月8号" is six weeks ago.
_FAR_AHEAD: Final = 240
TODAY_IN_WORDS: Final = compiled(
    r"今(?:天|日|早|晚|儿个?|夜)|today|tonight|this (?:morning|afternoon|evening)"
)


def find_dates(text: str, today: date, told: str | None = None) -> list[Value]:
    """Dates (ISO) and days of the month (1-31) of a normalised text, in order.

    ``today`` is the day the person wrote. ``told`` is :data:`~.tense.PAST` or :data:`~.tense.TO_COME` where
    the message's intent says that one of the two is told: then a bare "20号" is the last or the next such
    day, a date. A day no month has (32号, 2月30日) gives nothing.
    """
    found: list[Value] = []
    impossible: list[tuple[int, int]] = []
    tenses = Tenses(text, told)
    recurring = _EVERY_MONTH.search(text) is not None
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            places = [*impossible, *((value.start, value.end) for value in found)]
            if any(match.start() < end and match.end() > start for start, end in places):
                continue
            tense = tenses.at(*match.span())
            value = rule.read(match, today, tense == PAST)
            if tense is None and isinstance(value, date) and (value - today).days > _FAR_AHEAD:
                value = rule.read(match, today, True)
            if value is None:  # "31st of February": its parts are no day either
                impossible.append(match.span())
                continue
            if rule.bare and told and not recurring and isinstance(value, int):
                value = such_day(today, value, past=tense == PAST) or value
            extra: dict[str, object] = {"vague": True} if rule.vague else {}
            kind, said = (
                ("date", value.isoformat()) if isinstance(value, date) else ("day_of_month", value)
            )
            found.append(Value(kind, said, match.start(), match.end(), extra=extra))
    return each_once(sorted(found, key=lambda value: value.start))
