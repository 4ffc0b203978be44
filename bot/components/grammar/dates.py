"""Dates and days of the month: 下个月15号, 下下周三, "end of next month", 每月10号, "the 15th".

A day said without its month is a day of the month, not a date: "25号" may be this month's or every
month's. A month named with it makes it a date. Weekday words follow Chinese use in both languages:
"next Friday" / 下周五 is the Friday of the coming week, a bare Friday the next one to come, or the last one
where the past is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

from bot.components.grammar import (
    chinese_dates,
    chinese_days,
    english_dates,
    english_days,
    mixed_dates,
)
from bot.components.grammar.calendar_days import make, such_day
from bot.components.grammar.date_rules import Rule
from bot.components.grammar.single_days import comes_again, is_monthly, one_day
from bot.components.grammar.tense import PAST, TO_COME, Tenses
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

__all__ = ["TODAY_IN_WORDS", "find_dates"]

# Rules with what a text must hold for any of them to match: most texts are of one language.
_RULES: Final = [
    (compiled(r"[a-z]|[/.-]20"), mixed_dates.DATES),
    (compiled(r"[\d\u4e00-\u9fff]"), chinese_dates.DATES),
    (compiled(r"[a-z/]"), english_dates.DATES),
    (compiled(r"[a-z]"), mixed_dates.DAYS),
    (compiled(r"[\u4e00-\u9fff]"), chinese_days.DAYS),
    (compiled(r"[a-z]"), english_days.DAYS),
]
_SOON: Final = 12
#: A day and month without a year this near is meant, whatever tense stands somewhere else in the message.
_NEAR: Final = 60
_A_YEAR_APART: Final = 300
_THIS_MONTH: Final = 31
# "12月3号或者5号": the month goes on.
_GOES_ON: Final = compiled(
    r"\s*[还交付发给到]?的?(?:[,，.]\s*)?(?:或者?|还是|和|跟|不是|唔系|而不是|[哦啊]?不对[,，\s]*[是系]?|说错了?[,，\s]*[是系]?|(?:sorry|no|wait|i mean|no wait|sorry no)\b,?|(?:(?:and|but) )?\b(?:or|and|not|rather than|instead of)\b(?: on)?)\s*(?:the )?"
)
# "不是15号是1月28号", "not the 15th but 28 January": the month is said after.
_GOES_BEFORE: Final = compiled(
    r"\s*[,，]?\s*(?:(?:而|应该)?[是系]|或者?|还是|(?:but|or|it'?s|it is)(?: on)?(?: the)? )\s*"
)
_DENIED: Final = compiled(r"(?:不是|唔系|\bnot)(?: on)?(?: the)?\s*$")
# "本来28号还的，想拖到12月5号", "it's due the 28th, can it wait till Dec 5": the day that is put off is the last before.
_PUT_OFF_TO: Final = compiled(
    r"(?:[延拖缓熬撑挨宽推挪][^,，。;；]{0,5}?[到至]|晚到|\b(?:till|until|to|by))(?: the)?\s*$"
)
_DUE: Final = compiled(
    r"\b(?:due|owed|supposed to pay)(?: back)?(?: on)?(?: the)?\s*$|(?:到期|应还|该还)的?是?\s*$"
)
_WAS_DUE: Final = compiled(
    r"\s*(?:就|才|本来|应该|该|要|得|应){0,2}(?:[还交]|到期|扣款?)(?!款?日)(?:的|款|了|钱)?(?=$|[\s,，。;；?？但可不没])"
)
# "原来说26号回我电话，换到30号": a single day is moved to another.
_MOVED: Final = compiled(
    r"[换改挪调推移][到成为在]了?\s*$|\b(?:to|make it|rather|instead) (?:the )?$"
)
# "第一回12月10号,后面都照着10号来": from the date on, that day of every month.
_FROM_THEN_ON: Final = compiled(r"后面|以后|之后|往后|[都照]|\b(?:then|after|afterwards|from)\b")
# 双休就提前到周五: where a payday that falls on a weekend goes, no one day.
_FALLS_ON: Final = compiled(
    r"(?:周末|双休|节假日|假日|假期|休息日|(?:周|星期|[礼禮]拜)[六日天])[^,，。;；!！?？\n]{0,5}(?:提前|顺延|往[后前]|延后|推后|推迟|推到|[延挪]到)[^,，。;；!！?？\n]{0,10}"
    r"|\bif\b[^,.;!?\n]{0,25}\b(?:weekends?|saturday|sunday|holidays?)\b[^.;!?\n]{0,40}"
)
# "26 我上夜班": what somebody does on a day, behind its bare figure.
_OPENS: Final = compiled(
    r"(?:^|(?<=[\s,，.。;；?？!！]))(3[01]|[12]\d|[4-9])\s?(?:[我俺](?![那这的们])|i(?:'m| am| have| work)|不行|没空|没时间|太[早晚]|上班|要上班|休息|夜班|白班)(?!岁)"
)
# "要是20号正好是礼拜天", "what if it's Saturday": a weekday that a day may turn out to be.
_TURNS_OUT: Final = compiled(
    r"(?:如果|要是|万一|假如|若果?|倘若)[^,，。;；!！?？\n]{0,12}?(?P<day>[是系]个?(?:周|星期|[礼禮]拜)[一二三四五六日天末])(?![还交付打发能])"
    r"|(?:要|如果)是?(?P<so>是?(?:周|星期|[礼禮]拜)[一二三四五六日天末])(?=呢|怎么|咋|点计|点算|算|顺延|[,，]?银行)"
    r"|\bif\b[^,.;!?\n]{0,25}(?P<en_day>(?:\bis|'s|\b(?:falls|lands) on) (?:on )?(?:a )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)"
)
_A_MONTH_NAMED: Final = compiled(r"月|[a-z]{3}|/")
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
    recurring = cache(lambda: comes_again(text))
    supposed = cache(lambda: _supposed(text))
    for rule in _that_may_match(text):
        for match in rule.pattern.finditer(text):
            places = [*impossible, *((value.start, value.end) for value in found)]
            if any(match.start() < end and match.end() > start for start, end in places):
                continue
            value = _meant(rule, match, today, tenses, told)
            if value is None:  # "31st of February": its parts are no day either
                impossible.append(match.span())
                continue
            if rule.bare and isinstance(value, int) and not recurring():
                value = one_day(text, match, value, today, tenses, told)
            if isinstance(value, date) and any(b <= match.start() < e for b, e in supposed()):
                continue
            extra: dict[str, object] = {"vague": True} if rule.vague else {}
            kind, said = (
                ("date", value.isoformat()) if isinstance(value, date) else ("day_of_month", value)
            )
            found.append(Value(kind, said, match.start(), match.end(), extra=extra))
            if rule.bare:
                bare.append(found[-1])
    if bare and len(found) > 1 and not recurring():
        found = _with_its_month(text, found, bare, today)
    found = _with_opening_days(text, found)
    return each_once(sorted(found, key=lambda value: value.start))


def _supposed(text: str) -> list[tuple[int, int]]:
    """Where weekdays stand that a day may fall on, none of which is meant."""
    turns_out = [match.span(str(match.lastgroup)) for match in _TURNS_OUT.finditer(text)]
    return turns_out + [match.span() for match in _FALLS_ON.finditer(text)]


def _that_may_match(text: str) -> Iterator[Rule]:
    characters = set(text)
    for needed, rules in _RULES:
        if needed.search(text):
            for rule in rules:
                if not rule.needs or not rule.needs.isdisjoint(characters):
                    yield rule


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
    away = abs((nearest - today).days)
    if tense == TO_COME and away <= _NEAR:
        return nearest
    sure = tenses.outright(*match.span()) == tense and tense in (TO_COME, told)
    return value if sure or away > _NEAR else nearest


def _with_its_month(text: str, found: list[Value], bare: list[Value], today: date) -> list[Value]:
    """Bare days beside a date: the same day said once more is none, and a second goes on in its month."""
    kept = [value for value in found if value not in bare]
    dates = {value.end: value for value in found if value.entity == "date"}
    named = {value.start: value for value in kept if value.entity == "date"}
    for value in sorted(bare, key=lambda one: one.start):
        if (said := _by_the_date_after(text, value, named)) is not None:
            kept.append(replace(value, entity="date", value=said.isoformat()))
            continue
        before = max((end for end in dates if end <= value.start), default=None)
        if before is not None:
            beside, between = dates[before], text[before : value.start]
            goes_on = _GOES_ON.fullmatch(between) is not None
            if value.entity == "date" and (beside in bare or not goes_on):
                kept.append(value)
                continue
            said = date.fromisoformat(str(beside.value))
            number = _day_number(value)
            again = said.day == number and len(between) <= _SOON
            if again and not _FROM_THEN_ON.search(between):
                continue
            with suppress(ValueError):
                in_its_month = said.replace(day=number)
                moved = beside in bare and _MOVED.search(between) and in_its_month > today
                if not again and (
                    moved or goes_on or _is_of_month(text, beside, value, in_its_month, today)
                ):
                    value = replace(value, entity="date", value=in_its_month.isoformat())
                    dates[value.end] = value
        kept.append(value)
    return kept


def _with_opening_days(text: str, found: list[Value]) -> list[Value]:
    """A figure that opens a clause beside one single day is a day of its month: "改27号吧，26 我上夜班"."""
    single = [value for value in found if value.entity == "date"]
    if not single or len(single) < len(found):
        return found
    beside = date.fromisoformat(str(single[0].value))
    for match in _OPENS.finditer(text):
        said = make(beside.year, beside.month, int(match[1]))
        if said and said != beside and abs((said - beside).days) <= _SOON:
            found = [*found, Value("date", said.isoformat(), *match.span(1))]
    return found


def _day_number(value: Value) -> int:
    return (
        date.fromisoformat(str(value.value)).day
        if value.entity == "date"
        else int(str(value.value))
    )


def _by_the_date_after(text: str, value: Value, named: dict[int, Value]) -> date | None:
    """The day that a bare one is by the date behind it: in its month, or the last before, which is put off to it."""
    after = min((start for start in named if start >= value.end), default=None)
    if after is None:
        return None
    later, number = date.fromisoformat(str(named[after].value)), _day_number(value)
    if _DENIED.search(text, 0, value.start) and _GOES_BEFORE.fullmatch(text, value.end, after):
        return make(later.year, later.month, number)
    due = _DUE.search(text, 0, value.start) or _WAS_DUE.match(text, value.end)
    if due and _PUT_OFF_TO.search(text, value.end, after):
        return such_day(later, number, past=True)
    return None


def _is_of_month(text: str, beside: Value, value: Value, goes_on: date, today: date) -> bool:
    """Whether a bare day is of the month that a date named: "我11月5号逾期的，20号还上"."""
    return (
        abs((goes_on - today).days) <= _THIS_MONTH
        and _A_MONTH_NAMED.search(text, beside.start, beside.end) is not None
        and not _FROM_THEN_ON.search(text, beside.end, value.start)
        and not is_monthly(text, beside.start, beside.end)
        and not is_monthly(text, value.start, value.end)
    )
