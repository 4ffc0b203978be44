"""Money, dates and rates as HTML: the same figures everywhere, and every amount can be covered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from api.kit.dates import date_text, iso_utc, local_date, month_day_text, time_text
from api.kit.money import money_text

__all__ = ["as_date", "cover", "filters", "month_text", "rate_text"]

AMOUNT = re.compile(
    r"-?[¥￥]\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|thousand|million)\b)?"
    r"|\d[\d,]*(?:\.\d+)?(?:\s?[到至~－-]\s?\d[\d,]*(?:\.\d+)?)?\s?[万千百]?\s?(?:元|块)"
    r"|\d[\d,]*(?:\.\d+)?\s?万"
    r"|[一二两三四五六七八九十百千万几]{1,8}(?:元|块钱|块)"
)
"""An amount inside a sentence, in either language."""

TYPED_FIGURE = re.compile(AMOUNT.pattern + r"|\d[\d,]{2,}(?:\.\d+)?(?!\d*[年月日号])")
"""In a person's own words a bare number of three digits or more is taken for an amount."""


def as_date(value: str | date) -> date:
    """Read an ISO date, or the day of an ISO instant."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10])


def as_moment(value: str | datetime) -> datetime:
    """Read an ISO instant; raises ``ValueError`` on anything else."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def rate_text(rate: str | Decimal) -> str:
    """Write a yearly rate in percent without idle zeros: ``6%``, ``18.25%``."""
    return f"{Decimal(rate).normalize():f}%"


def month_text(day: str | date, locale: str) -> str:
    """Write a month on a chart's axis: ``26年12月`` or ``Dec 2026``."""
    pattern, tag = ("yy年M月", "zh_CN") if locale == "zh" else ("MMM y", "en_GB")
    return format_date(as_date(day), pattern, locale=tag).replace("Sept", "Sep")


def cover(shown: Markup, said: str | Markup) -> Markup:
    """Wrap a figure so that one switch turns it into dots, read aloud as ``said``."""
    return Markup(
        '<span class="money"><span class="money__shown">{}</span>'
        '<span class="money__dots" aria-hidden="true">••••</span>'
        '<span class="money__said">{}</span></span>'
    ).format(shown, said)


def prose(text: str, said: str | Markup, pattern: re.Pattern[str]) -> Markup:
    """Escape running text and make each amount in it coverable."""
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(text):
        parts += [escape(text[end : found.start()]), cover(escape(found.group()), said)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def filters(today: Callable[[], date]) -> dict[str, Callable[..., Any]]:
    """Return the Jinja filters; they take locale and words from the template's context."""

    def said(context: Context) -> Markup:
        words: Callable[[str], Markup] = context["w"]
        return words("tools.hidden")

    @pass_context
    def money(context: Context, amount: str | Decimal) -> Markup:
        """``1,083.11 元`` or ``¥1,083.11``, the unit smaller, coverable."""
        text = money_text(amount, context["locale"])
        figure, gap, unit = text.partition(" ")
        shown = Markup('{}<span class="money__unit">{}{}</span>').format(figure, gap, unit)
        return cover(shown if unit else escape(text), said(context))

    @pass_context
    def figure(context: Context, amount: str | Decimal) -> Markup:
        """Only the figure, where a heading names the unit; coverable."""
        return cover(escape(money_text(amount, "en").replace("¥", "")), said(context))

    @pass_context
    def plain_money(context: Context, amount: str | Decimal) -> str:
        """Plain text, for places that take no tags."""
        return money_text(amount, context["locale"])

    @pass_context
    def with_amounts(context: Context, text: str, typed: bool = False) -> Markup:
        return prose(text, said(context), TYPED_FIGURE if typed else AMOUNT)

    @pass_context
    def long_day(context: Context, value: str | date) -> str:
        """With its weekday where Chinese writes one."""
        return date_text(as_date(value), context["locale"], today())

    @pass_context
    def day(context: Context, value: str | date) -> str:
        return month_day_text(as_date(value), context["locale"], today())

    @pass_context
    def full_day(context: Context, value: str | date) -> str:
        """With its year always, as a paper has it."""
        return month_day_text(as_date(value), context["locale"], date.min)

    @pass_context
    def moment(context: Context, value: str | datetime) -> str:
        """A day and its time: ``今天 22:00``, ``11月25日 周三 10:15``, ``10:15 on 25 Nov 2026``."""
        words: Callable[..., Markup] = context["w"]
        at = as_moment(value)
        day = local_date(at)
        if day == today():
            return words("banner.today", time=time_text(at))
        return words(
            "banner.day", day=date_text(day, context["locale"], today()), time=time_text(at)
        )

    @pass_context
    def short_moment(context: Context, value: str | datetime) -> str:
        """Of today only the time, as beside the lines of a conversation: ``21:14``, ``11月25日 10:15``."""
        at = as_moment(value)
        day = local_date(at)
        if day == today():
            return time_text(at)
        return f"{month_day_text(day, context['locale'], today())} {time_text(at)}"

    def instant(value: str | datetime) -> str:
        """An instant for programs: ISO 8601 in UTC."""
        return iso_utc(as_moment(value))

    def clock(value: str | datetime) -> str:
        return time_text(as_moment(value))

    return {
        "money": money,
        "figure": figure,
        "plain_money": plain_money,
        "with_amounts": with_amounts,
        "date_text": long_day,
        "day": day,
        "full_day": full_day,
        "moment": moment,
        "short_moment": short_moment,
        "instant": instant,
        "time_text": clock,
        "rate": rate_text,
    }
