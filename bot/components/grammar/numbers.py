"""Numbers as people write them: 三千五, 一万二, 1万2, 2w, 3.5k, 五六千, "four to five thousand".

English words are read in ``english_numbers``. A number is only a number here; whether it is money, a day or a term is for the other grammars.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.components.grammar.english_numbers import english_numbers
from bot.components.grammar.number import ARABIC, Number
from bot.components.grammar.text import compiled

_DIGITS: Final = {c: Decimal(n) for n, c in enumerate("零一二三四五六七八九")} | {"两": Decimal(2)}
_TENS: Final = {"廿": Decimal(20), "卅": Decimal(30)}
_SMALL_UNITS: Final = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "k": Decimal(1000),
}
_BIG_UNITS: Final = {
    "万": Decimal(10_000),
    "w": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "兆": Decimal(10**12),
}
_UNITS: Final = _SMALL_UNITS | _BIG_UNITS

# "k" and "w" count as units only right after a figure and not inside a word (3k, 2个w; not "kids").
_LATIN_UNIT: Final = (
    r"(?<=[\d.零一二两三四五六七八九十]) ?[kw](?![a-z])|(?<=[\d一二两三四五六七八九十]个)[kw](?![a-z])(?!都)"
    r"|(?<=[\d一二两三四五六七八九十]个多)[kw](?![a-z])"
)
# "两千八一个月", "一千二一期", "五百三年还清": the last figure belongs to what is counted after it.
_COUNTS_ON: Final = (
    r"(?<=[零一二三四五六七八九两百千万\dkw])一(?=个?(?:月|星期|礼拜)|把|[期季次节步]|口[价气]|分(?:不|钱)|起[还付交给]|人(?!民)|小时|[周天年](?![一二三四五六七八九]))"
    # "一笔八百一笔一千二", "一张八千一张一万二": sums in a row, each with its own count.
    r"|(?<=[百千万])一(?=[笔张份家单件回顿台样套个](?:是|要|欠|还|花|付|交|约|大概)?[\d一二两三四五六七八九十])"
    r"|(?<=[百千万])[一二两三四五六七八九](?=个月|[年期](?![终底初末后前间薪货度费检])|天(?!天))"
)
# "2，600元": a full-width comma is a sentence's own, unless the currency shows that the figure goes on.
_WIDE: Final = r"(?<![\d,，.])\d{1,3}，\d{3}(?=\s*(?:元|块|rmb|yuan|人民币))"
_RUN: Final = compiled(
    rf"(?:(?<![零一二三四五六七八九两])(?:{_WIDE}|{ARABIC})|(?<!\d)(?!{_COUNTS_ON})[零一二三四五六七八九两廿卅]"
    rf"|[十百千万亿兆半]|(?<=[零一二三四五六七八九两十百千万\d])个(?=[万亿兆])|(?<=[\d一二两三四五六七八九十])个(?=多?[kw](?![a-z]))|(?<=个)多(?=[kw](?![a-z]))|{_LATIN_UNIT}"
    r"|(?<=\d) (?=[百千万](?!万))|(?<=[十百千])[多几来余](?=个?[万亿w])|(?<=[十百千万])来(?=[块元]))+"
)
_TOKEN: Final = compiled(rf"\d{{1,3}}，\d{{3}}|{ARABIC}|.")
# 百八十 is 80 to 100, 千儿八百 800 to 1000; 百来, 千把 and 百十来 come to about the first.
_ROUGH: Final = compiled(
    r"(?<![零一二三四五六七八九两十百千万几\d成])(?P<about>[百千万])(?:儿)?(?:(?P<down>八[十百千])|(?:十|[来把])来?)(?![一二三四五六七八九])"
)
_BREATH: Final = compiled(
    r"(?<![零一二三四五六七八九两十百千万\d])(?P<low>[一二两三四五六七八])(?P<unit>[百千万])(?P<high>[二两三四五六七八九])(?P=unit)(?![零一二三四五六七八九十百千万\d])"
)
_COMMA_POINT: Final = compiled(r"(?<![\d.,])([1-9]),(\d) ?k(?![a-z])")
_DOWN: Final = frozenset({"百八十", "千八百", "万八千"})
_MORE: Final = compiled(r"[多几余]|来(?=[块元个千万])|出头|\+|ish\b")

# 10^12, 10**9, 1e9, 10的12次方: nobody earns so; it is read so that it can be told to be too much.
_POWER: Final = compiled(
    r"(?<![\w.])(\d{1,9}(?:\.\d{1,9})?)(?:e\+?|\s*(?:[x×*]\s*10)?(?:\^|\*\*)\s*|的)(\d{1,3})(?:次方)?(?![a-z0-9.^])"
)
_HIGHEST_POWER: Final = 30


def find_numbers(text: str) -> list[Number]:
    """All numbers of a normalised text, in order, ranges joined."""
    found = [
        *_chinese_and_arabic(text), *english_numbers(text), *_powers(text), *_rough(text),
        *_two_ways(text),
    ]  # fmt: skip
    found.sort(key=lambda number: (number.start, -number.end))
    apart: list[Number] = []
    for number in found:
        if not apart or number.start >= apart[-1].end:
            apart.append(number)
        elif number.end > apart[-1].end:  # "3 thousand" beats the "3" inside it
            apart[-1] = number
    return _join_ranges(text, apart)


def _chinese_and_arabic(text: str) -> list[Number]:
    numbers = []
    for match in _RUN.finditer(text):
        number = _read_run(match.group(), match.start(), text)
        if number is not None:
            numbers.append(number)
    return numbers


def _rough(text: str) -> list[Number]:
    numbers = []
    for match in _ROUGH.finditer(text):
        about, down = match["about"], match["down"]
        high = _UNITS[about]
        if down and about + down not in _DOWN:
            continue
        low = high * 8 / 10 if down else high
        numbers.append(Number(*match.span(), low, high, high, "chinese", is_range=bool(down)))
    return numbers


def _two_ways(text: str) -> list[Number]:
    """Two sums in one breath (五百六百), and a comma for a point (3,2k)."""
    numbers = []
    for match in _BREATH.finditer(text):
        unit = _UNITS[match["unit"]]
        low, high = _DIGITS[match["low"]] * unit, _DIGITS[match["high"]] * unit
        if low < high:
            numbers.append(Number(*match.span(), low, high, unit, "chinese", is_range=True))
    for match in _COMMA_POINT.finditer(text):
        value = Decimal(f"{match[1]}.{match[2]}") * 1000
        numbers.append(Number(*match.span(), value, value, Decimal(1000), "arabic"))
    return numbers


def _read_run(run: str, start: int, text: str) -> Number | None:
    tokens = [t for t in _TOKEN.findall(run) if t not in "多几来余个 " or t.isdigit()]
    script = "arabic" if run[0].isdigit() else "chinese"
    half = len(run) // 2
    if script == "chinese" and half > 1 and run[:half] == run[half:]:
        tokens = tokens[: len(tokens) // 2]  # 两百两百地还: two hundred each time
    readings = _readings(tokens)
    values = [value for value in (_evaluate(reading) for reading in readings) if value is not None]
    if len(values) != len(readings):
        return None
    unit = max((_UNITS[t] for t in tokens if t in _UNITS), default=Decimal(1))
    end = start + len(run)
    if more := _MORE.match(text, end):
        end = more.end()
    low, high = min(values), max(values)
    return Number(start, end, low, high, unit, script, is_range=len(values) == 2)


def _readings(tokens: list[str]) -> list[list[str]]:
    """One reading, or two for neighbours said together: 五六千 is 五千 to 六千, 三五百 三百 to 五百."""
    for at in range(len(tokens) - 1):
        first, second = tokens[at], tokens[at + 1]
        if first in _DIGITS and second in _DIGITS and first != "零" and second != "零":
            ascending = _DIGITS[second] - _DIGITS[first]
            if (first, second) == ("三", "两"):  # 三两百 is said as 两三百 is
                first, second = second, first
            elif not (ascending == 1 or (first, second) == ("三", "五")):
                return [tokens]
            rest = tokens[at + 2 :]
            lower, higher = [*tokens[:at], first, *rest], [*tokens[:at], second, *rest]
            return [lower, higher]
    return [tokens]


def _evaluate(tokens: list[str]) -> Decimal | None:
    """The number said by digits and units; ``None`` when it is none (千千, 二三四)."""
    if len(tokens) == 2 and tokens[0] in "百千万" and tokens[1] in "二三四五六七八九半":
        tokens = ["一", *tokens]  # 千八, 万二: the one goes without saying (万一 is a word)
    total = section = Decimal(0)
    pending: Decimal | None = None
    pending_is_short = False
    last_unit: Decimal | None = None
    after_zero = False
    for part in tokens:
        if part == "半":
            if pending is not None or last_unit is None or last_unit < 1000:
                return None
            pending, pending_is_short = Decimal(5), True
        elif part in _TENS:
            if pending is not None or section % 100:
                return None
            section, last_unit = section + _TENS[part], Decimal(10)
        elif part in _DIGITS:
            if pending is not None:
                return None
            if part == "零" and last_unit is not None:
                after_zero = True
            else:
                pending, pending_is_short = _DIGITS[part], True
        elif part in _SMALL_UNITS:
            unit = _SMALL_UNITS[part]
            if pending is None and last_unit == 10 and unit == 1000:
                section, last_unit = section * unit, unit  # 四十千, said as in English
                continue
            if pending is None and unit != 10:
                return None
            if last_unit is not None and unit >= last_unit and last_unit < 10_000:
                return None
            section += (Decimal(1) if pending is None else pending) * unit
            pending, last_unit, after_zero = None, unit, False
        elif part in _BIG_UNITS:
            section += pending or Decimal(0)
            if section == 0 and pending is None:
                return None
            total += section * _BIG_UNITS[part]
            section, pending, last_unit, after_zero = Decimal(0), None, _BIG_UNITS[part], False
        else:
            if pending is not None:
                return None
            pending = Decimal(part.replace(",", "").replace("，", ""))
            pending_is_short = len(part) == 1
    if pending is None:
        return total + section
    if last_unit is None:
        return pending
    if after_zero:
        return total + section + pending
    if pending_is_short:  # 三千五: the next unit down goes without saying
        return total + section + pending * last_unit / 10
    return total + section + pending if pending < last_unit else None


def _powers(text: str) -> list[Number]:
    numbers = []
    for match in _POWER.finditer(text):
        if "的" in match.group() and not match.group().endswith("次方"):
            continue
        base, power = Decimal(match[1]), min(int(match[2]), _HIGHEST_POWER)
        times_ten = "e" in match.group() or re.search(r"[x×*]\s*10", match.group())
        value = base.scaleb(power) if times_ten else min(base**power, Decimal(10) ** _HIGHEST_POWER)
        whole = value.quantize(Decimal("0.01")) if value < Decimal(10) ** 20 else value
        numbers.append(Number(match.start(), match.end(), whole, whole, Decimal(1), "arabic"))
    return numbers


_BETWEEN: Final = compiled(
    r"\s*(?:元|块钱?|rmb|yuan|-|/)?\s*(?:-|~|到|至|或者?|、|\bor\b|\bto\b)\s*(?:¥|rmb)?\s*"
)
_EITHER: Final = compiled(r"或|\bor\b")
_BETWEEN_AND: Final = compiled(
    r"\s*(?:yuan|rmb|元|块钱?)?\s*(?:and\b|&|n\b|[和跟与同])\s*(?:¥|rmb)?\s*"
)
# "btw" is by the way as well: between only right before the first number.
_BETWEEN_BEFORE: Final = compiled(
    r"\b(?:between|betwe+n|betw|btwn|btween|b/w|btw)\s*(?:about |around |maybe |like |¥|rmb)?\s*$"
)
_BETWEEN_AFTER: Final = compiled(r"\s*(?:元|块钱?)?\s*(?:之间|中间)")


def _join_ranges(text: str, numbers: list[Number]) -> list[Number]:
    joined: list[Number] = []
    for number in numbers:
        if joined and (one := _as_range(text, joined[-1], number)) is not None:
            joined[-1] = one
        else:
            joined.append(number)
    return joined


def _as_range(text: str, first: Number, second: Number) -> Number | None:
    if first.is_range or second.is_range:
        return None
    gap = text[first.end : second.start]
    spoken = _BETWEEN.fullmatch(gap) is not None
    between = _BETWEEN_AND.fullmatch(gap) is not None and (
        "between" in text[: first.start]
        or _BETWEEN_BEFORE.search(text[max(0, first.start - 24) : first.start])
        or _BETWEEN_AFTER.match(text, second.end)
    )
    if not (spoken or between):
        return None
    low = first.low
    if first.unit == 1 and second.unit > 1 and low * second.unit < second.low and low < 100:
        low *= second.unit
    if low >= second.low or second.low > low * 10:
        return None
    if second.low > low * 2 and first.unit == second.unit == 1 and _EITHER.search(gap):
        return None  # "900 or 1,900": one of two sums, and nothing between them
    unit = max(first.unit, second.unit)
    return replace(first, end=second.end, low=low, high=second.low, unit=unit, is_range=True)
