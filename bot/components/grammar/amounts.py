"""Sums of money in yuan: 三千五, 八百五十块五毛, 1万2, "RMB 1,200", "4 to 5 thousand", 一分没有.

A number counts as money when something says so: a currency, a unit such as 千 or "thousand", three
digits or more, a telling word beside it, or nothing else in the message. Counted things (12个月, 3
calls), times, dates, telephone and card numbers do not. Foreign money is no CNY and is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bot.components.grammar.numbers import Number, find_numbers
from bot.components.grammar.roles import role_of
from bot.components.grammar.spans import never_a_sum, overlaps
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Plain, Value, each_once, yuan

_PREFIX: Final = compiled(r"(?:¥|\brmb|\bcny|人民币)\s*$")
_FOREIGN_BEFORE: Final = compiled(r"(?:hk\$|us\$|\$|€|£|usd|hkd|港币|港元|美元|美金|日元)\s*$")
_FOREIGN_AFTER: Final = compiled(
    r"\s*(?:us dollars?|dollars?|bucks usd|usd|hkd|港币|港元|美元|美金|日元|euros?|pounds?)"
)
_SUFFIX: Final = compiled(
    r"\s*(?:多|来)?(?:块钱?|元钱?|圆|蚊|大洋|人民币|rmb\b|cny\b|yuan\b|kuai\b)(?:人民币|整)?(?:左右|上下|不到|多)?"
)
_JIAO: Final = compiled(
    r"([一二三四五六七八九两\d])(?:毛|角)(?:钱)?(?:([一二三四五六七八九两\d])分钱?)?"
)
_SHORT_JIAO: Final = compiled(r"(?<=块)([一二三四五六七八九\d])(?=$|[\s,，。;；!！?？吧的左])")
_MINUS: Final = compiled(
    r"(?:(?:(?<![a-z\d\u3400-\u9fff])|(?<=[还给付是挣有]))-|(?:负|零下|\b(?:minus|negative)\s)\s*)$"
)
# "下月一块给", "一块儿": together, no yuan.
_TOGETHER: Final = compiled(r"一块(?=[儿给还交来算弄办过住])")
_COUNTER: Final = compiled(
    r"\s*(?:多|来)?\s*(?:个|期|号|日(?!元)|岁|年|月(?![还付给交])|天|次|遍|家|张|口|人(?!民币|工)|点(?!点)|分钟|分(?!钱|之)|小时|折|成|平|公里|位|封(?!顶)|条|通|笔|份|步|楼|栋|层|周|倍|斤|代|层|章|些|(?<=一)(?:起|边|下|直|样|定|般|旦|共|切|时|会)"
    r"|months?\b|mths?\b|years?\b|yrs?\b|days?\b|weeks?\b|hours?\b|hrs?\b|times?\b|calls?\b|people\b|persons?\b|kids?\b|child|cards?\b|banks?\b|lenders?\b|messages?\b|texts?\b|of us\b|minutes?\b|mins?\b|am\b|pm\b|o'clock|%|st\b|nd\b|rd\b|th\b|instal|periods?\b|apps?\b|loans?\b|strangers?\b|payments?\b|options?\b|ways?\b|things?\b|more\b|by one\b|jobs?\b|\+?\s*(?:cvs?|resumes?|applications?)\b)"
)
_YEARLY: Final = compiled(
    r"年薪|年收入|(?<!还)(?<!再)(?<!完)(?<!后)(?<!了)(?:一|每)年(?!期|后|前|内|半|多)(?:到手|能?挣|赚|收入)?|\ba year\b|\bper year\b|\byearly\b|\bannual(?:ly)?\b|\bper annum\b"
)
_DAILY: Final = compiled(
    r"日薪|(?:一|每)天(?:能)?(?:挣|赚|就|才|只|有|跑)?|日结|\ba day\b|\bper day\b|\bdaily\b|/day"
)
_WEEKLY: Final = compiled(
    r"周薪|(?:一|每)(?:个)?(?:周|星期)|\ba week\b|\bper week\b|\bweekly\b|/week"
)
_MONTHLY: Final = compiled(
    r"(?:一|每)个?月|月薪|/月|\ba month\b|\bper month\b|\bmonthly\b|/month|\bpm\b"
)
_TOTAL: Final = compiled(
    r"(?:一共|总共|加起来|合计|加一块|拢共|总的|in total|all together|altogether|total(?:s|ing)?|combined)\D{0,6}$"
)
_NOT: Final = compiled(
    r"(?:不是|唔系|并非|没有说|\bnot|\bisn'?t|\bwasn'?t|\binstead of|\brather than|不再是|哪有|没到|哪来的)\s*(?:说|about|around|the|每月|每个月|是)?\s*$"
)
# "你们倒贴我一千" is asked of us, "138那个号" is a telephone, "之前说没别的贷款" holds no longer.
_OF_US: Final = compiled(r"(?:倒贴|倒找)(?:给?我)?\s*$")
_OF_A_TELEPHONE: Final = compiled(r"\s*(?:[那这]个?号|的号|开头|打头|尾号)")
_SAID_BEFORE: Final = compiled(r"(?:说|讲|\bsaid|\btold you)[^,，。.]{0,6}$")
_ABOUT: Final[dict[str, Decimal]] = {
    "过万": Decimal(10000),
    "上万": Decimal(10000),
}
_INFORMAL: Final = compiled(
    r"(?P<about>(?:(?<!成千)上|过)万(?![一二三四五六七八九\d]))(?:块钱?|元)?"
    r"|\b(?P<k>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\s?k\b"
)
_TAKEN_BACK: Final = compiled(
    r"\s*(?:元|块)?[\s,，。.]*(?:不对|不不|说错了|写错了|打错了|错了|哦不|啊不|\bno,? sorry|\bsorry,? (?:i mean|no)|\bi mean|\bno wait|\boops)[^\d]{0,12}[\d一二三四五六七八九两]"
)
_INSTEAD: Final = compiled(
    r"不是|唔系|说错|写错|打错|搞错|弄错|记错|应该是|改成|改为|更正|纠正|\bnot\b|\binstead\b|\bactually\b|\bi meant?\b|\bsorry\b|\bcorrection\b|\bshould be\b|\bmistake\b|\bchange (?:it|that)\b"
)
_ZERO_INCOME: Final = compiled(
    r"(?:没有?(?:任何|什么|一点)?|零|0|无)(?:收入|工资(?!条|卡|单)|进账|经济来源|收入来源)(?!证明)|(?:没有?|无)(?:钱)?进账|一分(?:钱)?(?:收入|进账|工资)?(?:都|也)?没有?(?:挣|赚|收入|进账)"
    r"|收入(?:是|为)?(?:零|0(?!\d))|\bno (?:income|salary|wages?|pay|earnings)\b|\bzero income\b|\bnothing coming in\b|\bnot earning(?: anything)?\b|\bearn(?:ing)? nothing\b|\bwithout (?:any )?income\b|\bno money coming in\b|\bdon'?t (?:have|get) (?:any|an) income\b"
)
_ZERO_OTHER_DEBTS: Final = compiled(
    r"(?:没有?|无)(?:任何)?(?:别的|其他|其它|别处|另外的?)(?:的)?(?:债|贷款|欠款|卡|银行|平台|地方|网贷|要还的)|没(?:有)?(?:网贷|欠别人|欠别家|别的要还)|别的(?:地方)?(?:都)?(?:没有|不欠|没欠)|只(?:有|欠)(?:你们)?这(?:一)?(?:张|家|一?笔)(?:卡)?"
    r"|\bno other (?:debts?|loans?|lenders?|cards?|payments?|banks?)|\bonly (?:this|the one) card\b|\bnothing else (?:owed|to pay)|\bdon'?t owe any(?:one|body) else|\bnone elsewhere"
)
_ZERO: Final = compiled(
    r"^\s*(?:是|就)?(?:一分(?:钱)?(?:都|也)?(?:没有|没)|一毛(?:钱)?(?:都|也)?(?:没有|没)|零(?:元|块)?|0(?:\.0+)?\s*(?:元|块|yuan|rmb)?|zero|nil|not a (?:cent|penny)|nothing at all)(?:了|啊|吧|呢)?\s*[.。!！]?\s*$"
)
# Larger figures than anybody has are read too, so that the API can refuse them and say so.
_LARGEST_FIGURE: Final = Decimal("999999999999")
# "123abc" is no sum; "500a month" and "500pm" are typed in haste.
_WORD: Final = compiled(r"(?!(?:a|pm|pcm|per|each|every|ish|left|max|or|and|to)\b)[a-z]")
_ADDED_UP: Final = frozenset({"spending", "other_debts"})


@dataclass(frozen=True)
class _Sum:
    number: Number
    start: int
    end: int
    low: Decimal
    high: Decimal
    marked: bool  # a currency stood beside it
    period: str | None = None


def find_amounts(text: str, taken: list[tuple[int, int]], bare: bool) -> list[Value]:
    """Amounts of a normalised text, each with its role where words tell it.

    ``taken`` are places already read as dates, terms or choices. ``bare``: the message holds
    nothing but a value, so that "80" alone is money. Of sums that the person takes back ("不是6000，
    只有4200") the one that stands is marked ``corrected``, the others are called ``amount_taken_back``.
    What is earned or spent in a year is an amount of a month, with the yearly one as ``said``.
    """
    zeros = [*_zeros(text), *_informal(text)]
    blocked = [*taken, *never_a_sum(text), *((v.start, v.end) for v in zeros)]
    sums = [s for n in find_numbers(text) if (s := _as_sum(text, n, blocked, bare)) is not None]
    places = [(s.start, s.end) for s in sums]
    kept, back = [], []
    for one in sums:
        if _OF_US.search(text, 0, one.start):
            continue
        if _NOT.search(text, 0, one.start) or _TAKEN_BACK.match(text, one.end):
            back.append(Value("amount_taken_back", _plain(one.low, one.high), one.start, one.end))
            continue
        others = [place for place in places if place != (one.start, one.end)]
        kept.append((one, role_of(text, one.start, one.end, others)))
    corrected = bool(_INSTEAD.search(text)) and (len(kept) < len(sums) or len(sums) == 1)
    values = [_value(text, one, role, corrected) for one, role in kept]
    values = _only_totals(text, values)
    return each_once(sorted([*values, *back, *zeros], key=lambda value: value.start))


def _informal(text: str) -> list[Value]:
    """Sums in words that are no number: 过万, "six k"."""
    found = []
    for match in _INFORMAL.finditer(text):
        named = find_numbers(match["k"])[0].low * 1000 if match["k"] else _ABOUT[match["about"]]
        role = role_of(text, match.start(), match.end(), [])
        found.append(Value("amount", yuan(named), match.start(), match.end(), role))
    return found


def _as_sum(text: str, number: Number, blocked: list[tuple[int, int]], bare: bool) -> _Sum | None:
    if overlaps(number.start, number.end, blocked) or _TOGETHER.match(text, number.start):
        return None
    if _OF_A_TELEPHONE.match(text, number.end):
        return None
    start, end = number.start, number.end
    low, high = min(number.low, _LARGEST_FIGURE), min(number.high, _LARGEST_FIGURE)
    if _FOREIGN_BEFORE.search(text, 0, start) or _FOREIGN_AFTER.match(text, end):
        return None
    marked = False
    if prefix := _PREFIX.search(text, 0, start):
        start, marked = prefix.start(), True
    if suffix := _SUFFIX.match(text, end):
        end, marked = suffix.end(), True
        if jiao := _JIAO.match(text, end):
            low = high = low + _digit(jiao[1]) / 10 + (_digit(jiao[2]) / 100 if jiao[2] else 0)
            end = jiao.end()
        elif short := _SHORT_JIAO.match(text, end):
            low = high = low + _digit(short[1]) / 10
            end = short.end()
    elif jiao := _JIAO.match(text, end) if number.high == 0 else None:
        end = jiao.end()
    if not marked and (_COUNTER.match(text, end) or _WORD.match(text, end)):
        return None
    if not marked and not _looks_like_money(text, number, bare or _minus(text, start) < start):
        return None
    if (minus := _minus(text, start)) < start:
        low, high, start = -high, -low, minus
    return _Sum(number, start, end, low, high, marked, _period(text, start, end))


def _digit(text: str) -> Decimal:
    return Decimal(text) if text.isdigit() and text.isascii() else find_numbers(text)[0].low


def _minus(text: str, start: int) -> int:
    """Where the minus before a figure begins; ``start`` itself when there is none."""
    found = _MINUS.search(text, 0, start)
    return found.start() if found else start


def _looks_like_money(text: str, number: Number, bare: bool) -> bool:
    if bare or number.unit >= 100:
        return True
    if number.script == "arabic":
        if number.high >= 100 or number.high != number.high.to_integral_value():
            return True
        # "最多还80", "rent 90": small figures need a telling word right before them.
        near = re.search(
            r"(?:还|最多|只能|房租|挣|工资|收入|到手|\bpay|\brent|\bafford|\bspare)\s*$",
            text[: number.start],
        )
        return near is not None and number.high >= 10
    return False


def _period(text: str, start: int, end: int) -> str | None:
    """The stretch of time a sum is for, where the words right beside it say so."""
    before, after = text[max(0, start - 8) : start], text[end : end + 10]
    before = re.split(r"[,，。;；!?！？\n]", before)[-1]
    after = re.split(r"[,，。;；!?！？\n]", after)[0]
    near = (before, after)
    for name, pattern in (
        ("month", _MONTHLY),
        ("year", _YEARLY),
        ("week", _WEEKLY),
        ("day", _DAILY),
    ):
        if any(pattern.search(side) for side in near):
            return name
    return None


def _value(text: str, one: _Sum, role: str | None, corrected: bool) -> Value:
    low, high, entity = one.low, one.high, "amount"
    extra: dict[str, object] = {"corrected": True} if corrected else {}
    if role in (None, "income", "spending", "other_debts"):
        if one.period == "year" and role is not None:
            extra["said"] = _plain(low, high)
            low, high = low / 12, high / 12  # the planning asks for months
        elif one.period in ("day", "week"):
            # How many days are worked is not ours to guess: a different name, so that no slot for
            # a monthly sum takes it.
            entity = f"amount_per_{one.period}"
    return Value(entity, _plain(low, high), one.start, one.end, role, extra)


def _plain(low: Decimal, high: Decimal) -> Plain:
    return yuan(low) if low == high else {"from": yuan(low), "to": yuan(high)}


def _only_totals(text: str, values: list[Value]) -> list[Value]:
    """Where a total is named, its parts lose their role, so that sums may be added up safely."""
    totals = {v.role for v in values if v.role in _ADDED_UP and _TOTAL.search(text, 0, v.start)}
    if not totals:
        return values
    return [
        v if v.role not in totals or _TOTAL.search(text, 0, v.start) else replace(v, role="part")
        for v in values
    ]


def _zeros(text: str) -> list[Value]:
    if zero := _ZERO.match(text):
        return [Value("amount", "0.00", zero.start(), zero.end())]
    found = []
    for pattern, role in ((_ZERO_OTHER_DEBTS, "other_debts"), (_ZERO_INCOME, "income")):
        for match in pattern.finditer(text):
            if _SAID_BEFORE.search(text, 0, match.start()):
                continue
            if not overlaps(match.start(), match.end(), ((v.start, v.end) for v in found)):
                found.append(Value("amount", "0.00", match.start(), match.end(), role))
    return found
