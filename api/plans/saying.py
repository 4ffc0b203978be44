"""How the planner's sentences write amounts, days and numbers: in Chinese and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from api.kit.exact import amount_text

__all__ = [
    "day_en",
    "day_zh",
    "days_en",
    "payments_en",
    "percent",
    "yuan_en",
    "yuan_zh",
]

MONTHS_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def yuan_zh(amount: Decimal) -> str:
    """Return ``1,000.00 元``; the space never breaks, so that figure and unit stay on one line."""
    return amount_text(amount, "zh").replace("元", "\u00a0元")


def yuan_en(amount: Decimal) -> str:
    """Return ``¥1,000.00``."""
    return amount_text(amount, "en")


def day_zh(day: date) -> str:
    """Return ``2027年1月4日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_en(day: date) -> str:
    """Return ``4 Jan 2027``."""
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def days_en(count: int) -> str:
    """Return ``1 day`` or ``5 days``."""
    return "1 day" if count == 1 else f"{count} days"


def payments_en(count: int) -> str:
    """Return ``one payment`` or ``36 payments``."""
    return "one payment" if count == 1 else f"{count} payments"


def percent(rate: Decimal) -> str:
    """Return ``18.25%``, without zeros at the end."""
    return f"{rate.normalize():f}%"
