"""Dates in Chinese words and figures: 下个月15号, 下下周三, 三天后."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from bot.components.grammar.calendar_days import (
    coming_weekday,
    in_month,
    last_weekday,
    make,
    named_day,
    part_of_month,
    weekday_of_week,
    yearless,
)
from bot.components.grammar.date_rules import as_int, rule

__all__ = ["CN", "DATES", "DAY_MARK", "NOT_SAID_CLOSER", "NUM", "PARTS"]

CN: Final = "零一二三四五六七八九十两廿卅"
NUM: Final = rf"(?:\d{{1,2}}|[{CN}]{{1,3}})"
DAY_MARK: Final = (
    r"[号日](?![线文院楼字桌机室仓窗井]|[店铺](?![面里租铺子])|房(?![租贷东子])|门(?!诊))"
)
_WEEKDAYS: Final = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
_WEEKDAY: Final = r"(?:周|星期|[礼禮]拜)[一二三四五六日天]"
# A weekday beside its date says it once more ("12月4号周五").
_AND_WEEKDAY: Final = rf"(?:\s*[(,，]?\s*{_WEEKDAY}(?:\))?)?"
PARTS: Final = {
    "底": 31,
    "末": 31,
    "尾": 31,
    "初": 1,
    "头": 1,
    "中": 15,
    "最后一天": 31,
    "最后一日": 31,
    "第一天": 1,
}
_THE_MONTH: Final = r"(上+|下+|这|本|当|今|呢|依|(?<![多拿支])出)\s*个?\s*"
_YEARS: Final = {"今年": 0, "明年": 1, "去年": -1, "后年": 2, "出年": 1, "旧年": -1}
# "月中，16号": the day itself is said.
NOT_SAID_CLOSER: Final = (
    rf"(?!\s*[,，]?\s*(?:也?就是|大概|差不多|一般|通常|具体|准确说)?(?:是|在)?\s*{NUM}[号日])"
)
_NEAR: Final = {
    "大后天": 3, "大前天": -3, "后天": 2, "后日": 2, "前天": -2, "前日": -2, "明天": 1, "明日": 1, "明儿": 1, "明早": 1,
    "明晚": 1, "明朝": 1, "听日": 1, "听晚": 1, "听朝": 1, "大后日": 3, "大前日": -3, "后儿": 2, "后晚": 2,
    "前儿": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨儿": -1, "昨个": -1, "琴日": -1, "寻日": -1, "噚日": -1,
    "琴晚": -1, "寻晚": -1, "噚晚": -1,
}  # fmt: skip
_FEASTS: Final = {
    "元旦": (1, 1), "圣诞": (12, 25), "聖誕": (12, 25), "平安夜": (12, 24), "国庆": (10, 1), "劳动节": (5, 1), "五一节": (5, 1),
    "情人节": (2, 14), "妇女节": (3, 8),
    "儿童节": (6, 1), "教师节": (9, 10),
}  # fmt: skip
# Sales that are as often the shopping as the day: only what could be said of a day makes them one.
_SALES: Final = {"双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12)}
_AS_A_DAY: Final = r"(?=\s*(?:那天|当天|那晚|当晚|这天|之?前(?![一两几])|以前|之?后|以后|过后|到账|发|能|我?[还交付]))"
# "每周五", "逢双周的礼拜五", "隔周五": that weekday again and again is no one day.
_AGAIN: Final = r"(?<![每逢隔双单几])(?<!(?<![周期拜])[一两三四五六])(?<![每一二三四1-4]个)(?<![双单隔]周)(?<![双单]周的)(?<!每周的)(?<!每两周的)(?<!每隔一周的)(?<!隔周的)(?<![赶碰遇撞逢][上正着到])(?<![撞逢])(?<!落[在喺到])(?<!撞啱)"


def _cn_month_words(words: str) -> int:
    return words.count("下") + words.count("出") - words.count("上")


def _month(words: str) -> int:
    return 1 if words == "元" else as_int(words)


def _year(words: str, today: date) -> int:
    """The year that 明年, 2027年 or 27年 names."""
    if (years := _YEARS.get(words)) is not None:
        return today.year + years
    return int(words[:-1]) % 100 + 2000


def _full(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return make(int(m[1]), int(m[2]), int(m[3]))


def _cn_month_day(m: re.Match[str], today: date, past: bool | None) -> date | None:
    month, day = _month(m[2]), as_int(m[3])
    if m[1]:
        return make(_year(m[1], today), month, day)
    return yearless(month, day, today, past)


def _slashed(m: re.Match[str], today: date, past: bool | None) -> date | None:
    month, day = int(m[2]), int(m[3])
    return yearless(month, day, today, past) if month >= 10 or day > 12 else None


def _cn_month_part(m: re.Match[str], today: date, past: bool | None) -> date | None:
    month, day = _month(m[2]), PARTS[m[3]]
    if not m[1]:
        return part_of_month(month, day, today, past)
    year = _year(m[1], today)
    if not 1 <= month <= 12:
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _cn_relative_month(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return in_month(today, _cn_month_words(m[1]), as_int(m[2]))


def _cn_relative_month_end(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return in_month(today, _cn_month_words(m[1]), PARTS[m[2][-1]])


def _cn_week(m: re.Match[str], today: date, past: bool | None) -> date | None:
    weekday = _WEEKDAYS[m[2]]
    if m[1]:
        return weekday_of_week(today, weekday, _cn_month_words(m[1]))
    return last_weekday(today, weekday) if past else coming_weekday(today, weekday)


def _cn_near(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return today + timedelta(days=_NEAR[m[1]])


def _cn_after(m: re.Match[str], today: date, past: bool | None) -> date | None:
    count = as_int(m[1])
    if not 0 < count <= 100:
        return None
    sign = -1 if m[3].endswith("前") else 1
    if m[2] in "天日":
        return today + timedelta(days=sign * count)
    if "月" in m[2]:
        return in_month(today, sign * count, today.day)
    return today + timedelta(weeks=sign * count)


def _feast(m: re.Match[str], today: date, past: bool | None) -> date | None:
    day = yearless(*_FEASTS[m[1]], today, past)
    beside = 0 if m[2] is None else 1 if m[2][0] in "第后" else -1
    return day and day + timedelta(days=beside)


def _year_end(m: re.Match[str], today: date, past: bool | None) -> date | None:
    return date(today.year + m[0].startswith("明"), 12, 31)


DATES: Final = [
    rule(
        r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)",
        _full,
        needs="年/.-",
    ),
    rule(
        rf"(?:{_WEEKDAY}[,，]?\s*)?((?<!\d)(?:20)?\d\d年|{'|'.join(_YEARS)})?\s*({NUM}|元)\s*月\s*份?\s*({NUM})\s*[号日]{_AND_WEEKDAY}",
        _cn_month_day,
        needs="月",
    ),
    rule(
        rf"(?<!\d)()(\d{{1,2}})\s*月\s*(\d{{1,2}})(?![\d.号日个天年万千百块元期份%]){_AND_WEEKDAY}",
        _cn_month_day,
        needs="月",
    ),
    rule(  # 十二月十五 is no lunar day, which is said 初五, 腊月二十
        rf"(?<![{CN}\d个腊正])()(十[一二]|[一二三四五六七八九十]|\d{{1,2}})月([二三]?十[一二三四五六七八九]?)(?![{CN}几多来.号日个天年万千百块元期份%])",
        _cn_month_day,
        needs="月",
    ),
    # 12/20, 12.20号: not 1/2, a fraction, nor 24/7.
    rule(r"(?<![\d./])()(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\d/%个])", _slashed, needs="/"),
    rule(
        r"(?<![\d./])()(1[0-2]|0?[1-9])\.(3[01]|[12]\d|0?[1-9])(?=号|日|之?前)(?:号|日)?",
        _cn_month_day,
        needs=".",
    ),
    # 12-05: with a nought it is no range.
    rule(
        r"(?<![\d./-])(?=0|\d\d?-0)()(1[0-2]|0?[1-9])-(3[01]|[12]\d|0[1-9])(?![\d./-]|\s*[天期个岁点万千百块元%])",
        _cn_month_day,
        needs="-",
    ),
    # 12.15 alone, or before what a day brings, is no sum: nobody speaks of twelve yuan and fifteen cents.
    rule(
        r"(?:^\s*|(?<=[在到等从自于,，。\s]))()(1[0-2]|0?[1-9])\.(3[01]|[12]\d)(?=[吧呢啊。.!！]?\s*$|\s*(?:左右|那天|到账|发[薪工钱了]|入账|下班|才|就能|能还|开始|开工|之?后|以后))",
        _cn_month_day,
        needs=".",
    ),
    rule(
        rf"((?<!\d)(?:20)?\d\d年|{'|'.join(_YEARS)})?({NUM}|元)\s*月\s*份?\s*的?(底|末|初|中|头|最后一[天日]|第一天)(?!下?旬)",
        _cn_month_part,
        needs="月",
    ),
    rule(
        rf"{_THE_MONTH}月的?\s*({NUM})\s*{DAY_MARK}{_AND_WEEKDAY}", _cn_relative_month, needs="月"
    ),
    rule(  # 下个月10还
        rf"{_THE_MONTH}月的?\s*([12]\d|3[01]|[1-9])(?=\s*(?:就|再|才|能|之?前|$|[,，。;；!！?？吧]|[还交付发到扣领](?![\d一二三四五六七八九十几百千万])))",
        _cn_relative_month,
        needs="月",
    ),
    rule(
        rf"{_THE_MONTH}月\s*(?:的)?\s*(底|末|初|中|尾|头)(?!下?旬)",
        _cn_relative_month_end,
        needs="月",
    ),
    rule(
        rf"{_THE_MONTH}月(?:的)?(?:最后一[天日]|最后1天|最后那天|末一天)()",
        lambda m, t, p: in_month(t, _cn_month_words(m[1]), 31),
        needs="月",
    ),
    rule(rf"({'|'.join(_NEAR)}){_AND_WEEKDAY}", _cn_near),
    # 27号周五, 周五27号: its weekday says which month's day is meant.
    rule(
        rf"(?<![-月\d{CN}])({NUM})\s*{DAY_MARK}\s*[(,，]?是?(?:周|星期|[礼禮]拜)([一二三四五六日天])(?!就|的话|要?(?:提前|顺延|往|推))",
        lambda m, today, past: named_day(today, as_int(m[1]), _WEEKDAYS[m[2]], past),
        needs="周星拜",
    ),
    rule(
        rf"{_AGAIN}(?:这|下|本)?个?(?:周|星期|[礼禮]拜)([一二三四五六日天])\s*[(,，]?\s*(?:也?就?是)?\s*({NUM})\s*{DAY_MARK}",
        lambda m, today, past: named_day(today, as_int(m[2]), _WEEKDAYS[m[1]], past),
        needs="周星拜",
    ),
    # 周三下午 names a day, 一周三次 and 每周三 do not.
    rule(
        rf"{_AGAIN}(?:((?<![赶碰遇撞晚早])上+|下+|这|本)\s*个?\s*)?(?:周|星期|[礼禮]拜)([一二三四五六日天])(?![次趟天个]|回(?![来家去国老复话款]))",
        _cn_week,
        needs="周星拜",
    ),
    rule(
        rf"{_AGAIN}(?:((?<![赶碰遇撞晚早])上+|下+|这|本)\s*个?\s*)?(?:周|星期|[礼禮]拜)(末)",
        _cn_week,
        vague=True,
        needs="周星拜",
    ),
    rule(
        r"今(?:天|日|早|晚|儿个?|夜|朝|晨)(?!天|是?几号|是?周几|是?星期几|是?礼拜几|一天|才知)",
        lambda m, today, past: today,
        needs="今",
    ),
    rule(rf"({'|'.join(_FEASTS)})节?(?:的?(前一[天晚]|前一?夜|头一天|第二天|后一天))?", _feast),
    rule(
        rf"({'|'.join(_SALES)}){_AS_A_DAY}",
        lambda m, t, p: yearless(*_SALES[m[1]], t, p),
        needs="双",
    ),
    rule(
        rf"(?<![第月])({NUM})\s*([天日]|个?(?:周|星期|[礼禮]拜))\s*(之后|以后|后|(?<!日)(?:之前|以前|前))(?![天年])",
        _cn_after,
        needs="前后",
    ),
    rule(rf"再过\s*({NUM})\s*([天日]|个?(?:周|星期|[礼禮]拜))()", _cn_after, needs="再"),
    rule(
        rf"(?<!第)({NUM})\s*(个月)\s*(之后|以后|后|之前|以前|前)(?![天年])",
        _cn_after,
        vague=True,
        needs="月",
    ),
    rule(r"明年底|今年底|年底|年末|岁末", _year_end, vague=True, needs="末底"),
]
"""What names one day, the nearest to a full date first."""
