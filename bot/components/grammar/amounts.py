"""Sums of money in yuan: 三千五, 八百五十块五毛, 1万2, "RMB 1,200", "4 to 5 thousand", 一分没有.

A number counts as money when something says so: a currency, a unit such as 千 or "thousand", three
digits or more, a telling word beside it, or nothing else in the message. Counted things (12个月, 3
calls), times, dates, telephone and card numbers do not. Foreign money is no CNY and is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bot.components.grammar.numbers import Number, find_numbers
from bot.components.grammar.roles import role_of
from bot.components.grammar.shared_units import with_shared_units
from bot.components.grammar.signs_of_money import is_counted, looks_like_money, period_of
from bot.components.grammar.spans import never_a_sum, overlaps
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Plain, Value, each_once, yuan
from bot.components.grammar.zeros import find_zeros

_PREFIX: Final = compiled(r"(?:¥|\brmb|\bcny|人民币)\s*$")
_FOREIGN_BEFORE: Final = compiled(r"(?:hk\$|us\$|\$|€|£|usd|hkd|港币|港元|美元|美金|日元)\s*$")
_FOREIGN_AFTER: Final = compiled(
    r"\s*(?:us dollars?|dollars?|bucks usd|usd|hkd|港币|港元|美元|美金|日元|日币|韩元|泰铢|欧元|英镑|新币|马币|刀(?![具子口])|euros?|pounds?|pesos?)"
)
_SUFFIX: Final = compiled(
    r"\s*(?:多|来)?(?:块钱?|元(?![旦宵月])钱?|圆|蚊|大洋|人民币|rmb\b|cny\b|yuan\b|kuai\b|renminbi\b|quid\b|bucks\b(?! usd))(?:人民币|整)?(?:左右|上下|不到|多)?"
)
_JIAO: Final = compiled(
    r"([一二三四五六七八九两\d])(?:毛|角)(?:钱)?(?:([一二三四五六七八九两\d])(?:分钱?|(?=$|[\s,，。;；!！?？了吧的])))?"
)
_SHORT_JIAO: Final = compiled(
    r"(?<=块)([一二三四五六七八九\d])(?=$|[\s,，。;；!！?？吧的左了啊呢嘛你您我他她都也还要不够就才能可给拿行在没])"
    # After any but 一 ("五块一双", "五块一起还") a word may follow that counts nothing: 九块九包邮.
    r"|(?<=块)([二三四五六七八九])(?![零一二三四五六七八九两十百千万亿半几\d.个天年月号日期人家次件张岁点分毛角块元双瓶斤份只条盒笔碗顿本回趟把口单颗周小晚夜步层成代级类种样处番手])"
)
_MINUS: Final = compiled(
    r"(?:(?:(?<![a-z\d\u3400-\u9fff])|(?<=[还给付是挣有]))-|(?:负|零下|\b(?:minus|negative))\s*)$"
)
# "下月一块给", "住一块": together, or a piece of something; a yuan only where the words speak of money.
_ONE_YUAN: Final = compiled(
    r"一块(?:钱|[一二三四五六七八九半\d](?![一二三四五六七八九十百千万两块\d.])|(?:都|也|还)(?:没|拿|掏|出不|还不|挣|赚|不)|[一每][天个])"
)
_A_LAST_YUAN: Final = compiled(r"(?:[剩有挣赚花欠借差省掏]|[每才][天月]?|多|少)[了个]?$")
_ALONE: Final = compiled(r"一块\s*(?:$|[,，。.;；!！?？花还])")
# "一蚊都冇", "not even one yuan": nothing at all, and no sum.
_NONE_AT_ALL: Final = compiled(
    r"(?:都|也)\s*(?:没|冇|拿|掏|出|还|挣|赚|不|唔|凑|挤|榨|剩|付|给|借|捞|收|无)|\s*(?:没|冇)有?(?:$|[\s,，。.!！了])|\s*(?:to my name|left over)"
)
_NOT_ONE_BEFORE: Final = compiled(
    r"(?:\bnot (?:even |a single |a )?|\b(?:don'?t|can'?t|cannot|didn'?t|haven'?t|without|no) [a-z' ]{0,18}?(?:even |a single |single )|(?:没有?|冇|不到|唔到)(?:那?哪怕)?)$"
)
_TOTAL: Final = compiled(
    r"(?:一共|总共|加起来|合计|加一块|拢共|总的|in total|all together|altogether|total(?:s|ing)?|combined)\D{0,6}$"
)
_NOT: Final = compiled(
    r"(?:(?<!是)不是|(?<!系)唔系|并非|没有说|\bnot|\bisn'?t|\bwasn'?t|\binstead of|\brather than|不再是|哪有|没到|哪来的)\s*(?:说|about|around|the|每月|每个月|是)?\s*$"
)
# "你们倒贴我一千" is asked of us, "138那个号" is a telephone.
_OF_US: Final = compiled(r"(?:倒贴|倒找)(?:给?我)?\s*$")
_OF_A_TELEPHONE: Final = compiled(r"\s*(?:[那这]个?号|的号|开头|打头|尾号)")
_ABOUT: Final = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "百万": Decimal(1_000_000),
}
_INFORMAL: Final = compiled(
    r"(?P<about>(?:(?<!成千)上|过|破|超|(?<![附最靠])近)万(?![一二三四五六七八九\d])"
    # "难过千万别", 晚上百无聊赖 say no sum.
    r"|(?:(?<![难通经度错渡越])过|[破超]|(?<![附最靠])近)(?:百万|[百千])(?![万分般年余多儿八来把十一二三四五六七八九\d])|(?<!成千)上[百千](?=块|元|蚊|$|[\s,，。.!！?？了吧]))(?:块钱?|元|蚊)?"
    r"|\b(?P<k>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\s?k\b"
)
_TAKEN_BACK: Final = compiled(
    r"\s*(?:元|块)?[\s,，。.]*(?:不对|不不|说错了|写错了|打错了|错了|哦不|啊不|\bno,? sorry|\bsorry,? (?:i mean|no)|\bi mean|\bno wait|\boops)[^\d]{0,12}[\d一二三四五六七八九两]"
)
_INSTEAD: Final = compiled(
    r"不是|唔系|说错|写错|打错|搞错|弄错|记错|应该是|改成|改为|更正|纠正|\bnot\b|\binstead\b|\bactually\b|\bi meant?\b|\bsorry\b|\bcorrection\b|\bshould be\b|\bmistake\b|\bchange (?:it|that)\b"
)
# Larger figures than anybody has are read too, so that the API can refuse them and say so.
_LARGEST_FIGURE: Final = Decimal("999999999999")
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
    zeros = [*find_zeros(text), *_informal(text)]
    blocked = [*taken, *never_a_sum(text), *((v.start, v.end) for v in zeros)]
    numbers = with_shared_units(text, find_numbers(text), blocked)
    sums = [s for n in numbers if (s := _as_sum(text, n, blocked, bare)) is not None]
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
        if match["about"] and is_counted(text, match.end()):
            continue
        named = find_numbers(match["k"])[0].low * 1000 if match["k"] else _ABOUT[match["about"][1:]]
        role = role_of(text, match.start(), match.end(), [])
        found.append(Value("amount", yuan(named), match.start(), match.end(), role))
    return found


def _as_sum(text: str, number: Number, blocked: list[tuple[int, int]], bare: bool) -> _Sum | None:
    if overlaps(number.start, number.end, blocked) or _is_together(text, number):
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
            low = high = low + _digit(short[1] or short[2]) / 10
            end = short.end()
    elif jiao := _JIAO.match(text, end) if number.high == 0 else None:
        end = jiao.end()
    if not marked and is_counted(text, end):
        return None
    minus = _minus(text, start)
    below_zero = minus < start and (
        # 零下三十 is a cold day, "minus one" somebody who moved out
        number.high >= (100 if text.startswith("零下", minus) else 10) or text[minus] == "-"
    )
    if not (marked or bare or below_zero or looks_like_money(text, number)):
        return None
    if low == high == 1 and (
        _NONE_AT_ALL.match(text, end) or _NOT_ONE_BEFORE.search(text[max(0, start - 30) : start])
    ):
        return None
    if minus < start:
        low, high, start = -high, -low, minus
    return _Sum(number, start, end, low, high, marked, period_of(text, start, end))


def _is_together(text: str, number: Number) -> bool:
    """Whether 一块 says together (一块下岗, 凑一块) or a piece, rather than a yuan."""
    if text[number.start : number.end + 1] != "一块":
        return False
    last = _ALONE.match(text, number.start) and _A_LAST_YUAN.search(
        text[max(0, number.start - 4) : number.start]
    )
    alone = text.strip(" 。.!！吧") == "一块"
    return not (alone or last or _ONE_YUAN.match(text, number.start))


def _digit(text: str) -> Decimal:
    return Decimal(text) if text.isdigit() and text.isascii() else find_numbers(text)[0].low


def _minus(text: str, start: int) -> int:
    """Where the minus before a figure begins; ``start`` itself when there is none."""
    found = _MINUS.search(text, 0, start)
    return found.start() if found else start


def _value(text: str, one: _Sum, role: str | None, corrected: bool) -> Value:
    low, high, entity = one.low, one.high, "amount"
    extra: dict[str, object] = {"corrected": True} if corrected else {}
    if role in (None, "income", "spending", "other_debts", "offer"):
        if one.period == "year" and role not in (None, "offer"):
            extra["said"] = _plain(low, high)
            low, high = low / 12, high / 12  # the planning asks for months
        elif one.period in ("hour", "day", "week"):
            # How many hours or days are worked is not ours to guess: a different name, so that no slot for
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
