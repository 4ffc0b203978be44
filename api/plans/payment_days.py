"""Payment days: a day of the month, rolled to the month's last day where the month is shorter.

31 January → 28 (29) February → 31 March: each date is counted from the wanted day, never from the
date before it, so that a short month does not pull the later ones forward.

A payment day on a public holiday may move to the next working day (民法典, art. 203; whether it does is
the bank's policy). Amounts are worked out with the day as it was wanted: moving it changes no amount.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

__all__ = [
    "Moved",
    "add_months",
    "due_dates",
    "first_due_on",
    "months_and_days_between",
    "next_working_day",
    "same_day_next_month",
    "unmoved",
]

Moved = Callable[[date], date]
"""Where a wanted payment day comes to lie."""

SATURDAY = 5


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


def months_and_days_between(start: date, end: date) -> tuple[int, int]:
    """Return the whole months counted back from ``end`` to ``start``, and the days that remain.

    12 CFR 1026 (Regulation Z), Appendix J, (b)(5)(i): whole months are counted backward from the payment.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    back = add_months(end.year, end.month, -months, end.day)
    if back < start:
        months -= 1
        back = add_months(end.year, end.month, -months, end.day)
    return months, (back - start).days


def unmoved(day: date) -> date:
    """Leave a payment day where it is."""
    return day


def next_working_day(day: date, holidays: frozenset[date], *, weekends: bool) -> date:
    """Return ``day``, or the next working day where it is a holiday (or, if asked, at a weekend).

    The day it moves to is neither a holiday nor at a weekend. Working Saturdays and Sundays that the State
    Council arranges around a holiday are not known in advance and count as a weekend.
    """
    if day not in holidays and not (weekends and day.weekday() >= SATURDAY):
        return day
    while day in holidays or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
