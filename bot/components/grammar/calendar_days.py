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


def yearless(month: int, day: int, today: date, past: bool | None) -> date | None:
    """A day and month without a year: the coming one, the last one where the past is told, else the nearest.

    A 31st stands for the last day of a shorter month only in :func:`part_of_month`.
    """
    around = [made for year in range(-1, 2) if (made := make(today.year + year, month, day))]
    if past is not None:
        around = [made for made in around if (made <= today if past else made >= today)]
    return min(around, key=lambda made: abs((made - today).days), default=None)


def part_of_month(month: int, day: int, today: date, past: bool | None) -> date | None:
    """As :func:`yearless`, where the 31st is the last day of any month."""
    if not 1 <= month <= 12:
        return None
    shortest = 28 if month == 2 else calendar.monthrange(today.year, month)[1]
    found = yearless(month, min(day, shortest), today, past)
    if found is None or day < 31:
        return found
    return found.replace(day=calendar.monthrange(found.year, month)[1])


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


def named_day(today: date, day: int, weekday: int, past: bool | None) -> date | None:
    """The day of that number that is such a weekday, nearest in time; else the last or next of that number."""
    fits = []
    for months in range(-2, 3):
        year, month = month_shift(today, months)
        found = make(year, month, day)
        if found and found.weekday() == weekday:
            fits.append(found)
    nearest = min(fits, key=lambda found: abs((found - today).days), default=None)
    return nearest or such_day(today, day, past=past is True)
