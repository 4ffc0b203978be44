"""Days of the month without the word that makes them one: 15发钱, 从15变成9号, "pay day to 22"."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.counting import count
from bot.components.grammar.spans import overlaps
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value

__all__ = ["with_bare_days", "with_pay_day"]

_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)"
_BEFORE: Final = r"(?<![\d.,:/¥第分几一二三四五六七八九十百千万两月零-])"
_ALONE: Final = (
    r"(?![\d.,:/]*\d|\s*[-~到至]\s*[\d一二三四五六七八九十]|[一二三四五六七八九十百千万几来多%]|\s*(?:[号日个月期块元岁点天人次分口年折位家笔种]"
    r"|k\b|w\b|yuan|rmb|(?:days?|years?|months?|times?|kids?|people|instal\w*|per ?cent)\b))"
)
_PAY_DAY: Final = compiled(
    r"发[薪饷粮钱]|[发出开](?:工资|工钱|支|薪|饷)|拿(?:工资|工钱|钱)|出粮|领(?:工资|工钱|钱)|工资[^,，。\s\d]{0,3}\d{1,2}发|[薪粮]日|还款日|扣款日|账单日|工资日|财政发|到账|退休金|\bpay ?(?:day|date)\b|\bdue date\b|\b(?:salary|wages?|paid|pays us|pension|payroll)\b"
)
# What such a figure stands in; in the first it is the day itself that is named, whatever else is said.
_SURE: Final = compiled(
    rf"{_BEFORE}(?P<moved>{_DAY})(?=\s*(?:号|日)?\s*(?:变成?|改成?|改到|改为|挪到|换成?|换到|调成?|调到)\s*{_DAY}\s*[号日])"
    rf"|{_BEFORE}(?P<either>{_DAY})(?=(?:\s*(?:或者?|还是|[、和跟与到至/])\s*|\s){_DAY}\s*[号日])"
    rf"|{_BEFORE}(?P<paid>{_DAY})(?=\s*(?:才|就|再|准时|都|能)?\s*(?:发(?:钱|工资|工钱|薪|饷|粮|的|了)|[开拿领出](?:工资|工钱|薪|支|饷|粮)|[拿领]钱|到账|打钱|(?:才|就)到(?!\d)))"
    rf"|(?<=\s){_BEFORE}(?P<then>{_DAY})(?=\s*(?:再|就|才|可以|能)?(?:还|扣|交|划)(?:你们|你|我|给|款|钱|上|走|就行|就好|吧|都行)*(?:$|[\s,，。;；!！]))"
    rf"|(?:[发出开](?:工资|工钱|薪水?|饷|粮)|拿工资)(?:的?(?:日子|时间|日))?(?:一般|都|通常)?(?:是|在|就)+\s*(?:每个?月的?)?\s*(?P<wages>{_DAY}){_ALONE}"
    rf"|\bon\s+(?P<on>{_DAY}){_ALONE}(?=\s*(?:$|[.,;!?]|(?:is|was|are|not|now|and|but|instead|of|each|every|please|pls|so|because|then)\b))"
    rf"|(?:发[薪饷粮]日|工资日|还款日|扣款日|账单日|payday|pay day)\s*(?:是|在|定|改|填|为|:|to|is|on)*\s*(?:每个?月)?\s*(?P<called>{_DAY}){_ALONE}"
)
_BESIDE_A_DAY: Final = compiled(
    rf"(?:改成?|改到|改为|改在|挪到|换成?|换到|调成?|调到|[说听打写记填讲看]成|[写定填放](?:在|到)?|不是|就?选|(?:现在|后来|原来|原先|本来|之前|以前|新的)(?:的?是|变|在|改)?)了?\s*(?P<put>{_DAY}){_ALONE}"
    rf"|\b(?:not|to|from|make it|instead of|than|wrote|typed|said|or|and|sometimes)\s+(?:the\s+)?(?P<en_put>{_DAY})\b{_ALONE}(?!\s+(?:on|at|by|a|per|each|in)\b)"
)
# So small a sum a month is none, unless a fee is named: "每月二十八就行".
_MONTHLY: Final = compiled(
    rf"(?:每一?个?月|月月|按月)的?(?:都|就|固定|是|在)?\s*(?P<monthly>{_DAY}){_ALONE}(?!\s*(?:个|利息|手续费|会员|话费))"
)
_MONTHLY_TOO: Final = compiled(
    rf"(?:每一?个?月|月月|按月)的?\s*{_DAY}\s*(?:[和跟与同、]|还有)\s*(?P<second>{_DAY}){_ALONE}"
)
_FEE: Final = compiled(
    r"会员|话费|套餐|月租|利息|手续费|流量|订阅|\b(?:fee|interest|subscription)\b"
)
# "别定15，15要还房贷，放到22": nothing else is put from one such figure to another.
_NOT_THERE: Final = compiled(
    rf"(?:别|不要|莫|唔好|甭|不能)再?(?:定|放|排|安排|设)(?:在|到|成|喺)?\s*(?P<kept>{_DAY}){_ALONE}[^。;；!！?？]{{0,24}}?(?:放|改|挪|定|排|推|换|设)(?:到|在|成|为|喺)?\s*(?P<put>{_DAY}){_ALONE}"
)
_CURRENCY: Final = compiled(r"[元块圆¥毛]|rmb|cny|yuan|kuai|钱")
_FIGURE: Final = compiled(
    r"(?<![\d.,:/¥第几一二三四五六七八九十百千万零-])(?:3[01]|[12]\d|[1-9]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)"
    r"(?![\d.,:/]*\d|[一二三四五六七八九十几来多]|%|\s*(?:[天年块元千百万个期次岁点分几成%]|k\b|w\b|days?\b|years?\b|months?\b|times?\b|am\b|pm\b|o'clock|hundred|thousand|kids?\b))"
)
_A_FEW_WORDS: Final = 16
_AT_MOST: Final = 4
# Two or three figures where a day is asked for or moved: "别定15，放到22", "not 15, make it 22", "10 or 20".
_PLACED: Final = compiled(
    r"(?:定|放|排|挪|改|选|设|推)(?:在|到|成|为)?\s*[\d一二三四五六七八九十廿]|不是|不要|不行|[太更]早|[太更]晚|还是|或者?|都行|都可以"
    r"|\bnot\b|\bor\b|\binstead\b|\brather\b|\bmake it\b|\b(?:move|push|change|set|put|shift)\b|\btoo (?:early|late|soon)\b|\bbetter\b|\bworks?\b|\bclash(?:es)?\b|\bsuits?\b"
)
_OF_DAYS: Final = compiled(
    r"[号薪粮饷钱扣账发]|日(?!子)|工资|退休金|养老金|days?\b|date|due|paid|pay|month|salary|wage|pension"
)
_A_MONTH: Final = compiled(
    r"[\d一二三四五六七八九十正腊]月|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]*)\b"
)


def with_bare_days(plain: str, found: list[Value]) -> list[Value]:
    """Days that stand without their word where a day or the payday is named: they are no sums.

    Beside a term or a household a figure in a correction may be one of those instead, and is left.
    """
    if "月" in plain and not _FEE.search(plain):
        found = _with_days(plain, _with_days(plain, found, _MONTHLY), _MONTHLY_TOO)
    if moved := _NOT_THERE.search(plain):
        for place in ("kept", "put"):
            found = _with_day(plain, found, *moved.span(place))
    named = any(value.entity == "day_of_month" for value in found) or _PAY_DAY.search(plain)
    if not named:
        return found
    frames = [_SURE]
    if all(v.entity in ("day_of_month", "date", "amount", "option") for v in found):
        frames.append(_BESIDE_A_DAY)
    for frame in frames:
        found = _with_days(plain, found, frame)
    return found


def with_pay_day(plain: str, found: list[Value]) -> list[Value]:
    """A figure that could be a day is one, where a message names its payday and no day: "my pay date is 25"."""
    dated = any(value.entity in ("date", "day_of_month") for value in found)
    figures = list(_FIGURE.finditer(plain))
    several = len({count(figure[0]) for figure in figures}) > 1
    placed = _PLACED.search(plain) is not None and len(figures) <= _AT_MOST
    elsewhere = len(plain) > _A_FEW_WORDS and not (placed or _OF_DAYS.search(plain))
    if (
        dated or (several and not placed) or _A_MONTH.search(plain) or elsewhere
    ):  # "30 February" was no date, and is no day either
        return found
    if several and any(value.entity not in ("amount", "option") for value in found):
        return found
    for figure in figures:
        found = _with_day(plain, found, *figure.span())
    return found


def _with_days(plain: str, found: list[Value], frame: re.Pattern[str]) -> list[Value]:
    for match in frame.finditer(plain):
        found = _with_day(plain, found, *match.span(str(match.lastgroup)))
    return found


def _with_day(plain: str, found: list[Value], start: int, end: int) -> list[Value]:
    """Enter a day where nothing stands but a sum that is not called money."""
    beside = [v for v in found if overlaps(v.start, v.end, [(start, end)])]
    if any(v.entity != "amount" or _CURRENCY.search(plain[v.start : v.end]) for v in beside):
        return found
    day = count(plain[start:end])
    if (
        day is None
        or not 1 <= day <= 31
        or any(v.entity == "day_of_month" and v.value == day for v in found)
    ):
        return [value for value in found if value not in beside] if day else found
    return [
        *(value for value in found if value not in beside),
        Value("day_of_month", day, start, end),
    ]
