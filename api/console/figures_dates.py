"""The span of days that figures speak of: whole days in Asia/Shanghai, and the spans offered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from api.kit.dates import LOCAL_ZONE

__all__ = ["FIRST_DAY", "PRESETS", "Span", "preset", "span_of"]

FIRST_DAY = date(2020, 1, 1)
"""Before anything can have happened: where a span without a beginning begins."""

ONE_DAY = timedelta(days=1)

PRESETS = ("today", "week", "month", "quarter", "this_month", "last_month", "all")
"""``week``, ``month`` and ``quarter`` are the last 7, 30 and 90 days, today in them."""

LENGTHS = {"today": 1, "week": 7, "month": 30, "quarter": 90}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both in it."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first instant in it, in UTC."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant after it, in UTC."""
        return _midnight(self.last + ONE_DAY)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def preset(name: str, today: date) -> Span:
    """Return one of the spans offered; raises ``KeyError`` for an unknown name."""
    if name == "all":
        return Span(FIRST_DAY, today)
    first_of_month = today.replace(day=1)
    if name == "this_month":
        return Span(first_of_month, today)
    if name == "last_month":
        last = first_of_month - ONE_DAY
        return Span(last.replace(day=1), last)
    return Span(today - (LENGTHS[name] - 1) * ONE_DAY, today)


def span_of(first: date, last: date, today: date) -> Span:
    """Return the span of two days as a person gave them: in either order, none of it ahead."""
    first, last = min(first, last), max(first, last)
    return Span(max(FIRST_DAY, min(first, today)), max(FIRST_DAY, min(last, today)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE).astimezone(UTC)
