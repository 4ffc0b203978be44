"""The calendar's part of reading dates: months that shift, weekdays that come, years left unsaid."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def make(year: int, month: int, day: int) -> date | None:
    """That date, or ``None`` when the calendar lacks it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_shift(today: date, months: int) -> tuple[int, int]:
    """Year and month, so many months from the day's own."""
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def in_month(today: date, months: int, day: int) -> date | None:
    """The day of the month so many months from now; a day too late for it becomes its last."""
    if not 1 <= day <= 31:
        return None
    year, month = month_shift(today, months)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def yearless(month: int, day: int, today: date, past: bool) -> date | None:
    """A day and month without a year: the coming one, or the last one where the past is told."""
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    for year in years:
        candidate = make(year, month, day)
        if candidate and (candidate <= today if past else candidate >= today):
            return candidate
    return None


def weekday_of_week(today: date, weekday: int, weeks: int) -> date:
    """That weekday of the week ``weeks`` after this one (weeks start on Monday)."""
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=weeks)


def coming_weekday(today: date, weekday: int) -> date:
    """The next such weekday, never the day itself."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def last_weekday(today: date, weekday: int) -> date:
    """The last such weekday, never the day itself."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def such_day(today: date, day: int, *, past: bool) -> date | None:
    """The last or the next day of that number, in a month that has it; the day itself is past."""
    for months in range(0, -3, -1) if past else range(3):
        year, month = month_shift(today, months)
        found = make(year, month, day)
        if found and (found <= today if past else found > today):
            return found
    return None
