"""Days of the month in Chinese words and figures, without a month of their own: 每月10号, 月底, 十五六号."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.components.grammar.chinese_dates import CN, DAY_MARK, NOT_SAID_CLOSER, NUM, PARTS
from bot.components.grammar.date_rules import as_day, as_int, rule

__all__ = ["DAYS"]

# Cantonese counts days with 日: 一日打十几个, 三日内, 等多两日.
_SPAN: Final = r"一日(?!发|还|扣|出[粮薪]|到|之?前|$)|(?:\d{1,2}|[二两三四五六七八九十几]{1,2})日(?:[内间]|之内|以内|之间)|[两几]日|(?<=[多等限过近迟早咗足续连整])[一二两三四五六七八九十\d]{1,3}日|(?:\d{1,2}|[二两三四五六七八九十]{1,3})日(?:都|一直)?[冇没未唔不](?:停|休|瞓|睡|合眼|歇|返|放假|食|吃)"
_TENS: Final = re.compile(rf"^.*[^{CN}十]")


def _first_of_two(m: re.Match[str], today: date, past: bool | None) -> int | None:
    return as_day(as_int(m[1])) if as_int(m[2]) == as_int(m[1]) % 10 + 1 else None


def _second_of_two(m: re.Match[str], today: date, past: bool | None) -> int | None:
    before = m.string[max(0, m.start() - 3) : m.start()]
    first = as_int(_TENS.sub("", before)[-3:])
    second = as_int(m[1])
    return as_day(first + 1) if second == first % 10 + 1 else None


DAYS: Final = [
    # 三四号, 十五六号: either of two.
    rule(
        rf"(?<![-月\d{CN}十])((?:[二三]?十)?[一二三四五六七八])(?=([二三四五六七八九]){DAY_MARK})",
        _first_of_two,
        bare=True,
        needs="号日",
    ),
    rule(
        rf"(?<=[一二三四五六七八])([二三四五六七八九]){DAY_MARK}",
        _second_of_two,
        bare=True,
        needs="号日",
    ),
    # 9-10号, 25~28号: from the one to the other.
    rule(
        r"(?<![\d.月/-])(3[01]|[12]\d|[1-9])\s*[-~](?=\s*(?:3[01]|[12]\d|[1-9])[号日])",
        lambda m, t, p: as_day(int(m[1])),
        bare=True,
        needs="-~",
    ),
    rule(
        r"(?<=\d[-~])(?<!月\d[-~])(?<!月\d\d[-~])(3[01]|[12]\d|[1-9])[号日]",
        lambda m, t, p: as_day(int(m[1])),
        bare=True,
        needs="-~",
    ),
    rule(
        rf"逢\s*({NUM})(?=[号日逢、和跟,，发结出开]|$)",
        lambda m, t, p: as_day(as_int(m[1])),
        needs="逢",
    ),
    rule(
        rf"(?:[每哪某各]一?个?月|任何一?个月)的?\s*(?:都|就|是|在)?\s*({NUM})\s*{DAY_MARK}\s*(?:左右|前后|之?前)?",
        lambda m, today, past: as_day(as_int(m[1])),
        needs="月",
    ),
    rule(
        rf"(?<![-月\d{CN}])(?!{_SPAN})({NUM})\s*{DAY_MARK}\s*(?:左右|前后|之?前)?",
        lambda m, today, past: as_day(as_int(m[1])),
        bare=True,
        needs="号日",
    ),
    rule(
        rf"(?:每个?月的?)\s*({NUM})(?=\s*(?:发|开|还|扣|到账|入账|出粮|出薪|领|结|打卡|给发))",
        lambda m, t, p: as_day(as_int(m[1])),
        needs="月",
    ),
    rule(
        r"月的?(?:最后一[天日]|最后1天|最后那[天日]|末一天|末尾那天)|^(?:就)?最后一天$",
        lambda m, t, p: 31,
        needs="月天",
    ),
    rule(r"每个?月的?\s*(?:the )?last day\b", lambda m, t, p: 31, needs="月"),
    # 廿五 is a day, of the calendar where no lunar month stands before it.
    rule(
        rf"(?<![月{CN}十])廿([一二三四五六七八九]?)(?![{CN}十百千万年岁个蚊元块文]|多|来)",
        lambda m, t, p: 20 + (as_int(m[1]) if m[1] else 0),
        needs="廿",
    ),
    rule(
        # "还款日能不能定每月28": the day of what a day is named for.
        rf"(?:还款日|扣款日|发薪日|工资日|账单日|日子|[定改]在?到?成?)[^,，。;；]{{0,6}}?每个?月的?\s*({NUM})(?=$|[\s,，。;；!！?？吧行好可]|成不)",
        lambda m, t, p: as_day(as_int(m[1])),
        needs="月",
    ),
    rule(r"每个?月的?(?:第一[天日]|头一天|第1天|开头那天)", lambda m, t, p: 1, needs="月"),
    rule(
        rf"(?:每个?)?月(底|末|尾|初|中|头)(?!下?旬){NOT_SAID_CLOSER}",
        lambda m, t, p: PARTS[m[1]],
        needs="月",
    ),
]
"""What names a day of the month."""
