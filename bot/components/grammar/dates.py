"""Dates and days of the month: 下个月15号, 下下周三, "end of next month", 每月10号, "the 15th".

A day said without its month is a day of the month, not a date: "25号" may be this month's or every
month's. A month named with it makes it a date. Weekday words follow Chinese use in both languages:
"next Friday" / 下周五 is the Friday of the coming week, a bare Friday the next one to come, or the last one
where the past is told.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from bot.components.grammar import chinese_dates, english_dates
from bot.components.grammar.calendar_days import such_day
from bot.components.grammar.date_rules import Rule
from bot.components.grammar.tense import EITHER, PAST, TO_COME, Tenses
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
# Wages, rents and debits come again each month: their day is no single one.
_MONTHLY: Final = compiled(
    r"发(?:了|完|的)?(?:工资|薪|饷|钱|粮)|[开出](?:粮|薪|支|饷|资)|工资|薪水|退休金|养老金|(?:还款|扣款|账单|发薪|出账|到期)日|房租|房贷|车贷|自动扣|以前|平时|一般|都是|总是|老是"
    r"|\b(?:pay ?day|wages?|salary|pension|gets? paid|(?:am|are|is) paid|due (?:date|day|on)|statement (?:day|date)|rent|mortgage|autopay|used to|pays us)\b|'m paid\b"
)
_THIS_TIME: Final = compiled(
    r"[这本]个?月|[这本]期|这次|今个?月|\bthis (?:month|time|one)\b|[头首]期|第一[笔期]|\bfirst (?:one|payment|instal)"
)
#: What is of one day only, whatever the message is about: a call, a night, one instalment.
_ONCE_AFTER: Final = compiled(
    r"\s*(?:(?:要|该|得)?[还供扣付]?[那嗰这][期笔]|凌晨|半夜|[早晚]上|[上下]午|[^,，。;；]{0,6}(?:打给我|打电话|打过来|回电|复[诊查])|,? in the (?:morning|afternoon|evening))"
)
_ONCE_BEFORE: Final = compiled(
    r"(?:\b(?:call|phone|ring|speak|talk|back|should have (?:gone out|come|been (?:paid|taken|sent)))(?: (?:me|to me|to you|again|back|home))? (?:on )?)$"
)
_PART: Final = compiled(r"[,，。;；!！?？\n]|\bbut\b|\bso\b|\bbecause\b")
_SOON: Final = 12
#: A day and month without a year this near is meant, whatever tense stands somewhere else in the message.
_NEAR: Final = 60
_A_YEAR_APART: Final = 300
# "12月3号或者5号": the month goes on.
_GOES_ON: Final = compiled(
    r"\s*(?:[,，]\s*)?(?:或者?|还是|和|跟|不是|唔系|而不是|,? ?\b(?:or|and|not)\b(?: on)?)\s*(?:the )?"
)
TODAY_IN_WORDS: Final = compiled(
    r"今(?:天|日|早|晚|儿个?|夜)|today|tonight|this (?:morning|afternoon|evening)"
)


def find_dates(text: str, today: date, told: str | None = None) -> list[Value]:
    """Dates (ISO) and days of the month (1-31) of a normalised text, in order.

    ``today`` is the day the person wrote. ``told`` is :data:`~.tense.PAST` or :data:`~.tense.TO_COME` where
    the message's intent says that one of the two is told: then a bare "20号" is the last or the next such
    day, a date, unless its words say that it comes again each month; :data:`~.tense.EITHER` where words
    must say so. A day no month has (32号, 2月30日) gives nothing.
    """
    found: list[Value] = []
    bare: list[Value] = []
    impossible: list[tuple[int, int]] = []
    tenses = Tenses(text, told if told in (PAST, TO_COME) else None)
    recurring = _EVERY_MONTH.search(text) is not None
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            places = [*impossible, *((value.start, value.end) for value in found)]
            if any(match.start() < end and match.end() > start for start, end in places):
                continue
            value = _meant(rule, match, today, tenses, told)
            if value is None:  # "31st of February": its parts are no day either
                impossible.append(match.span())
                continue
            if rule.bare and isinstance(value, int) and not recurring:
                value = _one_day(text, match, value, today, tenses, told)
            extra: dict[str, object] = {"vague": True} if rule.vague else {}
            kind, said = (
                ("date", value.isoformat()) if isinstance(value, date) else ("day_of_month", value)
            )
            found.append(Value(kind, said, match.start(), match.end(), extra=extra))
            if rule.bare:
                bare.append(found[-1])
    found = _with_its_month(text, found, bare, recurring)
    return each_once(sorted(found, key=lambda value: value.start))


def _meant(
    rule: Rule, match: re.Match[str], today: date, tenses: Tenses, told: str | None
) -> date | int | None:
    """What a match means: nearest in time where nothing is told of the tense."""
    tense = tenses.at(*match.span())
    nearest = rule.read(match, today, None)
    if tense is None or not isinstance(nearest, date):
        return nearest
    value = rule.read(match, today, tense == PAST)
    if not isinstance(value, date) or abs((value - nearest).days) < _A_YEAR_APART:
        return value
    sure = tenses.outright(*match.span()) == tense and tense in (TO_COME, told)
    return value if sure or abs((nearest - today).days) > _NEAR else nearest


def _one_day(
    text: str, match: re.Match[str], day: int, today: date, tenses: Tenses, told: str | None
) -> date | int:
    """The single day that a bare one is, or the day itself where it comes again each month."""
    start, end = match.span()
    tense = tenses.at(start, end)
    once = _ONCE_AFTER.match(text, end) or _ONCE_BEFORE.search(text, max(0, start - 40), start)
    if not once:
        if told is None or (told == EITHER and tenses.outright(start, end) != PAST):
            return day
        begins = max((m.end() for m in _PART.finditer(text, 0, start)), default=0)
        stop = _PART.search(text, end)
        clause = text[begins : stop.start() if stop else len(text)]
        done = told == PAST and tenses.outright(start, end) == PAST
        if _MONTHLY.search(clause) and not done and not _THIS_TIME.search(clause):
            return day
    return such_day(today, day, past=tense == PAST) or day


def _with_its_month(
    text: str, found: list[Value], bare: list[Value], recurring: bool
) -> list[Value]:
    """Bare days beside a date: the same day said once more is none, and a second goes on in its month."""
    kept = [value for value in found if value not in bare]
    dates = {
        value.end: date.fromisoformat(str(value.value)) for value in kept if value.entity == "date"
    }
    for value in sorted(bare, key=lambda one: one.start):
        if value.entity == "day_of_month" and not recurring:
            before = [end for end in dates if end <= value.start]
            said = dates[max(before)] if before else None
            if said and said.day == value.value and value.start - max(before) <= _SOON:
                continue
            if said and _GOES_ON.fullmatch(text, max(before), value.start):
                with suppress(ValueError):
                    said = said.replace(day=int(str(value.value)))
                    value = replace(value, entity="date", value=said.isoformat())
                    dates[value.end] = said
        kept.append(value)
    return kept
