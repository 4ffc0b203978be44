"""Money that is there once, or that comes later: a lump sum, a new job, wages that are late.

These three facts are not asked of everybody. People tell them in passing ("手上能凑8000", "新工作一个月
5500，下月开始"), or when the planner has a use for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from bot.actions.fact_names import AMOUNTS

#: The facts, by the API's names.
LATER: Final = ("lump_sum", "expected_income", "income_from")

_ONCE: Final = re.compile(
    r"凑|攒|存了|存款|手[上头里]|一次|首付|先[还付给打交]|筹|变卖|卖了|奖金|退税|押金|公积金"
    r"|\bput down\b|\bdown payment|\bdeposit\b|\bup ?front|\bsav(?:ed|ings)\b|\blump\b|\bat once\b|\bin one go\b"
    r"|\bright (?:now|away)\b|\bscrape together|\bone[- ]off\b|\bin hand\b|\bbonus\b|\bto start with\b|\bdown\b.*\bnow\b"
    r"|\bpay\b.{0,20}\b(?:now|today|straight away)\b",
    re.IGNORECASE,
)
_MONTHLY: Final = re.compile(
    r"每个?月|一个月|月月|/月|\ba month\b|\bper month\b|\bmonthly\b|\beach month\b|\bevery month\b",
    re.IGNORECASE,
)
_COMING: Final = re.compile(
    r"新工作|新单位|找到工作|找着工作|入职|上班|复工|开工|返岗|复职|报到|转正|年后|节后|以后|将来|下个?月|明年|过[一两二三几]+个?月"
    r"|补发|拖欠的?工资|欠薪|开始发|才发|恢复"
    r"|\bnew job\b|\bstart(?:s|ing)?\b|\bwill (?:be )?(?:earn|get|make|receive|pa)|\bgoing to (?:earn|get|make)"
    r"|\bnext (?:month|year)\b|\bback (?:to|at) work\b|\bfrom (?:next|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\blate wages\b|\bunpaid wages\b|\bbackpay\b|\bwages? (?:arrive|come)",
    re.IGNORECASE,
)
_LUMP_ROLES: Final = (None, "offer", "lump_sum")
_INCOME_ROLES: Final = (None, "income", "offer", "before")  # "from January 7000" is nothing past
_DAY_BESIDE: Final = re.compile(
    r"月份?\s*(?:\d|[一二三]?十|[一二三四五六七八九])+\s*[号日]|\d(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:the\s+)?\d{1,2}(?!\d)",
    re.IGNORECASE,
)
_NEXT_MONTH: Final = re.compile(r"下个?月|\bnext month\b", re.IGNORECASE)
_NEXT_WEEK: Final = re.compile(r"下个?(?:周|星期|礼拜)|\bnext week\b", re.IGNORECASE)
_LAST_YEAR: Final = re.compile(r"去年|\blast year\b", re.IGNORECASE)
_CN_MONTHS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH_ZH: Final = re.compile(
    r"(?<![个\d])(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份|初|开始|起|$|[，,。 才就])"
)
_MONTHS_EN: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_EN: Final = re.compile(
    r"\b(?:from|in|by|until|starting(?: in)?|starts?(?: in)?|of)\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)

Entities = Sequence[Mapping[str, Any]]


def read_later(
    intent: str, text: str, entities: Entities, requested: str | None, today: date
) -> tuple[dict[str, object], list[dict[str, Any]]]:
    """The later facts of a message, and the entities that are left for the others.

    ``requested`` is the fact being asked for, if any; a bare value answers it.
    """
    facts: dict[str, object] = {}
    # A bare figure answers the open question, whatever the line was taken for ("prob 900"): for more it has to say so.
    open_question = requested in AMOUNTS
    coming = (
        requested in ("expected_income", "income_from")
        or (intent == "state_expected_income" and not open_question)
        or (
            intent in ("state_expected_income", "state_income") and _COMING.search(text) is not None
        )
    )
    taken: list[Mapping[str, Any]] = []
    for entity in entities:
        if entity.get("entity") != "amount":
            continue
        role, value = entity.get("role"), entity["value"]
        if role == "income" and value == "0.00" and requested not in LATER:
            continue  # "nothing coming in now, new job in January": that is today's
        if coming and role in _INCOME_ROLES and "expected_income" not in facts:
            facts["expected_income"] = (
                dict(value) if isinstance(value, Mapping) else {"from": value, "to": value}
            )
        elif "lump_sum" not in facts and _is_lump(intent, text, role, requested):
            facts["lump_sum"] = value["from"] if isinstance(value, Mapping) else value
        else:
            continue
        taken.append(entity)
    if coming and (day := _first_day(text, entities, today)) is not None:
        facts["income_from"] = day.isoformat()
        taken += [
            e
            for e in entities
            if e.get("entity") in ("date", "day_of_month", "months_ahead", "term_months")
        ]
    return facts, [dict(entity) for entity in entities if entity not in taken]


def _is_lump(intent: str, text: str, role: str | None, requested: str | None) -> bool:
    if role == "lump_sum":
        return True
    if role not in _LUMP_ROLES:
        return False
    if requested == "lump_sum" or (intent == "state_lump_sum" and requested not in AMOUNTS):
        return True
    asked_monthly = requested in ("monthly_income", "essential_spending", "other_debt_payments")
    return not asked_monthly and bool(_ONCE.search(text)) and not _MONTHLY.search(text)


def _first_day(text: str, entities: Entities, today: date) -> date | None:
    """The day that money begins to come; a month without a day begins with its first."""
    days = [date.fromisoformat(str(e["value"])) for e in entities if e.get("entity") == "date"]
    if coming := [day for day in days if day > today]:
        return coming[0]  # "today I got the contract, from December 7": what comes is later
    if month := _named_month(text):
        years = -1 if _LAST_YEAR.search(text) else month <= today.month
        return date(today.year + years, month, 1)
    for entity in entities:
        if entity.get("entity") in ("months_ahead", "term_months"):
            return _months_on(today, int(entity["value"]))
    if _NEXT_MONTH.search(text):
        return _months_on(today.replace(day=1), 1)
    if _NEXT_WEEK.search(text):
        return today + timedelta(days=7)
    return days[0] if days else None


def _named_month(text: str) -> int | None:
    if _DAY_BESIDE.search(text):
        return None  # a day that no month has ("the 30th of February"), else it would be a date
    if found := _MONTH_ZH.search(text):
        word = found[1]
        month = int(word) if word.isdigit() else _CN_MONTHS.index(word) + 1
        return month if 1 <= month <= 12 else None
    if found := _MONTH_EN.search(text):
        return _MONTHS_EN.index(found[1].lower()[:3]) + 1
    return None


def _months_on(day: date, months: int) -> date:
    """The same day so many months on; where the month lacks it, the first of the next."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)
