"""Payment days: a day of the month, rolled to the month's last day where the month is shorter.

31 January → 28 (29) February → 31 March: each date is counted from the wanted day, never from the
date before it, so that a short month does not pull the later ones forward.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

__all__ = ["add_months", "due_dates", "first_due_on", "same_day_next_month"]


@lru_cache(maxsize=4096)
def add_months(year: int, month: int, months: int, day: int) -> date:
    """Return ``day`` of the month ``months`` after (year, month), or that month's last day."""
    count = year * 12 + (month - 1) + months
    year, month = divmod(count, 12)
    month += 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def due_dates(first: date, due_day: int, periods: int) -> list[date]:
    """Return ``periods`` monthly payment days beginning with ``first``."""
    return [
        first if number == 0 else add_months(first.year, first.month, number, due_day)
        for number in range(periods)
    ]


def first_due_on(due_day: int, start: date, earliest_days: int) -> date:
    """Return the first payment day on ``due_day`` that is at least ``earliest_days`` after start."""
    earliest = start + timedelta(days=earliest_days)
    candidate = add_months(earliest.year, earliest.month, 0, due_day)
    if candidate < earliest:
        candidate = add_months(earliest.year, earliest.month, 1, due_day)
    return candidate


def same_day_next_month(start: date) -> date:
    """Return the same day a month later, at most the 28th, a day that every month has."""
    return add_months(start.year, start.month, 1, min(start.day, 28))
