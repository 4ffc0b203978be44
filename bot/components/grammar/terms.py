"""How long to pay (36期, 三年, 一年半, "18 months"), which offer (第二个, "option 2"), how many at home."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.value import Value

_CN: Final = "零一二两三四五六七八九十百廿卅"
_NUM: Final = rf"(?:\d{{1,3}}|[{_CN}]{{1,4}})"
_EN_SMALL: Final = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen"
    r"|twenty[- ]four|twenty|thirty[- ]six|thirty|forty[- ]eight|sixty|twenty[- ]\w+)"
)
# A span of time that lies behind ("失业半年了", "three months ago") is a story, not a wish.
_BEHIND: Final = re.compile(
    r"\s*多?\s*(?:[前了没以之来内]|ago\b|overdue|late\b|behind|already|now\b|多少|利息|without)"
)
_BEFORE: Final = re.compile(
    r"(?:已经|失业|逾期|欠了?|停了|病了|过去|最近|这|征信|记录|保留|住院|拖了|晚了|断了|干了|隔了|第"
    r"|for the (?:past|last)|\bpast|\blast|late by|overdue(?: for| by)?|unemployed for|sick for|\bin|every"
    r"|work for(?: the past)?|pregnant)\s*(?:大概|快|有|about)?\s*$"
)
_TERM: Final = re.compile(
    rf"(?P<years>{_NUM})年(?P<half>半)?(?:零?(?P<rest>{_NUM})个月)?|(?P<half_year>半年)"
    rf"|(?P<months>{_NUM})(?:个月|期|月期)"
    rf"|(?P<half_year_en>half a year|a half[- ]year)"
    rf"|(?P<years_en>{_EN_SMALL}) and a half years|(?:a|one) year and a half(?P<year_and_half>)"
    rf"|(?P<full_years_en>{_EN_SMALL})[\s-]*(?:years?|yrs?)\b(?! old)"
    rf"|(?P<months_en>{_EN_SMALL})[\s-]*(?:months?|mths?|mos?|instal?lments|payments)\b"
)
LONGEST_TERM: Final = 120  # months; beyond that it is not a term anybody means


def find_terms(text: str) -> list[Value]:
    """Terms in months of a normalised text; of two joined ones (两三年) the longer."""
    found = []
    for match in _TERM.finditer(text):
        if _BEHIND.match(text, match.end()) or _BEFORE.search(text, 0, match.start()):
            continue
        if match[0].startswith("a ") and text[: match.start()].rstrip()[-1:].isdigit():
            continue  # "72000 a year"
        if re.match(r"(?:个)?月[一二三四五六七八九十\d]+[号日]", text[match.end() - 1 :]):
            continue
        months = _months(match)
        if months is not None and 1 < months <= LONGEST_TERM:
            found.append(Value("term_months", months, match.start(), match.end()))
    return found


def _count(words: str) -> int | None:
    if words in ("a", "an"):
        return 1
    numbers = find_numbers(words)
    return int(numbers[0].high) if len(numbers) == 1 else None


def _months(m: re.Match[str]) -> int | None:
    if m["half_year"] or m["half_year_en"]:
        return 6
    if m["year_and_half"] is not None:
        return 18
    if m["years"] or m["years_en"] or m["full_years_en"]:
        years = _count(m["years"] or m["years_en"] or m["full_years_en"])
        if years is None or years > 10:
            return None
        extra = 6 if m["half"] or m["years_en"] else (_count(m["rest"]) or 0) if m["rest"] else 0
        return years * 12 + extra
    return _count(m["months"] or m["months_en"])


_OPTION_DIGITS: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "①": 1,
    "②": 2,
    "③": 3,
}
_EN_OPTIONS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "one": 1,
    "two": 2,
    "three": 3,
}
_ONE: Final = r"(?P<d>[一二两三123①②③])(?![\d零一二三四五六七八九十百千万.kw])"
_OPTION: Final = re.compile(
    r"(?P<circled>[①②③])"
    r"|第(?P<nth>[一二三123])(?:个|种|款|项|条路|套|份)?(?:方案|办法|选项|计划)?(?![期月次年天笔步段遍\d页条章])(?!个月)"
    r"|(?:方案|选项|办法|选择|计划)\s*(?P<after>[一二三123])(?![\d十百千万])"
    r"|(?:我?(?:就)?(?:选|要|挑|定))\s*(?:择|方案|第)?\s*(?P<chosen>[一二三123])"
    r"(?:个|号)?(?=$|[\s,，。.!！吧啊呢了号])(?!号还)"
    r"|(?<![\d零一二三四五六七八九十])(?P<numbered>[一二三123])号(?:方案|办法|选项)"
    r"|\b(?:option|plan|offer|number|choice|no\.?)\s*(?P<en>[123]|one|two|three)\b(?!\s*(?:month|year|,\d|\.\d))"
    r"|#\s*(?P<hash>[123])(?!\d)"
    r"|\b(?:the\s+)?(?P<en_nth>first|second|third|1st|2nd|3rd)\s+(?:one|option|plan|offer|choice)\b"
    r"|^\s*(?:the\s+)?(?P<en_alone>first|second|third|1st|2nd|3rd)\s*(?:please|pls)?\s*[.!]?\s*$"
)
_FLAT: Final = re.compile(r"^\s*[(\[]?(?P<d>[一二三123])[)\].、。]?\s*(?:吧|please|pls)?\s*$")


def find_options(text: str) -> list[Value]:
    """Which of up to three offers is named (1-3); a lone 1, 2 or 3 names one as well."""
    if flat := _FLAT.match(text):
        return [Value("option", _OPTION_DIGITS[flat["d"]], flat.start("d"), flat.end("d"))]
    found = []
    for match in _OPTION.finditer(text):
        word = next(group for group in match.groups() if group)
        number = _OPTION_DIGITS.get(word) or _EN_OPTIONS[word]
        found.append(Value("option", number, match.start(), match.end()))
    return found


_ALONE: Final = re.compile(
    r"就我一个人(?:住|过)?|我?一个人(?:住|过|生活)|我?单身一个人|独居|\blive alone\b|\bliving alone\b|\bjust me\b|\bonly me\b|\bon my own\b"
)
_HOUSEHOLD: Final = re.compile(
    rf"(?:一家|全家|家里|家里有|屋企|我[们哋]家|一共|总共)\s*(?:一共|有|就|总共|得|净系)?\s*(?P<n1>{_NUM})\s*(?:口人?|个人)"
    rf"|(?P<n2>{_NUM})\s*口(?:之家|人)"
    rf"|(?P<n3>{_NUM})\s*个人\s*(?:吃饭|住|过|生活|要养)"
    rf"|(?:我|妈妈|爸爸)?一个人(?:要)?[带养]着?(?P<kids>{_NUM}|俩)\s*个?(?:孩子|娃|小孩)"
    rf"|\b(?:family|household) of (?P<en1>{_EN_SMALL})\b|\b(?P<en2>{_EN_SMALL}) of us\b"
    rf"|\b(?P<en3>{_EN_SMALL}) people (?:at home|in (?:my|our|the) (?:home|house|household|family))"
    rf"|\bsingle (?:mom|mum|mother|dad|father|parent) (?:of|with) (?P<kids_en>{_EN_SMALL})\b"
)
_MOST_AT_HOME: Final = 20


def find_household(text: str) -> list[Value]:
    """How many people live on the money, where the person says so outright."""
    found = [Value("household_size", 1, m.start(), m.end()) for m in _ALONE.finditer(text)]
    for match in _HOUSEHOLD.finditer(text):
        kids = match["kids"] or match["kids_en"]
        if kids:
            number = 2 if kids == "俩" else _count(kids)
            size = None if number is None else number + 1
        else:
            size = _count(next(g for g in match.groups() if g))
        if size is not None and 1 <= size <= _MOST_AT_HOME:
            found = [v for v in found if v.end <= match.start() or v.start >= match.end()]
            found.append(Value("household_size", size, match.start(), match.end()))
    return sorted(found, key=lambda value: value.start)
