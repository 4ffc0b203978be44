"""How long to pay (36期, 三年, 一年半, "18 months"), and which offer (第二个, "option 2")."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.counting import CHINESE, ENGLISH, count
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

# A span of time that lies behind ("失业半年了", "three months ago") is a story, not a wish.
_BEHIND: Final = compiled(
    r"\s*多?\s*(?:[前了没以之来内大]|ago\b|overdue|late\b|behind|already|now\b|多少|利息|without"
    r"|下来|利率|定期|定存|大额存单|到手|能?[挣赚]|收入|要?交|房租|工资|试用|身孕|社保|押金|的?(?:孩子|娃|宝宝|工资|房租)|合同|pregnant|of (?:my )?(?:rent|wages|salary)"
    r"|(?:salary|rent|deposit|probation|notice|in arrears)\b)"
)
_BEFORE: Final = compiled(
    r"(?:已经|失业|逾期|欠了?|停了|病了|过去|最近|这|征信|记录|保留|住院|拖了|晚了|断了|干了|隔了|第|毕业|才用?|还要还|还得还|还剩"
    r"|for the (?:past|last)|\bpast|\blast|late by|overdue(?: for| by)?|unemployed for|sick for|\bin|every"
    r"|work for(?: the past)?|pregnant|\bbeen\b[^,.;]{0,30}\bfor)\s*(?:大概|快|有|about)?\s*$"
)
_TERM: Final = compiled(
    rf"(?P<years>{CHINESE})年(?P<half>半)?(?:零?(?P<rest>{CHINESE})个月)?|(?P<half_year>半年)"
    rf"|(?P<months>{CHINESE})\s*(?:个月|(?P<instalments>期|月期))|分(?:成|作)?(?P<times>{CHINESE})(?:次|回|笔|份)"
    rf"|(?P<half_year_en>half a year|a half[- ]year)"
    rf"|(?P<years_en>{ENGLISH}) and a half years|(?:a|one) year and a half(?P<year_and_half>)"
    rf"|(?P<full_years_en>{ENGLISH})[\s-]*(?:years?|yrs?)\b(?! old)"
    rf"|(?P<months_en>{ENGLISH})[\s-]*(?:monthly )?(?:months?|mths?|mos?|(?P<parts>instal?lments|payments))\b"
)
# One that lies ahead ("半年后", "in two months") says when something begins.
_AHEAD: Final = compiled(r"\s*(?:之|以)?后")
_UNTIL_THEN: Final = compiled(r"(?:再过|再等|\bin|\bafter)\s*(?:大概|about|another)?\s*$")
LONGEST_TERM: Final = 120  # months; beyond that it is not a term anybody means


def find_terms(text: str) -> list[Value]:
    """Terms in months of a normalised text; of two joined ones (两三年) the longer.

    What lies ahead is called ``months_ahead``.
    """
    found = []
    for match in _TERM.finditer(text):
        parts = match["instalments"] or match["parts"]
        ahead = not parts and (
            _AHEAD.match(text, match.end()) or _UNTIL_THEN.search(text, 0, match.start())
        )
        if ahead:
            if (months := _months(match)) is not None and months <= LONGEST_TERM:
                found.append(Value("months_ahead", months, match.start(), match.end()))
            continue
        before = _BEFORE.search(text, 0, match.start())
        if _BEHIND.match(text, match.end()) or (
            before and not (parts and before[0].strip() == "in")
        ):
            continue
        if not parts and text[: match.start()].endswith(("了", "过")):
            continue  # "病了三个月"
        if match[0].startswith("a ") and text[: match.start()].rstrip()[-1:].isdigit():
            continue  # "72000 a year"
        if re.match(r"(?:个)?月[一二三四五六七八九十\d]+[号日]", text[match.end() - 1 :]):
            continue
        months = _months(match)
        if months is not None and 1 < months <= LONGEST_TERM:
            found.append(Value("term_months", months, match.start(), match.end()))
    return each_once(found)


def _months(m: re.Match[str]) -> int | None:
    if m["half_year"] or m["half_year_en"]:
        return 6
    if m["year_and_half"] is not None:
        return 18
    if m["years"] or m["years_en"] or m["full_years_en"]:
        years = count(m["years"] or m["years_en"] or m["full_years_en"])
        if years is None or years > 10:
            return None
        extra = 6 if m["half"] or m["years_en"] else (count(m["rest"]) or 0) if m["rest"] else 0
        return years * 12 + extra
    return count(m["months"] or m["times"] or m["months_en"])


_OPTION_DIGITS: Final = {
    "一": 1,
    "中间": 2,
    "二": 2,
    "两": 2,
    "三": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "a": 1,
    "b": 2,
    "c": 3,
    "①": 1,
    "②": 2,
    "③": 3,
}
_EN_OPTIONS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "middle": 2,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "one": 1,
    "two": 2,
    "three": 3,
}
CHOICES: Final = _OPTION_DIGITS | _EN_OPTIONS
"""Which offer a word or figure names."""
_ONE: Final = r"(?P<d>[一二两三123①②③])(?![\d零一二三四五六七八九十百千万.kw])"
_OPTION: Final = compiled(
    r"(?P<circled>[①②③])"
    r"|第(?P<nth>[一二三123])(?:个|种|款|项|条路|套|份)?(?:方案|办法|选项|计划)?(?![期月次年天笔步段遍\d页条章])(?!个月)"
    r"|头(?P<head>一)?个(?![月人])|(?P<between>中间)[那这的]?(?:一|种)?个?(?=$|[\s,，。吧好行可合挺就方])"
    r"|(?:方案|选项|办法|选择|计划)\s*(?P<after>[一二三123abc])(?![\da-z十百千万])"
    r"|(?:我?(?:就)?(?:选|要|挑|定|拣|揀))\s*(?:择|方案|第)?\s*(?P<chosen>[一二三123abc])"
    r"(?:个|号)?(?=$|[\s,，。.!！吧啊呢了号])(?!号还)"
    r"|(?<![\d零一二三四五六七八九十])(?P<numbered>[一二三123])号(?:方案|办法|选项)"
    r"|\b(?:option|plan|offer|number|choice|no\.?)\s*(?P<en>[123bc]|a(?=\s*(?:$|[.,!?]|please|pls|looks|is|sounds))|one|two|three)\b(?!\s*(?:month|year|,\d|\.\d))"
    r"|#\s*(?P<hash>[123])(?!\d)"
    r"|\b(?:the\s+)?(?P<en_nth>first|second|third|middle|1st|2nd|3rd)\s+(?:one|option|plan|offer|choice)\b"
    r"|^\s*(?:the\s+)?(?P<en_alone>first|second|third|1st|2nd|3rd)\b(?=\s*(?:[,.!]|please|pls|$|looks|works|sounds|suits|for me))"
)
_FLAT: Final = compiled(r"^\s*[(\[]?(?P<d>[一二三123])[)\].、。]?\s*(?:吧|please|pls)?\s*$")


def find_options(text: str) -> list[Value]:
    """Which of up to three offers is named (1-3); a lone 1, 2 or 3 names one as well."""
    if flat := _FLAT.match(text):
        return [Value("option", _OPTION_DIGITS[flat["d"]], flat.start("d"), flat.end("d"))]
    found = []
    for match in _OPTION.finditer(text):
        word = next((group for group in match.groups() if group), "一")  # 头个
        number = _OPTION_DIGITS.get(word) or _EN_OPTIONS[word]
        found.append(Value("option", number, match.start(), match.end()))
    return found
